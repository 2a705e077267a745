"""A backup and its restoration for tests: made, the machine emptied, put back."""

import shutil
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from complaints.services.backups.making import Made, make_backup
from complaints.services.backups.restoring import Restored, restore_backup
from tests.factories import TODAY, VAULT_FINGERPRINT, VAULT_SEED, noon


def own_data_dir(settings: Settings, root: Path) -> Path:
    """Give a test a data folder of its own, with one editor's picture."""
    settings.DATA_DIR, settings.MEDIA_ROOT = root, root / "media"
    settings.CHECKPOINT_DIR = root / "checkpoints"
    picture = root / "media" / "images" / "picture.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"picture of an editor")
    return root


def made_in(folder: Path, *, pinned: str = VAULT_FINGERPRINT) -> Made:
    """Make a backup."""
    return make_backup(folder=folder, pinned=pinned, today=TODAY)


def restored_from(folder: Path, *, seed: bytes = VAULT_SEED) -> Restored:
    """Put it back."""
    return restore_backup(folder=folder, seed=seed, at=noon(TODAY))


def empty(data_dir: Path, evidence_root: Path) -> None:
    """Take database and files away, as on a new machine."""
    shutil.rmtree(data_dir)
    shutil.rmtree(evidence_root, ignore_errors=True)
    if connection.vendor != "sqlite":
        call_command("flush", interactive=False, verbosity=0)
        return
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)


def content(root: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != ".lock"
    }
