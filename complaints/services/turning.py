"""Leaving the company: the reporter turns a tip by the receipt, an overdue major hazard goes by itself; reminders."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.crypto.errors import DecryptionError
from complaints.enums import HazardGrade, HazardHead, InsideAct, InsideState, TipKind
from complaints.errors import ComplaintError, IllegalMove, ReceiptUnknown
from complaints.models import InternalTip, Tip
from complaints.rules import internal as rules
from complaints.rules.deaths import mentions_death
from complaints.rules.internal_draft import InsideDraft, words_for_bureau
from complaints.rules.routing import Matter
from complaints.selectors.internal import DONE

from . import audit, intake, receipts, routing
from .inside_progress import InsideProgress, progress_of
from .internal import add_step, move
from .refusals import reporter_refusals_are_logged
from .steps import day_start
from .storage_faults import storage_faults_as_refusals

DESCRIPTION_MAX = 8000


@reporter_refusals_are_logged(InsideAct.CONFIRM)
@storage_faults_as_refusals()
def confirm_reward(*, typed: str, is_received: bool, today: date) -> InsideProgress:
    """Keep whether the reporter got the reward that the company says it paid; a second time is refused.

    Raises:
        ReceiptUnknown, TooBusy, IllegalMove: no reward waits to be confirmed.
    """
    access = receipts.open_receipt(typed=typed, inside=True)
    _answer(access.tip, act=InsideAct.CONFIRM if is_received else InsideAct.DENY, today=today)
    return progress_of(access=access, today=today)


@transaction.atomic
def _answer(tip: Tip, *, act: InsideAct, today: date) -> None:
    """Keep what the reporter says. It stands in the history alone, to the day: the log would tell the minute."""
    row = _locked(tip)
    target = rules.target_of(state=InsideState(row.state), act=act)
    if target is None:
        raise IllegalMove("no reward to confirm")
    if act == InsideAct.CONFIRM:
        row.confirmed_date = today
    move(row, target=target, today=today)
    if act == InsideAct.DENY:
        # What was promised and did not come is overdue at once: the way outside stands open.
        row.due_date = min(row.paid_date or today, today - timedelta(days=1))
        row.reward_yuan, row.paid_date = None, None
        row.special_yuan, row.special_reason = None, ""
        row.save()
    add_step(row, act=act, actor=None, at=day_start(today))


@reporter_refusals_are_logged(InsideAct.TURN)
@storage_faults_as_refusals()
def turn_outside(*, typed: str, today: date) -> str:
    """Turn the tip of a receipt into one of the bureau's and return its number; the receipt stays the same.

    Raises:
        ReceiptUnknown, TooBusy: as for every tip.
        IllegalMove: it is the bureau's by now, or the company is still in time.
        NotReady: no unit takes tips.
    """
    access = receipts.open_receipt(typed=typed, inside=True)
    with transaction.atomic():
        row = _locked(access.tip)
        if not rules.may_turn(state=InsideState(row.state), due=row.due_date, today=today):
            raise IllegalMove("the company is still in time")
        _turn(row, act=InsideAct.TURN, today=today)
    return row.tip.number


def _locked(tip: Tip) -> InternalTip:
    """Return the inside under row locks, the tip first.

    Raises:
        ReceiptUnknown: the tip was purged meanwhile.
        IllegalMove: it left the company meanwhile.
    """
    locked = Tip.everywhere.select_for_update().filter(pk=tip.pk).first()
    if locked is None:
        raise ReceiptUnknown
    if not locked.is_internal:
        raise IllegalMove("turned outside meanwhile")
    row = InternalTip.objects.select_for_update(of=("self",)).select_related("enterprise").get(tip=locked)
    row.tip = locked
    return row


def _turn(row: InternalTip, *, act: InsideAct, today: date) -> None:
    """Make the tip the bureau's in the caller's transaction: what is sealed stays sealed, the legal periods begin."""
    tip = row.tip
    if row.grade == HazardGrade.MAJOR:
        tip.kind = TipKind.MAJOR_HAZARD
    tip.description = "\n\n".join(filter(None, (tip.description, _inside_words(row))))[:DESCRIPTION_MAX]
    decision = routing.decide(matter=_matter(tip))
    tip.is_internal, tip.received_date = False, today
    tip.handling_unit, tip.involves_death = decision.office, decision.involves_death
    intake.show_first_clock(tip=tip)
    tip.save()
    row.turned_date = today
    move(row, target=InsideState.TURNED, today=today)
    add_step(row, act=act, actor=None, at=day_start(today))
    if act == InsideAct.TURN_BY_ITSELF:
        # The calendar's act alone: between acts of staff the reporter's would tell the minute (docs/adr/0022).
        audit.record(action=f"inside.{act.value}", at=day_start(today), subject=tip.number)
    intake.begin_outside(tip=tip, decision=decision, entry=None)


def _matter(tip: Tip) -> Matter:
    return Matter(
        industry=tip.industry,
        kind=tip.kind,
        district=tip.district_id or "",
        town=tip.town_id or "",
        in_danger=tip.in_danger,
        involves_death=mentions_death(text=tip.description),
        words=f"{tip.description}\n{tip.entity_name}",
    )


def _inside_words(row: InternalTip) -> str:
    """Return workshop, post and suggestion in Chinese, whatever the language of the page: officers read it."""
    draft = InsideDraft(
        enterprise_id=row.enterprise_id,
        head=row.head,
        workshop=row.workshop,
        post=row.post,
        suggestion=row.suggestion,
    )
    return words_for_bureau(draft, labels=inside_labels())


def inside_labels() -> dict[str, str]:
    """Return the Chinese words for the inside of a tip, as officers read them."""
    with override("zh-hans"):
        heads = {one.value: str(one.label) for one in HazardHead}
        return {**heads, "workshop": _("Workshop"), "post": _("Post"), "suggestion": _("Suggestion")}


def remind_and_turn(*, today: date, now: datetime) -> int:
    """Note a reminder for each overdue tip once, and turn overdue major hazards; a second run does nothing.

    Each tip goes in a transaction of its own, so that one that cannot be read keeps no other waiting.

    Raises:
        DecryptionError, ComplaintError: what the first of those met that had to stay; all others are done by then.
    """
    rows = InternalTip.objects.filter(due_date__lt=today, tip__is_internal=True).exclude(state__in=DONE)
    done, faults = 0, list[Exception]()
    for row_id in list(rows.values_list("pk", flat=True)):
        try:
            done += _look_after(row_id, today=today, now=now)
        except (DecryptionError, ComplaintError) as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return done


@transaction.atomic
def _look_after(row_id: int, *, today: date, now: datetime) -> int:
    known = InternalTip.objects.select_related("tip").filter(pk=row_id).first()
    if known is None or not known.tip.is_internal:
        return 0
    row = _locked(known.tip)
    if rules.turns_by_itself(
        state=InsideState(row.state), grade=row.grade, kind=row.tip.kind, due=row.due_date, today=today
    ):
        _turn(row, act=InsideAct.TURN_BY_ITSELF, today=today)
        return 1
    if row.reminded_date is not None or not rules.is_overdue(due=row.due_date, today=today):
        return 0
    row.reminded_date = today
    row.save(update_fields=["reminded_date"])
    add_step(row, act=InsideAct.REMIND, actor=None, at=now)
    return 1
