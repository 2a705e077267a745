"""Geometry of charts drawn on the server: plain numbers in, pixels out; templates write the SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from .lettering import width_of

NICE_STEPS = (1, 2, 5, 10)
# Labels stand before their bars while that leaves two thirds of the drawing to them, else above; so far from them.
MOST_BEFORE, GAP = 0.36, 10
# What a label above its bar needs, and its baseline above the bar.
LINE, RISE = 21.0, 6.0


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A line of a scale and its label."""

    at: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A rectangle with the label of its place and its value; `height` 0 where there is nothing to draw.

    `label_y` is the baseline of the label of a lying bar.
    """

    x: float
    y: float
    width: float
    height: float
    label: str = ""
    value: str = ""
    tone: int = 1
    label_y: float = 0.0

    @property
    def middle(self) -> float:
        """The middle from left to right."""
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Upright bars with a line over them; `line` are the points of each unbroken piece, `dots` all of them."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    line: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Lying bars under each other; `height` follows from their number."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...] = ()


def scale_end(most: float, *, parts: int = 3) -> tuple[int, int]:
    """Return the end of a scale that holds `most`, and its step: 1, 2 or 5 times a power of ten."""
    rough = max(most, 1) / parts
    power = 10 ** max(0, floor(log10(rough))) if rough >= 1 else 1
    step = next(int(power * nice) for nice in NICE_STEPS if power * nice >= rough)
    return step * ceil(max(most, 1) / step), step


def columns(
    *,
    labels: Sequence[str],
    bars: Sequence[int | None],
    line: Sequence[int | None] = (),
    width: int = 1120,
    height: int = 320,
    every: int = 1,
) -> Columns:
    """Draw bars side by side and a line over them; None draws nothing.

    Args:
        every: of the labels every so many-th is written, counted from the last one, where there is little room.
    """
    left, right, top, bottom = 40.0, width - 8.0, 34.0, height - 30.0
    end, step = scale_end(max([one or 0 for one in (*bars, *line)], default=0))
    wide = (right - left) / max(1, len(labels))
    unit = (bottom - top) / end
    drawn = tuple(
        Bar(
            x=left + wide * (place + 0.19),
            y=bottom - unit * (value or 0),
            width=wide * 0.62,
            height=unit * (value or 0),
            label=labels[place] if (len(labels) - 1 - place) % every == 0 else "",
            value="" if value is None else f"{value:,}",
        )
        for place, value in enumerate(bars)
    )
    pieces, dots = _line(line, left=left, wide=wide, bottom=bottom, unit=unit)
    ticks = tuple(Tick(at=bottom - unit * mark, label=f"{mark:,}") for mark in range(0, end + 1, step))
    return Columns(
        width=width, height=height, left=left, right=right, bottom=bottom, ticks=ticks, bars=drawn, line=pieces,
        dots=dots,
    )  # fmt: skip


def _line(
    line: Sequence[int | None], *, left: float, wide: float, bottom: float, unit: float
) -> tuple[tuple[str, ...], tuple[tuple[float, float], ...]]:
    pieces: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(line):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((left + wide * (place + 0.5), bottom - unit * value))
    words = tuple(" ".join(f"{x:.1f},{y:.1f}" for x, y in piece) for piece in pieces if len(piece) > 1)
    return words, tuple(dot for piece in pieces for dot in piece)


def room_before(labels: Sequence[str], *, least: float, width: float) -> float | None:
    """Return how far bars begin from the left beside their labels; None where these stand above them."""
    room = max([least, *(width_of(label) + GAP for label in labels)])
    return room if room <= MOST_BEFORE * width else None


def lines(
    *,
    rows: Sequence[tuple[str, int]],
    width: int = 340,
    left: int = 80,
    beyond: int = 55,
    step: int = 34,
    dark: int = 2,
) -> Lines:
    """Draw lying bars, each with its label before or above it and its value behind; the first `dark` are darker.

    Args:
        left: what labels before the bars have at least.
        beyond: what the longest bar leaves to its value.
    """
    most = max([value for _label, value in rows], default=0) or 1
    begin = room_before([label for label, _value in rows], least=left, width=width)
    over = LINE if begin is None else 0.0
    x = begin or 0.0
    bars = tuple(
        Bar(
            x=x,
            y=4.0 + over + (step + over) * place,
            width=(width - x - beyond) * value / most,
            height=step - 10.0,
            label=label,
            value=f"{value:,}",
            tone=1 if place < dark else 2,
            label_y=4.0 + over + (step + over) * place + (-RISE if over else step / 2),
        )
        for place, (label, value) in enumerate(rows)
    )
    return Lines(width=width, height=ceil((step + over) * len(rows)) + 6, bars=bars)


def stack(*, rows: Sequence[tuple[str, int]], width: int = 340, height: int = 60) -> Lines:
    """Draw one lying bar of several parts, each as wide as its share; its value is the share in whole percent."""
    total = sum(value for _label, value in rows) or 1
    gap, x = 1.5, 0.0
    room = width - gap * (len(rows) - 1)
    bars = []
    for place, (label, value) in enumerate(rows):
        wide = room * value / total
        bars.append(
            Bar(
                x=x, y=0.0, width=wide, height=height, label=label,
                value=f"{100 * value / total:.0f}" if wide >= 24 else "", tone=place + 1,
            )
        )  # fmt: skip
        x += wide + gap
    return Lines(width=width, height=height, bars=tuple(bars))


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A short dark bar within a long light one; `label_y` is the baseline of its label."""

    y: float
    label: str
    label_y: float
    inner: float
    outer: float
    inner_value: str
    outer_value: str


@dataclass(frozen=True, kw_only=True)
class Stretches:
    """How long stages took: medians within ninth deciles, over a scale of days."""

    width: int
    height: int
    left: float
    bottom: float
    rows: tuple[Stretch, ...]
    ticks: tuple[Tick, ...]


def stretches(
    *, rows: Sequence[tuple[str, int, int]], width: int = 340, left: int = 52, step: int = 37
) -> Stretches:
    """Draw stages: label, median, ninth decile, in whole days; labels too long to stand before the bars stand above."""
    begin = room_before([label for label, _inner, _outer in rows], least=left, width=width)
    over = LINE if begin is None else 0.0
    x = 4.0 if begin is None else begin
    end, mark = scale_end(max([outer for _label, _inner, outer in rows], default=0))
    unit = (width - x - 18) / end
    bottom = float((step + over) * len(rows) + 2)
    drawn = tuple(
        Stretch(
            y=6.0 + over + (step + over) * place,
            label=label,
            label_y=6.0 + over + (step + over) * place + (-RISE if over else 20.0),
            inner=unit * inner,
            outer=unit * outer,
            inner_value=str(inner) if unit * inner >= 14 else "",
            outer_value=str(outer) if unit * (outer - inner) >= 20 else "",
        )
        for place, (label, inner, outer) in enumerate(rows)
    )
    ticks = tuple(Tick(at=x + unit * at, label=str(at)) for at in range(0, end + 1, mark))
    return Stretches(width=width, height=int(bottom) + 26, left=x, bottom=bottom, rows=drawn, ticks=ticks)
