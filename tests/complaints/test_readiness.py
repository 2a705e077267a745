"""What `/readyz` says: in words what an operator should look at, and 503 only where another node would do better."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from complaints import readiness
from complaints.crypto.keyring import KeyRing
from complaints.models import DailyRun
from complaints.services import audit
from complaints.services.checkpoints import checkpoint_file
from portal.shared import caches
from portal.shared.caches import SturdyRedisCache
from tests.factories import TipFactory
from tests.fixtures import City

pytestmark = pytest.mark.django_db


def asked() -> tuple[int, str]:
    """Return status and words of the supervisor's question."""
    answer = Client().get("/readyz")
    return answer.status_code, answer.content.decode()


def ran(*, hours_ago: float, failed: tuple[str, ...] = (), is_finished: bool = True) -> None:
    """Note that the daily task ran so long ago."""
    moment = timezone.now() - timedelta(hours=hours_ago)
    DailyRun.objects.create(
        day=timezone.localdate(moment),
        started_at=moment,
        finished_at=moment if is_finished else None,
        failed=list(failed),
    )


def test_a_node_that_is_well_says_so(city: City, evidence_root: Path) -> None:
    ran(hours_ago=3)

    status, words = asked()

    assert status == 200
    assert not [number for number in ("E004", "W008", "W009") if number in words]


def test_a_node_with_another_key_ring_sends_people_elsewhere(city: City, settings: Settings) -> None:
    TipFactory()
    before = asked()
    settings.KEY_RING = KeyRing.generate(key_id="other", suite="intl")

    status, words = asked()

    assert before[0] == 200
    assert (status, words.splitlines()[0]) == (503, "not ready")
    assert "complaints.E004" in words


def test_an_empty_portal_is_ready(city: City) -> None:
    assert asked()[0] == 200


@pytest.mark.parametrize(
    ("free", "is_named"), [(readiness.LEAST_BYTES - 1, True), (readiness.LEAST_BYTES, False)]
)
def test_a_disk_that_fills_up_is_named_and_stays_in_service(
    city: City, monkeypatch: pytest.MonkeyPatch, free: int, is_named: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free, total=10 * free))

    status, words = asked()

    assert status == 200
    assert ("complaints.W008" in words) is is_named


def test_a_folder_that_cannot_be_written_is_named(
    city: City, evidence_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness.os, "access", lambda *_values: False)

    assert "The folder of photos cannot be written" in asked()[1]


def test_a_folder_that_is_yet_to_be_made_is_no_fault(city: City, settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "new" / "evidence"

    assert "complaints.W008" not in asked()[1]


@pytest.mark.parametrize(("hours", "is_named"), [(1, False), (25.9, False), (26.1, True), (24 * 9, True)])
def test_a_daily_task_that_stopped_is_named(city: City, hours: float, is_named: bool) -> None:
    ran(hours_ago=hours)

    status, words = asked()

    assert status == 200
    assert ("complaints.W009" in words) is is_named


def test_a_run_that_never_ended_does_not_count(city: City) -> None:
    ran(hours_ago=30)
    ran(hours_ago=1, is_finished=False)

    assert "complaints.W009" in asked()[1]


def test_jobs_that_broke_off_are_named(city: City) -> None:
    ran(hours_ago=1, failed=("retention", "late"))

    assert "broke off in: retention, late" in asked()[1]


def test_a_database_that_is_away_is_named(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise ConnectionError

    monkeypatch.setattr(connection, "cursor", away)

    assert asked() == (503, "database")


def test_nothing_about_tips_or_people_is_said(city: City) -> None:
    tip = TipFactory()

    words = asked()[1]

    assert tip.number not in words
    assert "1" not in words.replace("W001", "").replace("E001", "")


# --- the log and the cache -----------------------------------------------------------------------------------------


def logged(*, hours_ago: float) -> None:
    """Leave a row in the audit log that was made so long ago."""
    audit.record(action="test.row", at=timezone.now() - timedelta(hours=hours_ago), actor=None)


@pytest.mark.parametrize(
    ("hours", "signed", "is_named"),
    [
        ((0.5,), None, False),
        ((2,), None, True),
        ((2,), 1.5, False),
        ((2, 1.2), 1.5, True),
        ((2, 0.5), 1.5, False),
    ],
)
def test_a_log_that_is_not_signed_any_more_is_named(
    city: City, hours: tuple[float, ...], signed: float | None, is_named: bool
) -> None:
    for one in hours:
        logged(hours_ago=one)
    if signed is not None:
        path = checkpoint_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
        moment = (timezone.now() - timedelta(hours=signed)).timestamp()
        os.utime(path, (moment, moment))

    status, words = asked()

    assert status == 200
    assert ("complaints.W010" in words) is is_named


def test_a_cache_that_is_away_is_named(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_values: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(readiness.cache, "set", away)

    status, words = asked()

    assert status == 200
    assert "complaints.W011 The shared cache does not answer" in words


def test_a_process_that_counts_for_itself_is_named(
    city: City, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setattr(caches._Rest, "until", 0.0)  # and again after the test
    monkeypatch.setattr(readiness, "cache", SturdyRedisCache(f"redis://127.0.0.1:{free_port}/0", {}))

    assert "complaints.W011" in asked()[1]


def test_a_cache_that_forgets_at_once_is_named(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness.cache, "get", lambda *_values: None)

    assert "complaints.W011" in asked()[1]
