"""Secrets of authenticator apps: under the key ring, brought there from SECRET_KEY, followed by a rotation."""

import base64
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.checks import CheckMessage, run_checks
from django.test import override_settings
from pytest_django import Settings

from complaints.enums import Role
from complaints.services import authenticators, rotation
from portal.shared import secretbox
from portal.shared.secretbox import SecretUnreadable
from portal.shared.services import second_factor
from tests.factories import TODAY
from tests.signin import SECRET, code_at, give_app, recovery_codes, staff

pytestmark = pytest.mark.django_db
NOW = 1_790_000_000.0
OTHER_KEY = "another key, long enough to be one, 0123456789"


@pytest.fixture
def officer() -> User:
    person = staff(Role.OFFICER, username="zhaomin")
    give_app(person)
    return person


def turn(settings: Settings) -> str:
    """Put a new key first; return its entry alone."""
    new = f"t2:gm:{base64.b64encode(bytes([9]) * 32).decode()}"
    settings.KEY_RING = f"{new},{settings.KEY_RING}"
    return new


def as_before(officer: User) -> None:
    """Seal what this person has as it was done before: under SECRET_KEY."""
    for row in Authenticator.objects.filter(user=officer):
        [name] = [one for one in authenticators.FIELDS if one in row.data]
        row.data[name] = secretbox.seal(authenticators.read_secret(row.data[name]))
        row.save()


def may_enter(officer: User, *, now: float = NOW) -> bool:
    return second_factor.use_code(user=officer, code=code_at(now=now), now=now) is not None


def data() -> list[dict[str, Any]]:
    return list(Authenticator.objects.order_by("pk").values_list("data", flat=True))


def messages() -> list[CheckMessage]:
    found = run_checks(databases=["default"])
    return [one for one in found if one.id in ("complaints.W006", "complaints.W007")]


def test_a_rotation_takes_app_and_recovery_codes_along(officer: User, settings: Settings) -> None:
    codes = recovery_codes(officer)
    assert may_enter(officer)
    new = turn(settings)

    done = rotation.rotate(today=TODAY)

    settings.KEY_RING = new
    assert done.is_done
    assert not may_enter(officer)  # spent before the rotation, and still spent
    assert may_enter(officer, now=NOW + 60)
    assert recovery_codes(officer) == codes


def test_a_second_rotation_leaves_them_alone(officer: User, settings: Settings) -> None:
    turn(settings)
    rotation.rotate(today=TODAY)
    before = data()

    assert authenticators.renew() == authenticators.Renewed()
    assert data() == before


def test_the_old_key_is_needed_until_they_followed(officer: User, settings: Settings) -> None:
    turn(settings)

    with pytest.raises(rotation.StillNeeded):
        rotation.remnant_of(key_id=settings.KEY_RING.split(",")[1].split(":")[0])


def test_those_of_before_sign_in_and_are_brought_under_the_ring(officer: User) -> None:
    as_before(officer)
    assert may_enter(officer)
    assert [one.id for one in messages()] == ["complaints.W007"]

    rotation.rotate(today=TODAY)

    assert messages() == []
    with override_settings(SECRET_KEY=OTHER_KEY):
        assert may_enter(officer, now=NOW + 60)


def test_a_lost_secret_key_is_noticed_and_holds_no_rotation_up(officer: User, settings: Settings) -> None:
    as_before(officer)
    settings.SECRET_KEY = OTHER_KEY
    turn(settings)

    done = rotation.rotate(today=TODAY)

    assert (done.is_done, done.unreadable) == (True, ())
    assert [one.id for one in messages()] == ["complaints.W006", "complaints.W007"]
    assert "2 authenticators cannot be opened" in messages()[0].msg


def test_one_no_key_of_the_ring_opens_is_named(officer: User, settings: Settings) -> None:
    settings.KEY_RING = f"t9:intl:{base64.b64encode(bytes([5]) * 32).decode()}"

    done = rotation.rotate(today=TODAY)

    rows = Authenticator.objects.order_by("pk")
    assert not done.is_done
    assert done.unreadable == tuple(f"mfa.Authenticator {row.pk}" for row in rows)
    assert [one.id for one in messages()] == ["complaints.W006"]


@pytest.mark.parametrize("broken", ["", SECRET, "s1:", "r1:", "r1:!", "r1:AAAA"])
def test_a_changed_secret_does_not_open(broken: str) -> None:
    with pytest.raises(SecretUnreadable):
        authenticators.read_secret(broken)
