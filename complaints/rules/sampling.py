"""Drawing case files for review: the same seed and stock give the same files, whoever draws (要点 14, 案卷评查)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

# House practice: no statute fixes how many files are looked at.
MOST_PER_UNIT = 200


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many of each unit: a number, or a share in percent rounded up, at least one; exactly one of the two."""

    per_unit: int | None = None
    percent: int | None = None

    def is_possible(self) -> bool:
        """Whether one of the two is given and lies within its bounds."""
        if (self.per_unit is None) == (self.percent is None):
            return False
        if self.per_unit is not None:
            return 1 <= self.per_unit <= MOST_PER_UNIT
        return self.percent is not None and 1 <= self.percent <= 100

    def of(self, stock: int) -> int:
        """Return how many are drawn from so many."""
        wanted = self.per_unit if self.per_unit is not None else -(-stock * (self.percent or 0) // 100)
        return min(stock, MOST_PER_UNIT, wanted)


def drawn(*, stock: Mapping[int, Iterable[str]], seed: str, size: Size) -> list[tuple[int, str]]:
    """Return what is drawn, as unit and number: unit by unit, within a unit in the order of the draw.

    Each number is placed by the SHA-256 of seed and number. No file has a say in the place of another: one that comes
    to the stock or leaves it moves none of the others.

    Raises:
        ValueError: the size is not possible.
    """
    if not size.is_possible():
        raise ValueError(f"{size}")
    found: list[tuple[int, str]] = []
    for unit in sorted(stock):
        numbers = sorted(set(stock[unit]), key=lambda number: (_place(seed, number), number))
        found += [(unit, number) for number in numbers[: size.of(len(numbers))]]
    return found


def _place(seed: str, number: str) -> bytes:
    return sha256(f"{seed}\n{number}".encode()).digest()


def stock_digest(stock: Mapping[int, Iterable[str]]) -> str:
    """Return the SHA-256 of everything that could be drawn, whatever its order."""
    lines = sorted(f"{unit}:{number}" for unit, numbers in stock.items() for number in set(numbers))
    return sha256("\n".join(lines).encode()).hexdigest()
