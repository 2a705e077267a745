"""台账: the ledger of an enterprise as XLSX in the columns of 7号; no cell is a formula, no row names a reporter."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from complaints.enums import InsideState
from complaints.models import Enterprise, InternalTip
from complaints.selectors.internal import ledger_rows
from complaints.services.viewing import note_search
from portal.shared.plain_cells import plain_cell

from .door import manager_door, one_of, person

DAY_FORMAT = "yyyy-mm-dd"
# In characters, one for each column.
WIDTHS = (15, 12, 14, 20, 16, 36, 8, 8, 9, 28, 12, 28, 10, 12, 28, 12, 12, 8, 10, 12, 12, 10, 10)
# Number, photos before and after: the photos themselves stay behind the door and lead there.
LEADING = (0, 6, 17)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@manager_door
def ledger(request: HttpRequest, *, workplaces: list[Enterprise]) -> HttpResponse:
    """Return the ledger of one workplace (`?e=` its key; without it the only one)."""
    pk = request.GET.get("e") or (str(workplaces[0].pk) if len(workplaces) == 1 else "")
    entry, now = one_of(workplaces, pk=pk), timezone.now()
    note_search(action="export.workplace", subject=f"enterprise:{entry.pk}", viewer=person(request), at=now)
    name = f"ledger-{entry.credit_code}-{timezone.localdate(now).isoformat()}.xlsx"
    answer = HttpResponse(
        _workbook(entry, viewer=person(request), site=request.build_absolute_uri("/")), content_type=XLSX
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _workbook(entry: Enterprise, *, viewer: User, site: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=_("Ledger"))
    sheet.freeze_panes = "B2"
    for at, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.append([_head(sheet, text) for text in _heads()])
    for row in ledger_rows(entry, viewer=viewer):
        cells = [_cell(sheet, value) for value in _row(row)]
        for at in LEADING if row.state != InsideState.TURNED else ():
            if cells[at].value:
                cells[at].hyperlink = urljoin(site, reverse("workplace:tip", args=[row.tip.number]))
        sheet.append(cells)
    out = BytesIO()
    book.save(out)  # not the database: a workbook
    return out.getvalue()


def _head(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Return a cell: text without a formula, a number as a number, a day as a day."""
    cell = WriteOnlyCell(sheet, value=plain_cell(value))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, date):
        cell.number_format = DAY_FORMAT
    return cell


def _heads() -> Sequence[str]:
    return [
        pgettext("ledger", "Number"), _("Reported on"), _("Department"), _("Place"), pgettext("ledger", "Head"),
        _("Description"), _("Photos before"), _("Grade"),
        _("Inside one's duty"), _("Conclusion"), _("Person responsible"), pgettext("ledger", "Measures"),
        _("Funds (yuan)"),
        _("To be done by"), _("Emergency plan"), pgettext("ledger", "Put right on"), pgettext("ledger", "Accepted on"),
        _("Photos after"),
        _("Reward (yuan)"),
        _("Paid on"), _("Told the staff"), _("Accident averted"), pgettext("of an internal tip", "Turned outside"),
    ]  # fmt: skip


def _row(row: InternalTip) -> Sequence[Any]:
    """Of a tip that was turned outside the company keeps its own acts and days, not what the bureau works on."""
    is_turned = row.state == InsideState.TURNED
    photos = list(row.tip.photos.all())
    # Those of the bureau's inspections are none of the company's business, not even how many there are.
    later = ("internal_step_id", "message_id", "inspection_id")
    before = [one for one in photos if all(getattr(one, name) is None for name in later)]
    after = [one for one in photos if one.internal_step_id is not None]
    return [
        row.tip.number, row.received_date, row.workshop, "" if is_turned else row.tip.address,
        str(row.get_head_display()) if row.head else "", "" if is_turned else row.tip.description, len(before),
        str(row.get_grade_display()) if row.grade else "", _yes(row.on_duty), row.finding, row.person, row.measures,
        row.funds_yuan, row.deadline, row.emergency, row.fixed_date, row.accepted_date, len(after), row.whole_yuan,
        row.paid_date, row.circulated_date, _yes(row.averted), _yes(is_turned),
    ]  # fmt: skip


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
