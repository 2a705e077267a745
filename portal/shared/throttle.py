"""Throttling without an address: counters under a keyed digest whose key is forgotten every day.

Thousands of phones share one address of a carrier, so that refusing a network refuses a part of the city. Whoever shows
a proof of work is let in long after the others; what grows with the crowd is the work (`hardness`).
"""

import hashlib
import hmac
import ipaddress
import secrets
from bisect import bisect_right
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How many acts of one kind one sender may make within a window of seconds."""

    action: str
    most: int
    window_seconds: int


# Generous, because thousands of phones share one carrier address; they only stop a machine.
SUBMIT = Budget(action="submit", most=120, window_seconds=600)
# With a solved proof of work in hand: twenty a second is more than the machine stores, and less than breaks it.
PROVED = Budget(action="proved", most=12_000, window_seconds=600)
# One look costs a slow hash, whose number at once is bounded; receipts are too long to guess at any speed.
STATUS = Budget(action="status", most=600, window_seconds=600)
MESSAGE = Budget(action="message", most=300, window_seconds=600)
CHALLENGE = Budget(action="challenge", most=30_000, window_seconds=600)
PLACE = Budget(action="place", most=300, window_seconds=600)
ESTIMATE = Budget(action="estimate", most=300, window_seconds=600)
# One person types one code; the codes themselves are too long to guess.
JOIN = Budget(action="join", most=30, window_seconds=600)


# From so many challenges of one network, or of all together, within a window on the work is doubled; once more from
# each further number on. Twelve a minute and two a second are a busy day.
OF_ONE = (120, 240, 480, 960, 1920)
OF_ALL = (1200, 2400, 4800, 9600, 19200)


def allow(*, request: HttpRequest, budget: Budget) -> bool:
    """Count one act and return whether it still lies within the budget. Stores a digest, never an address."""
    name = f"throttle:{budget.action}:{sender_digest(request=request)}"
    return _counted(name, seconds=budget.window_seconds) <= budget.most


def hardness(*, request: HttpRequest) -> int:
    """Count one challenge and return how often its work is to be doubled: 0 on a quiet day, at most `len(OF_ONE)`."""
    seconds = CHALLENGE.window_seconds
    of_one = _counted(f"throttle:hardness:{sender_digest(request=request)}", seconds=seconds)
    of_all = _counted("throttle:hardness", seconds=seconds)
    return max(bisect_right(OF_ONE, of_one), bisect_right(OF_ALL, of_all))


def _counted(name: str, *, seconds: int) -> int:
    """Count one more under a name and return how many there are in its window."""
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name)
    except ValueError:
        # The window ended between the two calls; the next act starts a new one.
        return 0


def sender_digest(*, request: HttpRequest) -> str:
    """Return a name for the sender's network that says nothing after today: its key is random and forgotten."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.CLIENT_ADDRESS_HEADER:
        # The gateway appends; whatever stands before its own entry was written by the sender.
        address = request.headers.get(settings.CLIENT_ADDRESS_HEADER, address).rsplit(",", 1)[-1].strip()
    return hmac.new(_key_of_today(), _network(address).encode(), hashlib.sha256).hexdigest()[:24]


def _network(address: str) -> str:
    """Return one name for all addresses of one sender: a household of IPv6 has 2**64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed.packed, 64), strict=False))


def _key_of_today() -> bytes:
    name = f"throttle-key:{timezone.localdate().isoformat()}"
    key: bytes | None = cache.get(name)
    if key is None:
        cache.add(name, secrets.token_bytes(32), DAY_SECONDS)
        key = cache.get(name)
    # The key lies in the cache beside the digests: a copy of the cache alone must not give an address back.
    return salted_hmac("throttle", key or b"", algorithm="sha256").digest()
