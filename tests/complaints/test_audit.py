"""The audit log: one chain under load, and every change, gap or cut tail named."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from pytest_django import Settings

from complaints.crypto.keyring import KeyRing
from complaints.models import AuditHead, AuditRow
from complaints.services.audit import GENESIS, record
from complaints.services.audit_check import first_fault
from complaints.services.steps import day_start
from tests.factories import TODAY, UserFactory, noon
from tests.parallel import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db: None) -> User:
    return UserFactory()


@pytest.fixture
def log(person: User) -> list[AuditRow]:
    return [
        record(
            action=f"act.{number}",
            at=noon(TODAY) + timedelta(microseconds=number),
            actor=person,
            subject=f"AS-{number}",
            data={"n": number},
        )
        for number in range(1, 6)
    ]


def test_an_empty_log_is_whole(db: None) -> None:
    assert first_fault() is None


def test_rows_follow_each_other(log: list[AuditRow]) -> None:
    assert [row.sequence for row in log] == [1, 2, 3, 4, 5]
    assert [bytes(row.previous_mac) for row in log] == [GENESIS, *(bytes(row.mac) for row in log[:-1])]
    assert first_fault() is None


def test_the_bureaus_time_zone_and_utc_are_one_moment(db: None) -> None:
    record(action="reporter", at=day_start(TODAY))

    assert first_fault() is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "act.other"),
        ("subject", "AS-9"),
        ("data", {"n": 99}),
        ("data", {}),
        ("taken_at", noon(TODAY) - timedelta(days=1)),
        ("actor", None),
        ("mac", b"\1" * 32),
        ("previous_mac", b"\2" * 32),
    ],
)
def test_a_changed_row_is_named(log: list[AuditRow], column: str, value: object) -> None:
    AuditRow.objects.filter(sequence=3).update(**{column: value})

    assert first_fault() == 3


def test_another_actor_is_noticed(log: list[AuditRow]) -> None:
    AuditRow.objects.filter(sequence=2).update(actor=UserFactory())

    assert first_fault() == 2


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_missing_row_is_named(log: list[AuditRow], sequence: int) -> None:
    AuditRow.objects.filter(sequence=sequence).delete()

    assert first_fault() == sequence


def test_a_cut_tail_is_noticed(log: list[AuditRow]) -> None:
    AuditRow.objects.filter(sequence__gt=2).delete()

    assert first_fault() == 3


def test_an_added_row_is_noticed(log: list[AuditRow]) -> None:
    AuditRow.objects.create(
        sequence=6, taken_at=noon(TODAY), action="x", previous_mac=log[-1].mac, mac=b"\3" * 32
    )

    assert first_fault() == 6


def test_a_tail_replaced_with_its_head_is_noticed(log: list[AuditRow]) -> None:
    AuditHead.objects.update(sequence=4, mac=log[3].mac)

    assert first_fault() == 6


def test_a_tail_cut_back_to_a_true_row_is_noticed(log: list[AuditRow]) -> None:
    AuditRow.objects.filter(sequence=5).delete()

    AuditHead.objects.update(sequence=4, mac=log[3].mac)

    assert first_fault() == 5


def test_a_log_without_its_head_is_at_fault(log: list[AuditRow]) -> None:
    AuditHead.objects.all().delete()

    assert first_fault() == 6


def test_moments_are_kept_to_the_minute(log: list[AuditRow]) -> None:
    row = record(action="after", at=noon(TODAY) + timedelta(minutes=7, seconds=31, microseconds=5))

    assert row.taken_at == noon(TODAY) + timedelta(minutes=7)


def test_exchanged_rows_are_noticed(log: list[AuditRow]) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        AuditRow.objects.filter(sequence=old).update(sequence=new)

    assert first_fault() == 2


def test_the_log_stays_whole_after_the_key_ring_was_rotated(log: list[AuditRow], settings: Settings) -> None:
    settings.KEY_RING = f"{KeyRing.generate(key_id='t2', suite='gm')},{settings.KEY_RING}"

    record(action="after", at=noon(TODAY))

    assert first_fault() is None


def test_without_the_old_key_the_log_does_not_verify(log: list[AuditRow], settings: Settings) -> None:
    settings.KEY_RING = KeyRing.generate(key_id="t2", suite="intl")

    assert first_fault() == 1


def test_a_row_vanishes_with_the_transaction_it_belongs_to(log: list[AuditRow]) -> None:
    with transaction.atomic():
        record(action="undone", at=noon(TODAY))
        transaction.set_rollback(True)

    record(action="kept", at=noon(TODAY))

    assert (AuditRow.objects.count(), first_fault()) == (6, None)


@pytest.mark.django_db(transaction=True)
def test_fifty_acts_at_once_make_no_fork(db: None) -> None:
    def act() -> int:
        return record(action="parallel", at=noon(TODAY)).sequence

    numbers = at_once([act] * 50)

    assert sorted(numbers) == list(range(1, 51))
    assert first_fault() is None
