"""台账: the ledger of an enterprise as XLSX in the columns of 7号; no cell is a formula, no row names a reporter."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET
from openpyxl import Workbook

from complaints.enums import InsideState
from complaints.models import Enterprise, InternalTip
from complaints.selectors.internal import ledger_rows
from complaints.services.viewing import note_search
from portal.shared.plain_cells import plain_cell

from .door import manager_door, one_of, person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@manager_door
def ledger(request: HttpRequest, *, workplaces: list[Enterprise]) -> HttpResponse:
    """Return the ledger of one workplace (`?e=` its key; without it the only one)."""
    pk = request.GET.get("e") or (str(workplaces[0].pk) if len(workplaces) == 1 else "")
    entry, now = one_of(workplaces, pk=pk), timezone.now()
    note_search(action="export.workplace", subject=f"enterprise:{entry.pk}", viewer=person(request), at=now)
    name = f"ledger-{entry.credit_code}-{timezone.localdate(now).isoformat()}.xlsx"
    answer = HttpResponse(_workbook(entry, viewer=person(request)), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _workbook(entry: Enterprise, *, viewer: User) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=_("Ledger"))
    for row in _rows(entry, viewer=viewer):
        sheet.append([plain_cell(cell) for cell in row])
    out = BytesIO()
    book.save(out)  # not the database: a workbook
    return out.getvalue()


def _rows(entry: Enterprise, *, viewer: User) -> Iterable[Sequence[Any]]:
    yield [
        pgettext("ledger", "Number"), _("Reported on"), _("Department"), _("Place"), pgettext("ledger", "Head"),
        _("Description"), _("Photos"), _("Grade"),
        _("Inside one's duty"), _("Conclusion"), _("Person responsible"), pgettext("ledger", "Measures"),
        _("Funds (yuan)"),
        _("To be done by"), _("Emergency plan"), _("Put right and accepted (photos)"), _("Reward (yuan)"),
        _("Paid on"), _("Told the staff"), _("Accident averted"), pgettext("of an internal tip", "Turned outside"),
    ]  # fmt: skip
    for row in ledger_rows(entry, viewer=viewer):
        yield _row(row)


def _row(row: InternalTip) -> Sequence[Any]:
    """Of a tip that was turned outside the company keeps its own acts and days, not what the bureau works on."""
    is_turned = row.state == InsideState.TURNED
    photos = list(row.tip.photos.all())
    # Those of the bureau's inspections are none of the company's business, not even how many there are.
    later = ("internal_step_id", "message_id", "inspection_id")
    before = [one for one in photos if all(getattr(one, name) is None for name in later)]
    after = [one for one in photos if one.internal_step_id is not None]
    done = " ".join(filter(None, (_iso(row.fixed_date), _iso(row.accepted_date), f"({len(after)})")))
    return [
        row.tip.number, _iso(row.received_date), row.workshop, "" if is_turned else row.tip.address,
        str(row.get_head_display()) if row.head else "", "" if is_turned else row.tip.description, len(before),
        str(row.get_grade_display()) if row.grade else "", _yes(row.on_duty), row.finding, row.person, row.measures,
        row.funds_yuan, _iso(row.deadline), row.emergency, done, row.whole_yuan, _iso(row.paid_date),
        _iso(row.circulated_date), _yes(row.averted), _yes(is_turned),
    ]  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
