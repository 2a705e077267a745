"""The route of public figures: closed periods, with definitions, and the words where a number is not told."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from complaints.disclosure import (
    Figure,
    PublicCell,
    PublicPeriod,
    PublicReport,
    public_periods_closed,
    public_report,
)
from complaints.errors import ComplaintError

from . import contract
from .schemas import CellOut, FigureOut, FiguresOut, MonthOut, PeriodOut, StageOut

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
    return FiguresOut(
        periods=periods,
        period=_period(report.period),
        start=report.start,
        end=report.end,
        corrected_because=report.reason or None,
        figures=[_figure(figure, cell) for figure, cell in report.figures],
        tables={table: [_cell(cell) for cell in cells] for table, cells in report.rows.items()},
        stages=[
            StageOut(**_words(stage.figure), median=stage.median, p90=stage.p90) for stage in report.stages
        ],
        months=[
            MonthOut(name=month.name, received=_cell(month.received), concluded=_cell(month.concluded))
            for month in report.months
        ],
        fine_amount=None if report.fine_amount is None else str(report.fine_amount),
    )


def _period(one: PublicPeriod) -> PeriodOut:
    return PeriodOut(
        code=one.code, name=one.name, number=one.number, version=one.version, closed_on=one.closed_on
    )


def _cell(cell: PublicCell) -> CellOut:
    return CellOut(code=cell.code, name=cell.name, value=cell.value, hidden=cell.hidden)


def _figure(figure: Figure, cell: PublicCell) -> FigureOut:
    return FigureOut(**_words(figure), value=cell.value, hidden=cell.hidden)


def _words(figure: Figure) -> dict[str, str]:
    return {
        "code": str(figure.code),
        "name": str(figure.name),
        "definition": str(figure.definition),
        "unit": figure.unit.value,
        "basis": figure.basis,
    }
