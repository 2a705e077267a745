"""Rewards of the past tips of the demonstration: decided for every confirmed tip, paid, lapsed or nothing due."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from complaints.enums import (
    ClaimAct,
    ClaimState,
    ClaimWay,
    IdentityMode,
    LedgerAct,
    RewardState,
    Role,
    TipKind,
)
from complaints.models import (
    ClaimStep,
    LedgerEntry,
    Membership,
    RewardAssessment,
    RewardBudget,
    RewardClaim,
    RewardPolicy,
    Tip,
)
from complaints.models.reward import to_cents
from complaints.rules.claims import due_date
from complaints.rules.ledger import MOVEMENTS
from complaints.rules.numbers import ALPHABET
from complaints.rules.reward_case import Case
from complaints.rules.rewards import Reward, reward_for
from complaints.selectors.reward_facts import BY_FINE
from complaints.selectors.rewards import home_region, policy_on
from complaints.services.rewards import PREFIX, frozen_case, frozen_line

from .past import FOUNDED, Calendar
from .past_rows import Rows

# In percent: rewards nobody came for.
LAPSED = 6
HOUR = time(15, 30)
BATCH = 500


@dataclass(kw_only=True)
class Rewards:
    """What is stored once the tips are; what was paid in cents, by budget."""

    assessments: list[RewardAssessment] = field(default_factory=list)
    claims: list[RewardClaim] = field(default_factory=list)
    steps: list[ClaimStep] = field(default_factory=list)
    entries: list[LedgerEntry] = field(default_factory=list)
    paid: dict[int, int] = field(default_factory=dict)

    def store(self) -> None:
        """Store everything; the tips are there already."""
        RewardAssessment.objects.bulk_create(self.assessments, batch_size=BATCH)
        RewardClaim.objects.bulk_create(self.claims, batch_size=BATCH)
        ClaimStep.objects.bulk_create(self.steps, batch_size=BATCH)
        LedgerEntry.objects.bulk_create(self.entries, batch_size=BATCH)
        for budget, cents in self.paid.items():
            RewardBudget.objects.filter(pk=budget).update(paid_cents=F("paid_cents") + cents)


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """Who decides and who pays, by which rules and budgets."""

    proposer: User
    approver: User
    payers: Mapping[int, User]
    budgets: Mapping[tuple[int, int], RewardBudget]
    policies: dict[date, RewardPolicy]
    home: str
    calendar: Calendar
    last: date

    def policy(self, day: date) -> RewardPolicy:
        """Return the rule that counted on a day."""
        if day not in self.policies:
            self.policies[day] = policy_on(day=day, division=self.home, industry="")
        return self.policies[day]


def rewards_of(many: Iterable[Rows], *, calendar: Calendar, last: date, seed: str) -> Rewards:
    """Return what became of the reward of each confirmed tip; nothing in a city where nobody decides on rewards.

    A tip whose reward would not be settled by `last`, or that was withdrawn, becomes one of somebody who stayed without
    a name: by the rule there is nothing to pay.
    """
    desk, book = _desk(calendar=calendar, last=last), Rewards()
    if desk is None:
        return book
    chance = random.Random(seed)  # noqa: S311  # invented work, the same each time
    for rows in many:
        if rows.tip.result in FOUNDED:
            _decide(chance, rows=rows, desk=desk, book=book)
    return book


def _desk(*, calendar: Calendar, last: date) -> _Desk | None:
    people: dict[str, list[Membership]] = {}
    for row in Membership.objects.select_related("user").order_by("pk"):
        people.setdefault(row.role, []).append(row)
    if not people.get(Role.REWARD_PROPOSER) or not people.get(Role.REWARD_APPROVER):
        return None
    return _Desk(
        proposer=people[Role.REWARD_PROPOSER][0].user,
        approver=people[Role.REWARD_APPROVER][0].user,
        payers={row.office_id: row.user for row in people.get(Role.PAYER, ())},
        budgets={(row.office_id, row.year): row for row in RewardBudget.objects.all()},
        policies={},
        home=home_region(),
        calendar=calendar,
        last=last,
    )


def _decide(chance: random.Random, *, rows: Rows, desk: _Desk, book: Rewards) -> None:
    tip, work = rows.tip, rows.course.work
    assert work is not None  # a confirmed tip was accepted
    proposed = desk.calendar.after(work.after.replied or work.concluded, 1)
    decided = desk.calendar.after(proposed, 1)
    policy = desk.policy(rows.course.decided)
    has_budget = tip.handling_unit_id in desk.payers and (tip.handling_unit_id, decided.year) in desk.budgets
    ended = _ended(chance, policy=policy, decided=decided, desk=desk)
    if not has_budget or ended[1] > desk.last or work.after.replied is None:
        tip.identity_mode = IdentityMode.ANONYMOUS
    case = Case(
        kind=TipKind(tip.kind),
        fines=(Decimal(rows.fine),) if rows.fine and tip.kind in BY_FINE else (),
        identity_mode=IdentityMode(tip.identity_mode),
    )
    reward = reward_for(case=case, policy=policy.as_terms())
    row = _assessment(
        chance, tip=tip, case=case, reward=reward, policy=policy, days=(proposed, decided), desk=desk
    )
    book.assessments.append(row)
    if reward.amount:
        _claim(row, decided=decided, ended=ended, answered=work.after.replied, desk=desk, book=book)


def _ended(
    chance: random.Random, *, policy: RewardPolicy, decided: date, desk: _Desk
) -> tuple[ClaimState, date]:
    """Return how the claim ended and when."""
    if chance.randrange(100) < LAPSED:
        due = due_date(noticed=decided, days=policy.claim_days, overlay=desk.calendar.overlay)
        return ClaimState.FORFEITED, due + timedelta(days=31)
    return ClaimState.PAID, desk.calendar.after(decided, chance.randrange(4, 21))


def _assessment(
    chance: random.Random,
    *,
    tip: Tip,
    case: Case,
    reward: Reward,
    policy: RewardPolicy,
    days: tuple[date, date],
    desk: _Desk,
) -> RewardAssessment:
    cents = to_cents(reward.amount)
    return RewardAssessment(
        number=f"{PREFIX}-{days[0].year}-{''.join(chance.choices(ALPHABET, k=6))}",
        tip=tip,
        office_id=tip.handling_unit_id,
        policy=policy,
        kind=case.kind,
        reporter_order=1,
        accepted_date=tip.accepted_date or tip.received_date,
        inputs=frozen_case(case),
        lines=[frozen_line(line) for line in reward.lines],
        shares_cents=[to_cents(share) for share in reward.shares],
        computed_cents=cents,
        proposed_cents=cents,
        reason=reward.reason or "",
        needs_level_above=policy.approval_levels > 1,
        state=RewardState.APPROVED,
        proposer=desk.proposer,
        proposed_at=_moment(days[0]),
        approver=desk.approver,
        decided_at=_moment(days[1]),
    )


def _claim(
    row: RewardAssessment,
    *,
    decided: date,
    ended: tuple[ClaimState, date],
    answered: date | None,
    desk: _Desk,
    book: Rewards,
) -> None:
    budget, payer = desk.budgets[row.office_id, decided.year], desk.payers[row.office_id]
    state, day = ended
    is_paid = state == ClaimState.PAID
    due = due_date(noticed=decided, days=row.policy.claim_days, overlay=desk.calendar.overlay)
    claim = RewardClaim(
        assessment=row,
        budget=budget,
        state=state,
        way=ClaimWay.COUNTER if is_paid else "",
        noticed_date=decided,
        term_days=row.policy.claim_days,
        due_date=due,
        reminded_date=None if is_paid else due,
        paid_date=day if is_paid else None,
        ended_date=None if is_paid else day,
        payer=payer if is_paid else None,
        payments=1 if is_paid else 0,
        reply_days=(day - answered).days if is_paid and answered is not None else None,
    )
    book.claims.append(claim)
    _step(book, claim, ClaimAct.NOTICE, decided)
    _move(book, row, LedgerAct.RESERVE, decided, budget=budget, actor=desk.approver)
    if is_paid:
        _step(book, claim, ClaimAct.PAY, day, actor=payer)
        _move(book, row, LedgerAct.PAY, day, budget=budget, actor=payer)
        book.paid[budget.pk] = book.paid.get(budget.pk, 0) + row.proposed_cents
        return
    _step(book, claim, ClaimAct.REMIND, due)
    _step(book, claim, ClaimAct.FORFEIT, day)
    _move(book, row, LedgerAct.FORFEIT, day, budget=budget, actor=None)


def _step(book: Rewards, claim: RewardClaim, act: ClaimAct, day: date, *, actor: User | None = None) -> None:
    book.steps.append(ClaimStep(claim=claim, act=act, actor=actor, taken_date=day, taken_at=_moment(day)))


def _move(
    book: Rewards,
    row: RewardAssessment,
    act: LedgerAct,
    day: date,
    *,
    budget: RewardBudget,
    actor: User | None,
) -> None:
    movement = UUID(int=random.Random(f"{row.number}{act}").getrandbits(128))  # noqa: S311  # names a pair of rows
    for account, cents in MOVEMENTS[act].sides(cents=row.proposed_cents):
        book.entries.append(
            LedgerEntry(
                movement=movement,
                budget=budget,
                act=act,
                account=account,
                cents=cents,
                assessment=row,
                actor=actor,
                taken_at=_moment(day),
            )
        )


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, HOUR))
