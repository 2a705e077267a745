"""Searched words as they may stand in an address: sealed for the person who typed them, unreadable in any log."""

import base64
import binascii

from complaints.crypto.errors import CryptoError
from complaints.models.sealed import active_keyring
from complaints.policies import Person


def sealed_search(*, user: Person, typed: str) -> str:
    """Return the words as a piece of an address that opens for this person alone; nothing for nothing."""
    if not typed:
        return ""
    token = active_keyring().encrypt(typed.encode(), aad=_aad(user))
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def opened_search(*, user: Person, sealed: str) -> str:
    """Return the words; nothing when the piece is altered, somebody else's, or made under a key that is gone."""
    if not sealed:
        return ""
    try:
        token = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        return active_keyring().decrypt(token, aad=_aad(user)).decode()
    except (binascii.Error, ValueError, CryptoError):
        return ""


def _aad(user: Person) -> bytes:
    return f"anshao:search:words:{user.pk}".encode()
