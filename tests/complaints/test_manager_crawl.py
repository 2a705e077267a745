"""Every address asked by safety managers of two enterprises: nothing of the bureau, nothing of the other."""

from collections.abc import Iterator
from itertools import islice, product

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from complaints.enums import Role
from complaints.models import Evidence
from complaints.services.intake import submit_tip
from tests.enterprise_steps import code_of, enterprise, manager, tell_inside
from tests.factories import VAULT_FINGERPRINT, TipFactory, draft, upload
from tests.fixtures import YANTA, City
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
MARK_OUTSIDE = "局里的举报原文"
EACH = 4
MARKS = {"mine": "甲厂的报告原文", "theirs": "乙厂的报告原文"}


def names(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the full name of every address there is."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join([*spaces, pattern.name])


def addresses(values: list[object]) -> set[str]:
    """Return every address there is, with none to two of these values; of each at most EACH."""
    found: set[str] = set()
    for name in names():
        ways = (arguments for count in (0, 1, 2) for arguments in product(values, repeat=count))
        found.update(islice(filter(None, (made(name, arguments) for arguments in ways)), EACH))
    return found


def made(name: str, arguments: tuple[object, ...]) -> str:
    """Return the address of a view with these values; empty when it takes others."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


@pytest.fixture
def world(city: City) -> dict[str, User | str]:
    """Return managers of two enterprises, with a tip inside each and one of the bureau's about the first."""
    first, second = enterprise(city, number=1), enterprise(city, number=2)
    today = timezone.localdate()
    mine = tell_inside(first, photos=1, today=today, description=MARKS["mine"])
    theirs = tell_inside(second, photos=1, today=today, description=MARKS["theirs"])
    outside = submit_tip(
        draft=draft(entity_name=first.name, description=MARK_OUTSIDE, district=YANTA),
        uploads=[upload()],
        today=today,
        vault_fingerprint=VAULT_FINGERPRINT,
    )
    TipFactory(district=YANTA)
    staff(Role.OFFICER, office=city.yanta, username="officer")
    return {
        "one": manager(first, username="one"),
        "two": manager(second, username="two"),
        "mine": mine.number,
        "theirs": theirs.number,
        "outside": outside.number,
        "code": code_of(first),
    }


@pytest.mark.parametrize(("who", "own", "other"), [("one", "mine", "theirs"), ("two", "theirs", "mine")])
def test_a_manager_reaches_nothing_of_the_bureau_and_nothing_of_another_enterprise(
    world: dict[str, User | str], who: str, own: str, other: str
) -> None:
    foreign = list(Evidence.objects.exclude(tip__number=world[own]).values_list("public_id", flat=True))
    values: list[object] = [world[other], world["outside"], *foreign, 1, 2, "shown", "thumb", "accept"]
    user = world[who]
    assert isinstance(user, User)
    client = enter(Client(raise_request_exception=False), user)

    asked = sorted(one for one in addresses(values) if "logout" not in one and not one.startswith("/static"))
    told = []
    for address in asked:
        cache.clear()
        answer = client.get(address)
        body = b"" if answer.streaming else answer.content
        is_desk = address.startswith("/admin/") and answer.status_code == 200
        leaks = any(
            word.encode() in body
            for word in (MARK_OUTSIDE, MARKS[other], str(world[other]), str(world["outside"]))
        )
        # An address that was asked for may be repeated by the page that says it is not there.
        if answer.status_code >= 500 or (answer.status_code == 200 and (leaks or is_desk)):
            told.append((address, answer.status_code))

    assert len(asked) > 150
    assert [one for one in told if not one[0].startswith(OPEN)] == []


# Pages of Wagtail without anything of ours: icons, words of its scripts, keyboard help.
OPEN = ("/admin/sprite", "/admin/jsi18n/", "/admin/still-here/", "/admin/icons/")
