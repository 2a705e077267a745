"""A custodian's key file: the vault seed wrapped by a passphrase.

Argon2id (RFC 9106) turns the passphrase into a key, AES-256-GCM wraps the seed. The file
is JSON and names its own cost, so that files written today open after the default rises.
"""

import json
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from . import base64text, envelope, strictjson
from .errors import DecryptionError, KeyFileError, WrongPassphrase
from .suites import INTL, NONCE_BYTES, TAG_BYTES

__all__ = ["KeyFile", "KeyFileError", "WrongPassphrase", "unwrap", "wrap"]

KIND: Final = "anshao-custodian-key"
# NIST SP 800-63B-4 §3.1.1.2: 15 characters for a secret that stands alone.
MIN_PASSPHRASE_CHARS: Final = 15
# Fifteen times the same letter is no secret; a sentence always has more.
MIN_DIFFERENT_CHARS: Final = 5
MAX_FILE_CHARS: Final = 4096

_SALT_BYTES: Final = 16
_SEALED_BYTES: Final = NONCE_BYTES + envelope.SEED_BYTES + TAG_BYTES
# RFC 9106 §4, second recommended option: 64 MiB, three passes, four lanes.
_DEFAULT_COST: Final = {"memory_kib": 65_536, "iterations": 3, "lanes": 4}
# What an honest file may ask for when read: at most 256 MiB and a few seconds.
_COST_BOUNDS: Final = {"memory_kib": (8_192, 262_144), "iterations": (1, 10), "lanes": (1, 8)}
_HEAD_KEYS: Final = ("v", "kind", "vault", "fingerprint", "kdf", "memory_kib", "iterations", "lanes", "salt")


@dataclass(frozen=True, kw_only=True)
class KeyFile:
    """An opened key file. The seed opens every envelope of its vault version."""

    seed: bytes = field(repr=False)
    vault: int
    fingerprint: str


def wrap(*, seed: bytes, passphrase: str, vault: int) -> str:
    """Return the text of a key file.

    Raises:
        KeyFileError: passphrase shorter than 15 characters, or of fewer than 5 different ones.
        ValueError: the seed has not 32 bytes, or the vault version is not 1 or more.
    """
    if not 1 <= vault <= envelope.MAX_VAULT:
        raise ValueError("vault version out of range")
    typed = _prepared(passphrase)
    if len(typed) < MIN_PASSPHRASE_CHARS or len(set(typed)) < MIN_DIFFERENT_CHARS:
        least = f"{MIN_PASSPHRASE_CHARS} characters, {MIN_DIFFERENT_CHARS} different ones among them"
        raise KeyFileError(f"the passphrase needs at least {least}")
    head: dict[str, object] = {
        "v": 1,
        "kind": KIND,
        "vault": vault,
        "fingerprint": envelope.fingerprint(envelope.public_key_of(seed)),
        "kdf": "argon2id",
        **_DEFAULT_COST,
        "salt": base64text.encode(secrets.token_bytes(_SALT_BYTES)),
    }
    sealed = INTL.seal(key=_key(head, passphrase), plaintext=seed, aad=_canonical(head))
    return json.dumps({**head, "sealed": base64text.encode(sealed)}, indent=1) + "\n"


def unwrap(*, text: str, passphrase: str) -> KeyFile:
    """Open a key file.

    Raises:
        WrongPassphrase: it does not open; a wrong passphrase and an altered file look alike.
        KeyFileError: malformed, or its cost lies outside 8 to 256 MiB, 10 passes, 8 lanes.
    """
    head, sealed = _read(text)
    try:
        seed = INTL.open(key=_key(head, passphrase), sealed=sealed, aad=_canonical(head))
    except DecryptionError:
        raise WrongPassphrase("the passphrase does not open this key file") from None
    return _checked(seed, head)


def _read(text: str) -> tuple[dict[str, object], bytes]:
    if len(text) > MAX_FILE_CHARS:
        raise KeyFileError("the key file is too long")
    try:
        raw = strictjson.loads(text)
    except ValueError:
        raise KeyFileError("the key file is not a JSON object") from None
    sealed = _bytes("sealed", raw.pop("sealed", None), _SEALED_BYTES)
    if set(raw) != set(_HEAD_KEYS):
        raise KeyFileError("the key file has missing or unknown entries")
    if (raw["v"], raw["kind"], raw["kdf"]) != (1, KIND, "argon2id"):
        raise KeyFileError("not a custodian key file of this version")
    return raw, sealed


def _key(head: dict[str, object], passphrase: str) -> bytes:
    cost = {name: _bounded(name, head[name], low, high) for name, (low, high) in _COST_BOUNDS.items()}
    kdf = Argon2id(
        salt=_bytes("salt", head["salt"], _SALT_BYTES),
        length=INTL.key_bytes,
        iterations=cost["iterations"],
        lanes=cost["lanes"],
        memory_cost=cost["memory_kib"],
    )
    return kdf.derive(_prepared(passphrase).encode("utf-8", "surrogatepass"))


def _bounded(name: str, value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise KeyFileError(f"{name} must be {low} to {high}")
    return value


def _bytes(name: str, value: object, length: int) -> bytes:
    try:
        data = base64text.decode(value) if isinstance(value, str) else b""
    except ValueError:
        raise KeyFileError(f"{name} is not base64") from None
    if len(data) != length:
        raise KeyFileError(f"{name} must be {length} bytes in base64")
    return data


def _prepared(passphrase: str) -> str:
    # Chinese input methods produce full-width letters and spaces at will.
    return unicodedata.normalize("NFKC", passphrase)


def _canonical(head: dict[str, object]) -> bytes:
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode("ascii")


def _checked(seed: bytes, head: dict[str, object]) -> KeyFile:
    vault, printed = head["vault"], head["fingerprint"]
    if type(vault) is not int:
        raise KeyFileError("the key file names no vault")
    if printed != envelope.fingerprint(envelope.public_key_of(seed)):
        raise KeyFileError("the key file's fingerprint is not that of its key")
    return KeyFile(seed=seed, vault=vault, fingerprint=printed)
