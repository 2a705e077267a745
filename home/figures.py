"""What the page of figures shows of one closed period: headlines that state the finding, charts and their tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from complaints.disclosure import PublicCell, PublicReport
from home.figures_map import district_map
from home.findings import joined, most_of
from home.ranking_notes import NOTES
from portal.shared.charts import Columns, Lines, Stretches, columns, lines, stack, stretches

MOST_OPERATIONS = 7
# A share that can be anything within more percentage points is no headline.
MOST_APART = 10
STEPS = ("decide", "verify", "dispose", "reply")


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One large number with its words; `unit` may be empty; `is_told` is false where words stand for the number."""

    words: str
    number: str
    unit: str
    is_told: bool = True


@dataclass(frozen=True, kw_only=True)
class Share:
    """A bar of a ranking in percent of the longest one."""

    cell: PublicCell
    width: float


def page_facts(report: PublicReport) -> dict[str, Any]:
    """Return everything the template of a period needs, charts as numbers."""
    months = report.months
    results = [(cell.name, cell.value) for cell in report.rows["result"] if cell.value is not None]
    operations = [cell for cell in report.rows["operation"] if cell.value is not None][:MOST_OPERATIONS]
    steps = [stage for stage in report.stages if stage.figure.code in STEPS]
    return {
        "report": report,
        "corrected": pgettext("list", ", ").join(report.corrected),
        "fine_amount": None if report.fine_amount is None else f"{report.fine_amount:,.2f}",
        "headlines": headlines(report),
        "months_title": _months_title(report),
        "wide": _months(report, width=1120, height=320, every=1),
        "narrow": _months(report, width=340, height=240, every=3),
        "paper": _months(report, width=600, height=200, every=1),
        "has_months": any(month.received.value is not None for month in months),
        "district_title": _district_title(report),
        "ranking": _ranking(report.rows["district"]),
        "map": district_map(report),
        "result_title": _result_title(report),
        "results": _results(report, results),
        "shares": _result_shares(report),
        "operation_title": _operation_title(report.rows["operation"]),
        "operations": _operations(operations),
        "stage_title": _stage_title(report),
        "stages": _stages(steps),
        "notes": {code: note(report) for code, note in NOTES.items()},
    }


def headlines(report: PublicReport) -> list[Headline]:
    """Return the large numbers of a period; one that is not public has its words, one without records is left out."""
    tips = pgettext("after a large number", "tips")
    received = report.figure("received")
    found = [
        Headline(
            words=_received_words(report),
            number=received.text,
            unit=tips if received.value else "",
            is_told=received.value is not None,
        ),
        _share_headline(
            report, words=_("concluded on time"), parts=("on_time",), whole="concluded", table="timing"
        ),
    ]
    whole = next((stage for stage in report.stages if stage.figure.code == "whole"), None)
    if whole is not None:
        days = pgettext("after a large number", "days")
        found.append(
            Headline(words=_("acceptance to conclusion, median"), number=str(whole.median), unit=days)
        )
    parts = ("result_true", "result_partly_true")
    found.append(
        _share_headline(report, words=_("found to be true"), parts=parts, whole="conclusions", table="result")
    )
    return found


def _received_words(report: PublicReport) -> str:
    change = report.since_year
    if change is None:
        return _("tips received")
    words = (
        _("tips received, %(n)s%% more than a year before")
        if change >= 0
        else _("tips received, %(n)s%% fewer than a year before")
    )
    return words % {"n": abs(change)}


def _share_headline(
    report: PublicReport, *, words: str, parts: tuple[str, ...], whole: str, table: str
) -> Headline:
    """Return a share; where only its complement is too small to be told, the least it can be."""
    share = report.share(parts=parts, whole=whole, table=table)
    if share is not None:
        return Headline(words=words, number=str(share), unit="%")
    cells = {cell.code: cell for cell in report.rows[table]}
    total = report.figure(whole).value
    late = cells.get("late")
    if total and late is not None and late.hidden == "few":
        least = int((total - 4) * 1000 / total) / 10
        return Headline(words=words, number=_("over %(n)s") % {"n": f"{least:.1f}"}, unit="%")
    between = report.share_between(parts=parts, whole=whole, table=table)
    if between is not None and between[1] - between[0] <= MOST_APART:
        return Headline(words=words, number=f"{between[0]}–{between[1]}", unit="%")
    return Headline(
        words=words, number=pgettext("in place of a number", "not listed"), unit="", is_told=False
    )


def _months(report: PublicReport, *, width: int, height: int, every: int) -> Columns:
    return columns(
        labels=[month.short_name for month in report.months],
        bars=[month.received.value for month in report.months],
        line=[month.concluded.value for month in report.months],
        width=width,
        height=height,
        every=every,
    )


def _months_title(report: PublicReport) -> str:
    told = [month.received.value for month in report.months]
    values = [value for value in told if value is not None]
    # A month that is not listed may have had more.
    if len(values) == len(told) > 1 and values[-1] > max(values[:-1]):
        facts = {"month": report.months[-1].name, "n": f"{values[-1]:,}"}
        return _("%(month)s: %(n)s tips, the most in these months") % facts
    return _("Tips received and concluded by month")


def _district_title(report: PublicReport) -> str:
    most = most_of(report.rows["district"], whole=report.figure("received").value)
    if not most:
        return _("Tips by district")
    names = pgettext("list", ", ").join(cell.name for cell in most)
    return _("Most tips came from %(names)s") % {"names": names}


def _ranking(cells: Sequence[PublicCell]) -> list[Share]:
    most = max([cell.value or 0 for cell in cells if cell.is_ranked], default=0) or 1
    return [
        Share(cell=cell, width=100 * (cell.value or 0) / most if cell.is_ranked else 0.0) for cell in cells
    ]


def _result_title(report: PublicReport) -> str:
    share = report.share(parts=("result_true", "result_partly_true"), whole="conclusions", table="result")
    return _("Results of the verification") if share is None else _("%(n)s%% found to be true") % {"n": share}


def _results(report: PublicReport, results: Sequence[tuple[str, int | None]]) -> Lines | None:
    """Return the bar of results; None where one of them is not told, as its width would tell it."""
    told = [(name, value) for name, value in results if value is not None]
    return stack(rows=told) if len(told) == len(report.rows["result"]) else None


def _result_shares(report: PublicReport) -> list[tuple[PublicCell, str]]:
    return [
        (cell, "" if share is None else f"{share}%")
        for cell in report.rows["result"]
        for share in [report.share(parts=(cell.code,), whole="conclusions", table="result")]
    ]


def _operation_title(cells: Sequence[PublicCell]) -> str:
    most = most_of(cells, many=2)
    if not most:
        return _("Dangers by operation")
    return _("Most found with %(names)s") % {"names": joined([cell.name for cell in most])}


def _operations(operations: Sequence[PublicCell]) -> Lines | None:
    return lines(rows=[(cell.name, cell.value or 0) for cell in operations]) if operations else None


def _stage_title(report: PublicReport) -> str:
    whole = next((stage for stage in report.stages if stage.figure.code == "whole"), None)
    if whole is None:
        return _("How long each step took")
    words = ngettext(
        "Half of them took at most %(n)d day", "Half of them took at most %(n)d days", whole.median
    )
    return words % {"n": whole.median}


def _stages(steps: Sequence[Any]) -> Stretches | None:
    return stretches(rows=[(str(one.figure.name), one.median, one.p90) for one in steps]) if steps else None
