"""Money under eight processes at once, and under `kill -9`: ledger, states and log agree, nothing is paid twice."""

import random
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from complaints.enums import ClaimState, IdentityMode, LedgerAct, RewardState
from complaints.models import LedgerEntry, RewardAssessment, RewardBudget, RewardClaim
from complaints.selectors.reconciliation import reconcile
from complaints.services.payments import pay, unpay
from complaints.services.rewards import approve_reward
from tests.claim_steps import claim, identity_of
from tests.fixtures import City
from tests.processes import DONE, all_at_once, killed_after, killed_at, seconds_for
from tests.reward_steps import AT, Three, approve, fined_tip, fund, propose, three

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
PROCESSES, KILLS, REWARDS = 8, 100, 14
# A reward of 250 yuan: eight of them want 2 000 out of a budget of 1 000.
QUARTER: dict[str, Any] = {"amount": Decimal(250), "texts": {"deviation": "按本地标准发放"}}


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


def proposed(people: Three, count: int) -> list[RewardAssessment]:
    """Return rewards of 250 yuan that wait for the approver above, their tips with their receipts at `tip`."""
    rows = []
    for _number in range(count):
        tip = fined_tip(100000, **identity_of(IdentityMode.REAL_NAME))
        row = propose(tip, people.proposer, **QUARTER)
        row.tip = tip
        rows.append(row)
    return rows


def test_a_budget_of_1000_and_eight_who_pay_at_once(city: City, people: Three) -> None:
    fund(city.yanta, people.payer, 1000)
    rows = proposed(people, PROCESSES)

    def approve_claim_and_pay(row: RewardAssessment) -> None:
        approve(row, people.city_approver)
        claim(row.tip, code="")
        pay(number=row.number, actor=people.payer, at=AT)

    said = all_at_once([partial(approve_claim_and_pay, row) for row in rows])

    assert sorted(said) == [DONE] * 4 + ["no_budget"] * 4
    budget = RewardBudget.objects.get()
    assert (budget.paid_cents, budget.reserved_cents, budget.available_cents) == (100000, 0, 0)
    assert reconcile().agrees


def test_one_reward_and_eight_who_pay_it_at_once(city: City, people: Three) -> None:
    fund(city.yanta, people.payer, 1000)
    [row] = proposed(people, 1)
    approve(row, people.city_approver)
    claim(row.tip)

    said = all_at_once([partial(pay, number=row.number, actor=people.payer, at=AT)] * PROCESSES)

    assert sorted(said) == [DONE] + ["entered"] * 7
    assert RewardBudget.objects.get().paid_cents == 25000
    assert LedgerEntry.objects.filter(act=LedgerAct.PAY).count() == 2
    assert reconcile().agrees


def test_one_reward_claimed_eight_times_at_once(city: City, people: Three) -> None:
    fund(city.yanta, people.payer, 1000)
    [row] = proposed(people, 1)
    approve(row, people.city_approver)

    said = all_at_once([partial(claim, row.tip)] * PROCESSES)

    assert sorted(said) == ["claimed"] * 7 + [DONE]


def test_killed_during_approval_and_payment_a_hundred_times(city: City, people: Three) -> None:
    fund(city.yanta, people.payer)
    rows = proposed(people, REWARDS)
    approve(rows[0], people.city_approver)
    claim(rows[0].tip)
    moments, cut = random.Random(7), {"approve": 0, "pay": 0}
    whole = seconds_for(partial(pay, number=rows[0].number, actor=people.payer, at=AT))

    for number in range(KILLS):
        name, act = next_act(people, rows, wants_approval=number % 4 < 2)
        if number % 2:
            cut[name] += killed_after(act, seconds=moments.uniform(0.0, whole))
        else:
            # Every statement of an act has its turn: there are less than forty.
            cut[name] += killed_at(act, statement=number // 4 * 3 % 40 + 1)
        found = reconcile()
        assert found.agrees, (number, name, found.differences)

    assert min(cut.values()) >= 10, cut
    for row in RewardAssessment.objects.filter(state=RewardState.PROPOSED):
        approve_reward(number=row.number, actor=people.city_approver, at=AT)
    assert reconcile().agrees


def next_act(
    people: Three, rows: list[RewardAssessment], *, wants_approval: bool
) -> tuple[str, Callable[[], object]]:
    """Return an approval while one waits and is wanted, else a payment of what was approved, else its correction."""
    waiting = RewardAssessment.objects.filter(state=RewardState.PROPOSED).first()
    if waiting is not None and wants_approval:
        return "approve", partial(approve_reward, number=waiting.number, actor=people.city_approver, at=AT)
    for one in RewardClaim.objects.filter(state=ClaimState.NOTICED).select_related("assessment"):
        claim(next(row.tip for row in rows if row.pk == one.assessment_id))
    one = RewardClaim.objects.order_by("payments", "pk").select_related("assessment")[0]
    about = {"number": one.assessment.number, "actor": people.payer, "at": AT}
    if one.state == ClaimState.CLAIMED:
        return "pay", partial(pay, **about)
    return "pay", partial(unpay, reason="退回", asks_anew=False, **about)
