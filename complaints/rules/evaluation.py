"""The yearly evaluation of units (量化评价): rates times weights, line by line, scaled to a hundred (要点 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from complaints.enums import EvaluationLine

from .percents import TENTH, percent

# No national figure is known: the city sets its own in a dated row.
DEFAULT_WEIGHTS: Mapping[EvaluationLine, int] = {
    EvaluationLine.ON_TIME: 30,
    EvaluationLine.WHISTLES: 10,
    EvaluationLine.HAZARDS: 15,
    EvaluationLine.SATISFACTION: 10,
    EvaluationLine.OBJECTIONS: 10,
    EvaluationLine.FILES: 20,
    EvaluationLine.CORRECTIONS: 5,
}
# Units are compared from so many concluded tips on, and lines count from so many cases on: a share of fewer swings with
# single cases (as the public ranking, DOMAIN §7).
LEAST_PLACED = 20
FULL = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So much of so much; `cases` is how many it rests on where the whole counts something else, as points."""

    part: Decimal
    whole: Decimal
    cases: int | None = None

    @property
    def many(self) -> int:
        """How many cases it rests on."""
        return int(self.whole) if self.cases is None else self.cases


@dataclass(frozen=True, kw_only=True)
class EvaluatedLine:
    """One line of a unit's sheet; without a rate, or of fewer than 20 cases, it is left out and the rest is scaled."""

    line: EvaluationLine
    rate: Rate | None
    weight: int

    @property
    def is_few(self) -> bool:
        """Whether there is a rate, and it rests on too few cases to count."""
        return self.rate is not None and bool(self.rate.whole) and self.rate.many < LEAST_PLACED

    @property
    def share(self) -> Decimal | None:
        """The rate between 0 and 1; None where the line is left out."""
        if self.rate is None or not self.rate.whole or self.is_few:
            return None
        return self.rate.part / self.rate.whole

    @property
    def percent(self) -> Decimal | None:
        """The rate in percent to one decimal."""
        return None if self.share is None else percent(self.share, 1)

    @property
    def points(self) -> Decimal | None:
        """The points of the line before scaling, to one decimal."""
        return None if self.share is None else (self.share * self.weight).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A unit's sheet; `concluded` is how many cases it rests on."""

    key: str
    lines: tuple[EvaluatedLine, ...]
    concluded: int
    place: int = 0

    @property
    def of(self) -> int:
        """How many points the lines that could be worked out hold together."""
        return sum(one.weight for one in self.lines if one.share is not None)

    @property
    def judged(self) -> int:
        """On how many lines it was judged."""
        return sum(one.share is not None for one in self.lines)

    @property
    def total(self) -> Decimal | None:
        """The sum, scaled to a hundred and rounded once to one decimal; None where nothing could be worked out."""
        if not self.of:
            return None
        got = sum((one.share * one.weight for one in self.lines if one.share is not None), Decimal(0))
        return (got * FULL / self.of).quantize(TENTH, ROUND_HALF_UP)

    @property
    def is_placed(self) -> bool:
        """Whether there is enough to compare it with others."""
        return self.concluded >= LEAST_PLACED and self.total is not None


def evaluated(
    *, key: str, rates: Mapping[EvaluationLine, Rate], weights: Mapping[EvaluationLine, int], concluded: int
) -> Evaluation:
    """Return the sheet of a unit: every line with a weight, in the order of the table.

    Raises:
        ValueError: a weight, a part or a whole is negative, or a part is larger than its whole: such a rate compares
            what has nothing to do with each other.
    """
    sides = [side for one in rates.values() for side in (one.part, one.whole)]
    if any(side < 0 for side in sides) or any(weight < 0 for weight in weights.values()):
        raise ValueError("weights and rates are not negative")
    if any(one.part > one.whole for one in rates.values()):
        raise ValueError("no part is larger than its whole")
    lines = (
        EvaluatedLine(line=line, rate=rates.get(line), weight=weights[line])
        for line in EvaluationLine
        if weights[line]
    )
    return Evaluation(key=key, lines=tuple(lines), concluded=concluded)


def placed(sheets: list[Evaluation]) -> list[Evaluation]:
    """Return those that are compared, the best first with their places, then the others by key without one."""
    compared = sorted((one for one in sheets if one.is_placed), key=lambda one: (-(one.total or 0), one.key))
    places: dict[Decimal, int] = {}
    for number, one in enumerate(compared, start=1):
        places.setdefault(one.total or Decimal(0), number)
    first = [_with_place(one, places[one.total or Decimal(0)]) for one in compared]
    return [*first, *sorted((one for one in sheets if not one.is_placed), key=lambda one: one.key)]


def _with_place(sheet: Evaluation, place: int) -> Evaluation:
    return Evaluation(key=sheet.key, lines=sheet.lines, concluded=sheet.concluded, place=place)
