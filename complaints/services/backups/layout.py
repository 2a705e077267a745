"""What a backup consists of: sealed streams, and a manifest written last that says no more than opening them needs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any

from complaints.errors import BackupRefused
from complaints.models.sealed import active_keyring
from portal.shared.diskfiles import settle_folder, write_private

MANIFEST, SUFFIX = "manifest.json", ".sealed"
DATABASE, EVIDENCE, CONTENTS = "database", "evidence", "contents"
MEDIA, CHECKPOINTS = "media", "checkpoints"
# Inside the sealed part of contents: the hash of every file, and what the backup holds.
SUMS, SUMMARY = "SHA256SUMS", "summary.json"
VERSION = 2
READ_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Part:
    """One sealed stream as it lies in the backup."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What lies in clear beside the sealed parts: what one must have to open them, and the parts' sizes and hashes."""

    binding: str
    vault: int
    fingerprint: str
    engine: str
    parts: Mapping[str, Part]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a backup holds, sealed like everything in it: two of them side by side would tell how many names came.

    `counts` are rows by table, `migrations` those of the database.
    """

    made_on: str
    migrations: tuple[str, ...]
    counts: Mapping[str, int]


def names() -> tuple[str, ...]:
    """Return the parts in the order in which they are written and their files are listed, without that of contents."""
    return (DATABASE, EVIDENCE, MEDIA, CHECKPOINTS)


def write_manifest(*, folder: Path, manifest: Manifest) -> None:
    """Write the manifest with a mark under the key ring: a backup without it is none."""
    body = _canonical(asdict(manifest))
    text = json.dumps({**json.loads(body), "v": VERSION, "mac": _mark(body)[0].hex()}, indent=1)
    draft = folder / f".{MANIFEST}.part"
    write_private(draft, text.encode())
    draft.rename(folder / MANIFEST)
    settle_folder(folder)


def read_manifest(*, folder: Path) -> Manifest:
    """Return the manifest; raises BackupRefused: none there, malformed, altered, or made under another key ring."""
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version, mac = raw.pop("v"), bytes.fromhex(raw.pop("mac"))
        if version != VERSION:
            raise BackupRefused("other_layout")
        raw["parts"] = {name: Part(**part) for name, part in raw["parts"].items()}
        manifest = Manifest(**raw)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused("no_manifest") from error
    marks = _mark(_canonical(asdict(manifest)))
    if not any(compare_digest(mark, mac) for mark in marks):
        raise BackupRefused("other_keys")
    return manifest


def summary_bytes(summary: Summary) -> bytes:
    """Return the bytes of a summary."""
    return _canonical(asdict(summary))


def read_summary(*, path: Path) -> Summary:
    """Return the summary of an opened backup; raises BackupRefused when it is malformed."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Summary(**{**raw, "migrations": tuple(raw["migrations"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused("damaged") from error


def _canonical(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _mark(body: bytes) -> list[bytes]:
    return active_keyring().digests(body, purpose="backup")


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file without reading it whole."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
