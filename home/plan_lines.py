"""The planned inspections as editors paste them: one line for each unit and type, parted by commas or tabs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

UNIT_MAX_CHARS = 80
KIND_MAX_CHARS = 40
LARGEST = 1_000_000
MOST_LINES = 400
_COMMA = re.compile(r"\s*[,，\t]\s*")


@dataclass(frozen=True, kw_only=True)
class PlannedLine:
    """How many inspections of a type a unit is to make in the year, at least 1."""

    unit: str
    kind: str
    planned: int

    @property
    def key(self) -> tuple[str, str]:
        """What an update finds the line by."""
        return self.unit, self.kind


@dataclass(frozen=True, kw_only=True)
class PlannedLines:
    """The lines that could be read, and what is wrong with the others."""

    lines: tuple[PlannedLine, ...]
    problems: tuple[str, ...]


def plan_lines(*, text: str) -> PlannedLines:
    """Read pasted lines; empty ones are passed over, each problem names its line."""
    found: dict[tuple[str, str], PlannedLine] = {}
    problems: list[str] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        read = _line(_COMMA.split(raw.strip()))
        if isinstance(read, str):
            problems.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": read})
        elif read.key in found:
            twice = _("%(unit)s, %(kind)s stands there twice.") % {"unit": read.unit, "kind": read.kind}
            problems.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": twice})
        else:
            found[read.key] = read
    if len(found) > MOST_LINES:
        problems.append(_("At most %(n)d lines.") % {"n": MOST_LINES})
    return PlannedLines(lines=tuple(found.values()), problems=tuple(problems))


def _line(cells: Sequence[str]) -> PlannedLine | str:
    """Return the line, or what is wrong with it."""
    if len(cells) != 3 or not all(cells):
        return _("unit, type and number are wanted, parted by commas.")
    unit, kind, number = cells
    if len(unit) > UNIT_MAX_CHARS or len(kind) > KIND_MAX_CHARS:
        return _("the name of the unit or of the type is too long.")
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= LARGEST):
        return _("“%(number)s” is no whole number from 1.") % {"number": number}
    return PlannedLine(unit=unit, kind=kind, planned=int(number))
