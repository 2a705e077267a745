"""Movements of reward money: one conditional update of the budget and two rows of the ledger, or nothing at all.

Whoever locks takes the rows in this order: tip, reward, budget, ledger, end of the audit log.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F

from complaints.enums import LedgerAct, Problem, RewardFault, Role
from complaints.errors import DraftInvalid, FieldProblem, NotAllowed, RewardRefused
from complaints.models import LedgerEntry, Membership, Office, RewardAssessment, RewardBudget
from complaints.models.reward import to_cents
from complaints.rules.ledger import MOVEMENTS, Movement
from complaints.rules.moments import to_minute
from complaints.rules.reward_case import amount_problem

from . import audit
from .refusals import refused_changes_are_logged

FIRST_YEAR, LAST_YEAR = 2018, 2100


def appropriate(*, office_id: int, year: int, amount: Decimal, actor: User, at: datetime) -> LedgerEntry:
    """Add money to the budget of a unit and year; the payer of that very unit does.

    Args:
        amount: yuan, more than 0.

    Raises:
        NotAllowed: the actor is no payer of the unit.
        DraftInvalid: the amount or the year cannot be.
    """
    return _changed(LedgerAct.APPROPRIATE, office_id=office_id, year=year, amount=amount, actor=actor, at=at)


def take_back(*, office_id: int, year: int, amount: Decimal, actor: User, at: datetime) -> LedgerEntry:
    """Correct an appropriation by a movement against it, as far as the money is still free.

    Raises:
        NotAllowed, DraftInvalid: as for `appropriate`.
        RewardRefused: more than is free.
    """
    return _changed(LedgerAct.TAKE_BACK, office_id=office_id, year=year, amount=amount, actor=actor, at=at)


def _changed(
    act: LedgerAct, *, office_id: int, year: int, amount: Decimal, actor: User, at: datetime
) -> LedgerEntry:
    subject, data = f"office:{office_id}", {"office": office_id, "year": year}
    log = refused_changes_are_logged(
        act=f"budget.{act.value}", subject=subject, data=data, at=at, actor=actor
    )
    with log, transaction.atomic():
        require_payer(actor=actor, office_id=office_id)
        cents = _checked(year=year, amount=amount)
        entry = move(
            act=act, budget=budget_of(office_id=office_id, year=year), cents=cents, actor=actor, at=at
        )
        audit.record(
            action=f"budget.{act.value}", at=at, actor=actor, subject=subject, data={**data, "cents": cents}
        )
    return entry


def require_payer(*, actor: User, office_id: int) -> None:
    """Raise NotAllowed unless the person is a payer of that very unit: money is a matter of the unit itself."""
    held = Membership.objects.filter(user=actor, office=office_id, role=Role.PAYER, office__is_active=True)
    if not actor.is_active or not held.exists():
        raise NotAllowed


def _checked(*, year: int, amount: Decimal) -> int:
    problem = amount_problem(amount) or (Problem.MISSING if amount == 0 else None)
    found = [("amount", problem)] if problem else []
    if not FIRST_YEAR <= year <= LAST_YEAR:
        found.append(("year", Problem.BAD_NUMBER))
    if found:
        raise DraftInvalid([FieldProblem(field=name, problem=one) for name, one in found])
    return to_cents(amount)


def budget_of(*, office_id: int, year: int) -> RewardBudget:
    """Return the budget of a unit and year; an empty one is made when there was none."""
    office = Office.objects.only("pk").get(pk=office_id)
    budget, _is_new = RewardBudget.objects.get_or_create(office=office, year=year)
    return budget


@transaction.atomic
def move(
    *,
    act: LedgerAct,
    budget: RewardBudget,
    cents: int,
    at: datetime,
    actor: User | None = None,
    assessment: RewardAssessment | None = None,
    attempt: int = 1,
    undoes: UUID | None = None,
) -> LedgerEntry:
    """Move money within a budget and return the row of the account it went to.

    Args:
        cents: whole cents, more than 0.
        attempt: which time this act is taken about this reward, from 1; see `LedgerEntry`.

    Raises:
        RewardRefused: there is not as much on the account it would come from, or the act was entered before.
    """
    movement = MOVEMENTS[act]
    sides = movement.sides(cents=cents)
    _shift(movement, budget=budget, cents=cents)
    try:
        with transaction.atomic():
            rows = _entries(sides, act=act, budget=budget, at=at, actor=actor, assessment=assessment)
            for row in rows:
                row.attempt, row.undoes = attempt, undoes
                row.save()
    except IntegrityError:
        raise RewardRefused(RewardFault.ENTERED) from None
    return rows[-1]


def _shift(movement: Movement, *, budget: RewardBudget, cents: int) -> None:
    after = {
        "appropriated_cents": F("appropriated_cents") + movement.appropriated * cents,
        "reserved_cents": F("reserved_cents") + movement.reserved * cents,
        "paid_cents": F("paid_cents") + movement.paid * cents,
    }
    # One statement looks and writes: two people who spend the last money at once cannot both find it.
    spent = after["reserved_cents"] + after["paid_cents"]
    enough = RewardBudget.objects.filter(
        pk=budget.pk,
        appropriated_cents__gte=spent - movement.appropriated * cents,
        reserved_cents__gte=-movement.reserved * cents,
        paid_cents__gte=-movement.paid * cents,
    )
    if not enough.update(**after):
        raise RewardRefused(RewardFault.NO_BUDGET)


def _entries(
    sides: tuple[tuple[str, int], ...],
    *,
    act: LedgerAct,
    budget: RewardBudget,
    at: datetime,
    actor: User | None,
    assessment: RewardAssessment | None,
) -> list[LedgerEntry]:
    movement = uuid4()
    return [
        LedgerEntry(
            movement=movement,
            budget=budget,
            act=act,
            account=account,
            cents=cents,
            assessment=assessment,
            actor=actor,
            taken_at=to_minute(at),
        )
        for account, cents in sides
    ]
