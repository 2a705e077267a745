"""Codes of the second factor count once, whatever a cache forgets and however many processes serve.

allauth remembers a spent code in the cache for one period, and not at all when it was spent for setting up. Here the
row of the authenticator keeps the newest period a code was taken from: nothing of that period or before counts again.
"""

import logging
from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import User
from django.db import transaction

from portal.shared.secretbox import SecretUnreadable

from .sessions import end_sessions

NEWEST = "newest_period"
logger = logging.getLogger(__name__)


@transaction.atomic
def use_code(*, user: User, code: str, now: float) -> Authenticator | None:
    """Spend a code of the app or a recovery code and return where it came from; None when it does not count.

    Args:
        now: seconds since the epoch.
    """
    rows = Authenticator.objects.select_for_update().filter(user=user).order_by("pk")
    return next((row for row in rows if _accepts(row, code=code, now=now)), None)


@transaction.atomic
def spend_first_code(*, user: User, code: str, now: float) -> None:
    """Note the code that set the app up as spent, so that it cannot sign in as well."""
    row = Authenticator.objects.select_for_update().get(user=user, type=Authenticator.Type.TOTP)
    period = _period_of(row, code=code, now=now)
    _remember(row, period=_present(now) if period is None else period)


@transaction.atomic
def forget(*, user: User, at: datetime) -> None:
    """Remove the app and the recovery codes of a person, and end the sessions opened with them.

    Who may ask for that is the caller's question.
    """
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user, now=at)


def _accepts(row: Authenticator, *, code: str, now: float) -> bool:
    try:
        if row.type == Authenticator.Type.TOTP:
            return _spend(row, code=code, now=now)
        return row.type == Authenticator.Type.RECOVERY_CODES and bool(row.wrap().validate_code(code))
    except SecretUnreadable:
        logger.error("a second factor cannot be read: was KEY_RING or SECRET_KEY changed?")
        return False


def _spend(row: Authenticator, *, code: str, now: float) -> bool:
    period = _period_of(row, code=code, now=now)
    if period is None or period <= row.data.get(NEWEST, -1):
        return False
    _remember(row, period=period)
    return True


def _remember(row: Authenticator, *, period: int) -> None:
    row.data = {**row.data, NEWEST: period}
    row.save(update_fields=["data"])


def _period_of(row: Authenticator, *, code: str, now: float) -> int | None:
    """Return the newest period within the tolerance whose code this is, or None."""
    secret, tolerance = decrypt(row.data["secret"]), app_settings.TOTP_TOLERANCE
    for period in range(_present(now) + tolerance, _present(now) - tolerance - 1, -1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, period))):
            return period
    return None


def _present(now: float) -> int:
    return int(now) // int(app_settings.TOTP_PERIOD)
