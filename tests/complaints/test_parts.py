"""A scope asked part by part says the same as the scope asked at once, for everybody and at a fixed price."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from complaints.enums import Phase
from complaints.models import Tip, TipUnit
from complaints.models.tip import NO_DUE_DATE
from complaints.policies import scope_of, scope_parts, tips_visible_to
from complaints.selectors.inbox import Tab, inbox_counts, tab_filter
from complaints.selectors.newest import newest_keys
from complaints.selectors.parts import INBOX_ORDER, counts_within, first_keys, first_of_few
from complaints.selectors.tips import neighbours
from tests.factories import TipFactory, UserFactory
from tests.fixtures import LIANHU, YANTA, City

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
WHO = (
    "officer",
    "leader",
    "foreign_officer",
    "town_officer",
    "city_officer",
    "auditor",
    "administrator",
    "guest",
)


@pytest.fixture
def guest(city: City) -> User:
    """Somebody without any role."""
    return UserFactory(username="guest")


@pytest.fixture
def tips(city: City) -> list[Tip]:
    """Tips reached in every way: in charge, on the spot, called, taking part, and in several ways at once."""
    rows = [
        TipFactory(district=YANTA),
        TipFactory(district=YANTA, town=city.town_code),
        TipFactory(district=YANTA, town=city.zone_town_code),
        TipFactory(),
        *(TipFactory(district=LIANHU) for _ in range(4)),
    ]
    days = [date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 18), None]
    for number, tip in enumerate(rows):
        due = days[number % len(days)]
        Tip.objects.filter(pk=tip.pk).update(
            due_date=due, order_date=due or NO_DUE_DATE, unread_count=number % 2
        )
    called, shared, left, both = rows[4:]
    Tip.objects.filter(pk__in=[called.pk, both.pk, rows[0].pk]).update(called_unit=city.yanta)
    for tip, ended in ((shared, None), (left, TODAY), (both, None), (rows[1], None)):
        TipUnit.objects.create(tip=tip, office=city.yanta, part="co_unit", since_date=TODAY, ended_date=ended)
    Tip.objects.filter(pk=rows[2].pk).update(phase=Phase.DONE)
    return list(Tip.objects.order_by(*INBOX_ORDER))


@pytest.fixture
def person(request: pytest.FixtureRequest) -> User:
    found: User = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_parts_exclude_each_other_and_are_the_scope(tips: list[Tip], person: User) -> None:
    keys = [
        key for part in scope_parts(person) for key in Tip.objects.filter(part).values_list("pk", flat=True)
    ]

    assert sorted(keys) == sorted(tips_visible_to(person).values_list("pk", flat=True))


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_counters_are_what_the_tabs_hold(tips: list[Tip], person: User) -> None:
    counts = inbox_counts(user=person, now=NOW)

    plain = {
        tab: tips_visible_to(person).filter(tab_filter(tab=tab, user=person, now=NOW)).count() for tab in Tab
    }
    assert {tab: count.number for tab, count in counts.items()} == plain


def test_scene_tells_the_tabs_apart(tips: list[Tip], officer: User) -> None:
    counts = inbox_counts(user=officer, now=NOW)

    assert [counts[tab].number for tab in (Tab.ALL, Tab.DUE_TODAY, Tab.OVERDUE, Tab.WHISTLES)] == [5, 2, 2, 3]


@pytest.mark.parametrize(("most", "expected"), [(1, [1, 1, 0]), (2, [2, 2, 0]), (9, [5, 3, 0])])
def test_counts_end_at_their_bound(tips: list[Tip], officer: User, most: int, expected: list[int]) -> None:
    conditions = [Q(phase=Phase.OPEN), Q(called_unit__isnull=False), Q(pk=None)]

    assert counts_within(user=officer, conditions=conditions, most=most) == expected


def test_all_counters_cost_one_query(
    tips: list[Tip], officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scope_of(officer)

    with django_assert_num_queries(1):
        inbox_counts(user=officer, now=NOW)


@pytest.mark.parametrize("person", WHO, indirect=True)
@pytest.mark.parametrize("most", [2, 50])
def test_what_comes_first_of_all_parts_comes_first(tips: list[Tip], person: User, most: int) -> None:
    visible = tips_visible_to(person).filter(phase=Phase.OPEN)

    assert first_keys(tips=visible, user=person, most=most) == [
        row.pk for row in visible.order_by(*INBOX_ORDER)[:most]
    ]


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_few_are_read_without_an_order_and_sorted_here(tips: list[Tip], person: User) -> None:
    visible = tips_visible_to(person).filter(phase=Phase.OPEN)
    ordered = [row.pk for row in visible.order_by(*INBOX_ORDER)]

    assert first_of_few(tips=visible, user=person, most=2, few=50) == ordered[:2]
    assert set(first_of_few(tips=visible, user=person, most=9, few=1)) <= set(ordered)


@pytest.mark.parametrize("person", WHO, indirect=True)
@pytest.mark.parametrize("most", [1, 2, 50])
def test_newest_of_all_branches_are_the_newest_of_the_scope(tips: list[Tip], person: User, most: int) -> None:
    visible = tips_visible_to(person)

    assert newest_keys(tips=visible, user=person, most=most) == [
        row.pk for row in visible.order_by("-pk")[:most]
    ]


@pytest.mark.parametrize("person", WHO, indirect=True)
def test_neighbours_are_next_to_the_tip_in_the_inbox(tips: list[Tip], person: User) -> None:
    listed = list(tips_visible_to(person).filter(phase=Phase.OPEN).order_by(*INBOX_ORDER))

    found = [neighbours(user=person, tip=tip) for tip in listed]

    assert found == list(zip([None, *listed][: len(listed)], [*listed, None][1:], strict=True))
