"""Cells of tables to take along: what a spreadsheet would run as a formula stays text."""

from typing import Any

# What makes a spreadsheet read a cell as a formula, after characters it skips.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_cell(value: Any) -> Any:
    """Return a value as it may stand in a cell: text that begins like a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.lstrip(" ").startswith(STARTS):
        return f"'{value}"
    return value
