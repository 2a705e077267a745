"""Reports of closed periods, read back: what was counted, what is public, and whether nobody changed it since."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Min

from complaints.models import PeriodReport, ReportDamaged, Tip
from complaints.rules.spans import Span, span_of

from .counting import By, Counts, Number, Table
from .report import Month, Report
from .stages import Spread

# Sums of money are kept as text: a number of JSON has no cents.
MONEY = frozenset({"fine_amount", "reward_amount"})


def digest_of(row: PeriodReport) -> str:
    """Return the SHA-256 over a report, in hex: everything in it but who closed it and when."""
    content = [row.code, row.version, row.reason, row.inputs_digest, row.figures, row.shown]
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def checked(row: PeriodReport) -> PeriodReport:
    """Return a report as it was stored; raises ReportDamaged when it was changed since."""
    if digest_of(row) != row.digest:
        raise ReportDamaged
    return row


def closed_reports() -> list[PeriodReport]:
    """Return the newest version of every report without its figures, the latest period first; one query."""
    return list(PeriodReport.objects.latest_versions().defer("figures", "shown"))


def first_day() -> date | None:
    """Return the first day figures can be told of, None before there is any tip; two queries.

    That of the first tip. A closed report outlives its tips: where one began earlier, its first day.
    """
    tip = Tip.objects.aggregate(first=Min("received_date"))["first"]
    report = PeriodReport.objects.aggregate(first=Min("start_date"))["first"]
    return min((day for day in (tip, report) if day is not None), default=None)


def closed_report(*, code: str, version: int | None = None) -> PeriodReport | None:
    """Return one version of a report, the newest unless told; raises ReportDamaged. One query."""
    rows = PeriodReport.objects.filter(code=code)
    row = (rows if version is None else rows.filter(version=version)).order_by("-version").first()
    return None if row is None else checked(row)


def is_closed(*, code: str) -> bool:
    """Whether a period is closed, for the whole city as always; one query that reads no figures."""
    return PeriodReport.objects.filter(code=code).exists()


def versions_of(*, code: str) -> list[PeriodReport]:
    """Return every version of a report, the first one first."""
    return [checked(row) for row in PeriodReport.objects.filter(code=code).order_by("version")]


def latest_of_year(*, year: int) -> list[PeriodReport]:
    """Return the newest version of every report within a year."""
    rows = PeriodReport.objects.latest_versions().filter(start_date__year=year).order_by("start_date", "code")
    return [checked(row) for row in rows]


def corrected_within(row: PeriodReport, *, around: Mapping[str, PeriodReport]) -> list[Span]:
    """Return the shorter periods within a report that were corrected after it was closed, in order.

    Args:
        around: the newest versions of the periods within, by their code.
    """
    return [
        span
        for span in span_of(row.code).within
        if (one := around.get(span.code)) is not None and one.version > 1 and one.pk > row.pk
    ]


def to_be_corrected(row: PeriodReport) -> list[Span]:
    """Return what was corrected within a report since it was closed: it is out of date. At most one query."""
    codes = [span.code for span in span_of(row.code).within]
    if not codes:
        return []
    found = PeriodReport.objects.latest_versions().filter(code__in=codes).defer("figures", "shown")
    return corrected_within(row, around={one.code: one for one in found})


def unclosed_within(span: Span) -> list[Span]:
    """Return the shorter periods within a span that are not closed: closing it closes them first. One query."""
    codes = [one.code for one in span.within]
    closed = set(PeriodReport.objects.filter(code__in=codes).values_list("code", flat=True))
    return [one for one in span.within if one.code not in closed]


def packed(
    *, report: Report, splits: Mapping[str, Table], spreads: Mapping[str, Mapping[str, Spread]]
) -> Any:
    """Return a report as JSON: counts whole, by what they are split, the year before, stages and months."""
    return {
        "whole": _plain(report.table.whole),
        "year_before": _plain(report.year_before),
        "stages": {stage: asdict(one) for stage, one in report.stages.items()},
        "months": [[one.span.code, one.received, one.concluded, one.on_time] for one in report.months],
        "by": {
            by: {key: _plain(counts) for key, counts in sorted(table.rows.items())}
            for by, table in splits.items()
        },
        "spreads": {
            by: {key: asdict(one) for key, one in sorted(found.items())} for by, found in spreads.items()
        },
    }


def unpacked(*, row: PeriodReport, by: str | None) -> Report:
    """Return the report that was stored, split by one of its splits."""
    figures = row.figures
    rows = {key: counts_of(counts) for key, counts in figures["by"].get(by, {}).items()}
    return Report(
        span=span_of(row.code),
        table=Table(whole=counts_of(figures["whole"]), rows=rows),
        year_before=counts_of(figures["year_before"]),
        stages=_spreads(figures["stages"]),
        spreads=_spreads(figures["spreads"].get(by, {})),
        months=tuple(_month(*month) for month in figures["months"]),
    )


def _month(code: str, received: int, concluded: int, on_time: int) -> Month:
    return Month(span=span_of(code), received=received, concluded=concluded, on_time=on_time)


def holds_days(row: PeriodReport, *, by: By) -> bool:
    """Whether a report tells by the rows of a split how long conclusion took: older ones do not for all splits."""
    return by.value in row.figures["spreads"]


def _spreads(found: Mapping[str, Mapping[str, int]]) -> dict[str, Spread]:
    return {key: Spread(**one) for key, one in found.items()}


def _plain(counts: Mapping[str, Number]) -> dict[str, Any]:
    return {
        code: str(Decimal(number)) if code in MONEY else number for code, number in sorted(counts.items())
    }


def counts_of(stored: Mapping[str, Any]) -> Counts:
    """Return counts as they were before they were stored.

    Reports older than `whistles_due` judged every whistle: their share stays what it said then.
    """
    found = {code: Decimal(number) if code in MONEY else number for code, number in stored.items()}
    if "whistles" in found:
        found.setdefault("whistles_due", found["whistles"])
    return found
