"""Envelopes sealed to the vault: HPKE base mode (RFC 9180) with X-Wing (draft-connolly-cfrg-xwing-kem).

X-Wing joins ML-KEM-768 (FIPS 203) and X25519 (RFC 7748); the key schedule is HKDF-SHA-256,
the cipher AES-256-GCM. The browser seals the same way with `frontend/seal.js`.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from . import base64text, strictjson
from .errors import DecryptionError, EnvelopeError

__all__ = [
    "SUITE",
    "DecryptionError",
    "Envelope",
    "EnvelopeError",
    "fingerprint",
    "info_text",
    "open_fields",
    "open_sealed",
    "pad_json",
    "public_key_of",
    "seal",
    "seal_fields",
    "unpad_json",
]

SUITE: Final = "xwing-hkdf256-a256gcm"
SEED_BYTES: Final = 32
PUBLIC_KEY_BYTES: Final = 1216
ENC_BYTES: Final = 1120
TAG_BYTES: Final = 16
OVERHEAD_BYTES: Final = ENC_BYTES + TAG_BYTES
PADDED_BYTES: Final = (256, 512, 1024)
MAX_VAULT: Final = 2**31 - 1
# The longest honest envelope is 2 880 characters of base64 and under 100 around them.
MAX_ENVELOPE_CHARS: Final = 3072

_MLKEM_PUBLIC_BYTES: Final = 1184
_MLKEM_SEED_BYTES: Final = 64
_HPKE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
# Only the last part may hold a colon, so no two places share one info text.
_WORD = re.compile(r"[!-9;-~]{1,128}")
_FIELD = re.compile(r"[!-~]{1,64}")
_CLOSED = "does not open: wrong key, other place, or altered"


def info_text(*, suite: str, vault: int, binding: str, field: str) -> bytes:
    """Return the HPKE info that ties an envelope to one vault, tip and field.

    Args:
        suite: the envelope suite, `SUITE`.
        vault: version of the vault key; 0 where the key is not a vault's.
        binding: the tip's idempotency key at submission, its public number later;
            printable ASCII without colon or space.
        field: `identity`, `claim`, `original` or another printable ASCII name.

    Raises:
        EnvelopeError: a part is malformed.
    """
    if not 0 <= vault <= MAX_VAULT:
        raise EnvelopeError("vault version out of range")
    if not (_WORD.fullmatch(suite) and _WORD.fullmatch(binding) and _FIELD.fullmatch(field)):
        raise EnvelopeError("suite, binding or field is malformed")
    return f"anshao:1:{suite}:{vault}:{binding}:{field}".encode("ascii")


def seal(*, public_key: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Return enc (1 120 bytes) followed by the ciphertext; raises EnvelopeError for a bad key."""
    try:
        return _HPKE.encrypt(plaintext, _recipient(public_key), info)
    except ValueError as error:  # X25519 refuses points of low order
        raise EnvelopeError("the public key is unusable") from error


def open_sealed(*, seed: bytes, sealed: bytes, info: bytes) -> bytes:
    """Return the plain text; raises DecryptionError: wrong seed, other info, or altered."""
    mlkem, x25519 = _private_parts(seed)
    try:
        return _HPKE.decrypt(sealed, hpke.MLKEM768X25519PrivateKey(mlkem, x25519), info)
    except (InvalidTag, ValueError):
        raise DecryptionError(_CLOSED) from None


def public_key_of(seed: bytes) -> bytes:
    """Return the 1 216-byte X-Wing public key of a 32-byte seed; raises ValueError for another length."""
    mlkem, x25519 = _private_parts(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def fingerprint(public_key: bytes) -> str:
    """Return the SHA-256 of the key as 16 groups of four hex digits joined by hyphens."""
    digest = hashlib.sha256(public_key).hexdigest()
    return "-".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def pad_json(fields: dict[str, str]) -> bytes:
    """Return the fields as JSON in UTF-8, padded with spaces to 256, 512 or 1 024 bytes.

    Raises:
        EnvelopeError: longer than 1 024 bytes, or not text that UTF-8 can carry.
    """
    try:
        data = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:
        raise EnvelopeError("a field holds half a character") from None
    for size in PADDED_BYTES:
        if len(data) <= size:
            return data.ljust(size, b" ")
    raise EnvelopeError(f"the fields take {len(data)} bytes, at most {PADDED_BYTES[-1]}")


def unpad_json(data: bytes) -> dict[str, str]:
    """Return the fields of `pad_json`; raises EnvelopeError for anything else.

    The sender chose the bytes: nothing but a flat object of texts comes back.
    """
    if len(data) not in PADDED_BYTES:
        raise EnvelopeError("the padding is not one of ours")
    try:
        fields = strictjson.loads(data.decode("utf-8"))
    except ValueError:
        raise EnvelopeError("the sealed text is not JSON") from None
    texts = {key: value for key, value in fields.items() if isinstance(value, str) and _is_whole(key + value)}
    if len(texts) < len(fields):
        raise EnvelopeError("a sealed field is not text")
    return texts


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What the browser sends and the database keeps: which vault, which suite, sealed bytes."""

    vault: int
    suite: str
    ct: bytes = dataclass_field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "Envelope":
        """Read the JSON of an envelope from an untrusted sender; raises EnvelopeError."""
        if len(text) > MAX_ENVELOPE_CHARS:
            raise EnvelopeError("the envelope is too long")
        try:
            raw = strictjson.loads(text)
        except ValueError:
            raise EnvelopeError("the envelope is not a JSON object") from None
        _check_head(raw)
        return cls(vault=_vault(raw["vault"]), suite=SUITE, ct=_ciphertext(raw["ct"]))

    def to_json(self) -> str:
        """Return the JSON that `parse` reads."""
        body = {"v": 1, "suite": self.suite, "vault": self.vault, "ct": base64text.encode(self.ct)}
        return json.dumps(body, separators=(",", ":"))


def seal_fields(
    *, public_key: bytes, vault: int, binding: str, field: str, fields: dict[str, str]
) -> Envelope:
    """Seal fields for a vault on the server, as the browser does; raises EnvelopeError."""
    info = info_text(suite=SUITE, vault=_vault(vault), binding=binding, field=field)
    sealed = seal(public_key=public_key, plaintext=pad_json(fields), info=info)
    return Envelope(vault=vault, suite=SUITE, ct=sealed)


def open_fields(*, seed: bytes, envelope: Envelope, binding: str, field: str) -> dict[str, str]:
    """Return the fields of an envelope.

    Raises:
        DecryptionError: other vault, tip or field, or altered.
        EnvelopeError: it opens, but the sender sealed something else than fields.
    """
    info = info_text(suite=envelope.suite, vault=envelope.vault, binding=binding, field=field)
    return unpad_json(open_sealed(seed=seed, sealed=envelope.ct, info=info))


def _recipient(public_key: bytes) -> hpke.MLKEM768X25519PublicKey:
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise ValueError("wrong length")
    mlkem = MLKEM768PublicKey.from_public_bytes(public_key[:_MLKEM_PUBLIC_BYTES])
    x25519 = X25519PublicKey.from_public_bytes(public_key[_MLKEM_PUBLIC_BYTES:])
    return hpke.MLKEM768X25519PublicKey(mlkem, x25519)


def _private_parts(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
    expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED_BYTES + 32)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES])
    return mlkem, X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:])


def _check_head(raw: dict[str, object]) -> None:
    if set(raw) != {"v", "suite", "vault", "ct"}:
        raise EnvelopeError("the envelope has other keys than v, suite, vault, ct")
    if type(raw["v"]) is not int or raw["v"] != 1:  # True equals 1
        raise EnvelopeError("unknown envelope version")
    if raw["suite"] != SUITE:
        raise EnvelopeError("unknown envelope suite")


def _vault(value: object) -> int:
    if type(value) is not int or not 1 <= value <= MAX_VAULT:
        raise EnvelopeError("vault version out of range")
    return value


def _ciphertext(value: object) -> bytes:
    if not isinstance(value, str):
        raise EnvelopeError("ct is not text")
    try:
        ciphertext = base64text.decode(value)
    except ValueError as error:
        raise EnvelopeError(f"ct: {error}") from None
    if len(ciphertext) - OVERHEAD_BYTES not in PADDED_BYTES:
        raise EnvelopeError("ct has a length that no sealed fields have")
    return ciphertext


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
