"""Tables to take along: a cell that a spreadsheet would run as a formula stays text."""

from typing import Any

# What makes a spreadsheet read a cell as a formula, after characters it skips.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_cell(value: Any) -> Any:
    """Return a value as it may stand in a cell: text that begins like a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.lstrip(" ").startswith(STARTS):
        return f"'{value}"
    return value


class FormulaProof:
    """For views with Wagtail's export: every cell goes through `plain_cell`, in CSV and XLSX alike."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Return the cell of one field."""
        cell = super().preprocess_field_value(field, value, export_format)  # type: ignore[misc]  # a mixin
        return plain_cell(cell)
