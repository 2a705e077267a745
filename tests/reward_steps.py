"""People and steps of rewards for tests: three people of one unit, approvers above, a case with a fine, a budget."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from complaints.enums import Measure, Role, TipKind
from complaints.models import Disposal, Office, RewardAssessment, Tip
from complaints.rules.reward_case import Case
from complaints.services.ledger import appropriate
from complaints.services.rewards import RewardDraft, approve_reward, propose_reward
from tests.factories import TODAY, TipFactory, UserFactory, dispose, noon, penalty
from tests.fixtures import YANTA, City

AT = noon(TODAY)


@dataclass(frozen=True, kw_only=True)
class Three:
    """Who proposes, approves and pays in the first district, and who approves in the city."""

    proposer: User
    approver: User
    payer: User
    city_approver: User
    city_proposer: User


def three(city: City) -> Three:
    """Return the people."""

    def person(role: Role, office: Office) -> User:
        user: User = UserFactory(roles=[(role, office)])
        return user

    return Three(
        proposer=person(Role.REWARD_PROPOSER, city.yanta),
        approver=person(Role.REWARD_APPROVER, city.yanta),
        payer=person(Role.PAYER, city.yanta),
        city_approver=person(Role.REWARD_APPROVER, city.city),
        city_proposer=person(Role.REWARD_PROPOSER, city.city),
    )


def fined_tip(*fines: int, **values: Any) -> Tip:
    """Return a tip of the first district found true, with these fines in yuan."""
    tip: Tip = TipFactory(**{"disposed": True, "district": YANTA, **values})
    Disposal.objects.filter(tip=tip, measure=Measure.PENALTY).delete()
    for number, fine in enumerate(fines, start=1):
        add_fine(tip, fine, number=number)
    return tip


def add_fine(tip: Tip, fine: int, *, number: int = 1) -> None:
    """Have a penalty of so many yuan proposed by an officer of the unit in charge and signed by its leader."""
    officer = UserFactory(roles=[(Role.OFFICER, tip.handling_unit)])
    draft = penalty(fine_amount=Decimal(fine), decision_number=f"应急罚〔2026〕{number} 号")
    dispose(tip=tip, officer=officer, draft=draft)


def draft(**values: Any) -> RewardDraft:
    """Return what a proposer enters about a breach of the law."""
    outer = {name: values.pop(name) for name in ("amount", "is_special") if name in values}
    return RewardDraft(case=Case(**{"kind": TipKind.VIOLATION, **values}), **outer)


def propose(tip: Tip, actor: User, *, texts: dict[str, str] | None = None, **values: Any) -> RewardAssessment:
    """Put a reward forward."""
    return propose_reward(tip_id=tip.pk, actor=actor, at=AT, draft=draft(**values), texts=texts or {})


def approve(row: RewardAssessment, actor: User) -> RewardAssessment:
    """Approve a reward."""
    return approve_reward(number=row.number, actor=actor, at=AT)


def fund(office: Office, payer: User, yuan: int = 1000000) -> None:
    """Give a unit a budget for the year of the tests."""
    appropriate(office_id=office.pk, year=TODAY.year, amount=Decimal(yuan), actor=payer, at=AT)
