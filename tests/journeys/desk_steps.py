"""Steps that journeys of officers share: a desk with a session, a tip to work on."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from complaints.enums import Role
from complaints.models import Office, Tip
from tests.factories import TipFactory
from tests.fixtures import IN_YANTA, YANTA, City
from tests.signin import enter, staff

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def person(office: Office, *roles: Role, username: str = "zhaomin", first_name: str = "赵敏") -> User:
    """Return a person of staff with the Wagtail groups of these roles."""
    return staff(*roles, office=office, username=username, first_name=first_name)


def desk_of(open_phone: Callable[..., BrowserContext], user: User, **options: Any) -> Page:
    """Return a page of a computer on which this person is signed in with both steps."""
    context = open_phone(**{"viewport": DESK, **options})
    page = context.new_page()
    page.goto("/accounts/login/")
    session = enter(Client(), user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": page.url.split("/accounts/")[0]}])
    return page


def new_tip(city: City, **values: Any) -> Tip:
    """Return a tip of today in the first district, with two photos and a point."""
    plain = {
        "description": "液氨储罐旁动火，没有人监护。夜里还在干。",
        "entity_name": "某化工有限公司",
        "kind": "major_hazard",
        "industry": "chemical",
        "operations": ("ammonia", "hot_work"),
        "district": YANTA,
        "town": city.town_code,
        "lat": IN_YANTA[0],
        "lng": IN_YANTA[1],
        "photos": 2,
        "today": timezone.localdate(),
    }
    tip: Tip = TipFactory(**{**plain, **values})
    return tip
