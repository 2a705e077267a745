"""Original files sealed to the vault: a random AES-256-GCM key per file, wrapped by HPKE.

Layout: magic "ANSF", version (1 byte), vault version (4 bytes, big-endian), wrapped key
(1 168 bytes), nonce, ciphertext and tag. Header and wrapped key are authenticated with the file.
"""

import secrets
import struct
from typing import Final

from . import envelope
from .errors import DecryptionError, EnvelopeError
from .suites import INTL

__all__ = ["DecryptionError", "EnvelopeError", "open_file", "seal_file", "vault_of"]

_MAGIC: Final = b"ANSF"
_VERSION: Final = 1
_HEADER: Final = struct.Struct(">4sBI")
_FILE_KEY_BYTES: Final = 32
_WRAPPED_BYTES: Final = envelope.OVERHEAD_BYTES + _FILE_KEY_BYTES
_BODY_START: Final = _HEADER.size + _WRAPPED_BYTES


def seal_file(*, data: bytes, public_key: bytes, vault: int, binding: str, field: str = "original") -> bytes:
    """Return the file sealed for one vault, tip and field; raises EnvelopeError.

    The file is in memory up to three times while it runs; callers cap its size.
    """
    info = envelope.info_text(suite=envelope.SUITE, vault=vault, binding=binding, field=field)
    file_key = secrets.token_bytes(_FILE_KEY_BYTES)
    wrapped = envelope.seal(public_key=public_key, plaintext=file_key, info=info)
    head = _HEADER.pack(_MAGIC, _VERSION, vault) + wrapped
    return head + INTL.seal(key=file_key, plaintext=data, aad=head + info)


def open_file(*, seed: bytes, sealed: bytes, binding: str, field: str = "original") -> bytes:
    """Return the original file; raises DecryptionError: wrong seed, tip or field, or altered."""
    vault = vault_of(sealed)
    info = envelope.info_text(suite=envelope.SUITE, vault=vault, binding=binding, field=field)
    head = sealed[:_BODY_START]
    file_key = envelope.open_sealed(seed=seed, sealed=head[_HEADER.size :], info=info)
    return INTL.open(key=file_key, sealed=sealed[_BODY_START:], aad=head + info)


def vault_of(sealed: bytes) -> int:
    """Return the version of the vault key that opens the file; raises DecryptionError for other bytes."""
    if len(sealed) < _BODY_START:
        raise DecryptionError("too short to be a sealed file")
    magic, version, vault = _HEADER.unpack_from(sealed)
    if magic != _MAGIC or version != _VERSION or vault > envelope.MAX_VAULT:
        raise DecryptionError("not a sealed file")
    return int(vault)
