"""Supervision: which enterprises of the named industries have no channel yet, against their last day."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.enums import Role
from complaints.models import ChannelDuty, GivenPassword
from complaints.selectors.channels import channels_by_district, every_duty, together, without_channel
from tests.enterprise_steps import enterprise, manager
from tests.factories import TODAY
from tests.fixtures import LIANHU, City
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def duties(db: None) -> None:
    ChannelDuty.objects.create(industry="machinery", due_date=TODAY - timedelta(days=1), source="7号")
    ChannelDuty.objects.create(industry="chemical", due_date=TODAY + timedelta(days=30), source="7号")


def test_each_district_has_its_figures(city: City, duties: None, city_officer: User, officer: User) -> None:
    manager(enterprise(city, number=1))
    late = enterprise(city, number=2)
    soon = enterprise(city, number=3, industry="chemical")
    enterprise(city, number=4, industry="technical_services")
    enterprise(city, number=5, is_active=False)
    foreign = enterprise(city, number=6, office=city.lianhu, district_id=LIANHU)

    every = channels_by_district(city_officer, today=TODAY)
    whole = together(every, name="合计")

    assert [(row.owing, row.there, row.missing, row.late, row.percent) for row in every] == [
        (1, 0, 1, 1, 0),
        (3, 1, 2, 1, 33),
    ]
    assert (whole.owing, whole.there, whole.late) == (4, 1, 2)
    assert list(without_channel(city_officer)) == [late, foreign, soon]
    assert list(without_channel(officer)) == [late, soon]


def test_a_manager_who_left_leaves_no_channel(city: City, duties: None, officer: User) -> None:
    entry = enterprise(city)
    boss = manager(entry)
    assert not without_channel(officer).exists()

    boss.workplaces.update(ended_at=timezone.now())
    assert without_channel(officer).count() == 1

    boss.workplaces.update(ended_at=None)
    invited = GivenPassword.objects.create(user=boss, given_at=timezone.now())
    assert without_channel(officer).count() == 1

    invited.delete()
    boss.is_active = False
    boss.save()
    assert without_channel(officer).count() == 1


def page_of(city: City) -> str:
    client = enter(
        Client(), staff(Role.AUDITOR, office=city.city, username=f"auditor-{User.objects.count()}")
    )
    return client.get(reverse("enterprises:channels")).content.decode()


def test_without_a_row_the_page_counts_by_the_default_and_says_that_it_is_not_verified(city: City) -> None:
    empty = page_of(city)
    entry = enterprise(city)
    page = page_of(city)

    assert "登记册里没有这些行业的企业" in empty
    assert entry.name in page
    assert "雁塔区" in page
    assert "2025-06-30" in page
    assert "待核实" in page
    assert "2024-08-20" in page
    assert "其余 5 个" in page


def test_past_a_day_nobody_checked_is_not_called_late(city: City) -> None:
    entry = enterprise(city)
    assert every_duty()[0].due_date < timezone.localdate()

    guessed = page_of(city)
    ChannelDuty.objects.create(
        industry=entry.industry, due_date=TODAY - timedelta(days=1), source="原文", is_verified=True
    )
    checked = page_of(city)

    assert "已过期限（待核实）" in guessed
    assert "as-chip--bad" not in guessed
    assert "as-chip--bad" in checked


def test_a_checked_row_counts_and_is_called_verified(city: City) -> None:
    enterprise(city)
    for duty in every_duty():
        ChannelDuty.objects.create(
            industry=duty.industry, due_date=TODAY - timedelta(days=1), source="原文", is_verified=True
        )

    page = page_of(city)

    assert "超期" in page
    assert TODAY.isoformat() not in page
    assert (TODAY - timedelta(days=1)).isoformat() in page
    assert "待核实" not in page
    assert "已核实" in page


def test_an_industry_without_the_duty_is_in_no_list(city: City, city_officer: User) -> None:
    enterprise(city, industry="technical_services")

    assert not without_channel(city_officer).exists()
    assert channels_by_district(city_officer, today=TODAY) == []


def test_the_figures_cost_as_many_queries_with_many_rows(city: City, city_officer: User) -> None:
    channels_by_district(city_officer, today=TODAY)  # the person's roles are read once
    enterprise(city, number=7)
    with CaptureQueriesContext(connection) as few:
        channels_by_district(city_officer, today=TODAY)
    for number in range(1, 6):
        enterprise(city, number=number)
    with CaptureQueriesContext(connection) as many:
        channels_by_district(city_officer, today=TODAY)

    assert len(few) == len(many)


def test_it_is_not_there_for_people_without_tips(city: City) -> None:
    client = enter(Client(), staff(Role.EDITOR, office=city.city, username="editor"))

    assert client.get(reverse("enterprises:channels")).status_code == 404


@pytest.mark.parametrize("name", ["ceilings", "channel_duties", "inside_periods"])
def test_the_administrator_keeps_the_dated_rows(city: City, name: str) -> None:
    client = enter(Client(), staff(Role.SYSTEM_ADMINISTRATOR, office=city.city, username="sysadmin"))

    assert client.get(reverse(f"{name}:index")).status_code == 200
    assert client.get(reverse(f"{name}:add")).status_code == 200
