"""Receipt codes: twenty Crockford base-32 characters that are the reporter's only key.

Nineteen characters carry 95 random bits, the twentieth is a checksum over GF(32) that
finds every single wrong character and every exchange of two. Stored is only Argon2id
(RFC 9106) of the code; a 24-bit MAC finds the candidates; HKDF (RFC 5869) makes the key
that opens the officers' messages.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .envelope import SEED_BYTES
from .errors import ReceiptError
from .keyring import KeyRing

__all__ = ["ReceiptError", "generate", "normalise", "pretty", "reading_seed", "slow_hash", "tag", "verify"]

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
CODE_CHARS: Final = 20
# Twenty characters with a separator after each still fit; no more is ever looked at.
MAX_INPUT_CHARS: Final = 64
MIN_SALT_BYTES: Final = 16
HASH_BYTES: Final = 32
# OWASP password storage, second Argon2id option: 19 MiB, two passes, one lane.
_MEMORY_KIB: Final = 19_456
_ITERATIONS: Final = 2
_TAG_BYTES: Final = 3
_GF32_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive: powers of x repeat after 31 > 20

_UPPER: Final = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
# A table, not str.upper(): that would turn the letter ß into two valid characters.
_VALUE: Final = _UPPER | {character.lower(): value for character, value in _UPPER.items()}
# What people and phones put between groups, beside dashes (Pd), spaces and invisible signs.
_SEPARATORS: Final = "\u2212\u2500\u2501\u30fc_.·"


def generate() -> str:
    """Return a new code as XXXX-XXXX-XXXX-XXXX-XXXX."""
    values = [secrets.randbelow(len(ALPHABET)) for _ in range(CODE_CHARS - 1)]
    values.append(_times_x(_remainder(values)))
    return pretty("".join(ALPHABET[value] for value in values))


def normalise(text: str) -> str:
    """Return the twenty upper-case characters of a code typed or pasted by a person.

    Spaces, dashes and full-width forms are forgiven, O is read as 0, I and L as 1.

    Raises:
        ReceiptError: too long, other characters, wrong length or wrong checksum. It
            never says which: the answer must be that to an unknown code.
    """
    if len(text) > MAX_INPUT_CHARS:
        raise ReceiptError("not a receipt")
    kept = [c for c in unicodedata.normalize("NFKC", text) if not _is_separator(c)]
    values = [_VALUE.get(character, -1) for character in kept]
    if len(values) != CODE_CHARS or -1 in values or _remainder(values) != 0:
        raise ReceiptError("not a receipt")
    return "".join(ALPHABET[value] for value in values)


def pretty(code: str) -> str:
    """Return the code in five groups of four, joined by hyphens."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def slow_hash(*, code: str, salt: bytes) -> bytes:
    """Return 32 bytes of Argon2id over the code, in any spelling; takes 19 MiB while it runs.

    Raises:
        ReceiptError: not a code.
        ValueError: salt shorter than 16 bytes.
    """
    kdf = Argon2id(
        salt=_checked_salt(salt), length=HASH_BYTES, iterations=_ITERATIONS, lanes=1, memory_cost=_MEMORY_KIB
    )
    return kdf.derive(normalise(code).encode("ascii"))


def verify(*, code: str, salt: bytes, expected: bytes) -> bool:
    """Tell in constant time whether the code has this slow hash; raises as `slow_hash` does."""
    return hmac.compare_digest(slow_hash(code=code, salt=salt), bytes(expected))


def tag(*, keyring: KeyRing, code: str) -> list[int]:
    """Return the code's 24-bit tags, one per key of the ring, active first; raises ReceiptError.

    Store the first, search for all of them. Too short to recognise a code by, it only
    narrows the search to a few slow hashes.
    """
    digests = keyring.digests(normalise(code).encode("ascii"), purpose="receipt-tag")
    return [int.from_bytes(digest[:_TAG_BYTES], "big") for digest in digests]


def reading_seed(*, code: str, salt: bytes) -> bytes:
    """Return the 32-byte X-Wing seed that opens what officers write to this reporter.

    Its public key (`envelope.public_key_of`) is kept with the tip, so that officers can
    seal while only the receipt can open. No slow hash: 95 random bits need none.

    Raises:
        ReceiptError: not a code.
        ValueError: salt shorter than 16 bytes.
    """
    kdf = HKDF(hashes.SHA256(), SEED_BYTES, _checked_salt(salt), b"anshao:1:receipt-reading")
    return kdf.derive(normalise(code).encode("ascii"))


def _is_separator(character: str) -> bool:
    return character.isspace() or character in _SEPARATORS or unicodedata.category(character) in ("Pd", "Cf")


def _remainder(values: Iterable[int]) -> int:
    """Return the values, read as a polynomial over GF(32), at x: zero for a whole valid code."""
    total = 0
    for value in values:
        total = _times_x(total) ^ value
    return total


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _GF32_POLYNOMIAL if doubled & 0b100000 else doubled


def _checked_salt(salt: bytes) -> bytes:
    if len(salt) < MIN_SALT_BYTES:
        raise ValueError(f"salt must be at least {MIN_SALT_BYTES} bytes")
    return bytes(salt)
