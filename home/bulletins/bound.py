"""The reports a bulletin is bound to: its own, that of the last bulletin of its kind, that of the year before."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from complaints.disclosure import PublicReport, public_report


@dataclass(frozen=True, kw_only=True)
class Binding:
    """Codes and versions; `previous_code` is empty and a version 0 where there is nothing to compare with."""

    code: str
    version: int
    previous_code: str = ""
    previous_version: int = 0
    year_code: str = ""
    year_version: int = 0


@dataclass(frozen=True, kw_only=True)
class Bound:
    """Public reports as they are told now."""

    report: PublicReport
    previous: PublicReport | None = None
    year_before: PublicReport | None = None

    def reports(self) -> Iterator[PublicReport]:
        """Yield the reports there are, the own one first."""
        yield from (one for one in (self.report, self.previous, self.year_before) if one is not None)


def bound(binding: Binding) -> Bound | None:
    """Return the reports of a binding; None where its own is not there. At most five queries a report."""
    report = public_report(code=binding.code, version=binding.version)
    if report is None:
        return None
    return Bound(
        report=report,
        previous=_other(binding.previous_code, binding.previous_version),
        year_before=_other(binding.year_code, binding.year_version),
    )


def _other(code: str, version: int) -> PublicReport | None:
    return public_report(code=code, version=version) if code and version else None


SHARES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "on_time_share": (("on_time",), "concluded", "timing"),
    "verified_share": (("result_true", "result_partly_true"), "conclusions", "result"),
}


def share_of(report: PublicReport | None, code: str) -> Decimal | None:
    """Return one of the two shares in percent; None where one of its numbers is not told."""
    if report is None:
        return None
    parts, whole, table = SHARES[code]
    return report.share(parts=parts, whole=whole, table=table)


def points_moved(report: PublicReport, other: PublicReport | None, code: str) -> Decimal | None:
    """Return the change of a share since another report in percentage points: the difference of both as they are told.

    None unless both are told and each rests on at least 20: fewer take no part in comparisons.
    """
    now, before = share_of(report, code), share_of(other, code)
    if now is None or before is None or other is None:
        return None
    whole = SHARES[code][1]
    return now - before if report.figure(whole).is_ranked and other.figure(whole).is_ranked else None


def least_on_time(report: PublicReport) -> Decimal | None:
    """Return what the share on time is at least, where only the few late ones are not told."""
    late = next(cell for cell in report.rows["timing"] if cell.code == "late")
    total = report.figure("concluded").value
    if not total or late.hidden != "few":
        return None
    return Decimal(int((total - 4) * 1000 / total)) / 10
