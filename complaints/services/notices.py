"""Notices: a word to officers that there is work, without content, one until their next visit.

What reporters do only raises a notice; it goes out with the next run of `send_waiting`, at hours the bureau has set. A
letter at once would tell mail servers and mailboxes the minute of a submission (docs/adr/0007). What colleagues do goes
out at once: a whistle runs by the hour.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints import events
from complaints.enums import Action, ReviewAct, ReviewState, Role, UnsealAct, UnsealStatus, UnsealTarget
from complaints.models import HandlingStep, Membership, Message, Notice, SampledFile, Tip, UnsealStep, Whistle
from complaints.policies import HANDLING_ROLES
from complaints.selectors.assignment import office_above
from complaints.selectors.custody import people_for

logger = logging.getLogger(__name__)
# One unit has so many people at most; a mistake in the register must not turn a submission into a mailing.
MOST_PEOPLE = 100
MOST_LETTERS = 500
_OF_WHISTLE = ("raised_by", "town", "called")


class Audience(StrEnum):
    """Who has work after an act."""

    HANDLER = "handler"
    UNIT = "unit"
    NAMED_UNIT = "named_unit"
    LEADERS = "leaders"
    LEADERS_ABOVE = "leaders_above"
    WHISTLER = "whistler"
    WHISTLE = "whistle"
    ASKED = "asked"
    OVERSEERS = "overseers"
    REMINDED = "reminded"


AUDIENCES: Mapping[Action, Audience] = {
    Action.DISPATCH: Audience.UNIT,
    Action.HAND_BACK: Audience.UNIT,
    Action.ESCALATE: Audience.UNIT,
    Action.ASSIGN: Audience.HANDLER,
    Action.JOIN: Audience.NAMED_UNIT,
    Action.WHISTLE: Audience.NAMED_UNIT,
    Action.ANSWER_WHISTLE: Audience.WHISTLER,
    Action.RETURN_WHISTLE: Audience.WHISTLER,
    Action.WITHDRAW_WHISTLE: Audience.NAMED_UNIT,
    Action.END_WHISTLE: Audience.WHISTLE,
    Action.VERIFY_AGAIN: Audience.UNIT,
    Action.CONCLUDE: Audience.LEADERS,
    Action.CONCLUDE_UNFOUNDED: Audience.LEADERS,
    Action.RETURN_RESULT: Audience.HANDLER,
    Action.PROPOSE_MEASURE: Audience.LEADERS,
    Action.RETURN_MEASURE: Audience.HANDLER,
    Action.REFER: Audience.LEADERS,
    Action.ASK_EXTENSION: Audience.LEADERS_ABOVE,
    Action.SUPERVISE: Audience.ASKED,
    Action.ANSWER_SUPERVISION: Audience.OVERSEERS,
    Action.REMIND: Audience.REMINDED,
    Action.OBJECT: Audience.LEADERS_ABOVE,
    Action.REOPEN: Audience.HANDLER,
}


def listen() -> None:
    """Follow the events of the app; called once when it is ready."""
    events.tip_submitted.connect(on_tip, dispatch_uid="notices.tip")
    events.message_received.connect(on_message, dispatch_uid="notices.message")
    events.step_recorded.connect(on_step, dispatch_uid="notices.step")
    events.unseal_moved.connect(on_unseal, dispatch_uid="notices.unseal")
    events.review_moved.connect(on_review, dispatch_uid="notices.review")
    events.role_given.connect(on_role, dispatch_uid="notices.role")
    events.work_waits.connect(on_work, dispatch_uid="notices.work")


def on_tip(*, tip_id: int, **_signal: Any) -> None:
    """Raise a notice for the unit of a new tip; two queries and, for whoever has none yet, one insert."""
    tip = Tip.objects.only("handling_unit_id", "handler_id", "received_date").get(pk=tip_id)
    _raise_for(_handler_or_unit(tip), today=tip.received_date)


def on_message(*, message_id: int, **_signal: Any) -> None:
    """Raise a notice for whoever handles the tip a reporter has written about."""
    row = Message.objects.select_related("tip").get(pk=message_id)
    _raise_for(_handler_or_unit(row.tip), today=row.sent_date)


def on_step(*, step_id: int, **_signal: Any) -> None:
    """Raise a notice for whoever has work after an act, never for its author; that of a colleague goes out at once."""
    step = HandlingStep.objects.select_related("tip__handling_unit").get(pk=step_id)
    audience = AUDIENCES.get(Action(step.action))
    if audience is None:
        return
    people = {one: told for one, told in _people(step, audience).items() if one != step.actor_id}
    _raise_for(people, today=step.taken_date)
    if step.actor_id is not None and people:
        send_waiting(today=step.taken_date, user_ids=people)


# After these the asker has something to read, or knows that nothing comes.
_TELL_ASKER = frozenset(
    {UnsealAct.APPROVE, UnsealAct.REFUSE, UnsealAct.REVOKE, UnsealAct.DELIVER, UnsealAct.HAND_OVER}
)


def on_unseal(*, step_id: int, **_signal: Any) -> None:
    """Raise a notice for whoever has work after a step of a request for opening; it goes out at once."""
    step = UnsealStep.objects.select_related("request__tip").get(pk=step_id)
    people = {one: told for one, told in _told(_waiting_for(step)).items() if one != step.actor_id}
    today = timezone.localdate(step.taken_at)
    _raise_for(people, today=today)
    if people:
        send_waiting(today=today, user_ids=people)


# After these the reviewer or the unit has something to go on with.
_TELL_OF_REVIEW = frozenset({ReviewAct.ASSIGN, ReviewAct.SCORE, ReviewAct.ANSWER, ReviewAct.RETURN})


def on_review(*, file_id: int, act: str, actor_id: int, at: datetime, **_signal: Any) -> None:
    """Tell whoever goes on with a file under review: its reviewer, or the unit that owes a correction; at once."""
    row = SampledFile.objects.get(pk=file_id)
    if act not in _TELL_OF_REVIEW or row.state == ReviewState.DONE:
        return
    told = _members(row.unit_id) if row.state == ReviewState.CORRECTION else _person(row.reviewer_id)
    people = {one: is_told for one, is_told in told.items() if one != actor_id}
    if not people:
        return
    today = timezone.localdate(at)
    _raise_for(people, today=today)
    send_waiting(today=today, user_ids=people)


def on_role(*, membership_id: int, actor_id: int, at: datetime, **_signal: Any) -> None:
    """Tell the leaders of a unit and every auditor that somebody may take part in openings there before long."""
    given = Membership.objects.filter(pk=membership_id).first()
    if given is None:
        return
    watching = Q(role=Role.LEADER, office=given.office_id) | Q(role=Role.AUDITOR, office__is_active=True)
    keys = Membership.objects.filter(watching).exclude(user__in=(given.user_id, actor_id))
    people = _told(keys.order_by("pk").values_list("user_id", flat=True)[:MOST_PEOPLE])
    today = timezone.localdate(at)
    _raise_for(people, today=today)
    if people:
        send_waiting(today=today, user_ids=people)


def on_work(*, user_ids: Iterable[int], today: date, **_signal: Any) -> None:
    """Raise a notice for people whom an app above has work for; it goes out with the next run."""
    _raise_for(_told(list(user_ids)[:MOST_PEOPLE]), today=today)


def _waiting_for(step: UnsealStep) -> list[int]:
    """Return who is next: leaders for a new request, custodians once it may be opened, the asker for any answer."""
    row, act = step.request, UnsealAct(step.act)
    if act == UnsealAct.ASK:
        return [one.pk for one in people_for(row=row, role=Role.LEADER)[:MOST_PEOPLE]]
    may_open = row.status == UnsealStatus.APPROVED
    custodians = people_for(row=row, role=Role.CUSTODIAN)[:MOST_PEOPLE] if may_open else []
    if act == UnsealAct.GIVE_KEY:
        return [one.pk for one in custodians]
    if act in _TELL_ASKER:
        is_file = row.target == UnsealTarget.ORIGINAL
        return [row.asker_id, *(one.pk for one in custodians if is_file or row.asker_key)]
    return []


def _told(user_ids: Iterable[int]) -> dict[int, bool]:
    rows = User.objects.filter(pk__in=list(user_ids), is_active=True).values_list("pk", "notice")
    return {pk: notice is not None for pk, notice in rows}


def _people(step: HandlingStep, audience: Audience) -> dict[int, bool]:
    tip, unit = step.tip, step.tip.handling_unit
    if audience == Audience.HANDLER:
        return _handler_or_unit(tip)
    if audience in (Audience.WHISTLER, Audience.WHISTLE):
        return _about_whistle(step, audience)
    if audience == Audience.NAMED_UNIT:
        return _members(step.towards_id)
    if audience in (Audience.ASKED, Audience.OVERSEERS, Audience.REMINDED):
        return _about_supervision(tip, audience, office_id=step.towards_id)
    if audience == Audience.UNIT:
        return _members(unit.pk)
    # Nobody in the system is above the top unit: there another leader of the same unit decides.
    office = unit if audience == Audience.LEADERS else office_above(office=unit)
    return _members(office.pk, first=Role.LEADER)


def _about_whistle(step: HandlingStep, audience: Audience) -> dict[int, bool]:
    """Return who raised the newest whistle, and who comes; of one that ended with its tip both units."""
    tip, row = step.tip, Whistle.objects.filter(tip=step.tip_id).order_by("-pk").only(*_OF_WHISTLE).first()
    if row is None:
        return {}
    if audience == Audience.WHISTLE:
        return (_person(row.raised_by_id) or _members(row.town_id)) | _members(row.called_id)
    # The level above may answer for the called unit, which comes all the same.
    coming = _members(step.towards_id) if step.towards_id and tip.handler_id is None else {}
    return _person(row.raised_by_id) | coming


def _about_supervision(tip: Tip, audience: Audience, *, office_id: int | None) -> dict[int, bool]:
    """Return who answers the newest supervision, or who waits for its answer; both when a reminder names the latter."""
    row = tip.supervisions.last()
    if row is None or (audience == Audience.REMINDED and office_id is None):
        return _handler_or_unit(tip)
    is_lead = row.unit_id == tip.handling_unit_id
    asked = _handler_or_unit(tip) if is_lead else _members(row.unit_id)
    overseers = _members(row.office_id, first=Role.LEADER)
    return {Audience.ASKED: asked, Audience.OVERSEERS: overseers}.get(audience, asked | overseers)


def _handler_or_unit(tip: Tip) -> dict[int, bool]:
    return _person(tip.handler_id) or _members(tip.handling_unit_id)


def _person(user_id: int | None) -> dict[int, bool]:
    """Return a person with whether a notice stands already; nobody when the account is closed."""
    return _told([user_id]) if user_id is not None else {}


def _members(office_id: int | None, *, first: Role = Role.OFFICER) -> dict[int, bool]:
    """Return the people of a unit with this role, or its other handlers where nobody holds it."""
    if office_id is None:
        return {}
    rows = Membership.objects.filter(
        office_id=office_id, office__is_active=True, role__in=HANDLING_ROLES, user__is_active=True
    )
    found = list(rows.order_by("pk").values_list("user_id", "role", "user__notice")[:MOST_PEOPLE])
    wanted = [row for row in found if row[1] == first] or found
    return {user_id: notice is not None for user_id, _role, notice in wanted}


def _raise_for(people: Mapping[int, bool], *, today: date) -> None:
    """Insert a row for each person without one, all at once; two events at a time make one row."""
    rows = [Notice(user_id=one, raised_date=today) for one, is_told in people.items() if not is_told]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def clear_notice(*, user: User) -> bool:
    """Forget that work waited, as the person has just opened the back office; return whether some did."""
    standing = Notice.objects.filter(user_id=user.pk)
    if not standing.exists():
        return False
    standing.delete()
    return True


def send_waiting(*, today: date, user_ids: Iterable[int] | None = None) -> int:
    """Send a letter for each notice that has none yet, at most MOST_LETTERS; return how many went out.

    People without an address get none. Each letter is claimed before it goes out, so that two runs at once send one;
    where the mail server cannot be reached the claim is given back and a later run tries again.

    Args:
        user_ids: of these people alone; of everybody when None.
    """
    claimed = _claim(today=today, user_ids=user_ids)
    if not claimed:
        return 0
    unsent = _send(claimed)
    Notice.objects.filter(pk__in=unsent).update(sent_date=None)
    return len(claimed) - len(unsent)


@transaction.atomic
def _claim(*, today: date, user_ids: Iterable[int] | None) -> dict[int, str]:
    rows = Notice.objects.select_for_update(of=("self",)).filter(sent_date=None, user__is_active=True)
    if user_ids is not None:
        rows = rows.filter(user_id__in=list(user_ids))
    found = rows.exclude(user__email="").order_by("pk").values_list("pk", "user__email")
    claimed = dict(found[:MOST_LETTERS])
    if claimed:
        Notice.objects.filter(pk__in=claimed).update(sent_date=today)
    return claimed


def _send(letters: Mapping[int, str]) -> list[int]:
    """Send letters over one connection; return the notices that were not sent because nothing could be sent.

    An address the server refuses is not tried again. No log line names a person.
    """
    waiting = dict(letters)
    try:
        with get_connection() as connection:
            for key, address in letters.items():
                _send_one(address, connection=connection)
                del waiting[key]
    except (OSError, ValueError) as error:
        logger.error("notices: %d letters not sent: %s", len(waiting), type(error).__name__)
    return list(waiting)


def _send_one(address: str, *, connection: Any) -> None:
    try:
        connection.send_messages([letter(address=address, connection=connection)])
    except (SMTPRecipientsRefused, SMTPDataError, ValueError) as error:
        logger.error("notices: an address was refused: %s", type(error).__name__)


def letter(*, address: str, connection: Any = None) -> EmailMessage:
    """Return the letter: that there is work, and where to sign in. Nothing in it depends on what the work is."""
    url = f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('wagtailadmin_home')}"
    with override("zh-hans"):
        subject = _("There is work for you in the back office")
        words = _(
            "There is work for you. Please sign in to see it:\n\n%(url)s\n\n"
            "This letter says nothing about the work on purpose. Until you have looked in, no other one follows."
        )
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, words % {"url": url}, to=[address], headers=headers, connection=connection)
