"""People at the desk: one for each role, in units of the small city, each with the Wagtail groups of the role."""

import time
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.test import Client

from complaints.enums import Role
from complaints.models import Tip
from complaints.selectors.search_address import sealed_search
from tests.factories import PASSWORD, TipFactory
from tests.fixtures import YANTA, City
from tests.signin import code_at, enter, give_app, staff


@dataclass(frozen=True, kw_only=True)
class People:
    """One person for each way to look at a tip of the first district."""

    officer: User
    colleague: User
    leader: User
    city_officer: User
    town_officer: User
    auditor: User
    foreign: User
    administrator: User
    editor: User


@pytest.fixture
def people(city: City) -> People:
    """Return the people; the administrator is a superuser on top."""
    administrator = staff(Role.SYSTEM_ADMINISTRATOR, office=city.city, username="sysadmin", first_name="管维")
    administrator.is_superuser = True
    administrator.save()
    return People(
        officer=staff(Role.OFFICER, office=city.yanta, username="zhaomin", first_name="赵敏"),
        colleague=staff(Role.OFFICER, office=city.yanta, username="chenli", first_name="陈立"),
        leader=staff(Role.LEADER, office=city.yanta, username="zhouwen", first_name="周文"),
        city_officer=staff(Role.OFFICER, office=city.city, username="shiju"),
        town_officer=staff(Role.OFFICER, office=city.town, username="jiedao"),
        auditor=staff(Role.AUDITOR, office=city.city, username="shenji"),
        foreign=staff(Role.OFFICER, office=city.lianhu, username="liuxin"),
        administrator=administrator,
        editor=staff(Role.EDITOR, office=city.city, username="bianji"),
    )


@pytest.fixture
def tip(city: City) -> Tip:
    """Return a registered tip of the first district, in its first town, with two photos."""
    row: Tip = TipFactory(
        description="液氨储罐旁动火，没有人监护。夜里还在干。",
        entity_name="某化工有限公司",
        district=YANTA,
        town=city.town_code,
        photos=2,
    )
    return row


def newest_step(tip: Tip) -> dict[str, str]:
    """Return what a form sends along from a page of the tip as it is now: the newest step that page shows."""
    return {"seen": str(tip.steps.latest("pk").pk)}


def at_desk(user: User) -> Client:
    """Return a client with a whole session of this person."""
    return enter(Client(), user)


def stale(user: User) -> Client:
    """Return a client whose password was given an hour ago."""
    client = at_desk(user)
    session = client.session
    records = [{**one, "at": time.time() - 3600} for one in session["account_authentication_methods"]]
    session["account_authentication_methods"] = records
    session.save()
    return client


def once_more(user: User) -> dict[str, str]:
    """Return what the page that asks for password and code sends, beside what it kept; gives the person an app."""
    give_app(user)
    return {
        "reauth_password": PASSWORD,
        "reauth_code": code_at(now=time.time()),
        "reauth_after": "POST",
    }


def searched(user: User, typed: str, path: str = "") -> str:
    """Return the address at which this person's inbox shows what fits the words."""
    return f"/admin/tips/{path}?s={sealed_search(user=user, typed=typed)}"
