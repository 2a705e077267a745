"""How far an enforcement plan is: sums by type and by unit, the target that comes next, and the bars as drawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from home.plan_lines import PlannedLine

if TYPE_CHECKING:
    from home.models.plan import PlanUpdate

# The drawing: units of its viewBox.
WIDTH = 340
ROW = 57
BAR = 20
TOP = 24
INSIDE = 18  # from this percentage on, the figure stands inside its bar


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Percent of the plan to be done by the end of June and by the end of November of a year (要点 cl. 15)."""

    year: int
    half: int
    full: int

    def next_on(self, *, today: date) -> tuple[date, int]:
        """Return the day and the percentage that count on a day: June's up to its end, then November's."""
        june, november = date(self.year, 6, 30), date(self.year, 11, 30)
        return (june, self.half) if today <= june else (november, self.full)


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A name, how many were planned and how many are done; `missing` until the target that comes next."""

    name: str
    planned: int
    done: int
    target: int

    @property
    def percent(self) -> int:
        """Done as a whole percentage, rounded down, so that 100 means all of them."""
        return self.done * 100 // self.planned if self.planned else 0

    @property
    def missing(self) -> int:
        """How many are missing until the next target; never negative."""
        return max(-(-self.planned * self.target // 100) - self.done, 0)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of the drawing: where it begins, how long it is, and where its figure stands."""

    sum: Sum
    y: int

    @property
    def text_y(self) -> int:
        """Base line of the words above the bar."""
        return self.y - 8

    @property
    def figure_y(self) -> int:
        """Base line of the figure."""
        return self.y + 15

    @property
    def length(self) -> str:
        """Length of the bar; more than planned fills it and no more."""
        return f"{min(self.sum.percent, 100) * WIDTH / 100:.1f}"

    @property
    def is_inside(self) -> bool:
        """Whether the figure has room inside the bar."""
        return self.sum.percent >= INSIDE

    @property
    def figure_x(self) -> str:
        """Where the figure ends (inside) or begins (beside)."""
        return f"{float(self.length) + (-6 if self.is_inside else 6):.1f}"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A plan on one day. `as_of` is the day of the newest update, None before the first one."""

    targets: Targets
    due: date
    target: int
    as_of: date | None
    total: Sum
    kinds: tuple[Sum, ...]
    units: tuple[Sum, ...]
    rows: tuple[tuple[PlannedLine, Sum], ...]

    @property
    def bars(self) -> list[Bar]:
        """The bars of the types, from the top down."""
        return [Bar(sum=one, y=TOP + 30 + place * ROW) for place, one in enumerate(self.kinds)]

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return TOP + 6 + len(self.kinds) * ROW

    @property
    def target_x(self) -> str:
        """Where the line of the first target stands."""
        return f"{self.targets.half * WIDTH / 100:.0f}"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One update in the history: how many were done in all, and how many more than before (None for the first)."""

    day: date
    note: str
    done: int
    percent: int
    more: int | None


def progress(
    *,
    lines: Sequence[PlannedLine],
    done: Mapping[tuple[str, str], int],
    targets: Targets,
    today: date,
    as_of: date | None,
) -> Progress:
    """Return how far a plan is; a line without a number counts as 0 done, a number without a line not at all."""
    due, target = targets.next_on(today=today)

    def summed(name: str, some: Iterable[PlannedLine]) -> Sum:
        chosen = list(some)
        return Sum(
            name=name,
            planned=sum(line.planned for line in chosen),
            done=sum(done.get(line.key, 0) for line in chosen),
            target=target,
        )

    def by(names: Iterable[str], of: str) -> tuple[Sum, ...]:
        return tuple(summed(name, (line for line in lines if getattr(line, of) == name)) for name in names)

    return Progress(
        targets=targets,
        due=due,
        target=target,
        as_of=as_of,
        total=summed("", lines),
        kinds=by(dict.fromkeys(line.kind for line in lines), "kind"),
        units=by(dict.fromkeys(line.unit for line in lines), "unit"),
        rows=tuple((line, summed(line.kind, [line])) for line in lines),
    )


def history(*, updates: "Sequence[PlanUpdate]", lines: Sequence[PlannedLine]) -> list[Step]:
    """Return the updates, the newest first, each with its sum and what it added."""
    planned = sum(line.planned for line in lines)
    keys = {line.key for line in lines}
    sums = [sum(row.done for row in one.numbers.all() if (row.unit, row.kind) in keys) for one in updates]
    before: list[int | None] = [*sums[1:], None]
    return [
        Step(
            day=one.day,
            note=one.note,
            done=total,
            percent=total * 100 // planned if planned else 0,
            more=None if last is None else total - last,
        )
        for one, total, last in zip(updates, sums, before, strict=False)
    ]
