"""What the panel of the machine tells beside keys and disk: roles at both ends, checkpoints, room for a rebuild."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from complaints.enums import Role
from complaints.models import AuditRow, Membership
from complaints.selectors import database_file
from complaints.selectors.separation import people_at_both_ends, people_with_unlogged_roles
from complaints.services import audit, checkpoints, traces
from complaints.services.checkpoint_state import CheckpointState, checkpoint_state
from complaints.staff import machine
from tests.factories import UserFactory
from tests.fixtures import City
from tests.signin import staff


@pytest.mark.django_db
def test_who_holds_both_ends_is_named(city: City) -> None:
    officer, beside = staff(Role.OFFICER, office=city.yanta), staff(Role.OFFICER, office=city.yanta)
    closed = UserFactory(is_active=False, roles=[(Role.LEADER, city.yanta), (Role.CUSTODIAN, city.city)])
    Membership.objects.create(user=officer, office=city.city, role=Role.CUSTODIAN)
    Membership.objects.create(user=beside, office=city.lianhu, role=Role.CUSTODIAN)
    root = UserFactory(is_superuser=True, roles=[(Role.OFFICER, city.zone)])

    found = people_at_both_ends()

    assert set(found) == {officer, root}
    assert closed not in found
    assert {one.id for one in run_checks(databases=["default"])} >= {"complaints.W004", "complaints.W005"}


@pytest.mark.django_db
def test_roles_written_past_the_program_are_named(city: City) -> None:
    staff(Role.CUSTODIAN, office=city.city)
    UserFactory(roles=[(Role.OFFICER, city.city)])
    smuggled = UserFactory(roles=[(Role.CUSTODIAN, city.city)])

    assert people_with_unlogged_roles() == [smuggled]


@pytest.fixture
def signed(db: None, settings: Settings, tmp_path: Path) -> Path:
    """Return the folder of a log with one checkpoint, signed now."""
    settings.CHECKPOINT_DIR = tmp_path
    now = timezone.now()
    audit.record(action="tip.purged", at=now)
    path, seed = checkpoints.checkpoint_file(), checkpoints.checkpoint_seed()
    checkpoints.sign_checkpoint(path=path, seed=seed, at=now)
    return tmp_path


def tone(state: CheckpointState, *, days: int = 0) -> str:
    return machine._checkpoint(state, now=timezone.now() + timedelta(days=days)).chip.tone


def test_a_checkpoint_that_holds_ages(signed: Path) -> None:
    state = checkpoint_state()

    assert state.holds
    assert [tone(state, days=days) for days in (0, 1, 3)] == ["done", "done", "wait"]


def test_no_checkpoint_yet(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.CHECKPOINT_DIR = tmp_path

    assert tone(checkpoint_state()) == "wait"


@pytest.mark.parametrize("how", ["file", "row", "key"])
def test_a_checkpoint_that_does_not_hold(signed: Path, settings: Settings, how: str) -> None:
    path = signed / checkpoints.FILE_NAME
    if how == "file":
        path.write_bytes(path.read_bytes().replace(b'"v":1', b'"v":2'))
    elif how == "row":
        AuditRow.objects.update(mac=b"0" * 32)
    else:
        settings.CHECKPOINT_KEY = "no key"

    assert tone(checkpoint_state()) == "bad"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("room", [0.0, 1e12])
def test_a_large_database_is_built_anew_where_the_disk_has_room(
    city: City, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: float
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(database_file, "IN_MEMORY_MOST_BYTES", 0)
    monkeypatch.setattr(database_file, "TIMES_ROOM", room)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bulk (text TEXT)")
        cursor.executemany("INSERT INTO bulk VALUES (%s)", [("x" * 4000,)] * 500)
        cursor.execute("DROP TABLE bulk")
    before, out = database_file.rebuild(), StringIO()

    is_clean = traces.wipe()
    call_command("purge", stdout=out)

    after, is_sqlite = database_file.rebuild(), connection.vendor == "sqlite"
    assert is_clean
    assert (before is not None) == (after is not None) == is_sqlite
    assert ("不够重建文件" in out.getvalue()) == (is_sqlite and room > 0)
    assert not before or not after or (after.size_bytes < before.size_bytes) == (room == 0)
    assert [path.name for path in tmp_path.glob(".rebuild-*")] == []
