"""Settings: what protects the reporter is on in every installation, and keys are made once and kept to oneself."""

import base64
import importlib
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from pytest_django import Settings

from complaints.checks import key_ring_is_readable
from complaints.crypto.keyring import KeyRing
from portal import devkeys
from portal.devkeys import load_keys
from portal.settings import base, security
from tests.guards.sources import ROOT


def test_sqlite_is_set_to_survive_a_crash_and_to_forget() -> None:
    pragmas = base.SQLITE_PRAGMAS.lower()

    for wanted in ("journal_mode=wal", "synchronous=full", "secure_delete=on", "temp_store=memory"):
        assert wanted in pragmas


def test_the_pragmas_hold_on_a_connection(db: None) -> None:
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            found = {
                name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "secure_delete")
            }
        assert found == {"synchronous": 2, "secure_delete": 1}


def test_short_questions_start_no_parallel_workers(db: None) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW max_parallel_workers_per_gather")
            assert cursor.fetchone() == ("0",)


def test_a_replica_keeps_what_its_address_asks_for(tmp_path: Path) -> None:
    code = "from portal.settings.base import DATABASES; print(DATABASES['replica']['OPTIONS'])"
    given = {
        "DATABASE_URL": "postgres://a@db.example/b?sslmode=verify-full",
        "REPLICA_URL": "postgres://a@replica.example/b?sslmode=verify-full",
    }
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **given}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    for word in ("'sslmode': 'verify-full'", "default_transaction_read_only=on", "'tcp_user_timeout'"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://a@127.0.0.1:5432/b", "-c max_parallel_workers_per_gather=0"),
        ("postgres://a@127.0.0.1:5432/b?options=-c%20work_mem%3D8MB", "-c work_mem=8MB"),
    ],
)
def test_options_of_the_address_come_before_ours(tmp_path: Path, given: str, wanted: str) -> None:
    code = "from portal.settings.base import DATABASES; print(DATABASES['default']['OPTIONS']['options'])"
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DATABASE_URL": given}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == wanted


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WAGTAIL_GRAVATAR_PROVIDER_URL", None),
        ("WAGTAIL_ENABLE_UPDATE_CHECK", False),
        ("WAGTAIL_ENABLE_WHATS_NEW_BANNER", False),
        ("WAGTAIL_PASSWORD_RESET_ENABLED", False),
        ("SESSION_COOKIE_HTTPONLY", True),
        ("USE_TZ", True),
        ("TIME_ZONE", "Asia/Shanghai"),
        ("LANGUAGE_CODE", "zh-hans"),
        ("DEBUG", False),
    ],
)
def test_what_must_not_change_by_accident(name: str, value: object) -> None:
    assert getattr(settings, name) == value


def test_no_policy_allows_inline_or_foreign_content() -> None:
    sources = [
        source for values in security.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in values
    ]

    assert not [one for one in sources if "unsafe" in str(one) or "://" in str(one) or str(one) == "*"]


def test_no_setting_keeps_an_address() -> None:
    assert not [
        name for name in settings.MIDDLEWARE + settings.INSTALLED_APPS if "track" in name or "axes" in name
    ]
    assert settings.LOGGING["loggers"]["django.server"] == {"handlers": [], "propagate": False}


def test_limits_are_those_of_the_contract() -> None:
    assert (base.PHOTO_MAX_COUNT, base.PHOTO_MAX_BYTES, base.PHOTOS_MAX_BYTES) == (9, 20 * 2**20, 60 * 2**20)


def test_evidence_is_no_media(evidence_root: Path) -> None:
    assert "evidence" in settings.STORAGES
    assert not Path(base.EVIDENCE_ROOT).is_relative_to(base.MEDIA_ROOT)
    with pytest.raises(NotImplementedError):
        storages["evidence"].url("ab/cd.shown")


# --- checks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ring", ["", "x", "k1:intl:short", "k1:other:" + "A" * 43 + "="])
def test_a_key_ring_that_cannot_be_used_stops_everything(settings: Settings, ring: str) -> None:
    settings.KEY_RING = ring

    (found,) = key_ring_is_readable()

    assert found.id == "complaints.E001"
    assert found in run_checks(tags=["security"])


def test_a_good_key_ring_passes(settings: Settings) -> None:
    settings.KEY_RING = KeyRing.generate(key_id="k9", suite="gm")

    assert key_ring_is_readable() == []


# --- keys of the embedded default ------------------------------------------------------------------------------------


def test_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first, second = load_keys(data_dir=tmp_path / "new"), load_keys(data_dir=tmp_path / "new")

    assert first == second
    assert len(first["SECRET_KEY"]) >= 50
    assert KeyRing.parse(first["KEY_RING"])
    assert stat.S_IMODE((tmp_path / "new" / "keys.env").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["keys.env"]


def test_keys_of_the_time_before_checkpoints_are_completed_once(tmp_path: Path) -> None:
    load_keys(data_dir=tmp_path)
    path = tmp_path / "keys.env"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("CHECKPOINT_KEY")))

    first, second = load_keys(data_dir=tmp_path), load_keys(data_dir=tmp_path)

    assert first == second
    assert len(base64.b64decode(first["CHECKPOINT_KEY"])) == 32
    assert path.read_text().startswith("".join(lines[:2]))


def test_a_key_added_twice_counts_once(tmp_path: Path) -> None:
    kept = load_keys(data_dir=tmp_path)["CHECKPOINT_KEY"]
    with (tmp_path / "keys.env").open("a") as file:
        file.write("CHECKPOINT_KEY=another\n")

    assert load_keys(data_dir=tmp_path)["CHECKPOINT_KEY"] == kept


def test_every_folder_has_keys_of_its_own(tmp_path: Path) -> None:
    assert load_keys(data_dir=tmp_path / "a") != load_keys(data_dir=tmp_path / "b")


def test_two_starts_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _n: tuple(load_keys(data_dir=tmp_path).items()), range(8)))

    assert len(set(results)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys.env"]


def test_keys_and_their_name_survive_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[bool, bool]] = []

    def note(number: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(number).st_mode), (tmp_path / "keys.env").exists()))

    monkeypatch.setattr(devkeys.os, "fsync", note)

    load_keys(data_dir=tmp_path)

    assert synced == [(False, False), (True, True)]  # the content before the name, then the name


def test_a_start_killed_while_making_keys_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(devkeys.os, "fsync", cut)
    with pytest.raises(KeyboardInterrupt):
        load_keys(data_dir=tmp_path)

    assert not (tmp_path / "keys.env").exists()
    monkeypatch.undo()
    assert load_keys(data_dir=tmp_path)["KEY_RING"]


# --- modules -------------------------------------------------------------------------------------------------------


def imported(module: str, tmp_path: Path, expression: str, **environment: str) -> str:
    """Import a settings module in a process of its own and return what the expression says."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    code = f"import {module} as s; print({expression})"
    line = [sys.executable, "-c", code]
    done = subprocess.run(
        line,
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_embedded_default_needs_no_environment(tmp_path: Path) -> None:
    shown = imported("portal.settings.dev", tmp_path, "s.DEBUG, len(s.SECRET_KEY) > 50, s.CAPTCHA_BACKEND")

    assert shown == "False True altcha"
    assert (tmp_path / "keys.env").exists()


def test_the_environment_wins_over_kept_keys(tmp_path: Path) -> None:
    shown = imported(
        "portal.settings.dev",
        tmp_path,
        "s.SECRET_KEY, s.URL_PREFIX",
        SECRET_KEY="x" * 60,
        SITE_PREFIX="/a/b/",
    )

    assert shown == f"{'x' * 60} a/b/"


def test_a_database_and_a_cache_come_from_the_environment(tmp_path: Path) -> None:
    values = "s.DATABASES['default']['ENGINE'], s.DATABASES['default']['CONN_MAX_AGE'], s.CACHES['default']['BACKEND']"

    shown = imported(
        "portal.settings.dev", tmp_path, values, DATABASE_URL="postgres://u@h/d", REDIS_URL="redis://h/0"
    )

    assert shown == "django.db.backends.postgresql 60 portal.shared.caches.SturdyRedisCache"


def test_the_suite_has_a_folder_of_its_own() -> None:
    module = importlib.import_module("portal.settings.test")

    assert Path(module.DATABASES["default"]["TEST"]["NAME"]).name != "db.sqlite3"
    assert not str(base.DATA_DIR).startswith(str(ROOT))


# --- starting without usable keys ----------------------------------------------------------------------------------


def started(*command: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Start a program of the embedded default; a server that comes up is ended after a while."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        ["timeout", "120", sys.executable, *command],
        cwd=ROOT,
        env={
            **kept,
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "PORT": "0",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


STARTS = {
    "command": ("manage.py", "sweep_orphans"),
    "runserver": ("manage.py", "runserver", "--noreload", "127.0.0.1:0"),
    "gunicorn": ("-m", "gunicorn", "--config", "scripts/gunicorn.conf.py", "portal.wsgi:application"),
}


@pytest.mark.parametrize("command", STARTS.values(), ids=STARTS)
def test_nothing_starts_with_a_malformed_key_ring(tmp_path: Path, command: tuple[str, ...]) -> None:
    secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ="

    done = started(*command, folder=tmp_path, KEY_RING=f"k1:intl:{secret}")

    assert done.returncode not in {0, 124}
    assert (
        "KEY_RING cannot be used, nothing starts: KEY_RING entry 1: the key must be 32 bytes" in done.stderr
    )
    assert secret not in done.stdout + done.stderr


def test_an_empty_key_ring_does_not_fall_back_to_the_file(tmp_path: Path) -> None:
    load_keys(data_dir=tmp_path)

    done = started(*STARTS["command"], folder=tmp_path, KEY_RING="")

    assert done.returncode == 1
    assert done.stderr.startswith("✗ KEY_RING cannot be used, nothing starts: KEY_RING is empty")


def test_no_fresh_keys_are_made_beside_data(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").write_bytes(b"SQLite format 3\x00")

    with pytest.raises(ImproperlyConfigured, match=r"holds data but no keys\.env"):
        load_keys(data_dir=tmp_path)

    assert not (tmp_path / "keys.env").exists()


def test_keys_that_are_given_need_no_file(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").write_bytes(b"SQLite format 3\x00")
    ring = KeyRing.generate(key_id="k9", suite="gm")

    shown = imported("portal.settings.dev", tmp_path, "s.KEY_RING", SECRET_KEY="x" * 60, KEY_RING=ring)

    assert shown == ring
    assert not (tmp_path / "keys.env").exists()


@pytest.mark.parametrize("text", ["", "SECRET_KEY=x\n", "SECRET_KEY=x\nKEY_RING= \n"])
def test_a_file_that_lacks_a_key_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.env").write_text(text, encoding="utf-8")

    with pytest.raises(ImproperlyConfigured, match=r"keys\.env lacks .*KEY_RING"):
        load_keys(data_dir=tmp_path)
