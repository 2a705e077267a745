"""The route of public figures: closed periods, with definitions, and the words where a number is not told."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from complaints.disclosure import (
    OpenNumber,
    OpenRow,
    PublicPeriod,
    PublicReport,
    open_rows,
    public_periods_closed,
    public_report,
    report_a_year_before,
)
from complaints.errors import ComplaintError

from . import contract
from .figure_schemas import (
    AmountOut,
    CellOut,
    FigureOut,
    FiguresOut,
    MonthOut,
    PeriodOut,
    RateOut,
    StageOut,
    TableCellOut,
)

router = Router(tags=["figures"])
FIGURES_SECONDS = 300


class PeriodUnknown(ComplaintError):
    """No closed period has this code."""

    code = "period_unknown"
    status = 404
    public_message = _("There are no published figures of this period.")


@router.get("/figures", response={200: FiguresOut, **contract.errors(404)}, operation_id="read_figures")
def read_figures(request: HttpRequest, response: HttpResponse, period: str = "") -> FiguresOut:
    """Return the closed periods and the figures of one, the latest unless `period` names another (2026Q1)."""
    periods = public_periods_closed()
    code = period or (periods[0].code if periods else "")
    report = public_report(code=code) if code else None
    if code and report is None:
        raise PeriodUnknown
    response.headers["Cache-Control"] = f"public, max-age={FIGURES_SECONDS}"
    listed = [_period(one) for one in periods]
    return FiguresOut(periods=listed) if report is None else _figures(report, listed)


def _figures(report: PublicReport, periods: list[PeriodOut]) -> FiguresOut:
    before = report_a_year_before(report)
    rows = _by_table(open_rows(report=report, before=before))
    return FiguresOut(
        periods=periods,
        period=_period(report.period),
        year_before=None if before is None else _period(before.period),
        start=report.start,
        end=report.end,
        corrected_because=report.reason or None,
        figures=[
            FigureOut(**_told(row), **_between(row.now), **_values(row, int)) for row in rows["figures"]
        ],
        rates=[RateOut(**_told(row), **_values(row, float)) for row in rows["rates"]],
        amounts=[AmountOut(**_told(row), **_values(row, str)) for row in rows["amounts"]],
        tables={table: [_table_cell(row) for row in rows[table]] for table in report.rows},
        stages=[_stage(*both) for both in zip(rows["median"], rows["p90"], strict=True)],
        months=[
            MonthOut(code=one.code, name=one.name, received=_cell(one), concluded=_cell(other))
            for one, other in zip(rows["months_received"], rows["months_concluded"], strict=True)
        ],
        fine_amount=None if report.fine_amount is None else str(report.fine_amount),
    )


def _by_table(rows: Iterable[OpenRow]) -> Mapping[str, list[OpenRow]]:
    found: dict[str, list[OpenRow]] = defaultdict(list)
    for row in rows:
        found[row.table].append(row)
    return found


def _period(one: PublicPeriod) -> PeriodOut:
    return PeriodOut(
        code=one.code, name=one.name, number=one.number, version=one.version, closed_on=one.closed_on
    )


def _cell(row: OpenRow) -> CellOut:
    return CellOut(
        code=row.code,
        name=row.name,
        hidden=row.now.hidden,
        **_between(row.now),
        **_value("value", row.now, int),
    )


def _table_cell(row: OpenRow) -> TableCellOut:
    return TableCellOut(
        code=row.code,
        name=row.name,
        hidden=row.now.hidden,
        hidden_year_before=row.before.hidden,
        **_between(row.now),
        **_values(row, int),
    )


def _stage(median: OpenRow, p90: OpenRow) -> StageOut:
    return StageOut(
        **_words(median),
        **_value("median", median.now, int),
        **_value("p90", p90.now, int),
        **_value("median_year_before", median.before, int),
        **_value("p90_year_before", p90.before, int),
    )


def _values(row: OpenRow, kind: Callable[[Any], Any]) -> dict[str, Any]:
    return {**_value("value", row.now, kind), **_value("value_year_before", row.before, kind)}


def _value(name: str, number: OpenNumber, kind: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: None if number.value is None else kind(number.value)}


def _between(number: OpenNumber) -> dict[str, Any]:
    least, most = number.between or (None, None)
    return {"at_least": least, "at_most": most}


def _told(row: OpenRow) -> dict[str, Any]:
    return {**_words(row), "hidden": row.now.hidden, "hidden_year_before": row.before.hidden}


def _words(row: OpenRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "definition": row.definition,
        "unit": row.unit.value,
        "basis": row.basis,
    }
