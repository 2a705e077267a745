"""The score sheet of case files: lines of text read into items, and points taken off."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
MOST_ITEMS, MOST_POINTS, LONGEST = 40, 100, 200


class SheetFault(ValueError):
    """A line of the sheet cannot be read; `line` counts from 1, 0 is the whole."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item: what is looked at, how many points it holds, and the rule it rests on."""

    code: str
    points: int
    title: str
    basis: str


def read_items(text: str) -> tuple[Item, ...]:
    """Return the items of a sheet: a line each, `code | points | title | basis`; blank lines do not count.

    Raises:
        SheetFault: a line has other parts, a code stands twice, points are not 1 to 100, or there is no item.
    """
    found: dict[str, Item] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        item = _item(line, number=number)
        if item.code in found:
            raise SheetFault(number)
        found[item.code] = item
    if not 1 <= len(found) <= MOST_ITEMS:
        raise SheetFault(0)
    return tuple(found.values())


def _item(line: str, *, number: int) -> Item:
    parts = [part.strip() for part in line.replace("｜", "|").split("|")]
    if len(parts) != 4 or not all(parts):
        raise SheetFault(number)
    code, points, title, basis = parts
    is_number = points.isascii() and points.isdecimal() and 1 <= int(points[:4]) <= MOST_POINTS
    if not _CODE.fullmatch(code) or not is_number or max(len(title), len(basis)) > LONGEST:
        raise SheetFault(number)
    return Item(code=code, points=int(points), title=title, basis=basis)


def points_left(*, items: Sequence[Item], minus: Mapping[str, int]) -> int:
    """Return the points of a file: those of the sheet without those taken off.

    Raises:
        ValueError: points are taken off an unknown item, or more than it holds, or fewer than none.
    """
    most = {item.code: item.points for item in items}
    for code, points in minus.items():
        if not 0 <= points <= most.get(code, -1):
            raise ValueError(f"{code}: {points}")
    return sum(most.values()) - sum(minus.values())
