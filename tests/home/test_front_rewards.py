"""Rewards on the home page: what the notices list and nothing else, an empty state, and no work for each reward."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from complaints.disclosure import PublicRewards, public_rewards
from complaints.enums import TipKind
from complaints.models import RewardClaim
from complaints.services.claim_terms import remind
from home import front
from home.models import HomePage
from home.templatetags.reading import money
from tests.claim_steps import approved, claim
from tests.complaints.public.test_reward_notices import paid
from tests.factories import noon
from tests.fixtures import City, city, evidence_root, vault
from tests.reward_steps import Three, three

__all__ = ["city"]
__all__ = ["city", "evidence_root", "vault"]
pytestmark = pytest.mark.django_db
HEADING = "举报有奖"
JUNE = date(2026, 6, 1)
MOST_QUERIES = 15


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


def a_month_ago() -> date:
    """Return a day of the month before this one."""
    return timezone.localdate().replace(day=1) - timedelta(days=1)


def part_of(html: str) -> str:
    """Return the section of the rewards; empty where there is none."""
    found = [text for text in html.split("<section") if HEADING in text]
    return found[0].split("</section>")[0] if found else ""


def shown(client: Client) -> str:
    """Return the section of the rewards as the home page shows it."""
    answer = client.get("/")
    assert answer.status_code == 200
    return part_of(answer.content.decode())


def told(today: date = JUNE, most: int = 3) -> PublicRewards:
    """Return rewards in short."""
    return public_rewards(today=today, most=most)


# --- what is told ----------------------------------------------------------------------------------------------------


def test_number_sum_and_the_largest(city: City) -> None:
    for cents in (300000, 500000, 100000, 400000, 200000):
        paid(city.yanta, 1, cents=cents)

    found = told()

    assert (found.year, found.count, found.amount) == (2026, 5, Decimal("15000"))
    assert [one.amount for one in found.largest] == [Decimal("5000"), Decimal("4000"), Decimal("3000")]
    assert {one.kind for one in found.largest} == {str(TipKind.VIOLATION.label)}


def test_of_one_amount_the_random_number_decides(city: City) -> None:
    paid(city.yanta, 6)

    assert [one.number for one in told(most=2).largest] == ["JL-2026-000000", "JL-2026-000001"]


def test_a_special_reward_has_no_kind(city: City) -> None:
    paid(city.yanta, 5, is_special=True, cents=900000)
    paid(city.yanta, 5)

    found = told(most=6)

    assert [one.kind for one in found.largest] == [""] * 5 + [str(TipKind.VIOLATION.label)]


@pytest.mark.parametrize(
    ("kinds", "count"),
    [
        ({TipKind.VIOLATION: 4}, 0),
        ({TipKind.VIOLATION: 5}, 5),
        ({TipKind.VIOLATION: 9, TipKind.MAJOR_HAZARD: 4}, None),
    ],
    ids=["four are few", "five may be told", "four follow from nothing shown"],
)
def test_nothing_but_what_the_notices_list(city: City, kinds: dict[TipKind, int], count: int | None) -> None:
    from complaints.stats.rewards import public_rewards as notices

    for kind, number in kinds.items():
        paid(city.yanta, number, kind=kind)

    found, listed = told(most=50), notices(year=2026, today=JUNE).notices

    assert {one.number for one in found.largest} == {one.number for one in listed}
    assert found.count == len(listed)
    assert found.amount == sum((one.amount for one in listed), Decimal(0))
    assert count is None or found.count == count


def test_this_month_is_not_told(city: City) -> None:
    paid(city.yanta, 5)

    assert told(today=date(2026, 5, 31)).year is None


def test_in_january_the_last_year_stands_there(city: City) -> None:
    paid(city.yanta, 5, day=date(2026, 11, 20))

    assert told(today=date(2027, 1, 5)).year == 2026
    assert told(today=date(2028, 1, 5)).year is None


def test_this_year_goes_before_the_last(city: City) -> None:
    paid(city.yanta, 7, day=date(2025, 11, 20))
    paid(city.yanta, 5)

    assert (told().year, told().count) == (2026, 5)


# --- the part of the page --------------------------------------------------------------------------------------------


def test_the_usual_page_has_them_behind_the_figures() -> None:
    assert front.USUAL.index("rewards") == front.USUAL.index("figures") + 1


def test_without_any_the_usual_page_has_no_such_part(client: Client, home: HomePage) -> None:
    assert shown(client) == ""


def test_whoever_places_it_sees_where_notices_will_stand(client: Client, home: HomePage) -> None:
    home.parts = [("rewards", {})]
    home.save()

    part = shown(client)

    assert "还没有可以公布的" in part
    assert 'href="/reward/"' in part
    assert 'href="/reward/notices/"' in part


def test_number_kind_and_amount(client: Client, home: HomePage, city: City) -> None:
    paid(city.yanta, 5, day=a_month_ago(), cents=1234550)

    part = shown(client)

    assert "5<small>笔</small>" in part
    assert "61,727<small>元</small>" in part, "the large number has no fen"
    assert "12,345.50" in part
    assert str(a_month_ago().year) in part
    assert len(re.findall("JL-2026-", part)) == front.REWARDS
    assert city.yanta.name not in part
    assert 'href="/reward/notices/"' in part


def test_editors_choose_heading_and_number(client: Client, home: HomePage, city: City) -> None:
    paid(city.yanta, 6, day=a_month_ago())
    home.parts = [("rewards", {"number": 5, "heading": "举报有奖，说到做到"})]
    home.save()

    assert len(re.findall("JL-2026-", shown(client))) == 5


def test_tips_whose_reward_waits_are_called_out(
    client: Client, home: HomePage, city: City, people: Three, settings: Settings
) -> None:
    settings.PAGE_CACHE_BYTES = 0
    given = approved(city, people)
    remind(now=noon(given.claim.due_date))
    RewardClaim.objects.update(due_date=timezone.localdate() + timedelta(days=3))

    before = shown(client)
    claim(given.tip)
    after = shown(client)

    assert given.tip.number in before
    assert given.row.number not in before
    assert given.tip.number not in after


def test_many_that_wait_are_counted(client: Client, home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = tuple(f"AQ-{number:06d}" for number in range(front.MOST_WAITING + 3))
    rewards = PublicRewards(year=None, count=0, amount=Decimal(0), largest=(), waiting=numbers)
    monkeypatch.setattr(front, "public_rewards", lambda **_asked: rewards)

    part = shown(client)

    assert numbers[front.MOST_WAITING - 1] in part
    assert numbers[front.MOST_WAITING] not in part
    assert "另有 3 个" in part


def test_english_is_whole(english: Client, home: HomePage, city: City) -> None:
    paid(city.yanta, 5, day=a_month_ago())

    html = english.get("/").content.decode()
    part = next(text for text in html.split("<section") if "Rewards for those who spoke up" in text)

    assert not re.search(r"[\u4e00-\u9fff]", part.split("</section>")[0])


@pytest.mark.parametrize(
    ("amount", "words"),
    [("3000", "3,000"), ("3000.00", "3,000"), ("1234.5", "1,234.50"), ("0.01", "0.01"), ("0", "0")],
)
def test_money_has_fen_only_where_there_are_any(amount: str, words: str) -> None:
    assert money(Decimal(amount)) == words


def queries(client: Client) -> int:
    """Return how many queries the home page takes."""
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    return len(captured)


def test_many_rewards_cost_no_more_than_few(
    client: Client, home: HomePage, city: City, settings: Settings
) -> None:
    settings.PAGE_CACHE_BYTES = 0
    counts = []
    for number in (5, 20):
        paid(city.yanta, number, day=a_month_ago())
        counts.append(queries(client))

    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES


def test_nothing_is_kept_by_whom(city: City, django_assert_num_queries: Any) -> None:
    paid(city.yanta, 8)

    with django_assert_num_queries(3):
        told()
