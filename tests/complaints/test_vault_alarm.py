"""No pinned key: every administrator is told, once a day; the check before going live fails; anonymous tips go on."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.checks import ERROR, run_checks
from django.core.management import call_command
from pytest_django import Settings

from complaints import tasks
from complaints.enums import IdentityMode, Role
from complaints.errors import DraftInvalid, VaultUnavailable
from complaints.models import Tip, Vault, VaultAlarm
from complaints.services.daily import run_daily
from complaints.services.vault_alarm import raise_if_swapped
from tests.factories import TODAY, VAULT_FINGERPRINT, TipFactory, UserFactory, VaultFactory, noon
from tests.fixtures import City
from tests.key_steps import new_vault

SWAPPED = "0000-" * 15 + "0000"


@pytest.fixture
def administrators(city: City) -> list[User]:
    roles = [(Role.SYSTEM_ADMINISTRATOR, city.city)]
    first = UserFactory(email="one@example.org", roles=roles)
    second = UserFactory(email="two@example.org", roles=roles)
    root = UserFactory(email="root@example.org", is_superuser=True)
    UserFactory(email="", roles=roles)
    UserFactory(email="left@example.org", is_active=False, roles=roles)
    UserFactory(email="officer@example.org", roles=[(Role.OFFICER, city.city)])
    return [first, second, root]


def raised(*, days: int = 0, pinned: str = SWAPPED) -> int:
    return raise_if_swapped(today=TODAY + timedelta(days=days), pinned=pinned)


def test_every_administrator_gets_a_letter_of_their_own(administrators: list[User]) -> None:
    sent = raised()

    assert sent == 3
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "one@example.org",
        "root@example.org",
        "two@example.org",
    ]
    assert all(len(letter.to) == 1 and not letter.cc and not letter.bcc for letter in mail.outbox)
    assert "VAULT_FINGERPRINT" in mail.outbox[0].body
    assert VAULT_FINGERPRINT not in mail.outbox[0].body


def test_once_a_day(administrators: list[User]) -> None:
    assert [raised(), raised(), raised(days=1)] == [3, 0, 3]
    assert [row.letters for row in VaultAlarm.objects.all()] == [3, 3]


def test_no_alarm_while_the_pinned_key_is_there(administrators: list[User], vault: Vault) -> None:
    new_vault()

    assert raised(pinned=VAULT_FINGERPRINT) == 0
    assert not mail.outbox
    assert not VaultAlarm.objects.exists()


def test_a_mail_server_that_is_away_stops_nothing(
    administrators: list[User], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)

    assert raised() == 0
    assert "letters not sent" in caplog.text
    assert "example.org" not in caplog.text


def test_a_round_that_reached_nobody_is_tried_again_the_same_day(
    administrators: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OSError("no route")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        raised()

    assert [raised(), raised()] == [3, 0]


def test_every_look_of_the_timer_and_the_waiting_letters_raise_it(
    administrators: list[User], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.tasks.connections.close_all", lambda: None)
    settings.VAULT_FINGERPRINT = VAULT_FINGERPRINT
    vault: Vault = VaultFactory()
    tasks.look()
    settings.VAULT_FINGERPRINT = SWAPPED

    tasks.look()
    call_command("notices", stdout=StringIO())

    assert vault.fingerprint == VAULT_FINGERPRINT
    assert len(mail.outbox) == 3


def test_the_daily_task_raises_it(administrators: list[User], settings: Settings) -> None:
    settings.VAULT_FINGERPRINT = SWAPPED

    report = run_daily(today=TODAY, now=noon(TODAY))

    assert report.counts["vault_alarm"] == 3
    assert not report.failed


# --- the check ----------------------------------------------------------------------------------------------------


def faults(*, deploy: bool) -> dict[str | None, int]:
    found = run_checks(include_deployment_checks=deploy, databases=["default"])
    return {one.id: one.level for one in found if str(one.id).startswith("complaints.")}


def test_going_live_with_a_swapped_key_fails_loudly(vault: Vault, settings: Settings) -> None:
    settings.VAULT_FINGERPRINT = SWAPPED

    assert faults(deploy=True)["complaints.E003"] >= ERROR
    assert "complaints.E003" not in faults(deploy=False)
    assert faults(deploy=False)["complaints.W001"] < ERROR


def test_going_live_without_a_vault_fails_as_well(db: None) -> None:
    assert "complaints.E003" in faults(deploy=True)


def test_a_pinned_key_passes_whatever_waits(vault: Vault) -> None:
    new_vault()

    assert not {"complaints.E003", "complaints.W001"} & set(faults(deploy=True))


# --- meanwhile ----------------------------------------------------------------------------------------------------


def test_anonymous_tips_go_on_and_real_names_do_not(city: City, settings: Settings) -> None:
    settings.VAULT_FINGERPRINT = SWAPPED

    TipFactory(identity_mode=IdentityMode.ANONYMOUS)
    with pytest.raises((VaultUnavailable, DraftInvalid)):
        TipFactory(real_name=True)

    assert Tip.objects.get().identity_mode == IdentityMode.ANONYMOUS
