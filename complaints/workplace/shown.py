"""An internal tip as its page shows it: facts, photos before and after, acts, and the forms of what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import Direction, HazardGrade, InsideAct, TipKind
from complaints.errors import FieldProblem
from complaints.models import Evidence, InternalTip
from complaints.rules.circulars import Find, unanswered
from complaints.rules.internal import (
    BEFORE_ACCEPTANCE,
    counted_grade,
    is_marked_graver,
    is_overdue,
    needs_photo_of_fix,
)
from complaints.rules.texts import clean_text
from complaints.selectors.internal import photos_of, scale_of, steps_of, words_of
from complaints.services.circulars import circular_finds

from .forms import ANSWER, GRADES, SHAPES, Field

LONG_WORDS = 200
MAIN = (
    *(InsideAct.ACKNOWLEDGE, InsideAct.VERIFY, InsideAct.FIX, InsideAct.ACCEPT, InsideAct.PAY),
    InsideAct.CIRCULATE,
)


@dataclass(frozen=True, kw_only=True)
class Photo:
    """One photo with the address of its thumbnail and of its full size."""

    thumb: str
    full: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class StepShown:
    """One act: what, who, when, its words and photos."""

    title: str
    who: str
    day: date
    memo: str
    photos: tuple[Photo, ...]


@dataclass(frozen=True, kw_only=True)
class WordsShown:
    """One message of the conversation: the reporter's, to the day, or one that managers wrote."""

    is_reporter: bool
    who: str
    day: date
    text: str
    photos: tuple[Photo, ...]


@dataclass(frozen=True, kw_only=True)
class TipShown:
    """Everything on the page of a tip but its forms. No name, no receipt, no exact time."""

    number: str
    enterprise: str
    state: str
    clock: str
    due: date | None
    is_overdue: bool
    counts_as_major: bool
    received: date
    words: str
    suggestion: str
    facts: tuple[tuple[str, str], ...]
    plan: tuple[tuple[str, str], ...]
    photos: tuple[Photo, ...]
    steps: tuple[StepShown, ...]
    talk: tuple[WordsShown, ...]

    @property
    def is_long(self) -> bool:
        """Whether the words would push what is to be done off the screen of a phone."""
        return len(self.words) > LONG_WORDS

    @property
    def has_new_words(self) -> bool:
        """Whether the reporter spoke last."""
        return bool(self.talk) and self.talk[-1].is_reporter


@dataclass(frozen=True, kw_only=True)
class FieldShown:
    """One field with what was typed and what is wrong with it."""

    field: Field
    value: str
    error: str
    is_needed: bool


@dataclass(frozen=True, kw_only=True)
class FindShown:
    """One place in words for the staff that may lead to the reporter, with what was answered and whether it will do."""

    name: str
    find: Find
    value: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class FormShown:
    """One act to take: open when it was tried or is the one the tip waits for."""

    act: str
    label: str
    submit: str
    lede: str
    fields: tuple[FieldShown, ...]
    is_main: bool
    is_open: bool
    grades: Sequence[tuple[str, object]]
    finds: tuple[FindShown, ...] = ()

    @property
    def wrong_count(self) -> int:
        """How many fields were refused."""
        return sum(bool(one.error) for one in self.fields) + sum(one.is_open for one in self.finds)


def tip_shown(row: InternalTip, *, today: date) -> TipShown:
    """Return the page's facts; opens the sealed words of this tip and writes nothing."""
    photos = photos_of(row)
    tip = row.tip
    return TipShown(
        number=tip.number,
        enterprise=row.enterprise.name,
        state=str(row.get_state_display()),
        clock=str(row.get_clock_display()),
        due=row.due_date,
        is_overdue=is_overdue(due=row.due_date, today=today),
        counts_as_major=is_marked_graver(grade=row.grade, kind=tip.kind) and row.state in BEFORE_ACCEPTANCE,
        received=row.received_date,
        words=tip.description,
        suggestion=row.suggestion,
        facts=_facts(row),
        plan=_plan(row),
        photos=tuple(
            _photo(one) for one in photos if one.internal_step_id is None and one.message_id is None
        ),
        talk=_talk(row),
        steps=tuple(
            StepShown(
                title=str(step.get_act_display()),
                who=step.actor.get_full_name() if step.actor else "",
                day=step.taken_date,
                memo=step.memo,
                photos=tuple(_photo(one) for one in photos if one.internal_step_id == step.pk),
            )
            for step in steps_of(row)
        ),
    )


def _talk(row: InternalTip) -> tuple[WordsShown, ...]:
    """Return both sides of the conversation in the order it went; the managers' words are those of their acts."""
    return tuple(
        WordsShown(
            is_reporter=one.direction == Direction.FROM_REPORTER,
            who=one.author.get_full_name() if one.author else "",
            day=one.sent_date,
            text=one.body,
            photos=tuple(_photo(photo) for photo in one.photos.all()),
        )
        for one in words_of(row)
    )


def _photo(row: Evidence) -> Photo:
    return Photo(
        thumb=reverse("workplace:photo", args=[row.public_id, "thumb"]),
        full=reverse("workplace:photo", args=[row.public_id, "shown"]),
        width=row.thumb_width,
        height=row.thumb_height,
    )


def _facts(row: InternalTip) -> tuple[tuple[str, str], ...]:
    reward = _("%(n)s yuan") % {"n": f"{row.whole_yuan:,}"} if row.whole_yuan is not None else ""
    special = (
        _("%(n)s yuan: %(why)s") % {"n": f"{row.special_yuan:,}", "why": row.special_reason}
        if row.special_yuan
        else ""
    )
    facts = (
        (_("Where"), row.tip.address),
        (_("Workshop"), row.workshop),
        (_("Post"), row.post),
        (pgettext("ledger", "Head"), str(row.get_head_display()) if row.head else ""),
        (_("Reporter's duty"), _("inside") if row.on_duty else _("outside")),
        (_("Reporter's mark"), str(TipKind(row.tip.kind).label) if row.tip.kind else ""),
        (_("Grade"), str(row.get_grade_display()) if row.grade else ""),
        (_("Accident averted"), _("yes") if row.averted else ""),
        (_("Reward"), reward),
        (_("Of which special"), special),
        (_("Told the staff"), row.circulated_date.isoformat() if row.circulated_date else ""),
    )
    return tuple((label, value) for label, value in facts if value)


def _plan(row: InternalTip) -> tuple[tuple[str, str], ...]:
    if row.deadline is None:
        return ()
    return (
        (_("Person responsible"), row.person),
        (pgettext("ledger", "Measures"), row.measures),
        (_("Funds"), _("%(n)s yuan") % {"n": f"{row.funds_yuan or 0:,}"}),
        (_("To be done by"), row.deadline.isoformat()),
        (_("Emergency plan"), row.emergency),
    )


def act_forms(
    row: InternalTip,
    *,
    acts: Sequence[InsideAct],
    tried: InsideAct | None,
    typed: Mapping[str, str],
    problems: Sequence[FieldProblem],
    today: date,
    has_another: bool,
) -> list[FormShown]:
    """Return the forms of what may be done, the one the tip waits for first.

    Args:
        has_another: somebody besides the viewer could confirm that a major hazard is untrue.
    """
    wrong = {one.field: str(one.problem.label) for one in problems}
    shown = [act for act in acts if act in SHAPES]
    ordered = sorted(shown, key=lambda act: (act not in MAIN, shown.index(act)))
    return [
        FormShown(
            act=act.value,
            label=str(act.label),
            submit=str(SHAPES[act].submit),
            lede=_lede(row, act, has_another=has_another),
            fields=tuple(
                FieldShown(
                    field=field,
                    value=typed.get(field.name, "") if act == tried else _usual(row, act, field, today=today),
                    error=wrong.get(field.name, "") if act == tried else "",
                    is_needed=field.is_needed or (field.kind == "photos" and _needs_photo(row, act)),
                )
                for field in SHAPES[act].fields
            ),
            is_main=_is_main(row, act),
            is_open=act == tried or (tried is None and _is_main(row, act)),
            grades=GRADES,
            finds=_finds(row, typed) if act == tried == InsideAct.CIRCULATE else (),
        )
        for act in ordered
    ]


def _finds(row: InternalTip, typed: Mapping[str, str]) -> tuple[FindShown, ...]:
    """Return what the check of words for the staff found, those without an answer first."""
    found = circular_finds(
        row, text=clean_text(typed.get("memo", "")), audience=clean_text(typed.get("audience", ""))
    )
    answers = {one.mark: typed.get(ANSWER + one.mark, "") for one in found}
    still_open = unanswered(found, answers=answers)
    rows = [
        FindShown(name=ANSWER + one.mark, find=one, value=answers[one.mark], is_open=one in still_open)
        for one in found
    ]
    return tuple(sorted(rows, key=lambda one: not one.is_open))


def _lede(row: InternalTip, act: InsideAct, *, has_another: bool) -> str:
    """Return what follows from an act: one person alone ends nothing that has to be accepted, and no major hazard."""
    is_major = counted_grade(grade=row.grade, kind=row.tip.kind) == HazardGrade.MAJOR
    if act == InsideAct.FIX and not has_another:
        return _fixed_alone(is_major=is_major)
    if act != InsideAct.REFUTE or not is_major:
        return str(SHAPES[act].lede)
    if has_another:
        return _(
            "The reporter marked a major hazard: another manager has to confirm this by the last day of verifying, or "
            "it goes to the district by itself."
        )
    return _(
        "The reporter marked a major hazard, and nobody else here could confirm this: it goes to the district at "
        "once, and you no longer see it."
    )


def _fixed_alone(*, is_major: bool) -> str:
    if is_major:
        return _(
            "Nobody else here could accept the fix of a major hazard. Without a second manager it goes to the district "
            "after the last day."
        )
    return _(
        "Nobody else here could accept it. Until there is a second manager, the reporter may confirm with the receipt "
        "that it is put right."
    )


def _is_main(row: InternalTip, act: InsideAct) -> bool:
    """Whether the tip waits for this act; staff that was told once may be told more, but nobody waits for it."""
    return act in MAIN and not (act == InsideAct.CIRCULATE and row.circulated_date)


def _needs_photo(row: InternalTip, act: InsideAct) -> bool:
    grade = counted_grade(grade=row.grade, kind=row.tip.kind)
    return act == InsideAct.FIX and needs_photo_of_fix(grade=grade, is_planned=row.deadline is not None)


def _usual(row: InternalTip, act: InsideAct, field: Field, *, today: date) -> str:
    """Return what a form begins with: the amount of the own scale, today as the day of pay."""
    if field.name in ("paid_date", "told_date"):
        return today.isoformat()
    if act == InsideAct.CIRCULATE and field.name == "audience":
        return _("all staff")
    if act != InsideAct.PAY:
        return ""
    return _usual_reward(row) if field.name == "reward_yuan" else ""


def _usual_reward(row: InternalTip) -> str:
    """Return what the scale pays now, or paid when it was reported, if that was more; empty without a scale."""
    scale, kept = scale_of(row.enterprise).get(row.grade), row.promised_yuan(is_inside=row.on_duty)
    now = (scale.inside_yuan if row.on_duty else scale.outside_yuan) if scale else None
    known = [one for one in (now, kept) if one is not None]
    return str(max(known)) if known else ""
