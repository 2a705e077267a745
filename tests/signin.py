"""Signing in for tests: people with an authenticator app, codes of any moment, sessions with and without a code."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.test import Client

from complaints.enums import Role
from complaints.models import Office
from complaints.services.roles import assign_role
from tests.factories import TODAY, OfficeFactory, UserFactory, noon

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD_SECONDS = 30


def staff(*roles: Role, office: Office | None = None, **values: str) -> User:
    """Return a person with these roles in one unit and the Wagtail groups that go with them."""
    user: User = UserFactory(**values)
    unit = office or OfficeFactory()
    for role in roles:
        assign_role(user=user, office=unit, role=role, at=noon(TODAY))
    return user


def code_at(*, now: float, secret: str = SECRET) -> str:
    """Return the code the app shows at this moment."""
    return format_hotp_value(hotp_value(secret, int(now) // PERIOD_SECONDS))


def wrong_code(*, now: float) -> str:
    """Return six digits that are no code of these minutes."""
    near = {code_at(now=now + offset * PERIOD_SECONDS) for offset in range(-4, 5)}
    return next(text for number in range(100) if (text := f"{number:06}") not in near)


def give_app(user: User, *, secret: str = SECRET) -> Authenticator:
    """Give a person an authenticator app and recovery codes, as setting it up does."""
    RecoveryCodes.activate(user)
    row: Authenticator = TOTP.activate(user, secret).instance
    return row


def recovery_codes(user: User) -> list[str]:
    """Return the recovery codes this person has left."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = row.wrap().get_unused_codes()
    return codes


def enter(client: Client, user: User, *, with_code: bool = True) -> Client:
    """Open a session of this person, with the trace of a second factor or without."""
    client.force_login(user)
    session = client.session
    records = [{"method": "password", "at": time.time(), "username": user.username}]
    if with_code:
        records.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session["seen_at"] = int(time.time())
    session.save()
    return client
