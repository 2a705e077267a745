"""Restorations: re-sealed originals, killed half-way, doors that were open when the backup was made."""

import json
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from complaints.crypto import keyfile
from complaints.enums import Role, UnsealStatus
from complaints.errors import BackupRefused
from complaints.models import AuditRow, Evidence, Reseal, SealedNote, Tip, UnsealRequest
from complaints.services import audit_check
from complaints.services.backups import making, restoring
from complaints.services.evidence import evidence_storage
from complaints.services.reseals import ask_reseal, decide_reseal, take_original
from complaints.services.retention import purge
from tests.backup_steps import content, empty, made_in, own_data_dir, restored_from
from tests.factories import TODAY, VAULT_SEED, TipFactory, UserFactory, noon
from tests.fixtures import YANTA, City
from tests.key_steps import NEW_FINGERPRINT, NEW_SEED, opened_original, resealed_file, rotation

pytestmark = pytest.mark.django_db(transaction=True)
NOON = noon(TODAY)


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path, evidence_root: Path) -> Path:
    """Give the test a data folder of its own, with one editor's picture."""
    return own_data_dir(settings, tmp_path / "data")


@pytest.fixture
def job(city: City, vault: Any) -> Reseal:
    """An approved job that moves a tip with a photo to the second vault."""
    rotation(old=vault, tips=1)
    custodian = UserFactory(username="linbao", roles=[(Role.CUSTODIAN, city.city)])
    head = UserFactory(username="juzhang", roles=[(Role.LEADER, city.city)])
    asked = ask_reseal(actor=custodian, version=1, pinned=NEW_FINGERPRINT, at=NOON)
    return decide_reseal(actor=head, job_id=asked.public_id, is_approved=True, at=NOON)


def move(job: Reseal) -> Evidence:
    """Move the photo to the second vault; return its row."""
    photo = Evidence.objects.select_related("tip").get()
    with evidence_storage().open(photo.path_of("original")) as file:
        sealed = resealed_file(file.read(), binding=photo.binding)
    take_original(
        actor=job.asked_by,
        job_id=job.public_id,
        pinned=NEW_FINGERPRINT,
        public_id=photo.public_id,
        before=photo.sealed_sha256,
        sealed=sealed,
        at=NOON,
    )
    return Evidence.objects.select_related("tip").get()


# --- re-sealed originals ------------------------------------------------------------------------------------------


def test_restore_drill_after_a_new_vault_and_a_re_seal(
    job: Reseal, data_dir: Path, evidence_root: Path, tmp_path: Path
) -> None:
    before = opened_original(Evidence.objects.get(), seed=VAULT_SEED)
    move(job)
    made = made_in(tmp_path / "backup", pinned=NEW_FINGERPRINT)
    empty(data_dir, evidence_root)

    restored_from(tmp_path / "backup", seed=NEW_SEED)

    photo = Evidence.objects.get()
    assert made.missing == ()
    assert (photo.reseals, opened_original(photo)) == (1, before)


def test_what_moves_while_a_backup_copies_is_in_it_as_it_was(
    job: Reseal, data_dir: Path, evidence_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, before = making._write_evidence, opened_original(Evidence.objects.get(), seed=VAULT_SEED)

    def copy_after_a_move(*args: Any, **kwargs: Any) -> set[str]:
        # As another process: the backup's own connection is at its snapshot.
        with ThreadPoolExecutor(max_workers=1) as other:
            other.submit(move_and_leave).result(timeout=60)
        return copy(*args, **kwargs)

    def move_and_leave() -> None:
        try:
            move(job)
        finally:
            connection.close()

    monkeypatch.setattr(making, "_write_evidence", copy_after_a_move)
    made = made_in(tmp_path / "backup", pinned=NEW_FINGERPRINT)
    beside = sorted(path.suffix for path in evidence_root.rglob("*.original*"))
    purge(as_of=TODAY, at=NOON)
    after = sorted(path.suffix for path in evidence_root.rglob("*.original*"))
    empty(data_dir, evidence_root)

    restored_from(tmp_path / "backup", seed=NEW_SEED)

    photo = Evidence.objects.get()
    assert made.missing == ()
    assert (photo.reseals, opened_original(photo, seed=VAULT_SEED)) == (0, before)
    assert (beside, after) == ([".original", ".original1"], [".original1"])


# --- killed half-way ----------------------------------------------------------------------------------------------


def killed_at(step: int, folder: Path) -> int:
    """Restore in a child that is killed at its so many-th move of a file; return the signal that ended it."""
    connection.close()
    child = os.fork()
    if child == 0:
        moves = iter(range(1, 1000))
        real = shutil.move

        def move_or_die(*args: Any) -> Any:
            if next(moves) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args)

        shutil.move = move_or_die  # type: ignore[assignment]  # in the child alone
        try:
            restored_from(folder)
        finally:
            # Whatever happens, no second copy of the test run may go on from here.
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("step", [1, 3, 4])
def test_a_killed_restoration_is_run_again(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path, step: int
) -> None:
    TipFactory(district=YANTA, photos=1)
    made_in(tmp_path / "backup")
    before, media = content(evidence_root), content(data_dir / "media")
    empty(data_dir, evidence_root)
    ended = killed_at(step, tmp_path / "backup")

    restored_from(tmp_path / "backup")

    assert ended == -signal.SIGKILL
    assert Tip.objects.count() == 1
    assert (content(evidence_root), content(data_dir / "media")) == (before, media)
    assert sorted(path.name for path in data_dir.glob(".*")) == [".backup.lock"]


def test_killed_before_the_database_it_leaves_none_and_no_other_backup_goes_in(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path
) -> None:
    TipFactory(district=YANTA, photos=1)
    made_in(tmp_path / "backup")
    made_in(tmp_path / "other")
    empty(data_dir, evidence_root)
    killed_at(4, tmp_path / "backup")

    with pytest.raises(BackupRefused, match="not_empty"):
        restored_from(tmp_path / "other")

    assert not restoring._holds_data()


def test_killed_after_the_last_step_it_says_that_all_is_done(
    city: City, officer: User, data_dir: Path, evidence_root: Path, tmp_path: Path
) -> None:
    made = made_in(tmp_path / "backup")
    empty(data_dir, evidence_root)
    restored_from(tmp_path / "backup")
    (data_dir / restoring.MARKER).write_text(made.manifest.binding, encoding="utf-8")

    with pytest.raises(BackupRefused, match="finished"):
        restored_from(tmp_path / "backup")

    assert not (data_dir / restoring.MARKER).exists()


# --- doors --------------------------------------------------------------------------------------------------------


def request_of(tip: Tip, *, asker: User, status: UnsealStatus) -> UnsealRequest:
    return UnsealRequest.objects.create(
        tip=tip, target="identity", purpose="meeting", status=status, asker=asker, asked_at=NOON
    )


def test_what_was_open_in_the_backup_is_closed(
    job: Reseal, officer: User, leader: User, data_dir: Path, evidence_root: Path, tmp_path: Path
) -> None:
    tip = Tip.objects.get()
    delivered = request_of(tip, asker=officer, status=UnsealStatus.OPENED)
    SealedNote.objects.create(request=delivered, sealed="sealed", keep_until=NOON)
    request_of(tip, asker=leader, status=UnsealStatus.APPROVED)
    request_of(tip, asker=officer, status=UnsealStatus.ASKED)
    request_of(tip, asker=leader, status=UnsealStatus.READ)
    SessionStore().save()
    made_in(tmp_path / "backup")
    empty(data_dir, evidence_root)

    done = restored_from(tmp_path / "backup")

    row = AuditRow.objects.get(action="machine.restored")
    assert (Session.objects.count(), SealedNote.objects.count()) == (0, 0)
    assert sorted(UnsealRequest.objects.values_list("status", flat=True)) == ["expired"] * 3 + ["read"]
    assert [one.is_approved for one in Reseal.objects.all()] == [False]
    assert (row.data["made_on"], row.data["openings"], row.data["reseals"]) == (TODAY.isoformat(), 3, 1)
    assert audit_check.first_fault() is None
    assert done.accounts == tuple(
        sorted(User.objects.filter(is_active=True).values_list("username", flat=True))
    )


def test_an_old_cookie_opens_nothing_and_the_operator_is_told_whom_to_check(
    city: City, officer: User, data_dir: Path, evidence_root: Path, tmp_path: Path
) -> None:
    client, key, out = Client(), tmp_path / "key.json", StringIO()
    client.force_login(officer)
    made_in(tmp_path / "backup")
    empty(data_dir, evidence_root)
    key.write_text(keyfile.wrap(seed=VAULT_SEED, passphrase="fifteen characters or more", vault=1), "utf-8")
    (tmp_path / "passphrase").write_text("fifteen characters or more\n", encoding="utf-8")

    call_command(
        "restore",
        str(tmp_path / "backup"),
        f"--key={key}",
        f"--passphrase-file={tmp_path / 'passphrase'}",
        stdout=out,
    )

    assert client.get("/admin/").status_code == 302
    assert "请逐一核对" in out.getvalue()
    assert officer.username in out.getvalue()


def test_a_backup_of_a_newer_program_is_refused(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('complaints', '9999', '2026-01-01')"
        )
    made_in(tmp_path / "backup")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999'")
    empty(data_dir, evidence_root)

    with pytest.raises(BackupRefused, match="other_version"):
        restored_from(tmp_path / "backup")


# --- what lies in clear -------------------------------------------------------------------------------------------


def test_nothing_in_clear_tells_how_many_names_or_photos_there_are(city: City, tmp_path: Path) -> None:
    photo = TipFactory(district=YANTA, photos=1, real_name=True).photos.get()

    made_in(tmp_path / "backup")

    clear = {
        path.name: path.read_text(encoding="utf-8")
        for path in (tmp_path / "backup").iterdir()
        if path.suffix != ".sealed"
    }
    assert list(clear) == ["manifest.json"]
    assert set(json.loads(clear["manifest.json"])) == {
        "v", "mac", "binding", "vault", "fingerprint", "engine", "parts",
    }  # fmt: skip
    for word in ("sealedidentity", photo.public_id.hex, "picture.png", TODAY.isoformat()):
        assert word not in clear["manifest.json"]


def test_checkpoints_are_taken_from_where_they_are_kept(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.CHECKPOINT_DIR = tmp_path / "elsewhere"
    settings.CHECKPOINT_DIR.mkdir()
    (settings.CHECKPOINT_DIR / "audit.jsonl").write_bytes(b"signed")
    made_in(tmp_path / "backup")
    empty(data_dir, evidence_root)
    shutil.rmtree(settings.CHECKPOINT_DIR)

    restored_from(tmp_path / "backup")

    assert (settings.CHECKPOINT_DIR / "audit.jsonl").read_bytes() == b"signed"


def test_a_backup_of_another_layout_is_named(city: City, tmp_path: Path) -> None:
    made_in(tmp_path / "backup")
    path = tmp_path / "backup" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "v": 1}), encoding="utf-8")

    with pytest.raises(BackupRefused, match="other_layout"):
        restored_from(tmp_path / "backup")
