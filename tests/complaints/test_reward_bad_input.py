"""Every bad input that a reward may meet: a clear refusal, exactly one row of the log, never an amount."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from complaints.enums import Action, IdentityMode, LedgerAct, Role, TipKind
from complaints.errors import ComplaintError
from complaints.models import AuditRow, LedgerEntry, RewardAssessment, RewardClaim, RewardPolicy
from complaints.services.claim_terms import forfeit, remind
from complaints.services.payments import pay
from complaints.services.reward_policies import add_policy, change_policy
from complaints.services.rewards import approve_reward
from tests.claim_steps import approved, claim, code_for
from tests.factories import TODAY, UserFactory, noon, penalty, step
from tests.fixtures import City
from tests.reward_steps import AT, approve, fined_tip, fund, propose, three

pytestmark = pytest.mark.django_db
Act = Callable[[], object]


class Desk:
    """The people and what they do wrong; each method prepares something and returns the act that must be refused."""

    def __init__(self, city: City) -> None:
        self.city, self.people = city, three(city)
        self.machine = UserFactory(is_superuser=True, roles=[(Role.SYSTEM_ADMINISTRATOR, city.city)])
        self.officer = UserFactory(roles=[(Role.OFFICER, city.yanta)])

    def fine(self, amount: Decimal) -> Act:
        tip = fined_tip(100000)
        draft = penalty(fine_amount=amount)
        return lambda: step(tip=tip, action=Action.PROPOSE_MEASURE, actor=self.officer, draft=draft)

    def a_negative_fine(self) -> Act:
        return self.fine(Decimal(-1))

    def missing_deaths(self) -> Act:
        """A missing fine is no mistake: the rule has an amount for that. Missing deaths give none."""
        tip = fined_tip()
        return lambda: propose(tip, self.people.proposer, kind=TipKind.CONCEALED_ACCIDENT)

    def an_absurd_fine(self) -> Act:
        return self.fine(Decimal(10) ** 12)

    def zero_concealed_deaths(self) -> Act:
        tip = fined_tip()
        values: dict[str, Any] = {"kind": TipKind.CONCEALED_ACCIDENT, "dead": 3, "concealed": 0}
        return lambda: propose(tip, self.people.proposer, **values)

    def a_date_without_a_policy(self) -> Act:
        tip = fined_tip(100000)
        RewardPolicy.objects.update(effective_to=None, effective_from=TODAY + timedelta(days=1))
        return lambda: propose(tip, self.people.proposer)

    def two_policies_that_overlap(self) -> Act:
        tip = fined_tip(100000)
        twin = RewardPolicy.objects.get(code="xian")
        twin.pk, twin.effective_from = None, date(2021, 1, 1)
        twin.save()
        return lambda: propose(tip, self.people.proposer)

    def a_new_policy_that_overlaps(self) -> Act:
        twin = RewardPolicy.objects.get(code="xian")
        twin.pk, twin.effective_from = None, TODAY + timedelta(days=30)
        return lambda: add_policy(row=twin, fields=["rate"], at=AT, actor=self.machine)

    def a_policy_edited_after_use(self) -> Act:
        row = RewardPolicy.objects.get(code="xian")
        row.rate = Decimal("0.5")
        return lambda: change_policy(row=row, fields=["rate"], at=AT, actor=self.machine)

    def a_second_approval(self) -> Act:
        row = approved(self.city, self.people).row
        return lambda: approve(row, self.people.approver)

    def an_approval_by_the_proposer(self) -> Act:
        row = propose(fined_tip(100000), self.people.proposer)
        self.people.proposer.memberships.create(office=self.city.yanta, role=Role.REWARD_APPROVER)
        return lambda: approve(row, self.people.proposer)

    def a_claim_with_another_tips_code(self) -> Act:
        mode = IdentityMode.ANONYMOUS_WITH_CODE
        one, other = (approved(self.city, self.people, mode=mode) for _number in range(2))
        code_for(one.tip)
        code = code_for(other.tip)
        return lambda: claim(one.tip, code=code)

    def a_claim_after_expiry(self) -> Act:
        one = approved(self.city, self.people)
        due = one.claim.due_date
        remind(now=noon(due))
        late = due + timedelta(days=30)
        forfeit(now=noon(late))
        return lambda: claim(one.tip, today=late)

    def a_claim_twice(self) -> Act:
        one = approved(self.city, self.people)
        claim(one.tip)
        return lambda: claim(one.tip)

    def a_payment_twice(self) -> Act:
        one = approved(self.city, self.people)
        claim(one.tip)
        pay(number=one.row.number, actor=self.people.payer, at=AT)
        return lambda: pay(number=one.row.number, actor=self.people.payer, at=AT)

    def a_budget_of_zero(self) -> Act:
        row = propose(fined_tip(100000), self.people.proposer)
        return lambda: approve_reward(number=row.number, actor=self.people.approver, at=AT)

    def appropriating_nothing(self) -> Act:
        return lambda: fund(self.city.yanta, self.people.payer, 0)

    def an_amount_over_the_cap_without_a_reason(self) -> Act:
        tip = fined_tip(100000)
        return lambda: propose(tip, self.people.proposer, amount=Decimal(300001))

    def a_reporter_who_is_the_handler(self) -> Act:
        tip, why = fined_tip(100000), {"deviation": "本人发现"}
        values: dict[str, Any] = {"is_handler": True, "amount": Decimal(3000), "texts": why}
        return lambda: propose(tip, self.people.proposer, **values)


BAD = [name for name in vars(Desk) if not name.startswith("_") and name != "fine"]


def facts() -> dict[str, Any]:
    """Return everything a wrong amount could stand in."""
    return {
        "rewards": list(
            RewardAssessment.objects.order_by("pk").values("state", "proposed_cents", "approver")
        ),
        "claims": list(RewardClaim.objects.order_by("pk").values("state", "payments")),
        "money": LedgerEntry.objects.count(),
        "paid": LedgerEntry.objects.filter(act=LedgerAct.PAY).count(),
        "rules": list(RewardPolicy.objects.order_by("pk").values("rate", "effective_from", "effective_to")),
    }


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_one_row_and_changes_nothing(city: City, name: str) -> None:
    act = getattr(Desk(city), name)()
    before, rows = facts(), AuditRow.objects.count()

    with pytest.raises(ComplaintError) as refused:
        act()

    assert str(refused.value.public_message)
    assert facts() == before
    fresh = AuditRow.objects.order_by("-sequence")[: AuditRow.objects.count() - rows]
    assert [row.action.endswith("refused") for row in fresh] == [True]
    assert fresh[0].data["code"] == refused.value.code
