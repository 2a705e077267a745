"""What a backup consists of: one sealed stream for each part, a list of hashes, and a manifest written last."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from complaints.errors import BackupRefused
from complaints.models.sealed import active_keyring

MANIFEST, SUMS, SUFFIX = "manifest.json", "SHA256SUMS", ".sealed"
DATABASE, EVIDENCE = "database", "evidence"
VERSION = 1
READ_BYTES = 1024 * 1024
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


@dataclass(frozen=True, kw_only=True)
class Part:
    """One sealed stream as it lies in the backup."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds. `counts` are rows by table, `sums_sha256` is the hash of the list of hashes."""

    made_on: str
    binding: str
    vault: int
    fingerprint: str
    engine: str
    migrations: tuple[str, ...]
    counts: Mapping[str, int]
    parts: Mapping[str, Part]
    sums_sha256: str


def folders() -> dict[str, Path]:
    """Return the folders a backup takes beside database and evidence, by the name of their part.

    Keys (`keys.env`) are never among them, collected static files can be made again.
    """
    return {"media": Path(settings.MEDIA_ROOT), "checkpoints": Path(settings.DATA_DIR) / "checkpoints"}


def write_manifest(*, folder: Path, manifest: Manifest) -> None:
    """Write the manifest with a mark under the key ring: a backup without it is none."""
    body = _canonical(asdict(manifest))
    text = json.dumps(
        {**json.loads(body), "v": VERSION, "mac": _mark(body)[0].hex()}, ensure_ascii=False, indent=1
    )
    draft = folder / f".{MANIFEST}.part"
    with private_file(draft) as file:
        file.write(text.encode())
        settle(file)
    draft.rename(folder / MANIFEST)
    settle_folder(folder)


def read_manifest(*, folder: Path) -> Manifest:
    """Return the manifest; raises BackupRefused: none there, malformed, altered, or made under another key ring."""
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version, mac = raw.pop("v"), bytes.fromhex(raw.pop("mac"))
        raw["parts"] = {name: Part(**part) for name, part in raw["parts"].items()}
        manifest = Manifest(**{**raw, "migrations": tuple(raw["migrations"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused("no_manifest") from error
    marks = _mark(_canonical(asdict(manifest)))
    if version != VERSION or not any(compare_digest(mark, mac) for mark in marks):
        raise BackupRefused("other_keys")
    return manifest


def _canonical(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _mark(body: bytes) -> list[bytes]:
    return active_keyring().digests(body, purpose="backup")


def private_file(path: Path) -> BinaryIO:
    """Open a new file for writing that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb")


def settle(file: BinaryIO) -> None:
    """Bring a file to the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file without reading it whole."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
