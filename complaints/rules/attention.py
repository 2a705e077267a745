"""Where to look next: points for what was found true, line by line; what is only said gives none (要点 8, 10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from complaints.enums import AttentionLine

# A row of weights without an own figure: no national figure is known, the city sets its own.
DEFAULT_WEIGHTS: Mapping[AttentionLine, int] = {
    AttentionLine.VERIFIED: 10,
    AttentionLine.MAJOR_HAZARD: 10,
    AttentionLine.CONCEALED: 20,
    AttentionLine.DEATH: 20,
    AttentionLine.REPEAT: 5,
    AttentionLine.INSIDE_OVERDUE: 3,
    AttentionLine.INSIDE_TURNED: 6,
}
MOST_WEIGHT = 100


@dataclass(frozen=True, kw_only=True)
class ScoredLine:
    """One line of a score: how many, what one weighs, and their product."""

    line: AttentionLine
    count: int
    weight: int

    @property
    def points(self) -> int:
        """The points of the line."""
        return self.count * self.weight


@dataclass(frozen=True, kw_only=True)
class Score:
    """What one subject has; `place` counts from 1, equal points share a place."""

    key: str
    lines: tuple[ScoredLine, ...]
    place: int = 0

    @property
    def points(self) -> int:
        """The sum of the lines, nothing else."""
        return sum(one.points for one in self.lines)


def scored(*, key: str, counts: Mapping[AttentionLine, int], weights: Mapping[AttentionLine, int]) -> Score:
    """Return the score of a subject: the lines with a count, in the order of the table.

    Raises:
        ValueError: a count or weight is negative.
    """
    if any(number < 0 for number in (*counts.values(), *weights.values())):
        raise ValueError("counts and weights are not negative")
    lines = [
        ScoredLine(line=line, count=counts[line], weight=weights[line])
        for line in AttentionLine
        if counts.get(line)
    ]
    return Score(key=key, lines=tuple(lines))


def ranked(scores: Iterable[Score]) -> list[Score]:
    """Return those with points, the most first; equal points share a place and stand by their keys."""
    found = sorted((one for one in scores if one.points), key=lambda one: (-one.points, one.key))
    places: dict[int, int] = {}
    for number, one in enumerate(found, start=1):
        places.setdefault(one.points, number)
    return [Score(key=one.key, lines=one.lines, place=places[one.points]) for one in found]
