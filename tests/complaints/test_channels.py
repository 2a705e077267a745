"""Supervision: which enterprises of the named industries have no channel yet, against their last day."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.enums import Role
from complaints.models import ChannelDuty, GivenPassword
from complaints.selectors.channels import channels_by_district, together, without_channel
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
    enterprise(city, number=4, industry="tobacco")
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


def test_the_page_shows_list_and_figures_and_says_when_nobody_owes(city: City) -> None:
    client = enter(Client(), staff(Role.AUDITOR, office=city.city, username="auditor"))
    entry = enterprise(city)

    empty = client.get(reverse("enterprises:channels")).content.decode()
    ChannelDuty.objects.create(industry="machinery", due_date=TODAY, source="7号")
    page = client.get(reverse("enterprises:channels")).content.decode()

    assert "还没有设定哪些行业" in empty
    assert entry.name in page
    assert "雁塔区" in page
    assert "超期" in page


def test_it_is_not_there_for_people_without_tips(city: City) -> None:
    client = enter(Client(), staff(Role.EDITOR, office=city.city, username="editor"))

    assert client.get(reverse("enterprises:channels")).status_code == 404


@pytest.mark.parametrize("name", ["ceilings", "channel_duties", "inside_periods"])
def test_the_administrator_keeps_the_dated_rows(city: City, name: str) -> None:
    client = enter(Client(), staff(Role.SYSTEM_ADMINISTRATOR, office=city.city, username="sysadmin"))

    assert client.get(reverse(f"{name}:index")).status_code == 200
    assert client.get(reverse(f"{name}:add")).status_code == 200
