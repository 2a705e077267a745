"""What the bureau sees of internal reports: figures of each enterprise, what is overdue or unpaid, and no words."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.enums import Role
from complaints.models import Enterprise, InternalTip
from complaints.selectors.inside_figures import as_figures, figures_by_enterprise, figures_of_year
from tests.complaints.stats.rows import tips
from tests.enterprise_steps import act, closed_day, enterprise, lead_to, manager, tell_inside
from tests.fixtures import LIANHU, City
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(city: City) -> Client:
    """Return the computer of an officer of the first district."""
    return enter(Client(), staff(Role.OFFICER, office=city.yanta, username="desk"))


def test_each_enterprise_has_the_figures_of_its_own_page(
    city: City, entry: Enterprise, boss: User, other: User, officer: User
) -> None:
    today, day = timezone.localdate(), closed_day()
    numbers = [tell_inside(entry, today=day).number for _ in range(3)]
    lead_to(numbers[0], "paid", boss, other=other, day=day)
    act(numbers[1], "acknowledge", boss, day=day)
    act(numbers[1], "refute", boss, day=day)
    foreign = enterprise(city, number=2, office=city.lianhu, district_id=LIANHU)
    tell_inside(foreign, today=day)

    rows = list(figures_by_enterprise(officer, today=today))

    assert [row["enterprise"] for row in rows] == [entry.pk]
    assert as_figures(rows[0], today=today) == figures_of_year(entry, today=today)
    assert (rows[0]["received"], rows[0]["untrue"], rows[0]["paid_yuan"]) == (3, 1, 100)


def test_who_leaves_most_alone_stands_first(city: City, entry: Enterprise, officer: User) -> None:
    late = enterprise(city, number=2)
    today = timezone.localdate()
    tell_inside(entry, today=closed_day())
    tell_inside(late, today=closed_day())
    entry.internal_tips.update(due_date=today)
    late.internal_tips.update(due_date=today - timedelta(days=1))

    found = figures_by_enterprise(officer, today=today)

    assert [row["enterprise"] for row in found] == [late.pk, entry.pk]


@pytest.mark.parametrize(("many", "is_marked"), [(19, True), (20, False)])
def test_shares_of_fewer_than_twenty_are_not_compared_and_it_says_so(
    desk: Client, entry: Enterprise, many: int, is_marked: bool
) -> None:
    one = tell_inside(entry, today=closed_day())
    row = entry.internal_tips.get(tip__number=one.number)
    copies(row, many=many - 1)

    page = desk.get(reverse("enterprises:inside")).content.decode()

    assert ("带 * 的企业报告不足 20 件" in page) == is_marked
    assert (f"{entry.name}</a> *</th>" in page) == is_marked
    assert f'data-head="收到">{many}</td>' in page


def copies(row: InternalTip, *, many: int) -> None:
    """Store so many more of an internal tip, each with a tip of its own."""
    others = tips(many, unit=row.tip.handling_unit, day=row.received_date)
    for other in others:
        row.pk, row._state.adding, row.tip = None, True, other
        row.save(force_insert=True)


def test_the_page_names_what_is_overdue_and_shows_no_word_of_it(desk: Client, entry: Enterprise) -> None:
    today = timezone.localdate()
    empty = desk.get(reverse("enterprises:inside")).content.decode()
    number = tell_inside(entry, today=today, description="标记五五八", workshop="标记五五九").number
    entry.internal_tips.update(due_date=today - timedelta(days=1))

    page = desk.get(reverse("enterprises:inside")).content.decode()

    assert "截至上月末还没有内部报告" in empty
    assert entry.name in page
    assert number in page
    assert "标记五五" not in page


def test_the_page_costs_as_many_queries_with_many_enterprises(city: City, desk: Client) -> None:
    today = closed_day()
    tell_inside(enterprise(city, number=1), today=today)
    desk.get(reverse("enterprises:inside"))
    with CaptureQueriesContext(connection) as few:
        answer = desk.get(reverse("enterprises:inside"))
    for number in range(2, 8):
        made = enterprise(city, number=number)
        manager(made, username=f"boss-{number}")
        tell_inside(made, today=today)
    with CaptureQueriesContext(connection) as many:
        answer = desk.get(reverse("enterprises:inside"))

    assert answer.content.decode().count("机械制造有限公司</a>") == 7
    assert len(many) <= len(few)


def test_the_register_leads_there(desk: Client) -> None:
    page = desk.get(reverse("enterprises:index")).content.decode()

    assert reverse("enterprises:inside") in page
