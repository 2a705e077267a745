"""A reward as people at the desk read it: how the amount came about, whether it may be paid, who does what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.enums import IdentityMode, NotRewarded, RewardState, RewardStep
from complaints.models import RewardAssessment, RewardBudget, RewardClaim, Tip
from complaints.models.reward import from_cents
from complaints.rules.rewards import Line
from complaints.selectors.reward_words import Spoken, spoken, yuan

from .labels import Chip
from .story import minute_text, name_of

TONES = {
    RewardState.PROPOSED: "wait",
    RewardState.RETURNED: "stop",
    RewardState.APPROVED: "done",
    RewardState.REFUSED: "stop",
    RewardState.RELEASED: "stop",
}
BAR = 100


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question of eligibility with its answer; `mark` is ok, no or wait."""

    mark: str
    label: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """One of the three people."""

    role: str
    who: str
    note: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class BudgetShown:
    """A budget in words and as a bar of 100 parts."""

    year: int
    appropriated: str
    reserved: str
    paid: str
    available: str
    paid_part: int
    reserved_part: int


@dataclass(frozen=True, kw_only=True)
class RewardRow:
    """One reward in the list."""

    number: str
    url: str
    tip_number: str
    unit: str
    kind: str
    amount: str
    chip: Chip
    who: str
    when: str


@dataclass(frozen=True, kw_only=True)
class DueRow:
    """One tip whose reward waits to be proposed."""

    number: str
    url: str
    unit: str
    kind: str
    result: str
    accepted: str


def reward_url(number: str) -> str:
    """Return the address of a reward's page."""
    return reverse("rewards:reward", args=[number])


def propose_url(number: str) -> str:
    """Return the address at which a reward for a tip is put forward."""
    return reverse("rewards:propose", args=[number])


def chip_of(row: RewardAssessment) -> Chip:
    """Return the chip of a reward's state."""
    state = RewardState(row.state)
    return Chip(tone=TONES[state], word=str(state.label))


def due_rows(tips: Sequence[Tip]) -> list[DueRow]:
    """Return the tips of one page ready to show; nothing of what they report."""
    return [
        DueRow(
            number=tip.number,
            url=propose_url(tip.number),
            unit=tip.handling_unit.name,
            kind=tip.get_kind_display() or _("Type not given"),
            result=tip.get_result_display(),
            accepted=date_format(tip.accepted_date) if tip.accepted_date else "—",
        )
        for tip in tips
    ]


def reward_rows(rows: Sequence[RewardAssessment], *, today: date) -> list[RewardRow]:
    """Return the rewards of one page ready to show."""
    return [
        RewardRow(
            number=row.number,
            url=reward_url(row.number),
            tip_number=row.tip.number if row.tip else "",
            unit=row.office.name,
            kind=str(gettext_lazy("Special reward")) if row.is_special else row.get_kind_display(),
            amount=yuan(row.proposed_amount),
            chip=chip_of(row),
            who=name_of(row.proposer),
            when=minute_text(row.proposed_at, today=today),
        )
        for row in rows
    ]


def lines_of(row: RewardAssessment) -> list[Spoken]:
    """Return the frozen lines in words, and where another amount is put forward that one last."""
    lines = [thawed(line) for line in row.lines]
    return [spoken(line, is_last=line is lines[-1]) for line in lines]


def thawed(kept: Mapping[str, Any]) -> Line:
    """Return a kept line as the calculator made it, its figures as text."""
    return Line(
        step=RewardStep(kept["step"]),
        amount=Decimal(kept["amount"]),
        source=kept["source"],
        figures=kept["figures"],
    )


def checks_of(*, inputs: Mapping[str, Any], order: int, others: Sequence[Tip], reason: str) -> list[Check]:
    """Return the questions of eligibility as they were answered; `others` are the other tips of the matter."""
    first = _("Number %(n)d by order of acceptance.") % {"n": order}
    if others:
        first += _(" In the same matter: %(numbers)s.") % {"numbers": ", ".join(one.number for one in others)}
    mode = IdentityMode(inputs["identity_mode"]) if inputs["identity_mode"] else None
    is_excluded = reason == NotRewarded.NO_IDENTITY
    return [
        _check(inputs["is_first"], _("First reporter"), first),
        _check(not inputs["is_already_known"], _("Not known before"), _("As stated by the proposer.")),
        _check(
            not inputs["is_duty_related"] and not inputs["is_handler"],
            _("No duty of supervision, no part in the handling"),
            _(
                "As far as known here; the payer checks it when the reward is collected and hands back yes or no."
            ),
        ),
        Check(
            mark="no" if is_excluded else "wait",
            label=_("Way of reporting"),
            note=str(mode.label) if mode else "",
        ),
    ]


def _check(holds: object, label: str, note: str) -> Check:
    return Check(mark="ok" if holds else "no", label=label, note=note)


def people_of(row: RewardAssessment, *, today: date) -> list[Person]:
    """Return the three people: who proposed, who decides, who pays."""
    above = (
        _("By an approver of the level above.") if row.needs_level_above else _("Not whoever proposed it.")
    )
    if row.approver:
        second = Person(
            role=str(RewardState(row.state).label),
            who=name_of(row.approver),
            note=minute_text(row.decided_at, today=today) if row.decided_at else "",
            tone="done" if row.state == RewardState.APPROVED else "wait",
        )
    else:
        second = Person(role=_("Approval"), who="", note=above, tone="now")
    return [
        Person(
            role=_("Proposal"),
            who=name_of(row.proposer),
            note=minute_text(row.proposed_at, today=today),
            tone="done",
        ),
        second,
        _payer(row),
    ]


def _payer(row: RewardAssessment) -> Person:
    claim: RewardClaim | None = getattr(row, "claim", None)
    if claim is None or claim.payer is None or claim.paid_date is None:
        note = _("Sees number and amount alone, nothing of the tip.")
        return Person(role=_("Payment"), who="", note=note, tone="stop")
    return Person(role=_("Payment"), who=name_of(claim.payer), note=date_format(claim.paid_date), tone="done")


def budget_shown(budget: RewardBudget | None, *, year: int) -> BudgetShown:
    """Return a budget ready to show; one that was never appropriated is all zeros."""
    row = budget or RewardBudget(year=year)
    total = max(row.appropriated_cents, 1)
    return BudgetShown(
        year=year,
        appropriated=yuan(from_cents(row.appropriated_cents)),
        reserved=yuan(from_cents(row.reserved_cents)),
        paid=yuan(from_cents(row.paid_cents)),
        available=yuan(row.available_amount),
        paid_part=row.paid_cents * BAR // total,
        reserved_part=(row.paid_cents + row.reserved_cents) * BAR // total,
    )
