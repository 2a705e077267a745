"""Figures as rows of a table: one below the other with the year before, and side by side for each key of a split."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from complaints.rules.small_cells import LEAST_RANKED
from complaints.rules.spans import Span, span_of
from complaints.stats.counting import By, Counts, Number
from complaints.stats.definitions import FIGURE, FIGURES, STAGES, Figure, Unit
from complaints.stats.report import change, points, value_of

from .asked import Answer, Asked
from .drill import FROM_STATISTICS, ROWS_BY, list_of, list_url

# What stands side by side for each key; the others are told for the whole.
SIDE_BY_SIDE = (
    *("received", "accepted", "declined", "transferred", "concluded", "on_time_share"),
    *("verified_share", "hazards_removed", "fines", "fine_amount"),
)


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One figure: now, a year before and in the period before, each with how much it changed.

    A count changes by percent, a share by percentage points; empty where there is nothing to say. `urls` lead to the
    lists of now, the year before and the period before; empty where there is none.
    """

    figure: Figure
    now: str
    before: str
    change: str
    last: str
    since_last: str
    urls: tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class StageRow:
    """One stage in whole days."""

    figure: Figure
    median: str
    p90: str
    count: int


@dataclass(frozen=True, kw_only=True)
class SplitRow:
    """One key of a split; `is_small` when its shares rest on fewer than 20 tips."""

    name: str
    cells: tuple[str, ...]
    median: str
    p90: str
    is_small: bool
    urls: tuple[str, ...]

    @property
    def linked(self) -> list[tuple[str, str]]:
        """Each cell with the address of its list, empty where there is none."""
        return list(zip(self.cells, self.urls, strict=True))


def figure_rows(answer: Answer) -> list[FigureRow]:
    """Return every figure of the whole, in the order of the definitions."""
    whole, before = answer.report.table.whole, answer.report.year_before
    return [
        _figure_row(figure, now=whole, before=before, last=answer.last, asked=answer.asked)
        for figure in FIGURES
    ]


def _figure_row(figure: Figure, *, now: Counts, before: Counts, last: Counts, asked: Asked) -> FigureRow:
    spans = (asked.span, asked.span.a_year_before, asked.span.before)
    urls = [
        _url(figure, counts=one, span=span, unit=asked.unit_id)
        for one, span in zip((now, before, last), spans, strict=True)
    ]
    told = [number_text(value_of(figure=figure, counts=one), unit=figure.unit) for one in (now, before, last)]
    return FigureRow(
        figure=figure,
        now=told[0],
        before=told[1],
        change=change_text(figure, now=now, before=before),
        last=told[2],
        since_last=change_text(figure, now=now, before=last),
        urls=(urls[0], urls[1], urls[2]),
    )


def _url(figure: Figure, *, counts: Counts, span: Span, unit: int | None, **more: Any) -> str:
    """Return where what a figure says is listed; empty where it says nothing or no list holds it."""
    code = list_of(figure.code)
    if not code or not value_of(figure=figure, counts=counts):
        return ""
    return list_url(code=code, span=span, unit=unit or "", source=FROM_STATISTICS, **more)


def change_text(figure: Figure, *, now: Counts, before: Counts) -> str:
    """Return how a figure changed: a count in percent, a share in percentage points; empty without a comparison."""
    if figure.of is None:
        moved = change(now=value_of(figure=figure, counts=now), before=value_of(figure=figure, counts=before))
        return "" if moved is None else f"{moved:+.1f}%"
    by = points(figure=figure, now=now, before=before)
    return "" if by is None else _("%(n)s percentage points") % {"n": f"{by:+.1f}"}


def number_text(number: Number | None, *, unit: Unit) -> str:
    """Return a number as it is written: money with two decimals, shares with their sign, nothing as a dash."""
    if number is None:
        return "—"
    if unit == Unit.YUAN:
        return f"{Decimal(number):,.2f}"
    return f"{number}%" if unit == Unit.PERCENT else f"{number:,}"


def stage_rows(answer: Answer) -> list[StageRow]:
    """Return the stages with median and ninth decile; a dash where none ended in the period."""
    found = answer.report.stages
    return [
        StageRow(
            figure=stage,
            median=str(found[stage.code].median) if stage.code in found else "—",
            p90=str(found[stage.code].p90) if stage.code in found else "—",
            count=found[stage.code].count if stage.code in found else 0,
        )
        for stage in STAGES
    ]


def split_rows(answer: Answer) -> list[SplitRow]:
    """Return the rows of the split: what has at least 20 tips by size, then the others by their keys."""
    rows = answer.report.table.rows
    keys = sorted(rows, key=lambda key: _place(key, rows[key]))
    return [_split_row(key, answer=answer) for key in keys]


def _place(key: str, counts: Mapping[str, Number]) -> tuple[bool, Number, str]:
    received = counts.get("received", 0)
    is_small = received < LEAST_RANKED
    return (is_small, 0 if is_small else -received, key)


def _split_row(key: str, *, answer: Answer) -> SplitRow:
    counts = answer.report.table.rows[key]
    spread = answer.report.spreads.get(key)
    return SplitRow(
        name=answer.names[key],
        cells=tuple(
            number_text(value_of(figure=FIGURE[code], counts=counts), unit=FIGURE[code].unit)
            for code in SIDE_BY_SIDE
        ),
        median=str(spread.median) if spread else "—",
        p90=str(spread.p90) if spread else "—",
        is_small=counts.get("concluded", 0) < LEAST_RANKED,
        urls=tuple(
            _row_url(FIGURE[code], key=key, counts=counts, asked=answer.asked) for code in SIDE_BY_SIDE
        ),
    )


def _row_url(figure: Figure, *, key: str, counts: Counts, asked: Asked) -> str:
    """Return where a number of a row is listed: of a unit or a month at their own addresses."""
    if asked.by == By.UNIT and key:
        return _url(figure, counts=counts, span=asked.span, unit=int(key), only=True)
    if asked.by == By.MONTH:
        return _url(figure, counts=counts, span=span_of(key), unit=asked.unit_id)
    if asked.by in ROWS_BY:
        return _url(figure, counts=counts, span=asked.span, unit=asked.unit_id, by=asked.by.value, row=key)
    return ""


def split_heads() -> list[Figure]:
    """Return the figures that stand side by side."""
    return [FIGURE[code] for code in SIDE_BY_SIDE]
