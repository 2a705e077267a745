"""Which score sheet counts on a day: the dated row in force, else the one that ships."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from complaints.models import ReviewSheet
from complaints.rules.review_sheet import Item, read_items

_SHIPPED = Path(__file__).resolve().parents[1] / "data" / "review_sheet.txt"


@lru_cache(maxsize=1)
def shipped_items() -> str:
    """Return the lines of the sheet that ships; not every source in it is verified, and it says which."""
    return _SHIPPED.read_text(encoding="utf-8")


def items_on(*, day: date) -> tuple[Item, ...]:
    """Return the items by which a file is scored on a day."""
    row = ReviewSheet.in_force(day=day)
    return read_items(row.items if row else shipped_items())
