"""What a city's server must not start with, as rules over plain values; no Django settings are read here.

A sentence per fault, never the value itself: what is printed at a start ends in a journal many people read.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

# Thirty-two random bytes hold fewer than sixteen different ones about once in 10**12 keys.
FEWEST_BYTES, FEWEST_CHARACTERS = 16, 20
KEY_BYTES = 32
SHORTEST_SECRET = 50
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_TOKEN = 32
BACKENDS = ("altcha", "recaptcha")
# So both keys begin that are printed in the library's documentation.
TEST_KEYS = "6LeIxAcTAAAAA"
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})


def faults(*, values: Mapping[str, str], engine: str) -> list[str]:
    """Return why these settings may not serve a city, one sentence each; empty when they may.

    Args:
        values: SECRET_KEY, KEY_RING, CHECKPOINT_KEY, METRICS_TOKEN, STORAGE_URL, DEBUG, ALLOW_SQLITE as given, and
            CAPTCHA_BACKEND with RECAPTCHA_DOMAIN, RECAPTCHA_PUBLIC_KEY, RECAPTCHA_PRIVATE_KEY.
        engine: the dotted name of the database backend.
    """
    found = [*_weak_secret(values.get("SECRET_KEY", "")), *_weak_ring(values.get("KEY_RING", ""))]
    found += _weak_checkpoint(values.get("CHECKPOINT_KEY", ""), ring=values.get("KEY_RING", ""))
    found += _weak_token(values.get("METRICS_TOKEN", ""))
    found += _no_check(values)
    if _is_on(values.get("DEBUG", "")):
        found.append("DEBUG is asked for: its error pages show what reporters typed.")
    found += _open_line(values.get("STORAGE_URL", ""))
    if engine.endswith("sqlite3") and not _is_on(values.get("ALLOW_SQLITE", "")):
        found.append("DATABASE_URL is SQLite: one machine only. Set ALLOW_SQLITE=1 where that is meant.")
    return found


def _open_line(address: str) -> Iterator[str]:
    """Photos are sealed, but the key of the store travels with every question."""
    parts = urlsplit(address)
    if parse_qs(parts.query).get("tls") == ["0"] and parts.hostname not in _LOOPBACK:
        yield "STORAGE_URL asks for the store without TLS: only a store on this machine may be asked so."


def _is_on(text: str) -> bool:
    return text.strip().lower() in _TRUE


def _weak_secret(secret: str) -> Iterator[str]:
    if len(secret) < SHORTEST_SECRET:
        yield f"SECRET_KEY must have at least {SHORTEST_SECRET} characters."
    elif len(set(secret)) < FEWEST_CHARACTERS or secret.startswith("django-insecure"):
        yield "SECRET_KEY is no random text."


def _weak_ring(ring: str) -> Iterator[str]:
    """Name entries whose key nobody drew at random; a malformed ring is named by the check of the ring itself."""
    for number, entry in enumerate(ring.split(","), start=1):
        key = _bytes_of(_key_part(entry))
        if len(key) == KEY_BYTES and len(set(key)) < FEWEST_BYTES:
            yield f"KEY_RING entry {number}: the key is no random one."


def _weak_checkpoint(text: str, *, ring: str) -> Iterator[str]:
    key = _bytes_of(text)
    if len(key) != KEY_BYTES:
        yield f"CHECKPOINT_KEY must be {KEY_BYTES} bytes in base64."
    elif len(set(key)) < FEWEST_BYTES:
        yield "CHECKPOINT_KEY is no random one."
    elif any(_bytes_of(_key_part(entry)) == key for entry in ring.split(",")):
        yield "CHECKPOINT_KEY is a key of KEY_RING as well: whoever signs the log could read every tip."


def _weak_token(token: str) -> Iterator[str]:
    """Without a token there is no page of figures, which is no fault."""
    if token and (len(token) < SHORTEST_TOKEN or len(set(token)) < FEWEST_BYTES):
        yield f"METRICS_TOKEN must be random and have at least {SHORTEST_TOKEN} characters."


def _no_check(values: Mapping[str, str]) -> Iterator[str]:
    """The check against machines must be one that exists and stops somebody."""
    backend = values.get("CAPTCHA_BACKEND", "altcha")
    if backend not in BACKENDS:
        yield f"CAPTCHA_BACKEND must be one of {', '.join(BACKENDS)}."
    if backend != "recaptcha":
        return
    for name in ("RECAPTCHA_PUBLIC_KEY", "RECAPTCHA_PRIVATE_KEY"):
        if not values.get(name, "").strip() or values[name].startswith(TEST_KEYS):
            yield f"{name} is missing, or the one made for tests, with which everybody passes."
    if not _HOST.fullmatch(values.get("RECAPTCHA_DOMAIN", "")):
        yield "RECAPTCHA_DOMAIN must be the name of a host and nothing else."


def _key_part(entry: str) -> str:
    """Return the third field of `id:suite:key` or `id:suite:key:until=…`."""
    parts = entry.strip().split(":")
    return parts[2] if len(parts) > 2 else ""


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
