"""An internal tip as its page shows it: facts, photos before and after, acts, and the forms of what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import InsideAct, TipKind
from complaints.errors import FieldProblem
from complaints.models import Evidence, InternalTip
from complaints.rules.internal import is_overdue
from complaints.selectors.internal import photos_of, scale_of, steps_of

from .forms import GRADES, SHAPES, Field

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
class TipShown:
    """Everything on the page of a tip but its forms. No name, no receipt, no exact time."""

    number: str
    enterprise: str
    state: str
    clock: str
    due: date | None
    is_overdue: bool
    received: date
    kind: str
    words: str
    suggestion: str
    facts: tuple[tuple[str, str], ...]
    plan: tuple[tuple[str, str], ...]
    photos: tuple[Photo, ...]
    steps: tuple[StepShown, ...]


@dataclass(frozen=True, kw_only=True)
class FieldShown:
    """One field with what was typed and what is wrong with it."""

    field: Field
    value: str
    error: str


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
        received=row.received_date,
        kind=str(TipKind(tip.kind).label) if tip.kind else "",
        words=tip.description,
        suggestion=row.suggestion,
        facts=_facts(row),
        plan=_plan(row),
        photos=tuple(_photo(one) for one in photos if one.internal_step_id is None),
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


def _photo(row: Evidence) -> Photo:
    return Photo(
        thumb=reverse("workplace:photo", args=[row.public_id, "thumb"]),
        full=reverse("workplace:photo", args=[row.public_id, "shown"]),
        width=row.thumb_width,
        height=row.thumb_height,
    )


def _facts(row: InternalTip) -> tuple[tuple[str, str], ...]:
    reward = _("%(n)s yuan") % {"n": f"{row.reward_yuan:,}"} if row.reward_yuan is not None else ""
    facts = (
        (_("Where"), row.tip.address),
        (_("Workshop"), row.workshop),
        (_("Post"), row.post),
        (pgettext("ledger", "Head"), str(row.get_head_display()) if row.head else ""),
        (_("Reporter's duty"), _("inside") if row.on_duty else _("outside")),
        (_("Grade"), str(row.get_grade_display()) if row.grade else ""),
        (_("Accident averted"), _("yes") if row.averted else ""),
        (_("Reward"), reward),
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
) -> list[FormShown]:
    """Return the forms of what may be done, the one the tip waits for first."""
    wrong = {one.field: str(one.problem.label) for one in problems}
    shown = [act for act in acts if act in SHAPES]
    ordered = sorted(shown, key=lambda act: (act not in MAIN, shown.index(act)))
    return [
        FormShown(
            act=act.value,
            label=str(act.label),
            submit=str(SHAPES[act].submit),
            lede=str(SHAPES[act].lede),
            fields=tuple(
                FieldShown(
                    field=field,
                    value=typed.get(field.name, "") if act == tried else _usual(row, act, field, today=today),
                    error=wrong.get(field.name, "") if act == tried else "",
                )
                for field in SHAPES[act].fields
            ),
            is_main=act in MAIN,
            is_open=act == tried or (tried is None and act in MAIN),
            grades=GRADES,
        )
        for act in ordered
    ]


def _usual(row: InternalTip, act: InsideAct, field: Field, *, today: date) -> str:
    """Return what a form begins with: the amount of the own scale, today as the day of pay."""
    if act != InsideAct.PAY:
        return ""
    if field.name == "paid_date":
        return today.isoformat()
    scale = scale_of(row.enterprise).get(row.grade)
    if field.name == "reward_yuan" and scale:
        return str(scale.inside_yuan if row.on_duty else scale.outside_yuan)
    return ""
