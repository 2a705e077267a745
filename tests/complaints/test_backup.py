"""Backup and restoration: consistent while tips come in, sealed, without keys, whole or refused."""

import json
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from complaints.crypto import keyfile
from complaints.crypto.keyring import KeyRing
from complaints.errors import BackupRefused, VaultUnavailable
from complaints.models import Evidence, Tip
from complaints.services import evidence
from complaints.services.backups import scratch
from complaints.services.backups.layout import MANIFEST
from complaints.services.backups.making import make_backup
from complaints.services.evidence import read_photo
from complaints.services.receipts import open_receipt
from tests import database_bytes
from tests.backup_steps import content, empty, made_in, own_data_dir, restored_from
from tests.factories import TODAY, VAULT_SEED, TipFactory, submit
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "fifteen characters or more"


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path, evidence_root: Path) -> Path:
    """Give the test a data folder of its own, with one editor's picture."""
    return own_data_dir(settings, tmp_path / "data")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Return a custodian's key file of the test vault; its passphrase lies beside it."""
    path = tmp_path / "key.json"
    path.write_text(keyfile.wrap(seed=VAULT_SEED, passphrase=PASSPHRASE, vault=1), encoding="utf-8")
    path.with_name("passphrase").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return path


# --- the drill ---------------------------------------------------------------------------------------------------


def test_restore_drill_a_backup_made_under_load_comes_back_whole(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path
) -> None:
    receipts, over, first = [], threading.Event(), threading.Event()

    def send() -> None:
        while not over.is_set():
            receipts.append(submit(district=YANTA, photos=1).receipt)
            first.set()
        connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    first.wait(timeout=60)
    made = made_in(tmp_path / "backup")
    over.set()
    sender.join(timeout=60)
    before, media = content(evidence_root), content(data_dir / "media")
    empty(data_dir, evidence_root)

    done = restored_from(tmp_path / "backup")

    count = made.summary.counts["complaints_tip"]
    after = content(evidence_root)
    assert made.missing == ()
    assert Tip.objects.count() == count >= 1
    assert done.rows == sum(made.summary.counts.values())
    assert {name: before[name] for name in after} == after
    assert len(after) == 3 * Evidence.objects.count() == 3 * count
    assert content(data_dir / "media") == media
    assert [read_photo(evidence=photo, part="shown")[:2] for photo in Evidence.objects.all()] == [
        b"\xff\xd8"
    ] * count
    assert [open_receipt(typed=one).tip.description for one in receipts[:count]] == ["冲床没有防护罩"] * count
    answer = Client().post("/status/", {"receipt": receipts[0]})
    assert Tip.objects.order_by("pk")[0].number in answer.content.decode()
    assert submit(district=YANTA, photos=1).photo_count == 1


def test_times_of_evidence_stay_days(city: City, data_dir: Path, evidence_root: Path, tmp_path: Path) -> None:
    TipFactory(district=YANTA, photos=1)
    before = {path.name: path.stat().st_mtime for path in evidence_root.rglob("*.shown")}
    made_in(tmp_path / "backup")
    empty(data_dir, evidence_root)

    restored_from(tmp_path / "backup")

    assert {path.name: path.stat().st_mtime for path in evidence_root.rglob("*.shown")} == before


# --- what is in it -----------------------------------------------------------------------------------------------


def test_neither_keys_nor_content_lie_in_it(
    city: City, data_dir: Path, settings: Settings, tmp_path: Path
) -> None:
    tip = TipFactory(district=YANTA, photos=1, real_name=True)
    (data_dir / "keys.env").write_text(f"KEY_RING={settings.KEY_RING}\n", encoding="utf-8")

    made = made_in(tmp_path / "backup")

    lying = database_bytes.folder(tmp_path / "backup")
    secret = settings.KEY_RING.split(":")[2]
    for mark in (tip.number, tip.idempotency_key, tip.handling_unit.name, secret, settings.SECRET_KEY):
        assert mark.encode() not in lying
    assert set(made.manifest.parts) == {
        f"{name}.sealed" for name in ("database", "evidence", "media", "checkpoints", "contents")
    }


def test_nothing_is_left_beside_the_data(city: City, data_dir: Path, tmp_path: Path) -> None:
    made_in(tmp_path / "backup")

    assert sorted(path.name for path in data_dir.iterdir()) == [".backup.lock", "media"]


def test_only_its_owner_reads_it(city: City, tmp_path: Path) -> None:
    made_in(tmp_path / "backup")

    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "backup").iterdir()} == {0}
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_what_a_killed_backup_left_beside_the_data_goes(city: City, data_dir: Path, tmp_path: Path) -> None:
    (data_dir / f"{scratch.BACKUP}old").mkdir()
    (data_dir / f"{scratch.BACKUP}old" / "db.sqlite3").write_bytes(b"left")

    made_in(tmp_path / "backup")

    assert not (data_dir / f"{scratch.BACKUP}old").exists()


def test_a_photo_that_is_gone_is_named(city: City, tmp_path: Path) -> None:
    photo = TipFactory(district=YANTA, photos=1).photos.get()
    evidence.remove_files(names=[photo.path_of("shown")])

    assert made_in(tmp_path / "backup").missing == (photo.path_of("shown"),)


def test_no_backup_is_sealed_to_a_stranger(city: City, tmp_path: Path) -> None:
    with pytest.raises(VaultUnavailable):
        make_backup(folder=tmp_path / "backup", pinned="0" * 64, today=TODAY)

    assert not (tmp_path / "backup").exists()


def test_it_overwrites_nothing(city: City, tmp_path: Path) -> None:
    made_in(tmp_path / "backup")
    before = content(tmp_path / "backup")

    with pytest.raises(BackupRefused, match="not_empty"):
        made_in(tmp_path / "backup")

    assert content(tmp_path / "backup") == before


def test_one_backup_at_a_time(city: City, data_dir: Path, tmp_path: Path) -> None:
    with scratch.scratch_folder(scratch.BACKUP), pytest.raises(BackupRefused, match="under_way"):
        made_in(tmp_path / "backup")


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("there", ["database", "evidence", "media"])
def test_nothing_is_put_over_what_is_there(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path, there: str
) -> None:
    TipFactory(district=YANTA, photos=1)
    made_in(tmp_path / "backup")
    if there != "database":
        empty(data_dir, evidence_root)
        place = {"evidence": evidence_root / "ab", "media": data_dir / "media"}[there]
        place.mkdir(parents=True)
        (place / "file").write_bytes(b"somebody's")

    with pytest.raises(BackupRefused, match="not_empty"):
        restored_from(tmp_path / "backup")

    assert not list(data_dir.glob(".restore-*"))


def spoil(folder: Path, how: str) -> None:
    sealed = folder / "evidence.sealed"
    whole = sealed.read_bytes()
    if how == "cut":
        sealed.write_bytes(whole[:-1])
    elif how == "flipped":
        sealed.write_bytes(whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:])
    elif how == "part gone":
        sealed.unlink()
    elif how == "no manifest":
        (folder / MANIFEST).unlink()
    elif how == "malformed":
        (folder / MANIFEST).write_text('{"v": 1}', encoding="utf-8")
    else:
        text = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        text["vault"] += 1
        (folder / MANIFEST).write_text(json.dumps(text), encoding="utf-8")


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("cut", "damaged"), ("flipped", "damaged"), ("part gone", "damaged"),
        ("no manifest", "no_manifest"), ("malformed", "no_manifest"), ("manifest edited", "other_keys"),
    ],
)  # fmt: skip
def test_a_spoilt_backup_is_refused_and_changes_nothing(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path, how: str, fault: str
) -> None:
    TipFactory(district=YANTA, photos=1)
    made_in(tmp_path / "backup")
    spoil(tmp_path / "backup", how)
    empty(data_dir, evidence_root)

    with pytest.raises(BackupRefused, match=fault):
        restored_from(tmp_path / "backup")

    assert content(evidence_root) == {}


def test_another_vault_does_not_open_it(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path
) -> None:
    made_in(tmp_path / "backup")
    empty(data_dir, evidence_root)

    with pytest.raises(BackupRefused, match="other_vault"):
        restored_from(tmp_path / "backup", seed=bytes(32))

    assert not list(data_dir.glob(".restore-*"))


def test_another_key_ring_is_refused_before_anything_is_written(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path, settings: Settings
) -> None:
    made_in(tmp_path / "backup")
    empty(data_dir, evidence_root)
    settings.KEY_RING = KeyRing.generate(key_id="t1", suite="intl")

    with pytest.raises(BackupRefused, match="other_keys"):
        restored_from(tmp_path / "backup")

    assert not data_dir.exists()


# --- commands ----------------------------------------------------------------------------------------------------


def test_the_commands_make_and_restore(
    city: City, data_dir: Path, evidence_root: Path, tmp_path: Path, key_file: Path
) -> None:
    TipFactory(district=YANTA, photos=1)
    out = StringIO()
    call_command("backup", str(tmp_path / "backup"), stdout=out)
    empty(data_dir, evidence_root)

    call_command(
        "restore",
        str(tmp_path / "backup"),
        f"--key={key_file}",
        f"--passphrase-file={key_file.with_name('passphrase')}",
        stdout=out,
    )

    assert "封存给第 1 版保险箱" in out.getvalue()
    assert "校验值全部相符" in out.getvalue()
    assert Tip.objects.count() == 1


def test_a_wrong_passphrase_restores_nothing(city: City, tmp_path: Path, key_file: Path) -> None:
    made_in(tmp_path / "backup")
    key_file.with_name("passphrase").write_text("some other passphrase", encoding="utf-8")

    with pytest.raises(CommandError, match="没有恢复：口令不对"):
        call_command(
            "restore",
            str(tmp_path / "backup"),
            f"--key={key_file}",
            f"--passphrase-file={key_file.with_name('passphrase')}",
        )


def test_refusals_are_said_in_words(city: City, tmp_path: Path, key_file: Path, settings: Settings) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_bytes(b"x")
    with pytest.raises(CommandError, match="换一个空文件夹"):
        call_command("backup", str(tmp_path / "full"))
    with pytest.raises(CommandError, match="没有完整的备份"):
        call_command(
            "restore",
            str(tmp_path / "full"),
            f"--key={key_file}",
            f"--passphrase-file={key_file.with_name('passphrase')}",
        )
    settings.VAULT_FINGERPRINT = "0" * 64

    with pytest.raises(CommandError, match="没有备份"):
        call_command("backup", str(tmp_path / "new"))
