"""From a confirmed result to a decision: who may, in which order, by which facts, and what the log keeps."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from complaints.enums import (
    Action,
    IdentityMode,
    LedgerAccount,
    NotRewarded,
    Problem,
    Result,
    RewardFault,
    RewardState,
    Role,
)
from complaints.errors import (
    ComplaintError,
    DraftInvalid,
    NotAllowed,
    OwnProposal,
    RequestNotFound,
    RewardRefused,
    TipNotFound,
)
from complaints.models import AuditRow, RewardAssessment, RewardBudget, RewardPolicy, Tip
from complaints.selectors.ledger import balances, budget_for, faulty_budgets, open_rewards
from complaints.selectors.reward_facts import assessments_for, tips_to_assess
from complaints.services.payments import pay
from complaints.services.retention import purge
from complaints.services.rewards import refuse_reward, return_reward
from tests.claim_steps import claim, identity_of
from tests.factories import TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import LIANHU, YANTA, City
from tests.reward_steps import AT, Three, add_fine, approve, fined_tip, fund, propose, three

pytestmark = pytest.mark.django_db
WHY = {"deviation": "避免了三人伤亡"}


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


def refused(act: Any) -> ComplaintError:
    with pytest.raises(ComplaintError) as error:
        act()
    return error.value


def fault(act: Any) -> RewardFault:
    error = refused(act)
    assert isinstance(error, RewardRefused), error
    return error.fault


def problems(act: Any) -> dict[str, Problem]:
    error = refused(act)
    assert isinstance(error, DraftInvalid), error
    return {one.field: one.problem for one in error.problems}


def refusals(actor: User) -> list[tuple[str, str]]:
    rows = AuditRow.objects.filter(action="reward.refused", actor=actor).order_by("pk")
    return [(row.data["act"], row.data["code"]) for row in rows]


# --- what waits -----------------------------------------------------------------------------------------------------


def test_a_confirmed_result_opens_the_question(city: City, people: Three) -> None:
    true, partly = fined_tip(100000), TipFactory(verified=True, result=Result.PARTLY_TRUE, district=YANTA)
    TipFactory(verifying=True, district=YANTA)
    TipFactory(verified=True, unfounded=True, district=YANTA)
    elsewhere = TipFactory(verified=True, district=LIANHU)

    assert list(tips_to_assess(user=people.proposer)) == [true, partly]
    assert list(tips_to_assess(user=people.city_proposer)) == [true, partly, elsewhere]
    for other in (people.approver, people.payer):
        assert not tips_to_assess(user=other).exists()


def test_a_decided_tip_waits_no_more_and_a_returned_one_does(city: City, people: Three) -> None:
    one, other = fined_tip(100000), fined_tip(100000)

    for tip, decide in ((one, refuse_reward), (other, return_reward)):
        decide(number=propose(tip, people.proposer).number, actor=people.approver, at=AT, memo="不成立")

    assert list(tips_to_assess(user=people.proposer)) == [other]


# --- proposing ------------------------------------------------------------------------------------------------------


def test_a_reward_is_worked_out_from_the_records(city: City, people: Three) -> None:
    tip = fined_tip(86500, 9500)

    row = propose(tip, people.proposer)

    assert (row.number[:8], row.state, row.policy.code) == ("JL-2026-", RewardState.PROPOSED, "xian")
    assert (row.computed_amount, row.proposed_amount) == (Decimal("14400.00"), Decimal("14400.00"))
    assert (row.reporter_order, row.office, row.accepted_date) == (1, city.yanta, TODAY)
    assert row.inputs["fines"] == ["86500.00", "9500.00"]
    assert row.lines[-1]["amount"] == "14400.00"
    assert row.shares_cents == [1440000]
    assert not row.needs_level_above
    logged = AuditRow.objects.get(action="reward.proposed")
    assert (logged.subject, logged.actor) == (row.number, people.proposer)
    assert logged.data == {"office": city.yanta.pk, "policy": row.policy_id, "cents": 1440000}


def test_what_is_typed_about_the_records_does_not_count(city: City, people: Three) -> None:
    tip = fined_tip(100000, identity_mode=IdentityMode.ANONYMOUS)

    row = propose(
        tip, people.proposer, fines=(Decimal(9000000),), identity_mode=IdentityMode.REAL_NAME, is_first=True
    )

    assert row.inputs["fines"] == ["100000.00"]
    assert (row.reason, row.proposed_amount) == (NotRewarded.NO_IDENTITY, Decimal(0))


def test_the_day_of_acceptance_picks_the_rule(city: City, people: Three) -> None:
    tip = fined_tip(100000)
    old = RewardPolicy.objects.get(code="xian")
    RewardPolicy.objects.filter(pk=old.pk).update(effective_to=TODAY)
    replacement = RewardPolicy.objects.get(pk=old.pk)
    replacement.pk, replacement.effective_to = None, None
    replacement.effective_from, replacement.rate = TODAY.replace(day=TODAY.day + 1), Decimal("0.5")
    replacement.save()

    assert propose(tip, people.proposer).computed_amount == Decimal("15000.00")


def test_r9_reasons_give_nothing_and_no_money_goes_against_them(city: City, people: Three) -> None:
    for name, reason in (
        ("is_duty_related", NotRewarded.DUTY_RELATED),
        ("is_already_known", NotRewarded.ALREADY_KNOWN),
        ("is_handler", NotRewarded.IS_HANDLER),
    ):
        tip = fined_tip(100000)
        against = fault(
            lambda tip=tip, name=name: propose(
                tip, people.proposer, texts=WHY, amount=Decimal(1), **{name: True}
            )
        )
        row = propose(tip, people.proposer, **{name: True})
        assert against == RewardFault.NOT_ELIGIBLE
        assert (row.reason, row.proposed_cents) == (reason, 0)
    assert refusals(people.proposer) == [("reward.propose", "not_eligible")] * 3


def test_r10_the_first_reporter_by_acceptance_is_rewarded(city: City, people: Three) -> None:
    first = TipFactory(accepted=True, district=YANTA)
    second = TipFactory(accepted=True, district=YANTA)
    officer = UserFactory(roles=[(Role.OFFICER, city.yanta)])
    step(tip=second, action=Action.MERGE, actor=officer, into_number=first.number)
    boss = UserFactory(roles=[(Role.LEADER, city.yanta)])
    for action, actor in (
        (Action.VERIFY, officer), (Action.CONCLUDE, officer), (Action.APPROVE_RESULT, boss),
    ):  # fmt: skip
        step(tip=first, action=action, actor=actor)
    add_fine(Tip.objects.select_related("handling_unit").get(pk=first.pk), 100000)

    a, b = propose(first, people.proposer), propose(second, people.proposer)

    assert (a.reporter_order, a.proposed_amount, a.reason) == (1, Decimal("15000.00"), "")
    assert (b.reporter_order, b.proposed_amount, b.reason) == (2, Decimal(0), NotRewarded.NOT_FIRST)


@pytest.mark.parametrize("state", ["registered", "accepted", "verifying"])
def test_nothing_is_proposed_before_the_result_is_signed(city: City, people: Three, state: str) -> None:
    traits = {state: True} if state != "registered" else {}
    tip = TipFactory(district=YANTA, **traits)

    assert fault(lambda: propose(tip, people.proposer)) == RewardFault.NOT_DUE
    assert refusals(people.proposer) == [("reward.propose", "not_due")]


def test_nothing_is_proposed_for_what_was_not_true(city: City, people: Three) -> None:
    tip = TipFactory(verified=True, unfounded=True, district=YANTA)

    assert fault(lambda: propose(tip, people.proposer)) == RewardFault.NOT_DUE


def test_one_reward_at_a_time(city: City, people: Three) -> None:
    tip = fined_tip(100000)
    propose(tip, people.proposer)

    assert fault(lambda: propose(tip, people.proposer)) == RewardFault.OPEN_ALREADY
    assert RewardAssessment.objects.count() == 1


def test_another_amount_needs_a_reason_and_the_level_above(city: City, people: Three) -> None:
    tip = fined_tip(100000)
    over_cap = Decimal(400000)

    without = problems(lambda: propose(tip, people.proposer, amount=over_cap))
    row = propose(tip, people.proposer, amount=over_cap, texts=WHY)

    assert without == {"deviation": Problem.NEEDS_TEXT}
    assert (row.computed_amount, row.proposed_amount) == (Decimal("15000.00"), over_cap)
    assert row.needs_level_above
    assert RewardAssessment.objects.get().deviation == WHY["deviation"]


@pytest.mark.parametrize(
    ("amount", "problem"),
    [
        (Decimal(-1), Problem.NEGATIVE_AMOUNT),
        (Decimal("NaN"), Problem.BAD_NUMBER),
        (Decimal(10) ** 12, Problem.ABSURD_AMOUNT),
        (Decimal("0.001"), Problem.FINER_THAN_CENT),
    ],
)
def test_an_amount_that_is_none(city: City, people: Three, amount: Decimal, problem: Problem) -> None:
    tip = fined_tip(100000)

    assert problems(lambda: propose(tip, people.proposer, amount=amount, texts=WHY)) == {"amount": problem}


def test_an_employee_is_uplifted_with_proof_only(city: City, people: Three) -> None:
    RewardPolicy.objects.filter(code="xian").update(
        employee_uplift_pct=Decimal(30), uplift_cap_mode="cap_then_uplift"
    )
    tip = fined_tip(96000)

    without = problems(lambda: propose(tip, people.proposer, is_employee=True))
    row = propose(tip, people.proposer, is_employee=True, texts={"proof": "工资条，领取时核对"})

    assert without == {"proof": Problem.NEEDS_TEXT}
    assert row.proposed_amount == Decimal("18720.00")


def test_a_special_reward_stands_beside_where_the_rule_allows_it(city: City, people: Three) -> None:
    tip = fined_tip(100000)
    propose(tip, people.proposer)

    row = propose(tip, people.proposer, is_special=True, amount=Decimal(50000), texts=WHY)

    assert (row.is_special, row.computed_cents, row.proposed_amount) == (True, 0, Decimal(50000))
    assert row.needs_level_above


@pytest.mark.parametrize(
    ("values", "texts"), [({}, WHY), ({"amount": Decimal(0)}, WHY), ({"amount": Decimal(5)}, {})]
)
def test_a_special_reward_needs_amount_and_reason(
    city: City, people: Three, values: dict[str, Any], texts: dict[str, str]
) -> None:
    tip = fined_tip(100000)

    assert problems(lambda: propose(tip, people.proposer, is_special=True, texts=texts, **values))


def test_no_special_reward_where_the_rule_knows_none(city: City, people: Three) -> None:
    RewardPolicy.objects.filter(code="xian").update(special_reward_allowed=False)
    tip = fined_tip(100000)

    refusal = fault(lambda: propose(tip, people.proposer, is_special=True, amount=Decimal(50000), texts=WHY))
    assert refusal == RewardFault.NO_SPECIAL


@pytest.mark.parametrize("who", ["approver", "payer"])
def test_only_a_proposer_proposes(city: City, people: Three, who: str) -> None:
    tip = fined_tip(100000)

    assert isinstance(refused(lambda: propose(tip, getattr(people, who))), TipNotFound)


def test_a_foreign_proposer_finds_no_tip(city: City, people: Three) -> None:
    stranger = UserFactory(roles=[(Role.REWARD_PROPOSER, city.lianhu)])

    assert isinstance(refused(lambda: propose(fined_tip(100000), stranger)), TipNotFound)
    assert refusals(stranger) == [("reward.propose", "not_found")]


# --- deciding -------------------------------------------------------------------------------------------------------


def test_approval_reserves_the_amount_and_files_it_above(city: City, people: Three) -> None:
    fund(city.yanta, people.payer, 20000)

    row = approve(propose(fined_tip(100000), people.proposer), people.approver)

    assert (row.state, row.approver) == (RewardState.APPROVED, people.approver)
    assert (row.filed_with, row.filed_date) == (city.city, TODAY)
    budget = RewardBudget.objects.get()
    assert (budget.reserved_cents, budget.available_cents) == (1500000, 500000)
    assert balances(budget=budget)[LedgerAccount.RESERVED] == 1500000
    assert AuditRow.objects.get(action="reward.approved").subject == row.number
    assert faulty_budgets() == []


def test_a_budget_that_does_not_cover_it_approves_nothing(city: City, people: Three) -> None:
    fund(city.yanta, people.payer, 14999)
    row = propose(fined_tip(100000), people.proposer)

    assert fault(lambda: approve(row, people.approver)) == RewardFault.NO_BUDGET
    assert RewardAssessment.objects.get().state == RewardState.PROPOSED
    assert RewardBudget.objects.get().reserved_cents == 0
    assert refusals(people.approver) == [("reward.approve", "no_budget")]


def test_without_any_budget_nothing_is_approved(city: City, people: Three) -> None:
    row = propose(fined_tip(100000), people.proposer)

    assert fault(lambda: approve(row, people.approver)) == RewardFault.NO_BUDGET
    assert budget_for(office_id=city.yanta.pk, year=TODAY.year) is None


def test_a_decision_to_pay_nothing_needs_no_budget(city: City, people: Three) -> None:
    row = approve(propose(fined_tip(100000), people.proposer, is_already_known=True), people.approver)

    assert row.state == RewardState.APPROVED
    assert not RewardBudget.objects.exists()


def test_nobody_approves_an_own_proposal(city: City, people: Three) -> None:
    """Whoever wrote both roles past the program still stands at one end only."""
    both = UserFactory(roles=[(Role.REWARD_PROPOSER, city.yanta), (Role.REWARD_APPROVER, city.yanta)])
    fund(city.yanta, people.payer)
    row = propose(fined_tip(100000), both)

    assert isinstance(refused(lambda: approve(row, both)), OwnProposal)
    assert refusals(both) == [("reward.approve", "own_proposal")]


def test_what_deviates_goes_to_the_level_above(city: City, people: Three) -> None:
    fund(city.yanta, people.payer)
    row = propose(fined_tip(100000), people.proposer, amount=Decimal(16000), texts=WHY)

    assert type(refused(lambda: approve(row, people.approver))) is NotAllowed
    assert approve(row, people.city_approver).state == RewardState.APPROVED


def test_two_levels_by_the_rule(city: City, people: Three) -> None:
    RewardPolicy.objects.filter(code="xian").update(approval_levels=2)
    fund(city.yanta, people.payer)
    row = propose(fined_tip(100000), people.proposer)

    assert type(refused(lambda: approve(row, people.approver))) is NotAllowed
    assert approve(row, people.city_approver).state == RewardState.APPROVED


def test_at_the_top_another_approver_of_the_same_unit_decides(city: City, people: Three) -> None:
    payer = UserFactory(roles=[(Role.PAYER, city.city)])
    fund(city.city, payer)
    tip = fined_tip(100000)
    Tip.objects.filter(pk=tip.pk).update(handling_unit=city.city)
    row = propose(tip, people.city_proposer, amount=Decimal(20000), texts=WHY)

    assert approve(row, people.city_approver).filed_with is None


@pytest.mark.parametrize("who", ["proposer", "payer"])
def test_only_an_approver_decides(city: City, people: Three, who: str) -> None:
    row = propose(fined_tip(100000), people.city_proposer)

    error = refused(lambda: approve(row, getattr(people, who)))
    assert isinstance(error, NotAllowed if who == "proposer" else RequestNotFound)


def test_an_approver_elsewhere_finds_nothing(city: City, people: Three) -> None:
    stranger = UserFactory(roles=[(Role.REWARD_APPROVER, city.lianhu)])
    row = propose(fined_tip(100000), people.proposer)

    assert isinstance(refused(lambda: approve(row, stranger)), RequestNotFound)
    assert not assessments_for(user=stranger).exists()
    assert list(assessments_for(user=people.approver)) == [row]


def test_a_second_decision_is_refused(city: City, people: Three) -> None:
    fund(city.yanta, people.payer)
    row = approve(propose(fined_tip(100000), people.proposer), people.approver)
    other = UserFactory(roles=[(Role.REWARD_APPROVER, city.yanta)])

    assert fault(lambda: approve(row, other)) == RewardFault.NOT_NOW
    assert fault(lambda: approve(row, people.approver)) == RewardFault.NOT_NOW
    assert RewardBudget.objects.get().reserved_cents == 1500000


def test_a_fine_that_came_later_makes_it_be_proposed_anew(city: City, people: Three) -> None:
    fund(city.yanta, people.payer)
    tip = fined_tip(100000)
    row = propose(tip, people.proposer)
    add_fine(tip, 50000, number=2)

    assert fault(lambda: approve(row, people.approver)) == RewardFault.FACTS_CHANGED
    return_reward(number=row.number, actor=people.approver, at=AT, memo="罚款有变化")

    again = approve(propose(tip, people.proposer), people.approver)
    assert (again.proposed_amount, again.number != row.number) == (Decimal("22500.00"), True)


def test_nothing_is_approved_while_the_result_is_looked_at_anew(city: City, people: Three) -> None:
    fund(city.yanta, people.payer)
    tip = TipFactory(replied=True, district=YANTA)
    row = propose(tip, people.proposer)
    step(tip=tip, action=Action.OBJECT)

    assert fault(lambda: approve(row, people.approver)) == RewardFault.FACTS_CHANGED


@pytest.mark.parametrize(
    ("act", "state", "logged"),
    [(return_reward, RewardState.RETURNED, "returned"), (refuse_reward, RewardState.REFUSED, "declined")],
)
def test_turning_it_down_needs_a_reason(
    city: City, people: Three, act: Any, state: RewardState, logged: str
) -> None:
    row = propose(fined_tip(100000), people.proposer)

    assert problems(lambda: act(number=row.number, actor=people.approver, at=AT, memo=" ")) == {
        "memo": Problem.NEEDS_TEXT
    }
    done = act(number=row.number, actor=people.approver, at=AT, memo="金额依据不足")

    assert (done.state, RewardAssessment.objects.get().memo) == (state, "金额依据不足")
    assert AuditRow.objects.filter(action=f"reward.{logged}", subject=row.number).count() == 1
    assert not RewardBudget.objects.exists()


def test_a_tip_is_not_destroyed_while_its_reward_waits_or_is_unpaid(city: City, people: Three) -> None:
    fund(city.yanta, people.payer)
    tip = fined_tip(100000, **identity_of(IdentityMode.REAL_NAME))

    row = propose(tip, people.proposer)
    assert list(open_rewards(tips=[tip])) == [row]
    approve(row, people.approver)
    assert list(open_rewards(tips=[tip])) == [row]
    claim(tip)
    assert list(open_rewards(tips=[tip])) == [row]
    pay(number=row.number, actor=people.payer, at=AT)
    assert not open_rewards(tips=[tip]).exists()


def test_a_destroyed_tip_leaves_the_account_of_its_money_alone(city: City, people: Three) -> None:
    tip = fined_tip(100000, closed=True, disposed=False)
    row = propose(tip, people.proposer, is_already_known=True, amount=Decimal(0))
    refuse_reward(number=row.number, actor=people.approver, at=AT, memo="早已立案")
    late = TODAY.replace(year=TODAY.year + 40)
    Tip.objects.filter(pk=tip.pk).update(phase="done")

    done = purge(as_of=late, at=noon(late))

    kept = RewardAssessment.objects.get()
    assert done.tips == 1
    assert (kept.number, kept.tip, kept.state) == (row.number, None, RewardState.REFUSED)
    assert (kept.inputs, kept.lines, kept.memo) == ({}, [], "")


def test_no_word_of_the_tip_lies_in_the_reward(city: City, people: Three) -> None:
    tip = fined_tip(100000, description="标记文字一二三", entity_name="标记化工有限公司")

    row = propose(tip, people.proposer)

    stored = str(RewardAssessment.objects.filter(pk=row.pk).values().get())
    assert "标记" not in stored
    assert row.inputs["fines"] == ["100000.00"]


@pytest.mark.parametrize(
    ("mode", "cents"), [("equal", [16668, 16666, 16666]), ("first_signatory", [50000, 0, 0])]
)
def test_shares_are_of_the_amount_that_is_put_forward(
    city: City, people: Three, mode: str, cents: list[int]
) -> None:
    RewardPolicy.objects.filter(code="xian").update(joint_split=mode)
    tip = fined_tip(100000)

    row = propose(tip, people.proposer, amount=Decimal(500), signatories=3, texts=WHY)

    assert sorted(row.shares_cents, reverse=True) == cents
    assert sum(row.shares_cents) == row.proposed_cents


def test_shares_of_a_special_reward(city: City, people: Three) -> None:
    tip = fined_tip(100000)

    row = propose(tip, people.proposer, is_special=True, amount=Decimal(50000), signatories=2, texts=WHY)

    assert sum(row.shares_cents) == row.proposed_cents == 5000000


def test_r10_a_matter_is_rewarded_once_whoever_is_first_by_now(city: City, people: Three) -> None:
    """A rewarded tip is looked at anew and put together with one that was accepted before it."""
    earlier, later = fined_tip(100000), fined_tip(100000)
    fund(city.yanta, people.payer)
    approve(propose(later, people.proposer), people.approver)
    Tip.objects.filter(pk=earlier.pk).update(accepted_date=later.accepted_date - timedelta(days=1))
    Tip.objects.filter(pk=later.pk).update(merged_into=earlier)

    assert fault(lambda: propose(earlier, people.proposer)) == RewardFault.OPEN_ALREADY
    assert RewardAssessment.objects.count() == 1
