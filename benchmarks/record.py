"""What a run of the bench leaves behind: its tables in docs/performance.md and a picture of them beside it.

Each part is kept with its day (docs/performance.json), so that one part can be measured anew without the others.
"""

import json
import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TextIO

PAGE, PICTURE, DATA = "performance.md", "performance.svg", "performance.json"
WIDTH, ROW, LABEL, TOP = 720, 22, 230, 40


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One line of the picture: a value beside the one it is compared with, in the same unit."""

    name: str
    value: float
    floor: float
    unit: str


@dataclass(kw_only=True)
class Record:
    """Everything a part has printed, and what of it is drawn."""

    text: StringIO = field(default_factory=StringIO)
    bars: list[Bar] = field(default_factory=list)

    def part(self, *, day: date, broken: Sequence[str]) -> "Part":
        """Return what is kept of it."""
        return Part(
            day=day.isoformat(),
            machine=machine(),
            text=_plain(self.text.getvalue()),
            bars=tuple(self.bars),
            broken=tuple(broken),
        )


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the bench as it was measured last: when, on what, its tables, its bars, what was not kept."""

    day: str
    machine: str
    text: str
    bars: tuple[Bar, ...]
    broken: tuple[str, ...]


def machine() -> str:
    """Return what this machine is, as far as readers have to know."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def read(*, folder: Path) -> dict[str, Part]:
    """Return the parts measured so far by their names; empty where nothing was."""
    if not (folder / DATA).exists():
        return {}
    kept = json.loads((folder / DATA).read_text(encoding="utf-8"))
    return {
        name: Part(
            **{**one, "bars": tuple(Bar(**bar) for bar in one["bars"]), "broken": tuple(one["broken"])}
        )
        for name, one in kept.items()
    }


def write(parts: Mapping[str, Part], *, folder: Path, order: Sequence[str]) -> None:
    """Put what was measured in place of what is known of these parts, and draw page and picture of all of them."""
    known = {**read(folder=folder), **parts}
    kept = {name: known[name] for name in order if name in known}
    data = json.dumps({name: asdict(one) for name, one in kept.items()}, ensure_ascii=False, indent=1)
    (folder / DATA).write_text(f"{data}\n", encoding="utf-8")
    (folder / PAGE).write_text(page(kept), encoding="utf-8")
    bars = [bar for one in kept.values() for bar in one.bars]
    (folder / PICTURE).write_text(picture(bars), encoding="utf-8")


class _Both:
    """Writes to two places."""

    def __init__(self, *places: TextIO) -> None:
        self._places = places

    def write(self, text: str) -> int:
        """Write everywhere; return how much."""
        for place in self._places:
            place.write(text)
        return len(text)

    def flush(self) -> None:
        """Let everything go out."""
        for place in self._places:
            place.flush()


@contextmanager
def recording() -> Iterator[Record]:
    """Keep a copy of what is printed in the block."""
    record, shown = Record(), sys.stdout
    sys.stdout = _Both(shown, record.text)  # type: ignore[assignment]  # all that print() asks of it
    try:
        yield record
    finally:
        sys.stdout = shown


def page(parts: Mapping[str, Part]) -> str:
    """Return the page: of each part when and on what it was measured, what was not kept, and its tables."""
    broken = "".join(f"- ✗ {line}\n" for one in parts.values() for line in one.broken)
    tables = "".join(
        f"\n## {name.capitalize()}\n\nMeasured on {one.day} ({one.machine}).\n\n```text\n{one.text}\n```\n"
        for name, one in parts.items()
    )
    return (
        "# Performance\n\n"
        "Written by `make bench`. Each figure stands beside its floor, measured in the same run; another machine has "
        "other milliseconds and, as far as it is two cores, the same ratios.\n\n"
        f"![What was measured beside its floor]({PICTURE})\n\n"
        f"## Budgets\n\n{broken or '- ✓ all budgets kept' + chr(10)}{tables}"
    )


def _plain(text: str) -> str:
    """Return what was printed without the path of any folder, which is nobody's business."""
    return re.sub(r"/(?:tmp|root|home|work)/\S+", "…", text).strip("\n")


def picture(bars: Sequence[Bar]) -> str:
    """Return a drawing: for each line the floor in grey, the value in blue."""
    height = TOP + ROW * max(len(bars), 1) + 10
    rows = "".join(_row(bar, y=TOP + index * ROW) for index, bar in enumerate(bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-label="Measured values beside their floors" font-family="system-ui, sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
        '<text x="10" y="22" font-size="14" font-weight="600">Measured (blue) beside its floor (grey)</text>'
        f"{rows}</svg>\n"
    )


def _row(bar: Bar, *, y: int) -> str:
    room = WIDTH - LABEL - 150
    most = max(bar.value, bar.floor, 1e-9)
    floor, value = (round(room * one / most, 1) for one in (bar.floor, bar.value))
    words = f"{_number(bar.value)} {bar.unit} · {_number(bar.floor)} {bar.unit}"
    return (
        f'<text x="10" y="{y + 13}">{_safe(bar.name)}</text>'
        f'<rect x="{LABEL}" y="{y + 2}" width="{floor}" height="6" fill="#9aa3ad"/>'
        f'<rect x="{LABEL}" y="{y + 9}" width="{value}" height="7" fill="#1456a0"/>'
        f'<text x="{LABEL + room + 8}" y="{y + 13}">{_safe(words)}</text>'
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
