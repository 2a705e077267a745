"""The ledger: two rows a movement that sum to zero, never more than there is, nothing twice, nothing changed later."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.enums import LedgerAccount, LedgerAct, RewardFault, Role
from complaints.errors import DraftInvalid, NotAllowed, RewardRefused
from complaints.models import AuditRow, LedgerEntry, RewardBudget
from complaints.models.reward import from_cents, to_cents
from complaints.rules.ledger import FREE, MOVEMENTS
from complaints.selectors.ledger import balances, faulty_budgets
from complaints.services.ledger import appropriate, budget_of, move, take_back
from tests.factories import TODAY, UserFactory
from tests.fixtures import City
from tests.reward_steps import AT, Three, approve, fined_tip, fund, propose, three

pytestmark = pytest.mark.django_db
YEAR = TODAY.year


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


@pytest.fixture
def budget(city: City, people: Three) -> RewardBudget:
    fund(city.yanta, people.payer, 1000)
    return RewardBudget.objects.get()


def moved(act: LedgerAct, budget: RewardBudget, cents: int, **values: Any) -> LedgerEntry:
    return move(act=act, budget=budget, cents=cents, at=AT, **values)


def fault(act: Any) -> RewardFault:
    with pytest.raises(RewardRefused) as refused:
        act()
    return refused.value.fault


def test_every_movement_has_two_sides_that_sum_to_zero() -> None:
    for act in LedgerAct:
        sides = MOVEMENTS[act].sides(cents=7)
        assert len({account for account, _cents in sides}) == 2
        assert sum(cents for _account, cents in sides) == 0
    with pytest.raises(ValueError, match="nothing moves"):
        MOVEMENTS[LedgerAct.PAY].sides(cents=0)


def test_sums_follow_from_the_accounts() -> None:
    """What an act does to the sums is what its two rows do to the accounts."""
    for movement in MOVEMENTS.values():
        sides = dict(movement.sides(cents=1))
        free = sum(cents for account, cents in sides.items() if account in FREE)
        assert movement.appropriated == -sides.get(LedgerAccount.APPROPRIATED, 0)
        assert movement.reserved == sides.get(LedgerAccount.RESERVED, 0)
        assert movement.paid == sides.get(LedgerAccount.PAID, 0)
        assert free == movement.appropriated - movement.reserved - movement.paid


def test_appropriation_by_the_payer_of_the_unit(city: City, people: Three) -> None:
    appropriate(office_id=city.yanta.pk, year=YEAR, amount=Decimal("600000.50"), actor=people.payer, at=AT)

    budget = RewardBudget.objects.get()
    assert (budget.office, budget.year, budget.available_amount) == (city.yanta, YEAR, Decimal("600000.50"))
    assert LedgerEntry.objects.values_list("cents", flat=True).order_by("cents")[0] == -60000050
    logged = AuditRow.objects.get(action="budget.appropriate")
    assert (logged.subject, logged.data["cents"]) == (f"office:{city.yanta.pk}", 60000050)


@pytest.mark.parametrize("who", ["proposer", "approver", "city_approver"])
def test_nobody_else_appropriates(city: City, people: Three, who: str) -> None:
    with pytest.raises(NotAllowed):
        fund(city.yanta, getattr(people, who))
    assert not RewardBudget.objects.exists()
    assert AuditRow.objects.get(action="setting.refused").data["act"] == "budget.appropriate"


def test_a_payer_of_another_unit_or_of_the_level_above_does_not(city: City) -> None:
    for office in (city.lianhu, city.city):
        payer: User = UserFactory(roles=[(Role.PAYER, office)])
        with pytest.raises(NotAllowed):
            fund(city.yanta, payer)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal(10) ** 11}, "amount"),
        ({"year": 1999}, "year"),
        ({"year": 2101}, "year"),
    ],
)
def test_an_appropriation_that_cannot_be(
    city: City, people: Three, values: dict[str, Any], field: str
) -> None:
    plain = {"office_id": city.yanta.pk, "year": YEAR, "amount": Decimal(1), "actor": people.payer, "at": AT}

    with pytest.raises(DraftInvalid) as refused:
        appropriate(**{**plain, **values})

    assert [one.field for one in refused.value.problems] == [field]
    assert not LedgerEntry.objects.exists()


def test_a_correction_is_a_movement_against_and_takes_only_what_is_free(
    city: City, people: Three, budget: RewardBudget
) -> None:
    moved(LedgerAct.RESERVE, budget, 60000)

    values: dict[str, Any] = {"office_id": city.yanta.pk, "year": YEAR, "actor": people.payer, "at": AT}
    assert fault(lambda: take_back(amount=Decimal("400.01"), **values)) == RewardFault.NO_BUDGET
    take_back(amount=Decimal(400), **values)

    budget.refresh_from_db()
    assert (budget.appropriated_cents, budget.available_cents) == (60000, 0)
    assert LedgerEntry.objects.count() == 6
    assert faulty_budgets() == []


def test_never_more_than_there_is(budget: RewardBudget) -> None:
    moved(LedgerAct.RESERVE, budget, 99999)

    assert fault(lambda: moved(LedgerAct.RESERVE, budget, 2)) == RewardFault.NO_BUDGET
    moved(LedgerAct.RESERVE, budget, 1)
    assert fault(lambda: moved(LedgerAct.PAY, budget, 100001)) == RewardFault.NO_BUDGET
    moved(LedgerAct.PAY, budget, 100000)
    assert fault(lambda: moved(LedgerAct.RELEASE, budget, 1)) == RewardFault.NO_BUDGET

    budget.refresh_from_db()
    assert (budget.paid_cents, budget.reserved_cents, budget.available_cents) == (100000, 0, 0)


def test_cents_do_not_drift(city: City, people: Three) -> None:
    """A thousand payments of ten cents out of 100 yuan: fractions of a computer would lose the last one."""
    appropriate(office_id=city.yanta.pk, year=YEAR, amount=Decimal("3.00"), actor=people.payer, at=AT)
    budget = RewardBudget.objects.get()

    for _ in range(30):
        moved(LedgerAct.RESERVE, budget, 10)

    assert fault(lambda: moved(LedgerAct.RESERVE, budget, 1)) == RewardFault.NO_BUDGET


@pytest.mark.parametrize("act", [LedgerAct.RELEASE, LedgerAct.FORFEIT])
def test_what_comes_back_is_free_again_and_told_apart(budget: RewardBudget, act: LedgerAct) -> None:
    moved(LedgerAct.RESERVE, budget, 30000)

    moved(act, budget, 30000)

    budget.refresh_from_db()
    assert budget.available_cents == 100000
    assert balances(budget=budget)[MOVEMENTS[act].target] == 30000


def test_one_act_once_for_one_reward(city: City, people: Three) -> None:
    fund(city.yanta, people.payer)
    row = approve(propose(fined_tip(100000), people.proposer), people.approver)
    budget = budget_of(office_id=city.yanta.pk, year=YEAR)
    moved(LedgerAct.PAY, budget, row.proposed_cents, assessment=row)
    moved(LedgerAct.RESERVE, budget, row.proposed_cents)

    assert (
        fault(lambda: moved(LedgerAct.PAY, budget, row.proposed_cents, assessment=row)) == RewardFault.ENTERED
    )

    budget.refresh_from_db()
    assert budget.paid_cents == row.proposed_cents
    assert LedgerEntry.objects.filter(account=LedgerAccount.PAID).count() == 1
    assert faulty_budgets() == []


def test_rows_are_never_changed_or_deleted(budget: RewardBudget) -> None:
    entry = LedgerEntry.objects.first()
    assert entry is not None

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_the_database_refuses_an_overspent_budget(budget: RewardBudget) -> None:
    for values in ({"reserved_cents": 100001}, {"paid_cents": -1}, {"appropriated_cents": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RewardBudget.objects.filter(pk=budget.pk).update(**values)


def test_a_sum_somebody_wrote_past_the_program_is_found(budget: RewardBudget) -> None:
    assert faulty_budgets() == []

    RewardBudget.objects.filter(pk=budget.pk).update(appropriated_cents=200000)

    assert faulty_budgets() == [budget]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(list(LedgerAct)), st.integers(1, 60000)), max_size=12))
def test_whatever_happens_ledger_and_sums_agree(
    budget: RewardBudget, steps: list[tuple[LedgerAct, int]]
) -> None:
    for act, cents in steps:
        with suppress(RewardRefused):
            moved(act, budget, cents)

    budget.refresh_from_db()
    assert budget.available_cents >= 0
    assert faulty_budgets() == []
    assert LedgerEntry.objects.aggregate(cents=Sum("cents"))["cents"] == 0


@pytest.mark.parametrize(("yuan", "cents"), [("0.01", 1), ("15000.00", 1500000), ("390000", 39000000)])
def test_yuan_and_cents(yuan: str, cents: int) -> None:
    assert to_cents(Decimal(yuan)) == cents
    assert from_cents(cents) == Decimal(yuan)


def test_less_than_a_cent_is_no_money() -> None:
    with pytest.raises(ValueError, match="finer"):
        to_cents(Decimal("0.001"))
