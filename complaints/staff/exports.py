"""Tables to take along: a cell that a spreadsheet would run as a formula stays text."""

from typing import Any

from portal.shared.plain_cells import plain_cell


class FormulaProof:
    """For views with Wagtail's export: every cell goes through `plain_cell`, in CSV and XLSX alike."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Return the cell of one field."""
        cell = super().preprocess_field_value(field, value, export_format)  # type: ignore[misc]  # a mixin
        return plain_cell(cell)
