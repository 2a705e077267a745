"""The two cipher suites for data at rest: international (`intl`) and Chinese commercial (`gm`).

`intl` is AES-256-GCM (NIST SP 800-38D) with HMAC-SHA-256 (RFC 2104); `gm` is SM4-GCM
(GB/T 32907, mode as in RFC 8998) with HMAC-SM3 (GB/T 32905), for systems that are
assessed under GB/T 39786.
"""

import os
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import CryptoError, DecryptionError

NONCE_BYTES: Final = 12  # SP 800-38D §8.2.2: random, so at most 2**32 messages per key
TAG_BYTES: Final = 16
MAC_BYTES: Final = 32


class Suite(Protocol):
    """An authenticated cipher, a MAC and a key derivation that belong together."""

    @property
    def name(self) -> str:
        """Return the word that stands in every ciphertext."""

    @property
    def key_bytes(self) -> int:
        """Return the length of a cipher key."""

    def seal(self, *, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return nonce, ciphertext and tag in one; the nonce is random."""

    def open(self, *, key: bytes, sealed: bytes, aad: bytes) -> bytes:
        """Return the plain text; raises DecryptionError."""

    def mac(self, *, key: bytes, data: bytes) -> bytes:
        """Return the 32-byte MAC of `data`."""

    def derive(self, *, key: bytes, info: bytes, length: int) -> bytes:
        """Return a sub-key by HKDF (RFC 5869) without salt: `key` is already uniform."""


class IntlSuite:
    """AES-256-GCM, HMAC-SHA-256, HKDF-SHA-256."""

    name: Final = "intl"
    key_bytes: Final = 32

    def seal(self, *, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return nonce, ciphertext and tag in one; the nonce is random."""
        nonce = fresh_nonce()
        return nonce + AESGCM(_checked(key, self.key_bytes)).encrypt(nonce, plaintext, aad)

    def open(self, *, key: bytes, sealed: bytes, aad: bytes) -> bytes:
        """Return the plain text; raises DecryptionError."""
        nonce, body = _split(sealed)
        try:
            return AESGCM(_checked(key, self.key_bytes)).decrypt(nonce, body, aad)
        except InvalidTag:
            raise DecryptionError("does not open") from None

    def mac(self, *, key: bytes, data: bytes) -> bytes:
        """Return the 32-byte HMAC-SHA-256 of `data`."""
        return _hmac(hashes.SHA256(), key, data)

    def derive(self, *, key: bytes, info: bytes, length: int) -> bytes:
        """Return a sub-key by HKDF-SHA-256."""
        return HKDF(hashes.SHA256(), length, None, info).derive(key)


class GmSuite:
    """SM4-GCM, HMAC-SM3, HKDF-SM3."""

    name: Final = "gm"
    key_bytes: Final = 16

    def seal(self, *, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return nonce, ciphertext and tag in one; the nonce is random."""
        nonce = fresh_nonce()
        cipher = algorithms.SM4(_checked(key, self.key_bytes))
        encryptor = Cipher(cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(aad)
        return nonce + encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag

    def open(self, *, key: bytes, sealed: bytes, aad: bytes) -> bytes:
        """Return the plain text; raises DecryptionError. Nothing leaves before the tag is checked."""
        nonce, body = _split(sealed)
        ciphertext, tag = body[:-TAG_BYTES], body[-TAG_BYTES:]
        cipher = algorithms.SM4(_checked(key, self.key_bytes))
        decryptor = Cipher(cipher, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(aad)
        try:
            return decryptor.update(ciphertext) + decryptor.finalize()
        except InvalidTag:
            raise DecryptionError("does not open") from None

    def mac(self, *, key: bytes, data: bytes) -> bytes:
        """Return the 32-byte HMAC-SM3 of `data`."""
        return _hmac(hashes.SM3(), key, data)

    def derive(self, *, key: bytes, info: bytes, length: int) -> bytes:
        """Return a sub-key by HKDF-SM3."""
        return HKDF(hashes.SM3(), length, None, info).derive(key)


INTL: Final[Suite] = IntlSuite()
GM: Final[Suite] = GmSuite()
_BY_NAME: Final[dict[str, Suite]] = {INTL.name: INTL, GM.name: GM}


def suite_named(name: str) -> Suite:
    """Return the suite called `intl` or `gm`; raises CryptoError for any other word."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise CryptoError(f"unknown cipher suite, known are {', '.join(_BY_NAME)}") from None


def fresh_nonce() -> bytes:
    """Return a random 96-bit nonce."""
    return os.urandom(NONCE_BYTES)


def _hmac(algorithm: hashes.HashAlgorithm, key: bytes, data: bytes) -> bytes:
    mac = hmac.HMAC(key, algorithm)
    mac.update(data)
    return mac.finalize()


def _split(sealed: bytes) -> tuple[bytes, bytes]:
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise DecryptionError("too short to be sealed")
    return sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]


def _checked(key: bytes, length: int) -> bytes:
    # AESGCM would take 16 and 24 bytes as well: a silent downgrade.
    if len(key) != length:
        raise ValueError(f"key must be {length} bytes, is {len(key)}")
    return key
