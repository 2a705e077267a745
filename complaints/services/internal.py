"""What safety managers do with an internal tip: lock, ask the rule, check what was filled in, write, log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints.enums import HazardGrade, InsideAct, InsideState, Problem
from complaints.errors import ComplaintError, DraftInvalid, FieldProblem, IllegalMove, NotAllowed, TipNotFound
from complaints.models import InternalTip, Tip, Vault
from complaints.rules import internal as rules
from complaints.rules.circulars import unanswered
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.internal import has_second, inside_for, scale_of
from complaints.selectors.vaults import trusted_vault

from . import audit, evidence, messages
from .circulars import circular_finds, with_answers
from .inside_steps import add_step, move
from .leaving import leave
from .refusals import refusals_go_to
from .storage_faults import storage_faults_as_refusals

LONGEST = {
    "memo": 1000,
    "person": 60,
    "measures": 1000,
    "emergency": 1000,
    "special_reason": 300,
    "audience": 60,
}
MOST_YUAN = 1_000_000
MOST_PLAN_DAYS = 365
A = InsideAct
# The words go to the reporter as well; without a word these mean nothing to anybody.
TOLD = frozenset({A.VERIFY, A.REFUTE, A.CONFIRM_UNTRUE, A.FIX, A.ACCEPT, A.PAY, A.REPLY})
NEEDS_WORDS = frozenset({A.REFUTE, A.CONFIRM_UNTRUE, A.SEND_BACK, A.PAY, A.REPLY, A.FIX, A.CIRCULATE})
# The other acts show nothing; and a company fills no disk.
WITH_PHOTOS = frozenset({A.VERIFY, A.REFUTE, A.CONFIRM_UNTRUE, A.FIX, A.SEND_BACK, A.ACCEPT})
REPLIES_PER_DAY = 30
FIVE = ("person", "measures", "emergency")


@dataclass(frozen=True, kw_only=True)
class ActForm:
    """What was filled in for an act; each act reads its own part. Money in whole yuan.

    `answers`: why what the check found in a circulated result may stand, by the mark of each find.
    `slips` are fields that could not be read at all: they refuse the act together with whatever else is wrong.
    """

    memo: str = ""
    grade: str = ""
    averted: bool = False
    person: str = ""
    measures: str = ""
    emergency: str = ""
    funds_yuan: int | None = None
    deadline: date | None = None
    reward_yuan: int | None = None
    paid_date: date | None = None
    special_yuan: int | None = None
    special_reason: str = ""
    audience: str = ""
    told_date: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    slips: tuple[FieldProblem, ...] = ()


def _log_refusal(error: ComplaintError, values: Mapping[str, Any]) -> None:
    data = {"act": InsideAct(values["act"]).value, "code": error.code}
    audit.record(
        action="inside.refused", at=values["at"], actor=values["actor"], subject=values["number"], data=data
    )


@refusals_go_to(_log_refusal)
@storage_faults_as_refusals()
def act_inside(
    *,
    number: str,
    act: InsideAct,
    form: ActForm,
    uploads: Sequence[evidence.Upload],
    actor: User,
    at: datetime,
    vault_fingerprint: str,
) -> InternalTip:
    """Take one act of a safety manager; a refused one changes and stores nothing.

    A major hazard found untrue where nobody else could confirm it goes to the district in the same moment; the
    returned row then says that it is turned.

    Raises:
        TipNotFound: not of the person's workplaces, kept from the person, or turned outside meanwhile.
        IllegalMove: not possible in this state.
        NotAllowed: whoever reported it as put right neither accepts nor sends it back; nor does who found it untrue.
        DraftInvalid: a word, a grade, one of the five elements, an amount, a day or a photo is missing or wrong, or
            what may lead to the reporter in words for the staff has no answer (`answers`).
    """
    row = inside_for(actor, number=number)
    if row is None:
        raise TipNotFound
    _check(row, act=act, form=form, photos=len(uploads), actor=actor, today=timezone.localdate(at))
    problems = evidence.check_uploads(uploads=uploads)
    if problems:
        raise DraftInvalid(problems)
    vault = trusted_vault(pinned=vault_fingerprint)
    photos = evidence.prepare_photos(uploads=uploads, vault=vault, binding=number)
    with evidence.stored(photos=photos):
        return _store(number=number, act=act, form=form, photos=photos, vault=vault, actor=actor, at=at)


@transaction.atomic
def _store(
    *,
    number: str,
    act: InsideAct,
    form: ActForm,
    photos: Sequence[evidence.PreparedPhoto],
    vault: Vault | None,
    actor: User,
    at: datetime,
) -> InternalTip:
    # The tip first, as whoever turns it does: two who lock in two orders wait for each other for ever.
    tip = Tip.everywhere.select_for_update().filter(number=number, is_internal=True).first()
    if tip is None:
        raise TipNotFound
    row = InternalTip.objects.select_for_update(of=("self",)).select_related("enterprise").get(tip=tip)
    row.tip = tip
    # Under the lock: the reporter may have named the person in between.
    if row.kept_from.filter(pk=actor.pk).exists():
        raise TipNotFound
    today = timezone.localdate(at)
    target = _check(row, act=act, form=form, photos=len(photos), actor=actor, today=today)
    _fill(row, act=act, form=form, actor=actor, today=today)
    move(row, target=target, today=today)
    step = add_step(row, act=act, actor=actor, at=at, memo=_memo_kept(row, act=act, form=form))
    if act == A.CIRCULATE and form.told_date is not None:
        row.circulars.create(
            text=clean_text(form.memo), audience=clean_text(form.audience), told_date=form.told_date
        )
    evidence.attach_photos(tip=row.tip, photos=photos, vault=vault, first=0, step=step)
    if act in TOLD and form.memo.strip():
        messages.seal_to_reporter(tip=row.tip, text=clean_text(form.memo), author=actor, at=at)
    audit.record(action=f"inside.{act.value}", at=at, actor=actor, subject=number)
    if rules.lacks_second(state=InsideState(row.state), has_second=has_second(row)):
        leave(row, act=A.TURN_UNCONFIRMED, today=today)
    return row


def _check(
    row: InternalTip, *, act: InsideAct, form: ActForm, photos: int, actor: User, today: date
) -> InsideState:
    """Return where the act leads; raises what `act_inside` says."""
    state = InsideState(row.state)
    is_major = rules.counted_grade(grade=row.grade, kind=row.tip.kind) == HazardGrade.MAJOR
    target = rules.target_of(state=state, act=act, is_major=is_major)
    if target is None or act in rules.OF_THE_REPORTER:
        raise IllegalMove("not in this state")
    if act not in rules.acts_open(state=state, is_own=row.is_own_of(actor.pk)):
        raise NotAllowed
    unread = {one.field for one in form.slips}
    found = [*_word_problems(form), *_act_problems(row, act=act, form=form, photos=photos, today=today)]
    problems = [*form.slips, *(one for one in found if one.field not in unread)]
    if problems:
        raise DraftInvalid(problems)
    return target


def _word_problems(form: ActForm) -> list[FieldProblem]:
    found = (
        (name, text_problem(clean_text(getattr(form, name)), longest=most)) for name, most in LONGEST.items()
    )
    return [FieldProblem(field=name, problem=problem) for name, problem in found if problem]


def _act_problems(
    row: InternalTip, *, act: InsideAct, form: ActForm, photos: int, today: date
) -> list[FieldProblem]:
    wrong: dict[str, Problem | None] = {
        "memo": _memo_problem(row, act=act, memo=form.memo.strip(), today=today),
        "photos": _photo_problem(row, act=act, photos=photos),
    }
    if act == A.VERIFY and form.grade not in HazardGrade.values:
        wrong["grade"] = Problem.UNKNOWN_CODE if form.grade else Problem.MISSING
    if act == A.PLAN:
        wrong |= _plan_problems(row, form, today=today)
    if act == A.PAY:
        wrong |= _pay_problems(row, form, today=today)
    if act == A.CIRCULATE:
        wrong |= _telling_problems(row, form, today=today)
    return [FieldProblem(field=name, problem=problem) for name, problem in wrong.items() if problem]


def _memo_problem(row: InternalTip, *, act: InsideAct, memo: str, today: date) -> Problem | None:
    if act in NEEDS_WORDS and not memo:
        return Problem.MISSING
    if act == A.REPLY and row.steps.filter(act=act, taken_date=today).count() >= REPLIES_PER_DAY:
        return Problem.TOO_MANY_TODAY
    return None


def _photo_problem(row: InternalTip, *, act: InsideAct, photos: int) -> Problem | None:
    if not photos:
        grade = rules.counted_grade(grade=row.grade, kind=row.tip.kind)
        is_needed = act == A.FIX and rules.needs_photo_of_fix(grade=grade, is_planned=_is_planned(row))
        return Problem.NEEDS_PHOTO_OF_FIX if is_needed else None
    if act not in WITH_PHOTOS:
        return Problem.UNKNOWN_FIELD
    there = row.tip.photos.filter(internal_step__isnull=False).count()
    return Problem.TIP_IS_FULL if there + photos > settings.PHOTOS_PER_TIP else None


def _is_planned(row: InternalTip) -> bool:
    return row.deadline is not None


def _plan_problems(row: InternalTip, form: ActForm, *, today: date) -> dict[str, Problem | None]:
    """五落实: who, what, with which money, until when, and what if it happens before."""
    wrong: dict[str, Problem | None] = {
        name: None if getattr(form, name).strip() else Problem.MISSING for name in FIVE
    }
    wrong["funds_yuan"] = _money_problem(form.funds_yuan)
    if form.deadline is None:
        wrong["deadline"] = Problem.MISSING
    elif not rules.deadline_holds(
        deadline=form.deadline, today=today, most_days=MOST_PLAN_DAYS, earlier=row.deadline
    ):
        wrong["deadline"] = Problem.BAD_DEADLINE
    return wrong


def _pay_problems(row: InternalTip, form: ActForm, *, today: date) -> dict[str, Problem | None]:
    """The standard by the scale, and on top of it 特别奖励 with its reason."""
    wrong = {
        "reward_yuan": _money_problem(form.reward_yuan) or _scale_problem(row, form.reward_yuan or 0),
        "paid_date": _day_problem(form.paid_date, first=row.received_date, today=today),
    }
    if form.special_yuan is not None:
        wrong["special_yuan"] = _money_problem(form.special_yuan)
    has_special, has_reason = bool(form.special_yuan), bool(form.special_reason.strip())
    if has_special and not has_reason:
        wrong["special_reason"] = Problem.SPECIAL_NEEDS_REASON
    elif has_reason and not has_special:
        wrong["special_yuan"] = Problem.MISSING
    return wrong


def _scale_problem(row: InternalTip, yuan: int) -> Problem | None:
    """Return BELOW_SCALE for less than everybody was promised: what is paid too little is not paid.

    Held against the standard inside one's duty: who collects may turn out to have ticked the wrong one.
    """
    scale = scale_of(row.enterprise).get(row.grade)
    kept = row.promised_yuan(is_inside=True)
    # A scale that was lowered meanwhile takes nothing back; one that was raised asks for no more.
    now = scale.inside_yuan if scale else 0
    return Problem.BELOW_SCALE if yuan < max(1, now if kept is None else kept) else None


def _telling_problems(row: InternalTip, form: ActForm, *, today: date) -> dict[str, Problem | None]:
    """结果通报: whom, on which day, in words that lead to nobody."""
    wrong: dict[str, Problem | None] = {
        "audience": None if form.audience.strip() else Problem.MISSING,
        "told_date": _day_problem(form.told_date, first=row.received_date, today=today),
    }
    for name in ("memo", "audience"):
        if rules.points_at_somebody(text=getattr(form, name), number=row.tip.number):
            wrong[name] = Problem.POINTS_AT_SOMEBODY
    found = circular_finds(row, text=clean_text(form.memo), audience=clean_text(form.audience))
    if unanswered(found, answers=form.answers):
        wrong["answers"] = Problem.ANSWER_FINDS
    return wrong


def _memo_kept(row: InternalTip, *, act: InsideAct, form: ActForm) -> str:
    """Return the words of an act for the history; behind those for the staff, what was let stand and why."""
    memo = clean_text(form.memo)
    if act != A.CIRCULATE:
        return memo
    found = circular_finds(row, text=memo, audience=clean_text(form.audience))
    return with_answers(memo, found=found, answers=form.answers)


def _day_problem(day: date | None, *, first: date, today: date) -> Problem | None:
    """Return what is wrong with a day on which something was done, none before the tip came in."""
    if day is None:
        return Problem.MISSING
    if day > today:
        return Problem.FUTURE_DATE
    return Problem.BEFORE_TIP if day < first else None


def _money_problem(yuan: int | None) -> Problem | None:
    if yuan is None:
        return Problem.MISSING
    return None if 0 <= yuan <= MOST_YUAN else Problem.BAD_NUMBER


def _fill(row: InternalTip, *, act: InsideAct, form: ActForm, actor: User, today: date) -> None:
    """Set what an act fills in, without storing it."""
    if act == A.VERIFY:
        row.grade, row.averted = form.grade, form.averted
    if act in (A.VERIFY, A.REFUTE):
        row.finding = clean_text(form.memo)
    if act == A.PLAN:
        row.person, row.measures = clean_text(form.person), clean_text(form.measures)
        row.emergency, row.funds_yuan, row.deadline = (
            clean_text(form.emergency),
            form.funds_yuan,
            form.deadline,
        )
    _keep_first_of_two(row, act=act, actor=actor, today=today)
    if act == A.ACCEPT:
        row.accepted_date = today
    if act == A.PAY:
        row.reward_yuan, row.paid_date = form.reward_yuan, form.paid_date
        row.special_yuan, row.special_reason = form.special_yuan or None, clean_text(form.special_reason)
    if act == A.CIRCULATE:
        row.circulated_date = form.told_date


def _keep_first_of_two(row: InternalTip, *, act: InsideAct, actor: User, today: date) -> None:
    """Set who did what another person has to look at; decided, it is nobody's any more."""
    if act in (A.FIX, A.SEND_BACK):
        row.fixed_by, row.fixed_date = (actor, today) if act == A.FIX else (None, None)
    if act in (A.REFUTE, A.CONFIRM_UNTRUE, A.SEND_BACK):
        row.refuted_by = actor if act == A.REFUTE else None
