"""Guard: whoever copies the whole machine (data, settings, environment, backup, logs) reads no reporter in it."""

import base64
import hashlib
import os
import urllib.parse
from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.contrib.auth.models import User
from pytest_django import Settings

from complaints.models import Vault
from complaints.services.backups.making import make_backup
from complaints.services.messages import write_to_officers, write_to_reporter
from complaints.services.notes import leave_note
from complaints.services.receipts import open_receipt
from tests import database_bytes
from tests.factories import TODAY, VAULT_FINGERPRINT, VAULT_SEED, TipFactory, jpeg, noon
from tests.fixtures import YANTA, City
from tests.guards import leaks

TIPS = 20
# Enough for every window of settings and keys and of the heads of files.
MOST_WINDOWS = 60_000
HEAD_BYTES = 512


def planted(number: int) -> dict[str, str]:
    """Return what one reporter must never be found by."""
    return {
        "name": f"欧阳标记{chr(0x4E2D + number)}{chr(0x6587 + number)}",
        "phone": f"1387766{number:04d}",
        "id_number": f"61011319900307{number:03d}X",
        "account": f"6222021001{number:09d}",
        "camera": f"MARKER-CAMERA-{number:04d}",
    }


def forms(secret: str) -> set[bytes]:
    """Return every common spelling of a text in bytes; base64 in each of its three positions."""
    raw = {secret.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}
    found = raw | {one.hex().encode() for one in raw} | {one.hex().upper().encode() for one in raw}
    for one in raw:
        found |= {
            urllib.parse.quote_from_bytes(one).encode(),
            urllib.parse.quote_from_bytes(one).lower().encode(),
        }
        found |= {
            encode(bytes(shift) + one)[4 if shift else 0 : -4] for shift in range(3) for encode in _BASE64
        }
    return {one for one in found if len(one) >= 8}


_BASE64 = (base64.b64encode, base64.urlsafe_b64encode)


def found_in(content: bytes, secrets: Iterable[str]) -> set[str]:
    """Return the secrets that lie in these bytes in any spelling."""
    return {secret for secret in secrets if any(form in content for form in forms(secret))}


def windows(content: bytes) -> list[bytes]:
    """Return all pieces that are as long as the seed of a vault."""
    return [content[start : start + 32] for start in range(len(content) - 31)]


def opens_vault(seed: bytes, *, public_key: bytes) -> bool:
    """Whether a seed is the private key of a vault; the X25519 half tells, and costs little."""
    half = hashlib.shake_256(seed).digest(96)[64:]
    return X25519PrivateKey.from_private_bytes(half).public_key().public_bytes_raw() == public_key[-32:]


def texts_of(settings: Settings) -> bytes:
    """Return all settings and the environment as one text, decoded keys of the ring included."""
    lines = [f"{name}={getattr(settings, name)!r}" for name in dir(settings) if name.isupper()]
    lines += [f"{name}={value}" for name, value in os.environ.items()]
    keys = [base64.b64decode(entry.split(":")[2]) for entry in settings.KEY_RING.split(",")]
    return "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n" + b"\n".join(keys)


@pytest.fixture
def copied(
    city: City, officer: User, settings: Settings, tmp_path: Path, evidence_root: Path
) -> dict[str, bytes]:
    """Let twenty people report, talk and be answered; return everything the machine holds then."""
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data" / "media"
    settings.DATA_DIR.mkdir()
    with leaks.everything_logged() as log:
        for number in range(TIPS):
            report(planted(number), officer=officer)
        make_backup(folder=tmp_path / "backup", pinned=VAULT_FINGERPRINT, today=TODAY)
    return {
        "rows": database_bytes.dumped(),
        "database files": database_bytes.files(),
        "evidence": database_bytes.folder(evidence_root),
        "backup": database_bytes.folder(tmp_path / "backup"),
        "data": database_bytes.folder(settings.DATA_DIR),
        "settings and environment": texts_of(settings),
        "log": log.getvalue().encode(),
    }


def report(person: dict[str, str], *, officer: User) -> None:
    """One person reports under the own name, repeats it in words, and is answered with it."""
    words = (
        f"我叫{person['name']}，电话{person['phone']}，身份证{person['id_number']}，卡号{person['account']}"
    )
    tip = TipFactory(
        district=YANTA,
        description=words,
        address=words[:60],
        photos=[jpeg(maker=person["camera"])],
        identity_mode="real_name",
        identity={"name": person["name"], "phone": person["phone"]},
    )
    write_to_officers(
        access=open_receipt(typed=tip.acknowledgement.receipt),
        text=words,
        uploads=[],
        today=TODAY,
        vault_fingerprint=VAULT_FINGERPRINT,
    )
    write_to_reporter(tip_id=tip.pk, author=officer, text=words, at=noon(TODAY))
    leave_note(tip_id=tip.pk, author=officer, at=noon(TODAY), text=words)


@pytest.mark.django_db(transaction=True)
def test_a_copied_machine_names_no_reporter(copied: dict[str, bytes], vault: Vault) -> None:
    secrets = [secret for number in range(TIPS) for secret in planted(number).values()]

    found = {place: hits for place, content in copied.items() if (hits := found_in(content, secrets))}

    assert found == {}
    assert all(
        len(copied[place]) > 1000 for place in ("rows", "evidence", "backup", "settings and environment")
    )


@pytest.mark.django_db(transaction=True)
def test_no_window_of_a_copied_machine_opens_the_vault(
    copied: dict[str, bytes], vault: Vault, evidence_root: Path, tmp_path: Path
) -> None:
    files = [
        path for root in (evidence_root, tmp_path / "backup") for path in root.rglob("*") if path.is_file()
    ]
    heads = [path.read_bytes()[:HEAD_BYTES] for path in sorted(files)[:60]]
    tried = [piece for content in (copied["settings and environment"], *heads) for piece in windows(content)]

    opening = [
        piece for piece in tried[:MOST_WINDOWS] if opens_vault(piece, public_key=bytes(vault.public_key))
    ]

    assert opening == []
    assert len(tried) > 20_000


# --- the guard itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lying",
    [
        "欧阳标记中文".encode(),
        "欧阳标记中文".encode("utf-16-be"),
        "欧阳标记中文".encode("gb18030"),
        base64.b64encode("x欧阳标记中文y".encode()),
        base64.urlsafe_b64encode("xy欧阳标记中文".encode("gb18030")),
        "欧阳标记中文".encode().hex().upper().encode(),
        urllib.parse.quote("欧阳标记中文").encode(),
    ],
)
def test_guard_finds_a_name_in_every_spelling(lying: bytes) -> None:
    assert found_in(b"\x00before" + lying + b"after", ["欧阳标记中文"]) == {"欧阳标记中文"}


def test_guard_finds_a_seed_that_lies_about(vault: Vault) -> None:
    content = b"KEY=" + VAULT_SEED + b";"

    assert [
        piece for piece in windows(content) if opens_vault(piece, public_key=bytes(vault.public_key))
    ] == [VAULT_SEED]
