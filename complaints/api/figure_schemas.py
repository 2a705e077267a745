"""Shapes of the public figures: counts, rates, amounts and tables of a closed period beside the year before.

A number is never text, but money, which has cents. Where a number is not told, `hidden` says why: `few` (under 5) or
`apart` (another one would follow from it) or `withheld` (no number of its table is told). Both are null where no report
tells it. `at_least` and `at_most` are what such a number lies between, where that is known.
"""

from datetime import date

from ninja import Schema


class PeriodOut(Schema):
    """A closed period: its number holds its version."""

    code: str
    name: str
    number: str
    version: int
    closed_on: date


class CellOut(Schema):
    """A number, or why it is not told: `few` (under 5), `apart` (another one would follow from it) or `withheld`."""

    code: str
    name: str
    value: int | None
    hidden: str | None
    at_least: int | None = None
    at_most: int | None = None


class TableCellOut(CellOut):
    """A number of a table, and the same a year before."""

    value_year_before: int | None
    hidden_year_before: str | None


class DefinedOut(Schema):
    """What a figure says, in what unit, by which rule."""

    code: str
    name: str
    definition: str
    unit: str
    basis: str


class ToldOut(DefinedOut):
    """A figure with the reasons why its numbers are not told."""

    hidden: str | None
    hidden_year_before: str | None


class FigureOut(ToldOut):
    """One count of a period."""

    value: int | None
    at_least: int | None = None
    at_most: int | None = None
    value_year_before: int | None


class RateOut(ToldOut):
    """One share in percent to one decimal, worked out from numbers that are told."""

    value: float | None
    value_year_before: float | None


class AmountOut(ToldOut):
    """One sum of money in yuan, as text with its cents."""

    value: str | None
    value_year_before: str | None


class StageOut(DefinedOut):
    """How long a step took, in whole days: half of the cases at most `median`, nine in ten at most `p90`."""

    median: int
    p90: int
    median_year_before: int | None
    p90_year_before: int | None


class MonthOut(Schema):
    """One of the months up to the end of a period."""

    code: str
    name: str
    received: CellOut
    concluded: CellOut


class FiguresOut(Schema):
    """The closed periods and the figures of one of them; nothing but the list while none is closed."""

    periods: list[PeriodOut]
    period: PeriodOut | None = None
    year_before: PeriodOut | None = None
    start: date | None = None
    end: date | None = None
    corrected_because: str | None = None
    figures: list[FigureOut] = []
    rates: list[RateOut] = []
    amounts: list[AmountOut] = []
    tables: dict[str, list[TableCellOut]] = {}
    stages: list[StageOut] = []
    months: list[MonthOut] = []
    fine_amount: str | None = None
