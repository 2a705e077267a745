"""Requests for opening in words: chips, who stands where, for whom it waits, what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import OpeningFault, Role, UnsealAct, UnsealPurpose, UnsealStatus, UnsealTarget
from complaints.models import UnsealRequest, UnsealStep
from complaints.selectors.custody import people_for
from complaints.selectors.offices import offices_of

from .labels import Chip
from .rows import tip_url
from .story import minute_text, name_of
from .timeline import Entry

_TONES = {
    UnsealStatus.ASKED: "info",
    UnsealStatus.APPROVED: "go",
    UnsealStatus.OPENED: "wait",
    UnsealStatus.READ: "done",
    UnsealStatus.REFUSED: "stop",
    UnsealStatus.NOTHING: "stop",
    UnsealStatus.EXPIRED: "stop",
    UnsealStatus.WITHDRAWN: "stop",
}
_AMBER = {UnsealAct.REPORT_FAULT, UnsealAct.EXPIRE, UnsealAct.REVOKE, UnsealAct.WITHDRAW}


@dataclass(frozen=True, kw_only=True)
class End:
    """One end of the procedure: who stands there, or that it is still open."""

    words: str
    is_taken: bool


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """One request in the list."""

    pk: int
    number: str
    url: str
    tip_number: str
    tip_url: str
    when: str
    what: str
    purpose: str
    reason: str
    asker: str
    unit: str
    ends: tuple[End, ...]
    chip: Chip
    note: str
    act_label: str
    act_url: str
    is_main: bool


def request_url(row: UnsealRequest, view: str = "request") -> str:
    """Return the address of a request, or of one of its further pages and doors."""
    return reverse(f"unseal:{view}", args=[row.public_id])


def chip_of(row: UnsealRequest) -> Chip:
    """Return the chip of a request's state."""
    status = UnsealStatus(row.status)
    word = (
        _("A note waits for the asker")
        if status == UnsealStatus.OPENED and row.delivered_at and row.target != UnsealTarget.ORIGINAL
        else str(status.label)
    )
    return Chip(tone=_TONES[status], word=word)


def what_of(row: UnsealRequest) -> str:
    """Return what is to be opened."""
    return str(UnsealTarget(row.target).label)


def ends_of(row: UnsealRequest) -> tuple[End, ...]:
    """Return who approved or returned it and who opened it."""
    decided = _("returned by %(who)s") if row.status == UnsealStatus.REFUSED else _("approved by %(who)s")
    is_over = _TONES[UnsealStatus(row.status)] == "stop"
    unopened = _("stayed shut") if is_over else _("not opened")
    return (
        End(
            words="1 " + (decided % {"who": name_of(row.approver)} if row.approver else _("not decided")),
            is_taken=row.approver is not None,
        ),
        End(
            words="2 "
            + (_("opened by %(who)s") % {"who": name_of(row.custodian)} if row.custodian else unopened),
            is_taken=row.custodian is not None,
        ),
    )


def note_of(row: UnsealRequest, *, today: date) -> str:
    """Return what to know beside the state: until when, since when, what came of it."""
    if row.status in (UnsealStatus.APPROVED, UnsealStatus.OPENED) and row.valid_until:
        return _("until %(time)s") % {"time": minute_text(row.valid_until, today=today)}
    if row.status == UnsealStatus.READ and row.read_at:
        return minute_text(row.read_at, today=today)
    if row.status == UnsealStatus.EXPIRED:
        return _("the note was not read in time") if row.delivered_at else _("nobody opened it in time")
    return row.answer if row.status == UnsealStatus.REFUSED else ""


def request_rows(
    *,
    rows: Sequence[UnsealRequest],
    user: User,
    seen: set[int],
    acts: dict[int, frozenset[UnsealAct]],
    now: datetime,
) -> list[RequestRow]:
    """Return rows ready to show; `seen` are the tips this person may open, `acts` what may be done with each."""
    today = timezone.localdate(now)
    return [_row(row, user=user, seen=seen, open_acts=acts[row.pk], today=today) for row in rows]


def _row(
    row: UnsealRequest, *, user: User, seen: set[int], open_acts: frozenset[UnsealAct], today: date
) -> RequestRow:
    label, url, is_main = _next_act(row, user=user, open_acts=open_acts)
    return RequestRow(
        pk=row.pk,
        number=row.number,
        url=request_url(row),
        tip_number=row.tip.number,
        tip_url=tip_url(number=row.tip.number) if row.tip_id in seen else "",
        when=minute_text(row.asked_at, today=today),
        what=what_of(row),
        purpose=str(UnsealPurpose(row.purpose).label),
        reason=row.reason,
        asker=name_of(row.asker),
        unit=row.tip.handling_unit.name,
        ends=ends_of(row),
        chip=chip_of(row),
        note=note_of(row, today=today),
        act_label=label,
        act_url=url,
        is_main=is_main,
    )


def _next_act(row: UnsealRequest, *, user: User, open_acts: frozenset[UnsealAct]) -> tuple[str, str, bool]:
    """Return the button of a row: what this person should do about it, if anything."""
    if UnsealAct.APPROVE in open_acts:
        return _("Decide"), request_url(row, "decide"), False
    if UnsealAct.HAND_OUT in open_acts and row.delivered_at is None:
        return pgettext("a sealed thing", "Open"), request_url(row, "open"), True
    if row.asker_id == user.pk and row.status == UnsealStatus.OPENED and row.delivered_at:
        is_file = row.target == UnsealTarget.ORIGINAL
        return (_("Confirm the file") if is_file else _("Read the note")), request_url(row), True
    return "", "", False


def waits_for(row: UnsealRequest) -> str:
    """Return for whom a request waits; where nobody may take the next end, what is missing. A few queries."""
    if row.status == UnsealStatus.ASKED:
        return _waiting(
            people_for(row=row, role=Role.LEADER),
            named=_("Waits for the decision of one of: %(names)s. Nothing approves itself."),
            nobody=_(
                "Nobody can decide: no other leader is named for %(unit)s or above. The request waits; "
                "please tell the system administrator."
            ),
            unit=row.tip.handling_unit.name,
        )
    if row.status == UnsealStatus.APPROVED:
        return _waiting(
            people_for(row=row, role=Role.CUSTODIAN),
            named=_("Waits for one of the custodians: %(names)s."),
            nobody=_(
                "Nobody can open: no custodian is named for %(unit)s or above who has not taken part already. "
                "The request waits; please tell the system administrator."
            ),
            unit=row.tip.handling_unit.name,
        )
    return ""


def _waiting(people: Iterable[User], *, named: str, nobody: str, unit: str) -> str:
    names = pgettext("list of names", ", ").join(name_of(one) for one in people)
    return named % {"names": names} if names else nobody % {"unit": unit}


def history(*, steps: Iterable[UnsealStep], today: date) -> list[Entry]:
    """Return the steps of a request, newest first."""
    faults = dict(OpeningFault.choices)
    entries = [
        Entry(
            when=minute_text(step.taken_at, today=today),
            title=str(UnsealAct(step.act).label),
            who=name_of(step.actor),
            note=str(faults[step.detail]) if step.act == UnsealAct.REPORT_FAULT else "",
            tone="amber" if step.act in _AMBER else "now",
        )
        for step in steps
    ]
    return entries[::-1]


def unit_of(user: User) -> str:
    """Return the units of a person in one line."""
    return " · ".join(offices_of(user=user))
