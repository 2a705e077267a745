"""Signatures anybody can check: Ed25519 (RFC 8032) over bytes, keys as raw 32 bytes."""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES: Final = 32


def public_key(*, seed: bytes) -> bytes:
    """Return the public key of a 32-byte private seed; raises ValueError for another length."""
    return _private(seed).public_key().public_bytes_raw()


def sign(*, seed: bytes, data: bytes) -> bytes:
    """Return the 64-byte signature of `data`; raises ValueError for a seed of another length than 32."""
    return _private(seed).sign(data)


def is_signed(*, public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the holder of the private key signed exactly these bytes; False for a malformed key or signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(seed: bytes) -> Ed25519PrivateKey:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"the private key must be {SEED_BYTES} bytes, is {len(seed)}")
    return Ed25519PrivateKey.from_private_bytes(seed)
