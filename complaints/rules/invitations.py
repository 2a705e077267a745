"""Codes by which invited people choose their own password, and how long a password given by others is good."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import choice

from complaints.enums import InviteEnd, InviteFault

# ASVS 5 (6.4.1): what is given for the first sign-in is random, good for a short time and for one use.
GIVEN_HOURS = 72
# No sign that is mistaken for another one when it is read aloud or copied by hand.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 5
_AFTER = {
    InviteEnd.USED: InviteFault.USED,
    InviteEnd.REPLACED: InviteFault.REPLACED,
    InviteEnd.WITHDRAWN: InviteFault.WITHDRAWN,
}


def new_invite_code() -> str:
    """Return a code of twenty characters in four groups: about 99 bits, so that nobody guesses one."""
    return "-".join("".join(choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def plain_invite_code(typed: str) -> str:
    """Return a typed code without groups, spaces and capitals; empty for what can be none."""
    found = "".join(sign for sign in typed.lower() if sign not in "-–— \t\r\n\u3000")
    return found if len(found) == GROUPS * GROUP and set(found) <= set(LETTERS) else ""


def invite_digest(plain: str) -> str:
    """Return what is kept of a code: with 99 bits nobody counts back from it."""
    return sha256(f"invite:{plain}".encode()).hexdigest()


def good_until(given_at: datetime) -> datetime:
    """Return the last moment of what was given at this one."""
    return given_at + timedelta(hours=GIVEN_HOURS)


def invite_fault(*, end: str, expires_at: datetime, is_wanted: bool, at: datetime) -> InviteFault | None:
    """Return why a known code opens nothing, None for a good one.

    Args:
        end: how it ended (`InviteEnd`), empty while it is open.
        is_wanted: whether the invited person still has an enterprise to work for, and an open account.
    """
    if end:
        return _AFTER[InviteEnd(end)]
    if not is_wanted:
        return InviteFault.WITHDRAWN
    return InviteFault.EXPIRED if at >= expires_at else None
