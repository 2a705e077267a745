"""承办: who works on a tip. Assigning, dispatching, handing back, escalating a death, co-units, transfer to others."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import Action, Problem, UnitPart
from complaints.errors import ComplaintError, IllegalMove
from complaints.models import Membership, Office, Tip, TipUnit, Transfer
from complaints.policies import HANDLING_ROLES
from complaints.rules import assignment as rules
from complaints.rules.routing import COUNTY_LEVELS
from complaints.rules.texts import is_dialable
from complaints.rules.workflow import ENDED_STATES, SIGNED_STATES
from complaints.selectors.assignment import office_above, passings_of, unit_tree
from complaints.selectors.joint import asking_supervisions
from complaints.selectors.routing import competent_body

from . import audit, messages, reply_drafts, steps, supervision, voiding, whistles
from .refusals import refusals_are_logged
from .sight import keep_in_sight
from .storage_faults import storage_faults_as_refusals

LONGEST_BODY = 100


# --- a person ----------------------------------------------------------------------------------------------------


@refusals_are_logged(Action.ASSIGN)
@storage_faults_as_refusals()
@transaction.atomic
def assign(*, tip_id: int, actor: User, at: datetime, handler_id: int, memo: str = "") -> Tip:
    """Put a tip into the hands of an officer or leader of the unit in charge.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `handler` has no handling role there; or a death lies with a unit below county level.

    Legal basis: 安全生产法 73 (a death is no matter for ordinary assignment in a town or zone).
    """
    taking = steps.begin(tip_id=tip_id, action=Action.ASSIGN, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    tip = taking.tip
    if tip.involves_death and tip.handling_unit.level not in COUNTY_LEVELS:
        steps.refuse("handler", Problem.UNIT_TOO_LOW)
    if not _handles(user_id=handler_id, office_id=tip.handling_unit_id):
        steps.refuse("handler", Problem.NOT_A_HANDLER)
    steps.finish(taking, memo=words["memo"], handler_id=handler_id)
    tip.handler_id = handler_id
    tip.save(update_fields=["handler"])
    audit.record(action="tip.handler", at=at, actor=actor, subject=tip.number, data={"handler": handler_id})
    return tip


def _handles(*, user_id: int, office_id: int) -> bool:
    held = Membership.objects.filter(user_id=user_id, office_id=office_id, role__in=HANDLING_ROLES)
    return held.filter(user__is_active=True, office__is_active=True).exists()


def assign_many(
    *, tip_ids: Iterable[int], actor: User, at: datetime, handler_id: int
) -> tuple[list[int], list[tuple[int, ComplaintError]]]:
    """Assign several tips, each for itself; return the keys of those done and those refused with the refusal."""
    done: list[int] = []
    refused: list[tuple[int, ComplaintError]] = []
    for tip_id in dict.fromkeys(tip_ids):
        try:
            assign(tip_id=tip_id, actor=actor, at=at, handler_id=handler_id)
        except ComplaintError as error:
            refused.append((tip_id, error))
        else:
            done.append(tip_id)
    return done, refused


# --- another unit --------------------------------------------------------------------------------------------------


@refusals_are_logged(Action.DISPATCH)
@storage_faults_as_refusals()
@transaction.atomic
def dispatch(*, tip_id: int, actor: User, at: datetime, office_id: int, memo: str) -> Tip:
    """Put a unit below or beside in charge; the unit that dispatches keeps sight of the tip.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing; `office` is unknown, out of use, elsewhere in the tree, already gave the tip
            away (no circles), or too low for a death.

    Legal basis: 安全生产法 73 (a death stays at county level or above).
    """
    taking = steps.begin(tip_id=tip_id, action=Action.DISPATCH, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    tip, units = taking.tip, unit_tree()
    problem = rules.dispatch_problem(
        office_id=office_id,
        holder_id=tip.handling_unit_id,
        passings=passings_of(tip=tip),
        units=units,
        involves_death=tip.involves_death,
    )
    if problem:
        steps.refuse("office", problem)
    _hand_over(taking, office_id=office_id, memo=words["memo"], units=units)
    return tip


@refusals_are_logged(Action.HAND_BACK)
@storage_faults_as_refusals()
@transaction.atomic
def hand_back(*, tip_id: int, actor: User, at: datetime, memo: str) -> Tip:
    """Return a tip to the unit that dispatched it, or to the next one above that which is still in use.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove when nobody dispatched it here.
        DraftInvalid: `memo` is missing; or a death would come to a unit below county level.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.HAND_BACK, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    tip, units = taking.tip, unit_tree()
    sender = rules.sender_of(passings=passings_of(tip=tip), holder_id=tip.handling_unit_id)
    office_id = rules.unit_in_use(office_id=sender or 0, units=units)
    if office_id is None:
        raise IllegalMove("nobody dispatched it here")
    if tip.involves_death and units[office_id].level not in COUNTY_LEVELS:
        steps.refuse("office", Problem.UNIT_TOO_LOW)
    _hand_over(taking, office_id=office_id, memo=words["memo"], units=units, keeps_sight=False)
    return tip


@refusals_are_logged(Action.ESCALATE)
@storage_faults_as_refusals()
@transaction.atomic
def escalate(*, tip_id: int, actor: User, at: datetime, memo: str) -> Tip:
    """Say that a death is involved: the next unit above at county level or above leads, and it is supervised.

    The top unit keeps what it has; the flag stays for good. A result signed by a unit below county level is void, and a
    tip that had ended is taken up again: the case is verified anew, and whoever had an answer is told so.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing.

    Legal basis: 安全生产法 73.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.ESCALATE, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    units = unit_tree()
    target = rules.escalation_target(holder_id=taking.tip.handling_unit_id, units=units)
    return _escalate(taking, target=target, memo=words["memo"], units=units)


def escalate_joined(*, tip: Tip, number: str, actor: User, at: datetime) -> Tip:
    """Do what a death asks for to a tip that took in another one with a death, `number`; `tip` is locked.

    A unit at county level or above keeps it, as it keeps one in which the death was told from the start.

    Raises:
        IllegalMove: its state does not allow it.

    Legal basis: 安全生产法 73.
    """
    taking = steps.begin_by_machine(tip=tip, action=Action.ESCALATE, at=at)
    units, holder = unit_tree(), tip.handling_unit
    is_lawful = holder.level in COUNTY_LEVELS
    target = holder.pk if is_lawful else rules.escalation_target(holder_id=holder.pk, units=units)
    with override("zh-hans"):
        memo = _("Tip %(number)s, merged into this one, involves a death.") % {"number": number}
    return _escalate(replace(taking, actor=actor), target=target, memo=memo, units=units)


def _escalate(taking: steps.Taking, *, target: int | None, memo: str, units: rules.Units) -> Tip:
    tip, before = taking.tip, taking.tip.handling_unit
    tip.involves_death = True
    tip.save(update_fields=["involves_death"])
    if target in (None, before.pk):
        steps.finish(taking, memo=memo, towards=before)
    else:
        _hand_over(taking, office_id=target or before.pk, memo=memo, units=units)
    is_below = tip.status in SIGNED_STATES and before.level not in COUNTY_LEVELS
    if is_below or tip.status in ENDED_STATES:
        _verify_again(tip=tip, taking=taking)
    supervision.raise_for_death(tip=tip, at=taking.at)
    return tip


def _verify_again(*, tip: Tip, taking: steps.Taking) -> None:
    """Make void what a unit below county level found out about a death, and take up what had ended without it.

    Who had an answer, or was told who has the tip, learns why that counts no more.

    Legal basis: 安全生产法 73 (a death is verified by a government at county level or above).
    """
    was_told = tip.answered_date is not None or Transfer.objects.filter(tip=tip).exists()
    has_ended = tip.status in ENDED_STATES
    again = steps.begin_by_machine(tip=tip, action=Action.VERIFY_AGAIN, at=taking.at)
    with override("zh-hans"):
        void = _("The result was signed below county level and is void, because a death is involved.")
        anew = _(
            "The case had ended before the death was known: it is verified anew at county level or above."
        )
        memo = anew if has_ended else void
        text = _(
            "A death is involved. By law such a case is verified at county level or above: it is verified anew, "
            "and the earlier answer no longer counts. You will get a new one."
        )
    steps.finish(again, memo=memo)
    voiding.void_result(tip=tip, at=taking.at)
    voiding.end_review(tip=tip, today=taking.today)
    if was_told and taking.actor is not None:
        messages.seal_to_reporter(tip=tip, text=text, author=taking.actor, at=taking.at)


def _hand_over(
    taking: steps.Taking, *, office_id: int, memo: str, units: rules.Units, keeps_sight: bool = True
) -> None:
    """Write the act and put the unit in charge; who had the tip goes on seeing it, as co-unit unless it is above."""
    tip, before = taking.tip, taking.tip.handling_unit
    office = Office.objects.get(pk=office_id)
    steps.finish(taking, memo=memo, towards=office)
    tip.handling_unit, tip.handler = office, None
    if tip.inspecting_unit_id == office.pk:
        tip.inspecting_unit = None
    tip.save(update_fields=["handling_unit", "handler", "inspecting_unit"])
    tip.merged_tips.update(handling_unit=office)
    tip.objections.filter(reviewed_date=None).update(office=office_above(office=office))
    tip.units.filter(office=office, ended_date=None).update(ended_date=taking.today)
    if rules.is_under(office_id=office.pk, above_id=before.pk, units=units):
        return
    keep_in_sight(tip=tip, office=before, today=taking.today)
    if keeps_sight:
        _add_co_unit(tip=tip, office=before, today=taking.today)


# --- units beside --------------------------------------------------------------------------------------------------


@refusals_are_logged(Action.JOIN)
@storage_faults_as_refusals()
@transaction.atomic
def join_unit(*, tip_id: int, actor: User, at: datetime, office_id: int, memo: str) -> TipUnit:
    """Call in a co-unit: it sees the tip and may record inspections; who leads stays.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing; `office` is unknown, out of use, or works on the tip already.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.JOIN, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    office = Office.objects.filter(pk=office_id, is_active=True).first()
    if office is None:
        steps.refuse("office", Problem.UNIT_UNKNOWN)
    if office.pk == taking.tip.handling_unit_id or _part(tip=taking.tip, office_id=office.pk):
        steps.refuse("office", Problem.UNIT_TAKES_PART)
    steps.finish(taking, memo=words["memo"], towards=office)
    return _add_co_unit(tip=taking.tip, office=office, today=taking.today)


@refusals_are_logged(Action.LEAVE)
@storage_faults_as_refusals()
@transaction.atomic
def release_unit(*, tip_id: int, actor: User, at: datetime, office_id: int) -> TipUnit:
    """Let a co-unit go; what it recorded stays.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `office` is no co-unit of the tip, or is asked by a supervision that has not ended.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.LEAVE, actor=actor, at=at)
    row = _part(tip=taking.tip, office_id=office_id)
    if row is None or row.part != UnitPart.CO_UNIT:
        steps.refuse("office", Problem.UNIT_NOT_PART)
    if asking_supervisions(tip=taking.tip, office_id=row.office_id).exists():
        steps.refuse("office", Problem.UNIT_SUPERVISED)
    steps.finish(taking, towards=row.office)
    row.ended_date = taking.today
    row.save(update_fields=["ended_date"])
    return row


def _part(*, tip: Tip, office_id: int) -> TipUnit | None:
    return tip.units.filter(office_id=office_id, ended_date=None).select_related("office").first()


def _add_co_unit(*, tip: Tip, office: Office, today: date) -> TipUnit:
    row, _is_new = tip.units.get_or_create(
        office=office, ended_date=None, defaults={"part": UnitPart.CO_UNIT, "since_date": today}
    )
    return row


# --- another body --------------------------------------------------------------------------------------------------


@refusals_are_logged(Action.TRANSFER_OUT)
@storage_faults_as_refusals()
@transaction.atomic
def transfer_out(
    *, tip_id: int, actor: User, at: datetime, body: str = "", phone: str | None = None, note: str
) -> Transfer:
    """Pass a tip on to the body that answers for it, and tell the reporter which one; also one accepted by mistake.

    Args:
        body: its name; empty: the one named for the tip's industry.
        phone: where the reporter may ask on, empty for none; None: that of the body named for the tip's industry.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; IllegalMove for a death.
        DraftInvalid: `note` (to the reporter) is missing; `body` is too long, or missing and none is named; `phone`
            is nothing a telephone can dial.

    Legal basis: 安全生产法 73 (pass on what is another body's).
    """
    taking = steps.begin(tip_id=tip_id, action=Action.TRANSFER_OUT, actor=actor, at=at)
    tip, known = taking.tip, competent_body(industry=taking.tip.industry)
    named = " ".join(body.split()) or (known.name if known else "")
    words = steps.checked_words(move=taking.move, texts={"body": named, "note": note})
    if len(words["body"]) > LONGEST_BODY:
        steps.refuse("body", Problem.TOO_LONG)
    if phone is None:
        phone = known.phone if known and known.name == words["body"] else ""
    dialled = _dialled(phone)
    with override("zh-hans"):
        whistles.end_with_tip(taking, memo=_("Passed on to %(body)s: not ours.") % {"body": words["body"]})
    steps.finish(taking)
    text = _transfer_text(body=words["body"], phone=dialled, note=words["note"])
    messages.seal_to_reporter(tip=tip, text=text, author=actor, at=at, is_reply=True)
    messages.forget_working_copies(tip=tip)
    reply_drafts.forget_drafts(tip=tip)
    return Transfer.objects.create(tip=tip, body=words["body"], phone=dialled, sent_date=taking.today)


def _dialled(phone: str) -> str:
    typed = " ".join(phone.split())
    if typed and not is_dialable(typed):
        steps.refuse("phone", Problem.BAD_NUMBER)
    return typed


def _transfer_text(*, body: str, phone: str, note: str) -> str:
    """Return what the reporter reads, in Chinese like all words sealed to the receipt."""
    with override("zh-hans"):
        line = _("Your tip went on to: %(body)s") % {"body": body}
        call = [_("Telephone: %(phone)s") % {"phone": phone}] if phone else []
    return "\n".join([line, *call, "", note])
