"""The data dictionary of the open data: what each code of table and program interface means."""

import csv
from io import StringIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.disclosure import FIGURES_BY_CODE, PUBLIC_FIGURES, STAGES, Hidden, PublicCell
from portal.shared.plain_cells import plain_cell


def dictionary() -> str:
    """Return what each code of the open data means, as CSV: name, definition, unit and rule."""
    text = StringIO()
    text.write("\ufeff")  # so that spreadsheets read Chinese
    table = csv.writer(text)
    head = [
        pgettext("of a figure", "Code"),
        _("Name"),
        _("Definition"),
        pgettext("of a number", "Unit"),
        pgettext("basis of a figure", "Rule"),
    ]
    table.writerow(head)
    for figure in (*(FIGURES_BY_CODE[code] for code in PUBLIC_FIGURES), *STAGES):
        words = (figure.code, figure.name, figure.definition, figure.unit.label, figure.basis)
        table.writerow([plain_cell(str(one)) for one in words])
    for mark in (Hidden.FEW, Hidden.APART):
        cell = PublicCell(code="", name="", value=None, hidden=mark)
        table.writerow([mark.value, cell.text, _("In place of a number that is not told."), "", ""])
    return text.getvalue()
