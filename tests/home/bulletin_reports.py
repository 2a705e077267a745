"""Public reports in memory for rules of sentences and numbers: no database, no names of places."""

from datetime import date
from decimal import Decimal
from typing import Any

from complaints.disclosure import PublicCell, PublicMonth, PublicPeriod, PublicReport, PublicStage
from complaints.rules.small_cells import Hidden
from complaints.stats.definitions import FIGURE, STAGES
from complaints.stats.publishing import ALONE, PART_OF

STAGE = {figure.code: figure for figure in STAGES}
Told = int | str
FEW, APART = "few", "apart"


def cell(code: str, told: Told, name: str = "") -> PublicCell:
    """Return a cell: a number, or `few` or `apart`."""
    if isinstance(told, int):
        return PublicCell(code=code, name=name or code, value=told)
    return PublicCell(code=code, name=name or code, value=None, hidden=Hidden(told))


def report(
    code: str = "2026Q1",
    *,
    received: Told = 162,
    concluded: Told = 120,
    late: Told = FEW,
    conclusions: Told = 100,
    districts: dict[str, Told] | None = None,
    operations: dict[str, Told] | None = None,
    results: tuple[Told, Told, Told, Told] = (60, 15, 20, 5),
    stages: dict[str, tuple[int, int]] | None = None,
    fine_amount: Decimal | None = None,
    **counts: Told,
) -> PublicReport:
    """Return a report; counts that are not named are hidden as few."""
    told: dict[str, Told] = {
        **dict.fromkeys((*ALONE, *PART_OF, *PART_OF.values()), FEW),
        "declined": FEW,
        **counts,
    }
    told |= {"received": received, "concluded": concluded, "conclusions": conclusions}
    on_time: Told = concluded - late if isinstance(late, int) and isinstance(concluded, int) else APART
    codes = ("result_true", "result_partly_true", "result_false", "result_unverifiable")
    rows: dict[str, dict[str, Told]] = {
        "district": districts or {},
        "operation": operations or {},
        "result": dict(zip(codes, results, strict=True)),
        "timing": {"on_time": on_time, "late": late},
        "reason": {},
    }
    months = tuple(
        PublicMonth(
            name=f"{n} 月",
            short_name=f"{n}月",
            received=cell(f"2026-{n:02d}", 50 + n),
            concluded=cell(f"2026-{n:02d}", 40 + n),
        )
        for n in (1, 2, 3)
    )
    return PublicReport(
        period=PublicPeriod(
            code=code, name=f"〔{code}〕", number=f"{code}-1", version=1, closed_on=date(2026, 4, 10)
        ),
        reason="",
        start=date(2026, 1, 1),
        end=date(2026, 3, 31),
        figures=tuple((figure, cell(at, told[at])) for at, figure in FIGURE.items() if at in told),
        rows={name: tuple(cell(at, one, at) for at, one in table.items()) for name, table in rows.items()},
        stages=tuple(
            PublicStage(figure=STAGE[at], median=median, p90=p90)
            for at, (median, p90) in (stages or {}).items()
        ),
        months=months,
        fine_amount=fine_amount,
        since_year=None,
    )


def options(**values: Any) -> dict[str, Any]:
    """Return arguments of `report`, so that a table of cases reads as one."""
    return values
