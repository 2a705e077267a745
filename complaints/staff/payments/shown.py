"""Claims as the payer reads them: number, amount, term, what happened. No word of the tip, no name, no account."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.enums import ClaimAct, ClaimState, ClaimWay
from complaints.models import ClaimStep, RewardClaim
from complaints.rules import claims as rules
from complaints.selectors.reward_words import yuan

from ..clockface import day_text
from ..labels import Chip
from ..story import minute_text, name_of
from ..timeline import Entry

TONES = {
    ClaimState.NOTICED: "info",
    ClaimState.CLAIMED: "wait",
    ClaimState.PAID: "done",
    ClaimState.FORFEITED: "stop",
    ClaimState.RELEASED: "stop",
}
_AMBER = {ClaimAct.REMIND, ClaimAct.UNPAY, ClaimAct.FORFEIT, ClaimAct.RELEASE, ClaimAct.VOID_CODE}


@dataclass(frozen=True, kw_only=True)
class ClaimRow:
    """One reward in the payer's list."""

    number: str
    url: str
    amount: str
    kind: str
    unit: str
    chip: Chip
    when: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """One of the three people."""

    role: str
    who: str
    note: str
    tone: str


def claim_url(number: str, view: str = "claim") -> str:
    """Return the address of a reward at the payer's desk, or of one of its acts."""
    return reverse(f"payments:{view}", args=[number])


def chip_of(claim: RewardClaim) -> Chip:
    """Return the chip of a claim's state."""
    state = claim.get_state()
    return Chip(tone=TONES[state], word=str(state.label))


def claim_rows(claims: Iterable[RewardClaim], *, today: date) -> list[ClaimRow]:
    """Return the claims of one page ready to show."""
    return [
        ClaimRow(
            number=one.assessment.number,
            url=claim_url(one.assessment.number),
            amount=yuan(one.assessment.proposed_amount),
            kind=kind_of(one),
            unit=one.assessment.office.name,
            chip=chip_of(one),
            when=when_of(one, today=today),
        )
        for one in claims
    ]


def kind_of(claim: RewardClaim) -> str:
    """Return the type of the reward in a word."""
    row = claim.assessment
    return str(gettext_lazy("Special reward")) if row.is_special else row.get_kind_display()


def when_of(claim: RewardClaim, *, today: date) -> str:
    """Return the day that matters in this state: until when, since when, on which day."""
    last = rules.last_day(claim.term) or claim.due_date
    days = {
        ClaimState.NOTICED: (_("until %(day)s"), last),
        ClaimState.CLAIMED: (_("claimed %(day)s"), claim.claimed_date),
        ClaimState.PAID: (_("paid %(day)s"), claim.paid_date),
        ClaimState.FORFEITED: (_("lapsed %(day)s"), claim.ended_date),
        ClaimState.RELEASED: (_("taken back %(day)s"), claim.ended_date),
    }
    words, day = days[claim.get_state()]
    return words % {"day": day_text(day, today=today)} if day else ""


def way_of(claim: RewardClaim) -> str:
    """Return how the reward was, or is, collected; empty before anybody came."""
    return str(ClaimWay(claim.way).label) if claim.way else ""


def people_of(claim: RewardClaim) -> list[Person]:
    """Return the three people; only their parts, nothing of what they decided on."""
    row = claim.assessment
    is_paid = claim.state == ClaimState.PAID
    paid = _("Not whoever proposed or approved it.") if not is_paid else way_of(claim)
    return [
        Person(role=_("Proposal"), who=name_of(row.proposer), note="", tone="done"),
        Person(role=_("Approval"), who=name_of(row.approver), note="", tone="done"),
        Person(
            role=_("Payment"),
            who=name_of(claim.payer) if claim.payer else "",
            note=paid,
            tone="done" if is_paid else "now",
        ),
    ]


def history(
    steps: Sequence[ClaimStep], *, today: date, words_of: Collection[ClaimAct] = tuple(ClaimAct)
) -> list[Entry]:
    """Return the steps of a claim, the newest first; of what the reporter did the day alone.

    `words_of` are the acts whose reasons are shown.
    """
    entries = [
        Entry(
            when=minute_text(step.taken_at, today=today)
            if step.taken_at
            else day_text(step.taken_date, today=today),
            title=str(ClaimAct(step.act).label),
            who=name_of(step.actor) if step.actor else "",
            note=step.reason if step.act in words_of else "",
            tone="amber" if step.act in _AMBER else "now",
        )
        for step in steps
    ]
    return entries[::-1]
