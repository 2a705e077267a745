"""Cells of tables to take along: numbers are numbers, and text a spreadsheet would run as a formula stays text."""

from decimal import Decimal
from typing import Any

# What makes a spreadsheet read a cell as a formula, after characters it skips.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_cell(value: Any) -> Any:
    """Return a value as it may stand in a cell: text that begins like a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.lstrip(" ").startswith(STARTS):
        return f"'{value}"
    return value


def written_cell(value: Any) -> str:
    """Return a value as CSV takes it: a number in plain digits with its sign, no separators, no exponent.

    Only text is guarded: a number cannot be run, and an apostrophe before it would make text of it. Nothing is empty.
    """
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(plain_cell(value if isinstance(value, int | float) else str(value)))


def number_cell(value: Any) -> Any:
    """Return a value as a workbook takes it: a decimal as a number, text guarded; nothing is an empty cell."""
    return plain_cell(float(value) if isinstance(value, Decimal) else value)
