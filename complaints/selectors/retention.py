"""Reads of the periods of keeping: which rule decides, and which tips may be past theirs."""

from collections.abc import Iterator
from datetime import date

from complaints.enums import Action, KeepFrom, KeepUnit, Outcome, Phase, TipStatus
from complaints.models import RetentionRule, Tip
from complaints.rules import retention as rules

BATCH = 200
Terms = dict[Outcome, rules.Term]


def terms_in_force(*, day: date) -> Terms:
    """Return the period of each outcome in force on `day`; an outcome without one is kept for ever. One query."""
    terms: Terms = {}
    for row in RetentionRule.objects.in_force(day=day):
        term = rules.Term(count=row.keep_count, unit=KeepUnit(row.keep_unit), since=KeepFrom(row.keep_from))
        terms.setdefault(Outcome(row.outcome), term)
    return terms


def acts_of(tip: Tip) -> list[rules.Act]:
    """Return the acts of a tip with their days."""
    return [rules.Act(action=Action(step.action), day=step.taken_date) for step in tip.steps.all()]


def is_over(*, tip: Tip, terms: Terms, day: date) -> bool:
    """Say whether the period of a tip ended before `day`; only a closed one has a period."""
    if tip.status not in (TipStatus.CLOSED, TipStatus.ARCHIVED):
        return False
    acts = acts_of(tip)
    term = terms.get(rules.outcome_of(acts=acts, result=tip.result))
    return term is not None and rules.is_over(acts=acts, received=tip.received_date, term=term, today=day)


def tips_past_their_period(*, terms: Terms, day: date) -> Iterator[int]:
    """Yield the keys of tips whose period ended before `day`, those that lead others included, merged ones not.

    What keeps a tip longer is not looked at here.
    """
    latest = rules.latest_receipt(terms=terms.values(), today=day)
    if latest is None:
        return
    rows = Tip.objects.filter(phase=Phase.DONE, merged_into=None, received_date__lte=latest)
    rows = rows.only("status", "result", "received_date").prefetch_related("steps").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield from (tip.pk for tip in batch if is_over(tip=tip, terms=terms, day=day))
        last = batch[-1].pk
