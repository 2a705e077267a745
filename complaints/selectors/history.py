"""The history of a tip as the workflow reads it: its acts, and the facts no act tells."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from complaints.enums import COMPETENT_BODIES, Action, Fact
from complaints.models import HandlingStep, Tip
from complaints.rules.assignment import Passing, sender_of
from complaints.rules.deadlines import add_calendar_days
from complaints.rules.workflow import History, Taken

from .deadlines import day_overlay, policy_on
from .merging import waits_for_answer
from .objections import has_objected
from .rectifications import waits_for_recheck
from .referrals import team_of_proposal

_COLUMNS = ("action", "actor_id", "office_id", "towards_id", "tip_id")


def history_of(*, tip: Tip, today: date, steps: Iterable[HandlingStep] | None = None) -> History:
    """Return the history; one query for the acts unless `steps` are at hand, two more after an answer,
    one of a closed case, one while a criminal referral waits.
    """
    rows = list(tip.steps.order_by("pk").only(*_COLUMNS) if steps is None else steps)
    passings = [
        Passing(action=Action(row.action), office_id=row.office_id, towards_id=row.towards_id) for row in rows
    ]
    acts = tuple(Taken(action=Action(row.action), actor_id=row.actor_id) for row in rows)
    if tip.withdrawn_date is not None and waits_for_answer(tip=tip):
        # Who withdrew gets no answer; others who reported the same still do.
        acts = tuple(act for act in acts if act.action != Action.WITHDRAW)
    facts = _facts_beside(tip=tip, today=today)
    if sender_of(passings=passings, holder_id=tip.handling_unit_id) is not None:
        facts |= {Fact.HANDED_DOWN}
    history = History(acts=acts, beside=facts, handler_id=tip.handler_id)
    if Fact.REFERRAL_PROPOSED in history.facts:
        history = replace(history, team=team_of_proposal(tip=tip))
    return history


def history_for(*, reporter: Tip, lead: Tip, today: date) -> History:
    """Return the history of the lead as it stands for one of its reporters: an objection is each one's own.

    Args:
        reporter: the tip whose receipt was shown; the lead itself, or one merged into it.
    """
    history = history_of(tip=lead, today=today)
    acts = tuple(act for act in history.acts if act.action != Action.OBJECT)
    own = {Fact.OBJECTED} if has_objected(tip=reporter, lead=lead) else set()
    return replace(history, acts=acts, beside=history.beside | own)


def _facts_beside(*, tip: Tip, today: date) -> frozenset[Fact]:
    until = objection_until(tip=tip)
    facts = {
        Fact.DEATH: tip.involves_death,
        Fact.OUT_OF_REMIT: tip.industry in COMPETENT_BODIES,
        Fact.OBJECTION_OPEN: until is not None and today <= until,
        Fact.RECTIFICATION_OPEN: waits_for_recheck(tip=tip),
    }
    return frozenset(fact for fact, holds in facts.items() if holds)


def objection_until(*, tip: Tip) -> date | None:
    """Return the last day for an objection (106号: ten days from the answer), None before an answer."""
    if tip.answered_date is None:
        return None
    days = policy_on(day=tip.answered_date).objection_days
    return add_calendar_days(start=tip.answered_date, days=days, overlay=day_overlay())
