"""Seals short secrets of a session under a key derived from SECRET_KEY: a copied database gives none away."""

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX = "s1:"
NONCE_BYTES = 12
_INFO = b"anshao:sign-in:1"


class SecretUnreadable(Exception):
    """The text was sealed under a key that is neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS, or was changed."""


def seal(text: str) -> str:
    """Return the text encrypted, as printable characters that name their own version."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), _INFO)
    return PREFIX + base64.urlsafe_b64encode(nonce + sealed).decode()


def read(sealed: str) -> str:
    """Return the clear text; raises SecretUnreadable."""
    if not sealed.startswith(PREFIX):
        raise SecretUnreadable("not sealed")
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(PREFIX))
    except ValueError as error:
        raise SecretUnreadable("not base64") from error
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(secret)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _INFO).decode()
        except (InvalidTag, ValueError):
            continue
    raise SecretUnreadable("another key or a changed text")


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(secret.encode())
