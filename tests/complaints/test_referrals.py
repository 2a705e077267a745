"""行刑衔接 through the services: two officers propose, another leader decides, the police answer, in their days."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from complaints.enums import Action, Fact, Problem, Role, TipStatus
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, TipNotFound
from complaints.models import AuditRow, DeadlinePolicy, HandlingStep, Referral, Tip
from complaints.policies import moves_open_to
from complaints.selectors.history import history_of
from complaints.selectors.referrals import late_referrals, team_choices
from complaints.selectors.signing import waits_for_signature
from complaints.services.referrals import (
    decide_referral,
    drop_referral,
    hand_to_police,
    police_files,
    police_refuses,
    propose_referral,
    reconsider,
)
from tests.factories import TODAY, TipFactory, UserFactory, noon
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
TEXTS = {"offence": "危险作业罪", "facts": "未经许可储存甲苯 20 桶", "goods": "甲苯 20 桶\n叉车 1 台"}
POLICE = "雁塔公安分局"


@pytest.fixture
def second(city: City) -> User:
    return UserFactory(username="yanta-second", roles=[(Role.OFFICER, city.yanta)])


@pytest.fixture
def tip(city: City, officer: User, leader: User) -> Tip:
    return TipFactory(district=YANTA, status=TipStatus.VERIFIED, officer=officer, leader=leader)


@pytest.fixture
def team(officer: User, second: User) -> list[int]:
    return [officer.pk, second.pk]


def propose(tip: Tip, actor: User, team: Collection[int], **texts: str) -> Referral:
    return propose_referral(
        tip_id=tip.pk, actor=actor, at=noon(TODAY), officer_ids=team, texts={**TEXTS, **texts}
    )


def decide(tip: Tip, actor: User, *, at: datetime | None = None) -> Referral:
    return decide_referral(tip_id=tip.pk, actor=actor, at=at or noon(TODAY))


def hand_over(tip: Tip, actor: User, *, at: datetime | None = None, **values: str) -> Referral:
    plain = {"police_name": POLICE, "police_receipt": "雁公（治）回字 3 号"}
    return hand_to_police(tip_id=tip.pk, actor=actor, at=at or noon(TODAY), **{**plain, **values})


def with_police(tip: Tip, officer: User, leader: User, team: Collection[int]) -> Referral:
    propose(tip, officer, team)
    decide(tip, leader)
    return hand_over(tip, officer)


def facts(tip: Tip) -> frozenset[Fact]:
    return history_of(tip=Tip.objects.get(pk=tip.pk), today=TODAY).facts


# --- proposal and decision --------------------------------------------------------------------------------------


def test_a_team_of_two_proposes_and_the_decision_is_due_in_three_working_days(
    tip: Tip, officer: User, second: User, team: list[int]
) -> None:
    row = propose(tip, officer, team)

    stored = Referral.objects.get(pk=row.pk)
    assert (stored.proposed_by, stored.proposed_date) == (officer, TODAY)
    assert stored.decide_by == date(2026, 3, 13)
    assert set(stored.officers.all()) == {officer, second}
    assert (stored.offence, stored.goods, stored.other) == (TEXTS["offence"], TEXTS["goods"], "")


def test_the_words_lie_encrypted(tip: Tip, officer: User, team: list[int]) -> None:
    row = Referral.objects.get(pk=propose(tip, officer, team).pk)

    assert TEXTS["facts"].encode() not in bytes(row.facts_sealed)


def test_the_days_may_be_calendar_days(tip: Tip, officer: User, team: list[int]) -> None:
    DeadlinePolicy.objects.create(effective_from=TODAY, referral_in_working_days=False, referral_days=5)

    assert propose(tip, officer, team).decide_by == date(2026, 3, 16)  # Sunday the 15th rolls


def test_another_leader_decides_and_24_hours_begin(
    tip: Tip, officer: User, leader: User, team: list[int]
) -> None:
    propose(tip, officer, team)

    row = decide(tip, leader, at=noon(TODAY) + timedelta(minutes=7, seconds=9))

    row.refresh_from_db()
    assert (row.decided_by, row.is_referred) == (leader, True)
    assert row.transfer_by == noon(TODAY) + timedelta(days=1, minutes=7)


def test_a_leader_who_proposed_does_not_decide(tip: Tip, leader: User, team: list[int]) -> None:
    propose(tip, leader, team)

    with pytest.raises(NotAllowed):
        decide(tip, leader)

    assert Referral.objects.get().is_referred is None


def test_a_leader_in_the_team_does_not_decide(tip: Tip, officer: User, leader: User) -> None:
    propose(tip, officer, [officer.pk, leader.pk])

    for act in (
        decide,
        lambda tip, actor: drop_referral(tip_id=tip.pk, actor=actor, at=noon(TODAY), memo="x"),
    ):
        with pytest.raises(NotAllowed):
            act(tip, leader)

    assert Fact.REFERRAL_PROPOSED in facts(tip)


DECISIONS = {Action.DECIDE_REFERRAL, Action.DROP_REFERRAL}


def offered(tip: Tip, user: User) -> set[Action]:
    """Return which decisions on the referral a person is offered."""
    row, person = Tip.objects.get(pk=tip.pk), User.objects.get(pk=user.pk)
    return {move.action for move in moves_open_to(person, row, history_of(tip=row, today=TODAY))} & DECISIONS


def waiting(user: User) -> list[Tip]:
    person = User.objects.get(pk=user.pk)
    return list(Tip.objects.filter(waits_for_signature(user=person)))


def test_neither_the_team_nor_the_proposer_is_offered_the_decision(
    tip: Tip, city: City, officer: User, leader: User
) -> None:
    in_team, outside = (UserFactory(roles=[(Role.LEADER, city.yanta)]) for _ in range(2))
    propose(tip, leader, [officer.pk, in_team.pk])

    people = (leader, in_team, outside)

    assert [offered(tip, person) for person in people] == [set(), set(), DECISIONS]
    assert [waiting(person) for person in people] == [[], [], [tip]]


def test_a_team_of_an_earlier_proposal_may_decide_on_the_next_one(
    tip: Tip, city: City, officer: User, second: User, leader: User
) -> None:
    boss = UserFactory(roles=[(Role.LEADER, city.yanta)])
    propose(tip, officer, [officer.pk, boss.pk])
    drop_referral(tip_id=tip.pk, actor=leader, at=noon(TODAY), memo="数额未达立案标准")

    propose(tip, officer, [officer.pk, second.pk])

    assert offered(tip, boss) == DECISIONS
    assert decide(tip, boss).decided_by == boss


def test_the_team_is_asked_for_only_while_a_proposal_waits(
    tip: Tip, officer: User, leader: User, team: list[int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    counted = []
    for act in (lambda: propose(tip, officer, team), lambda: decide(tip, leader)):
        act()
        row = Tip.objects.get(pk=tip.pk)
        with django_assert_num_queries(2 if not counted else 1):
            counted.append(history_of(tip=row, today=TODAY).team)

    assert counted == [frozenset(team), frozenset()]


def test_an_officer_does_not_decide(tip: Tip, officer: User, second: User, team: list[int]) -> None:
    propose(tip, officer, team)

    with pytest.raises(NotAllowed):
        decide(tip, second)


def test_a_dropped_proposal_keeps_its_reason_and_may_be_made_anew(
    tip: Tip, officer: User, leader: User, team: list[int]
) -> None:
    propose(tip, officer, team)

    row = drop_referral(tip_id=tip.pk, actor=leader, at=noon(TODAY), memo="数额未达立案标准")

    row.refresh_from_db()
    assert (row.is_referred, row.transfer_by) == (False, None)
    assert HandlingStep.objects.filter(tip=tip).last().memo == "数额未达立案标准"  # type: ignore[union-attr]
    assert propose(tip, officer, team).pk != row.pk


def test_who_may_be_in_a_team(tip: Tip, city: City, officer: User, second: User, leader: User) -> None:
    UserFactory(roles=[(Role.AUDITOR, city.yanta)])
    UserFactory(roles=[(Role.OFFICER, city.lianhu)])
    UserFactory(roles=[(Role.OFFICER, city.yanta)], is_active=False)

    assert set(team_choices(tip=tip)) == {officer, second, leader}


@pytest.mark.parametrize("who", ["nobody", "one", "twice", "foreign", "unknown"])
def test_a_team_too_small_or_from_elsewhere_is_refused(
    tip: Tip, officer: User, foreign_officer: User, who: str
) -> None:
    teams = {
        "nobody": [],
        "one": [officer.pk],
        "twice": [officer.pk, officer.pk],
        "foreign": [officer.pk, foreign_officer.pk],
        "unknown": [officer.pk, 10**9],
    }

    with pytest.raises(DraftInvalid) as refused:
        propose(tip, officer, teams[who])

    assert [(p.field, p.problem) for p in refused.value.problems] == [
        ("officers", Problem.NEEDS_TWO_OFFICERS)
    ]
    assert not Referral.objects.exists()
    assert AuditRow.objects.filter(action="tip.refused", subject=tip.number).count() == 1


@pytest.mark.parametrize("missing", ["offence", "facts"])
def test_offence_and_facts_are_needed(tip: Tip, officer: User, team: list[int], missing: str) -> None:
    with pytest.raises(DraftInvalid) as refused:
        propose(tip, officer, team, **{missing: " "})

    assert [p.field for p in refused.value.problems] == [missing]


def test_one_referral_at_a_time(tip: Tip, officer: User, team: list[int]) -> None:
    propose(tip, officer, team)

    with pytest.raises(IllegalMove):
        propose(tip, officer, team)

    assert Referral.objects.count() == 1


def test_a_tip_not_yet_verified_is_not_referred(city: City, officer: User, team: list[int]) -> None:
    tip = TipFactory(district=YANTA)

    with pytest.raises(IllegalMove):
        propose(tip, officer, team)


def test_a_foreign_tip_is_not_found(tip: Tip, foreign_officer: User, team: list[int]) -> None:
    with pytest.raises(TipNotFound):
        propose(tip, foreign_officer, team)


# --- the police -------------------------------------------------------------------------------------------------


def test_the_hand_over_names_the_police_and_starts_their_days(
    tip: Tip, officer: User, leader: User, team: list[int]
) -> None:
    row = with_police(tip, officer, leader, team)

    row.refresh_from_db()
    assert (row.police_name, row.police_receipt) == (POLICE, "雁公（治）回字 3 号")
    assert (row.transferred_at, row.answer_by) == (noon(TODAY), date(2026, 3, 13))


def test_nothing_is_handed_over_before_the_decision(tip: Tip, officer: User, team: list[int]) -> None:
    propose(tip, officer, team)

    with pytest.raises(IllegalMove):
        hand_over(tip, officer)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"police_name": " "}, "police_name"), ({"police_name": "长" * 101}, "police_name"),
     ({"police_receipt": "1" * 61}, "police_receipt")],
)  # fmt: skip
def test_the_names_of_the_hand_over_are_checked(
    tip: Tip, officer: User, leader: User, team: list[int], values: dict[str, str], field: str
) -> None:
    propose(tip, officer, team)
    decide(tip, leader)

    with pytest.raises(DraftInvalid) as refused:
        hand_over(tip, officer, **values)

    assert [p.field for p in refused.value.problems] == [field]
    assert Referral.objects.get().transferred_at is None


def test_the_police_open_a_case(tip: Tip, officer: User, leader: User, team: list[int]) -> None:
    with_police(tip, officer, leader, team)

    row = police_files(
        tip_id=tip.pk, actor=officer, at=noon(date(2026, 3, 12)), answered_date=date(2026, 3, 11)
    )

    row.refresh_from_db()
    assert (row.is_filed, row.answered_date) == (True, date(2026, 3, 11))
    assert Fact.WITH_POLICE not in facts(tip)


def test_a_refusal_may_be_reconsidered_once_within_three_days(
    tip: Tip, officer: User, leader: User, team: list[int]
) -> None:
    with_police(tip, officer, leader, team)
    refused = refuse(tip, officer, day=date(2026, 3, 12))
    asked = reconsider(tip_id=tip.pk, actor=officer, at=noon(date(2026, 3, 17)), memo="数量已达标准")
    again = refuse(tip, officer, day=date(2026, 3, 19))

    with pytest.raises(IllegalMove):
        reconsider(tip_id=tip.pk, actor=officer, at=noon(date(2026, 3, 19)), memo="再次")

    assert refused.reconsider_by == date(2026, 3, 17)
    assert (asked.reconsidered_date, asked.answer_by) == (date(2026, 3, 17), date(2026, 3, 20))
    assert (again.is_filed, again.answered_date) == (False, date(2026, 3, 19))
    assert again.reconsider_by == date(2026, 3, 17)


def refuse(tip: Tip, actor: User, *, day: date, memo: str = "不构成犯罪") -> Referral:
    return police_refuses(tip_id=tip.pk, actor=actor, at=noon(day), answered_date=day, memo=memo)


def test_after_three_days_it_is_too_late_to_ask(
    tip: Tip, officer: User, leader: User, team: list[int]
) -> None:
    with_police(tip, officer, leader, team)
    refuse(tip, officer, day=date(2026, 3, 12))

    with pytest.raises(DraftInvalid) as refused:
        reconsider(tip_id=tip.pk, actor=officer, at=noon(date(2026, 3, 18)), memo="数量已达标准")

    assert [p.problem for p in refused.value.problems] == [Problem.RECONSIDERATION_OVER]
    assert Referral.objects.get().reconsidered_date is None


@pytest.mark.parametrize(
    ("day", "problem"),
    [(TODAY - timedelta(days=1), Problem.BEFORE_HAND_OVER), (TODAY + timedelta(days=3), Problem.DAY_AHEAD)],
)
def test_the_day_of_the_answer_is_checked(
    tip: Tip, officer: User, leader: User, team: list[int], day: date, problem: Problem
) -> None:
    with_police(tip, officer, leader, team)
    values: dict[str, Any] = {"tip_id": tip.pk, "actor": officer, "at": noon(TODAY + timedelta(days=2))}

    for act, more in ((police_files, {}), (police_refuses, {"memo": "x"})):
        with pytest.raises(DraftInvalid) as refused:
            act(**values, answered_date=day, **more)
        assert [p.problem for p in refused.value.problems] == [problem]

    assert Referral.objects.get().answered_date is None


def test_a_refusal_and_a_reconsideration_need_their_words(
    tip: Tip, officer: User, leader: User, team: list[int]
) -> None:
    with_police(tip, officer, leader, team)
    with pytest.raises(DraftInvalid):
        refuse(tip, officer, day=TODAY, memo="")
    refuse(tip, officer, day=TODAY)
    with pytest.raises(DraftInvalid):
        reconsider(tip_id=tip.pk, actor=officer, at=noon(TODAY), memo=" ")

    refused = AuditRow.objects.filter(action="tip.refused").order_by("sequence")
    assert [row.data["act"] for row in refused] == [Action.POLICE_REFUSES, Action.RECONSIDER]


# --- what is late -----------------------------------------------------------------------------------------------


def test_each_stage_is_late_after_its_own_day_or_hour(
    tip: Tip, officer: User, leader: User, team: list[int]
) -> None:
    def late(now: datetime) -> bool:
        return late_referrals(user=User.objects.get(pk=officer.pk), now=now).exists()

    propose(tip, officer, team)
    undecided = late(noon(date(2026, 3, 13))), late(noon(date(2026, 3, 14)))
    decide(tip, leader)
    waiting = late(noon(TODAY) + timedelta(hours=24)), late(noon(TODAY) + timedelta(hours=24, minutes=1))
    hand_over(tip, officer)
    with_them = late(noon(date(2026, 3, 13))), late(noon(date(2026, 3, 14)))
    police_files(tip_id=tip.pk, actor=officer, at=noon(TODAY), answered_date=TODAY)

    assert (undecided, waiting, with_them) == ((False, True),) * 3
    assert not late(noon(date(2027, 1, 4)))


def test_late_referrals_of_others_are_not_seen(
    tip: Tip, officer: User, foreign_officer: User, team: list[int]
) -> None:
    propose(tip, officer, team)

    assert not late_referrals(user=foreign_officer, now=noon(date(2027, 1, 4))).exists()
