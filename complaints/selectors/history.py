"""The history of a tip as the workflow reads it: its acts, and the facts no act tells."""

from collections.abc import Iterable
from datetime import date

from complaints.enums import COMPETENT_BODIES, Action, Fact
from complaints.models import HandlingStep, Tip
from complaints.rules.deadlines import add_calendar_days
from complaints.rules.workflow import History, Taken

from .deadlines import day_overlay, policy_on


def history_of(*, tip: Tip, today: date, steps: Iterable[HandlingStep] | None = None) -> History:
    """Return the history; one query for the acts unless `steps` are at hand, two more after an answer."""
    rows = (
        tip.steps.order_by("pk").values_list("action", "actor_id")
        if steps is None
        else [(step.action, step.actor_id) for step in steps]
    )
    acts = tuple(Taken(action=Action(action), actor_id=actor) for action, actor in rows)
    return History(acts=acts, beside=_facts_beside(tip=tip, today=today))


def _facts_beside(*, tip: Tip, today: date) -> frozenset[Fact]:
    until = objection_until(tip=tip)
    facts = {
        Fact.DEATH: tip.involves_death,
        Fact.OUT_OF_REMIT: tip.industry in COMPETENT_BODIES,
        Fact.OBJECTION_OPEN: until is not None and today <= until,
    }
    return frozenset(fact for fact, holds in facts.items() if holds)


def objection_until(*, tip: Tip) -> date | None:
    """Return the last day for an objection (106号: ten days from the answer), None before an answer."""
    if tip.answered_date is None:
        return None
    days = policy_on(day=tip.answered_date).objection_days
    return add_calendar_days(start=tip.answered_date, days=days, overlay=day_overlay())
