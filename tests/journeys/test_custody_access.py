"""Custody and key pages for everybody: no finding of axe, no sideways scroll, in both themes and languages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page
from pytest_django import Settings
from wagtail.users.models import UserProfile

from complaints.enums import Role
from complaints.models import Vault
from complaints.services.keys import record_handover
from complaints.services.reseals import ask_reseal, decide_reseal
from tests import custody_steps
from tests.custody_steps import Three
from tests.factories import VAULT_FINGERPRINT
from tests.fixtures import City
from tests.journeys.desk_steps import desk_of, new_tip, person
from tests.journeys.test_desk_access import SIDEWAYS, findings
from tests.key_steps import NEW_FINGERPRINT, rotation, shown_key

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
KEYS, REQUESTS = "/admin/custody/keys/", "/admin/custody/requests/"
LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark", "locale": "zh-CN"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "locale": "en-US"},
]


@pytest.fixture
def people(city: City) -> Three:
    return Three(
        asker=person(city.yanta, Role.OFFICER),
        approver=person(city.yanta, Role.LEADER, username="zhouwen", first_name="周文"),
        custodian=person(city.city, Role.CUSTODIAN, username="sunjing", first_name="孙静"),
        second=person(city.city, Role.CUSTODIAN, username="gaojian", first_name="高健"),
    )


@pytest.fixture
def head(city: City) -> User:
    return person(city.city, Role.LEADER, username="juzhang", first_name="局长")


@pytest.fixture
def screens(
    city: City, vault: Vault, people: Three, head: User, settings: Settings
) -> list[tuple[User, str, str]]:
    """Return who looks, at which address, with what is pressed there."""
    now = timezone.now()
    asked, ready, waiting = (
        custody_steps.asked(new_tip(city, real_name=True), people, at=now) for _ in range(3)
    )
    for row in (ready, waiting):
        custody_steps.approved(row, people, at=now)
        custody_steps.ready(row, people, at=now)
    custody_steps.handed_out(waiting, people, at=now)
    custody_steps.delivered(waiting, people, at=now)
    proof = shown_key(people.custodian, at=now)
    record_handover(
        actor=people.custodian,
        version=1,
        fingerprint=VAULT_FINGERPRINT,
        holder_id=people.second.pk,
        proof=proof,
        at=now,
    )
    rotation(old=vault, tips=1)
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT
    job = ask_reseal(actor=people.custodian, version=1, pinned=NEW_FINGERPRINT, at=now)
    decide_reseal(actor=head, job_id=job.public_id, is_approved=True, at=now)
    return [
        (people.custodian, KEYS, ""),
        (people.custodian, f"{KEYS}new/", "[data-make]"),
        (people.custodian, f"{KEYS}hand-over/", "[data-wrap]"),
        (people.custodian, f"{KEYS}recover/", "[data-recover]"),
        (people.custodian, f"{KEYS}reseal/{job.public_id}/", "[data-start]"),
        (people.second, KEYS, ""),
        (people.second, f"{KEYS}receive/", "[data-receive]"),
        (people.custodian, REQUESTS, ""),
        (people.custodian, f"{REQUESTS}{ready.public_id}/open/", ""),
        (people.approver, f"{REQUESTS}{asked.public_id}/decide/", ""),
        (people.asker, f"{REQUESTS}{waiting.public_id}/", ""),
        (people.asker, f"{REQUESTS}{ready.public_id}/", ""),
    ]


def shown(
    open_phone: OpenPhone, screens: list[tuple[User, str, str]], look: dict[str, Any]
) -> Iterator[tuple[str, Page]]:
    """Yield each screen as it stands in this look; where a button is named, with the refusal it answers."""
    language = "en" if look["locale"] == "en-US" else "zh-hans"
    pages: dict[int, Page] = {}
    for user, path, button in screens:
        if user.pk not in pages:
            UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
            pages[user.pk] = desk_of(open_phone, user, **look)
        page = pages[user.pk]
        page.goto(path)
        if button:
            page.click(button)
            page.locator("[data-fault]").wait_for()
        yield path, page


@pytest.mark.parametrize("look", LOOKS, ids=["1280 dark", "390 light english"])
def test_custody_is_fit_for_everybody(
    open_phone: OpenPhone, screens: list[tuple[User, str, str]], look: dict[str, Any]
) -> None:
    for path, page in shown(open_phone, screens, look):
        assert findings(page) == [], path
        assert page.evaluate(SIDEWAYS) <= 0, path
