"""镇街吹哨、区县报到: who is called, who leads afterwards, what the record shows, and that one of two answers wins."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from complaints.enums import Action, Fact, Problem, Role, TipStatus, UnitPart
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, NoUnitToCall, TipNotFound
from complaints.models import AuditRow, DeadlinePolicy, Office, SpecialDay, Tip, TipUnit, Whistle
from complaints.policies import tips_visible_to
from complaints.rules.deadlines import LEAST_ANNOUNCED_DAYS, Light
from complaints.selectors.history import history_of
from complaints.selectors.whistles import (
    WhistleCard,
    WhistleState,
    late_arrivals,
    open_whistles,
)
from complaints.services.whistles import answer_whistle, arrive, return_whistle, whistle
from complaints.stats.whistles import whistle_figures
from tests import database_bytes
from tests.factories import TODAY, OfficeFactory, TipFactory, UserFactory, noon
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
ASK = "现场粉尘爆燃风险大，请区局到场处置"


@pytest.fixture
def tip(city: City) -> Tip:
    """A tip of the town's area that the district handles."""
    return TipFactory(accepted=True, district=YANTA, town=city.town_code)


@pytest.fixture
def town_tip(city: City) -> Tip:
    """A tip that lies with the town."""
    tip = TipFactory(accepted=True, district=YANTA, town=city.town_code)
    return given_to(tip, city.town)


def given_to(tip: Tip, office: Office) -> Tip:
    Tip.objects.filter(pk=tip.pk).update(handling_unit=office)
    return fresh(tip)


def fresh(tip: Tip) -> Tip:
    return Tip.objects.select_related("handling_unit").get(pk=tip.pk)


def raised(tip: Tip, town_officer: User, at: datetime = NOON) -> Whistle:
    return whistle(tip_id=tip.pk, actor=town_officer, at=at, memo=ASK)


def facts(tip: Tip) -> frozenset[Fact]:
    return history_of(tip=tip, today=TODAY).facts


# --- raising ----------------------------------------------------------------------------------------------------


def test_a_town_calls_the_district_in_charge(city: City, tip: Tip, town_officer: User) -> None:
    row = raised(tip, town_officer)

    tip = fresh(tip)
    assert (row.town, row.called, row.raised_by, row.raised_at) == (
        city.town,
        city.yanta,
        town_officer,
        NOON,
    )
    assert (tip.called_unit, tip.handling_unit, tip.status) == (city.yanta, city.yanta, TipStatus.ACCEPTED)
    assert Fact.WHISTLED in facts(tip)
    assert row.answer_by == NOON + timedelta(hours=24)


def test_a_town_in_charge_calls_the_unit_above(city: City, town_tip: Tip, town_officer: User) -> None:
    row = raised(town_tip, town_officer)

    assert (row.town, row.called) == (city.town, city.yanta)


def test_a_unit_out_of_service_is_passed_over(city: City, town_tip: Tip, town_officer: User) -> None:
    Office.objects.filter(pk=city.yanta.pk).update(is_active=False)

    assert raised(town_tip, town_officer).called == city.city


def test_a_town_below_nobody_is_told_so(city: City, town_tip: Tip, town_officer: User) -> None:
    Office.objects.filter(pk=city.town.pk).update(parent=None)

    with pytest.raises(NoUnitToCall):
        raised(town_tip, town_officer)
    assert Whistle.objects.count() == 0
    assert fresh(town_tip).called_unit is None


def test_units_in_a_circle_end_the_climb(city: City, town_tip: Tip, town_officer: User) -> None:
    other = OfficeFactory(town=True, parent=city.town)
    Office.objects.filter(pk=city.town.pk).update(parent=other)

    with pytest.raises(NoUnitToCall):
        raised(town_tip, town_officer)


def test_the_hours_come_from_the_policy_of_the_day(city: City, tip: Tip, town_officer: User) -> None:
    DeadlinePolicy.objects.create(effective_from=TODAY, whistle_hours=2)

    assert raised(tip, town_officer).answer_by == NOON + timedelta(hours=2)


def test_a_last_hour_on_a_day_off_rolls_to_the_next_working_day(tip: Tip, town_officer: User) -> None:
    friday = noon(date(2026, 3, 13))

    assert raised(tip, town_officer, at=friday).answer_by == noon(date(2026, 3, 16))


def test_what_is_asked_is_kept_encrypted(tip: Tip, town_officer: User) -> None:
    row = raised(tip, town_officer)

    assert Whistle.objects.get(pk=row.pk).reason == ASK
    assert ASK.encode() not in database_bytes.dumped()


@pytest.mark.parametrize("memo", ["", "  \n", "来" * 3001])
def test_a_whistle_without_a_word_changes_nothing(tip: Tip, town_officer: User, memo: str) -> None:
    before = AuditRow.objects.count()

    with pytest.raises(DraftInvalid) as refused:
        whistle(tip_id=tip.pk, actor=town_officer, at=NOON, memo=memo)

    assert [p.field for p in refused.value.problems] == ["memo"]
    assert refused.value.problems[0].problem in (Problem.NEEDS_TEXT, Problem.TOO_LONG)
    assert_one_refusal(tip, before=before, act=Action.WHISTLE, code="invalid")
    assert Whistle.objects.count() == 0


def assert_one_refusal(tip: Tip, *, before: int, act: Action, code: str) -> None:
    rows = list(AuditRow.objects.order_by("sequence"))[before:]
    assert [(row.action, row.subject, row.data) for row in rows] == [
        ("tip.refused", tip.number, {"act": act.value, "code": code})
    ]


def test_who_is_not_of_the_town_does_not_whistle(tip: Tip, officer: User, foreign_officer: User) -> None:
    with pytest.raises(NotAllowed):
        whistle(tip_id=tip.pk, actor=officer, at=NOON, memo=ASK)
    with pytest.raises(TipNotFound):
        whistle(tip_id=tip.pk, actor=foreign_officer, at=NOON, memo=ASK)


def test_an_auditor_of_the_town_does_not_whistle(city: City, tip: Tip) -> None:
    reader = UserFactory(roles=[(Role.AUDITOR, city.town)])

    with pytest.raises(NotAllowed):
        raised(tip, reader)


def test_one_whistle_at_a_time(tip: Tip, town_officer: User, officer: User) -> None:
    raised(tip, town_officer)
    before = AuditRow.objects.count()

    with pytest.raises(IllegalMove):
        raised(tip, town_officer)
    assert_one_refusal(tip, before=before, act=Action.WHISTLE, code="whistled")


@pytest.mark.parametrize("state", ["verified", "disposed", "replied", "closed", "declined"])
def test_a_tip_past_verification_is_not_whistled_for(city: City, town_officer: User, state: str) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code, **{state: True})

    with pytest.raises(IllegalMove):
        raised(tip, town_officer)


# --- answering --------------------------------------------------------------------------------------------------


def test_who_answers_leads_and_the_town_inspects(
    city: City, town_tip: Tip, town_officer: User, officer: User
) -> None:
    raised(town_tip, town_officer)

    row = answer_whistle(tip_id=town_tip.pk, actor=officer, at=NOON + timedelta(hours=3))

    tip = fresh(town_tip)
    assert (tip.handling_unit, tip.inspecting_unit, tip.handler) == (city.yanta, city.town, officer)
    assert tip.called_unit == city.yanta, "on its way: still owed"
    parts = TipUnit.objects.filter(tip=tip, ended_date=None).values_list("office", "part", "since_date")
    assert list(parts) == [(city.town.pk, UnitPart.INSPECTING, TODAY)]
    assert (row.answered_by, row.answered_at) == (officer, NOON + timedelta(hours=3))
    assert row.arrive_by == date(2026, 3, 12)
    assert {Fact.EXPECTED} & facts(tip) == {Fact.EXPECTED}


def test_the_town_keeps_seeing_and_may_inspect(city: City, town_tip: Tip, officer: User) -> None:
    """Also a town whose area the place is not: it inspects because it took part."""
    Tip.objects.filter(pk=town_tip.pk).update(town=city.other_town_code)
    person = UserFactory(roles=[(Role.OFFICER, city.town)])
    raised(town_tip, person)

    answer_whistle(tip_id=town_tip.pk, actor=officer, at=NOON)

    assert tips_visible_to(person).filter(pk=town_tip.pk).exists()


def test_the_officer_of_a_district_in_charge_stays(
    city: City, tip: Tip, town_officer: User, officer: User
) -> None:
    handler = tip.handler
    raised(tip, town_officer)

    answer_whistle(tip_id=tip.pk, actor=officer, at=NOON)

    tip = fresh(tip)
    assert (tip.handling_unit, tip.inspecting_unit, tip.handler) == (city.yanta, city.town, handler)
    assert handler is not None


def test_a_unit_above_in_charge_keeps_the_lead(
    city: City, tip: Tip, town_officer: User, officer: User
) -> None:
    raised(tip, town_officer)
    given_to(tip, city.city)

    answer_whistle(tip_id=tip.pk, actor=officer, at=NOON)

    parts = set(TipUnit.objects.filter(tip=tip, ended_date=None).values_list("office", "part"))
    assert fresh(tip).handling_unit == city.city
    assert parts == {(city.yanta.pk, UnitPart.CO_UNIT), (city.town.pk, UnitPart.INSPECTING)}


def test_a_unit_that_took_part_otherwise_changes_its_part(
    city: City, town_tip: Tip, town_officer: User, officer: User
) -> None:
    for office, part in ((city.town, UnitPart.CO_UNIT), (city.zone, UnitPart.INSPECTING)):
        TipUnit.objects.create(tip=town_tip, office=office, part=part, since_date=TODAY)
    raised(town_tip, town_officer)

    answer_whistle(tip_id=town_tip.pk, actor=officer, at=NOON)

    rows = TipUnit.objects.filter(tip=town_tip).values_list("office", "part", "ended_date")
    assert set(rows) == {
        (city.town.pk, UnitPart.CO_UNIT, TODAY),
        (city.zone.pk, UnitPart.INSPECTING, TODAY),
        (city.town.pk, UnitPart.INSPECTING, None),
    }


def test_only_the_called_unit_answers(tip: Tip, town_officer: User, foreign_officer: User) -> None:
    raised(tip, town_officer)
    before = AuditRow.objects.count()

    with pytest.raises(NotAllowed):
        answer_whistle(tip_id=tip.pk, actor=town_officer, at=NOON)
    with pytest.raises(TipNotFound):
        answer_whistle(tip_id=tip.pk, actor=foreign_officer, at=NOON)
    assert AuditRow.objects.count() == before + 2
    assert Whistle.objects.unanswered().count() == 1


def test_the_called_unit_sees_what_it_is_called_to(city: City, town_officer: User, officer: User) -> None:
    tip = given_to(TipFactory(accepted=True, district=YANTA, town=city.town_code), city.town)
    Office.objects.filter(pk=city.town.pk).update(parent=city.lianhu)
    stranger = UserFactory(roles=[(Role.OFFICER, city.lianhu)])
    raised(tip, town_officer)

    answer_whistle(tip_id=tip.pk, actor=stranger, at=NOON)

    assert fresh(tip).handling_unit == city.lianhu


def test_nothing_is_answered_where_nobody_whistled(tip: Tip, officer: User) -> None:
    with pytest.raises(IllegalMove):
        answer_whistle(tip_id=tip.pk, actor=officer, at=NOON)
    with pytest.raises(IllegalMove):
        return_whistle(tip_id=tip.pk, actor=officer, at=NOON, memo="误吹")
    with pytest.raises(IllegalMove):
        arrive(tip_id=tip.pk, actor=officer, at=NOON, memo="到场")


# --- arriving and returning -------------------------------------------------------------------------------------


def test_arrival_ends_the_whistle(tip: Tip, town_officer: User, officer: User) -> None:
    raised(tip, town_officer)
    answer_whistle(tip_id=tip.pk, actor=officer, at=NOON)

    row = arrive(tip_id=tip.pk, actor=officer, at=NOON + timedelta(hours=26), memo="两名执法人员到场")

    assert (row.arrived_at, row.ended_at) == (NOON + timedelta(hours=26),) * 2
    assert row.answer == "两名执法人员到场"
    assert fresh(tip).called_unit is None
    assert not {Fact.WHISTLED, Fact.EXPECTED} & facts(tip)


def test_who_leads_in_between_does_not_arrive_for_the_called(
    city: City, tip: Tip, town_officer: User, officer: User
) -> None:
    raised(tip, town_officer)
    answer_whistle(tip_id=tip.pk, actor=officer, at=NOON)
    given_to(tip, city.town)

    with pytest.raises(NotAllowed):
        arrive(tip_id=tip.pk, actor=town_officer, at=NOON, memo="代为到场")


def test_a_whistle_goes_back_with_a_reason(
    city: City, town_tip: Tip, town_officer: User, officer: User
) -> None:
    raised(town_tip, town_officer)

    row = return_whistle(tip_id=town_tip.pk, actor=officer, at=NOON, memo="属镇街权限，请先行处置")

    tip = fresh(town_tip)
    assert (row.is_returned, row.answered_by, row.ended_at) == (True, officer, NOON)
    assert (tip.handling_unit, tip.inspecting_unit, tip.called_unit) == (city.town, None, None)
    assert raised(tip, town_officer).pk != row.pk, "the town may whistle again"


def test_a_return_needs_its_reason(tip: Tip, town_officer: User, officer: User) -> None:
    raised(tip, town_officer)

    with pytest.raises(DraftInvalid):
        return_whistle(tip_id=tip.pk, actor=officer, at=NOON, memo=" ")
    assert fresh(tip).called_unit is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_answers(city: City, tip: Tip, town_officer: User) -> None:
    raised(tip, town_officer)
    people = [UserFactory(roles=[(Role.OFFICER, city.yanta)]) for _ in range(2)]

    results = at_once([lambda one=one: answer_whistle(tip_id=tip.pk, actor=one, at=NOON) for one in people])

    won = [result for result in results if isinstance(result, Whistle)]
    assert [type(result) for result in results if result not in won] == [IllegalMove]
    assert Whistle.objects.get().answered_by == won[0].answered_by
    assert tip.steps.filter(action=Action.ANSWER_WHISTLE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_answered_and_returned_at_once_gives_one_word(city: City, tip: Tip, town_officer: User) -> None:
    raised(tip, town_officer)
    first, second = (UserFactory(roles=[(Role.OFFICER, city.yanta)]) for _ in range(2))

    results = at_once(
        [
            lambda: answer_whistle(tip_id=tip.pk, actor=first, at=NOON),
            lambda: return_whistle(tip_id=tip.pk, actor=second, at=NOON, memo="误吹"),
        ]
    )

    assert sorted(type(result).__name__ for result in results) == ["IllegalMove", "Whistle"]


# --- what the record shows --------------------------------------------------------------------------------------


def only_card(user: User, *, now: datetime) -> WhistleCard:
    [card] = open_whistles(user=User.objects.get(pk=user.pk), now=now)
    return card


def test_the_card_of_a_waiting_town(tip: Tip, town_officer: User) -> None:
    raised(tip, town_officer)

    card = only_card(town_officer, now=NOON + timedelta(hours=21, minutes=30))

    assert (card.state, card.waits, card.awaited) == (WhistleState.WAITING, "街道应急办", "雁塔区应急管理局")
    assert (card.light, card.reason, card.open_year) == (Light.RED, ASK, None)


def test_the_card_says_that_the_hour_is_over(tip: Tip, town_officer: User) -> None:
    raised(tip, town_officer)

    card = only_card(town_officer, now=NOON + timedelta(hours=30))

    assert card.light == Light.OVERDUE


def test_the_card_of_a_district_on_its_way(tip: Tip, town_officer: User, officer: User) -> None:
    raised(tip, town_officer)
    answer_whistle(tip_id=tip.pk, actor=officer, at=NOON)

    card = only_card(town_officer, now=noon(date(2026, 3, 13)))

    assert (card.state, card.light, card.arrive_by) == (
        WhistleState.COMING,
        Light.OVERDUE,
        date(2026, 3, 12),
    )


def test_a_year_without_a_calendar_is_said(city: City, town_officer: User) -> None:
    tip = TipFactory(accepted=True, district=YANTA, town=city.town_code, today=date(2029, 3, 12))
    raised(tip, town_officer, at=noon(date(2029, 3, 13)))

    card = only_card(town_officer, now=noon(date(2029, 3, 13)))

    assert card.open_year == 2029
    for number in range(LEAST_ANNOUNCED_DAYS):
        SpecialDay.objects.create(day=date(2029, 2, 1 + number), is_working=False)
    assert only_card(town_officer, now=noon(date(2029, 3, 13))).open_year is None


def test_open_whistles_stand_in_the_order_of_their_hour(
    city: City, town_officer: User, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tips = [TipFactory(accepted=True, district=YANTA, town=city.town_code) for _ in range(4)]
    for hours, tip in zip((3, 1, 2, 0), tips, strict=True):
        raised(tip, town_officer, at=NOON + timedelta(hours=hours))
    answer_whistle(tip_id=tips[3].pk, actor=officer, at=NOON)
    reader = User.objects.get(pk=officer.pk)

    tips_visible_to(reader)  # reads the scope
    with django_assert_num_queries(2):
        rows = open_whistles(user=reader, now=NOON)

    assert [row.tip_number for row in rows] == [tips[k].number for k in (1, 2, 0, 3)]
    assert [row.state for row in rows] == [WhistleState.WAITING] * 3 + [WhistleState.COMING]
    assert len(open_whistles(user=reader, now=NOON, most=2)) == 2


def test_open_whistles_are_those_of_the_own_units(
    city: City, tip: Tip, town_officer: User, city_officer: User, foreign_officer: User, auditor: User
) -> None:
    raised(tip, town_officer)

    seen = [
        [row.tip_number for row in open_whistles(user=one, now=NOON)]
        for one in (town_officer, city_officer, foreign_officer, auditor)
    ]

    assert seen == [[tip.number], [tip.number], [], [tip.number]]


def test_late_arrivals_are_found(city: City, tip: Tip, town_officer: User, officer: User) -> None:
    row = raised(tip, town_officer)

    assert list(late_arrivals(today=date(2026, 3, 14))) == []
    answer_whistle(tip_id=tip.pk, actor=officer, at=NOON + timedelta(hours=25))
    assert list(late_arrivals(today=date(2026, 3, 13))) == []
    assert list(late_arrivals(today=date(2026, 3, 14))) == [row]


# --- figures ----------------------------------------------------------------------------------------------------


@pytest.fixture
def worked(city: City, town_officer: User, officer: User) -> list[Tip]:
    """Five whistles of one day: answered after 2, 10 and 30 hours (two of them arrived), returned, unanswered."""
    tips = [TipFactory(accepted=True, district=YANTA, town=city.town_code) for _ in range(5)]
    for tip in tips:
        raised(tip, town_officer)
    for tip, hours in zip(tips[:3], (2, 10, 30), strict=True):
        answer_whistle(tip_id=tip.pk, actor=officer, at=NOON + timedelta(hours=hours))
    for tip, hours in zip(tips[:2], (12, 30), strict=True):
        arrive(tip_id=tip.pk, actor=officer, at=NOON + timedelta(hours=hours), memo="到场")
    return_whistle(tip_id=tips[3].pk, actor=officer, at=NOON + timedelta(hours=4), memo="退回")
    return tips


def test_the_figures_of_a_district(
    worked: list[Tip], officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reader = User.objects.get(pk=officer.pk)
    tips_visible_to(reader)  # reads the scope

    with django_assert_num_queries(3):
        found = whistle_figures(user=reader, since=TODAY, until=TODAY, now=NOON + timedelta(days=3))

    counted = (
        found.raised,
        found.answered,
        found.answered_in_time,
        found.returned,
        found.arrived,
        found.late,
    )
    assert counted == (5, 4, 2, 1, 2, 2)
    assert (found.median_hours_to_answer, found.median_hours_to_arrive) == (7.0, 15.0)


def test_figures_are_within_span_and_scope(
    city: City, worked: list[Tip], officer: User, foreign_officer: User, city_officer: User
) -> None:
    now, yesterday = NOON + timedelta(days=3), TODAY - timedelta(days=1)

    def count(user: User, *, since: date = TODAY, until: date = TODAY, office_id: int | None = None) -> int:
        return whistle_figures(user=user, since=since, until=until, now=now, office_id=office_id).raised

    assert count(officer, since=yesterday, until=yesterday) == 0
    assert count(foreign_officer) == 0
    assert count(foreign_officer, office_id=city.yanta.pk) == 0
    assert count(city_officer, office_id=city.yanta.pk) == 5
    assert count(city_officer, office_id=city.lianhu.pk) == 0


def test_figures_of_nothing_have_no_median(officer: User) -> None:
    found = whistle_figures(user=officer, since=TODAY, until=TODAY, now=NOON)

    assert (found.raised, found.median_hours_to_answer, found.median_hours_to_arrive) == (0, None, None)
