"""Accounts of the demonstration: one for every role, with password, authenticator and recovery codes."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from complaints.enums import Role
from complaints.errors import NotAllowed
from complaints.models import Office
from complaints.selectors.accounts import DEMO_DOMAIN, demo_accounts
from complaints.services.roles import assign_role

from .offices import Facts, read_facts

PASSWORD = "anshao-demo-2026"  # noqa: S105  printed for everybody; production refuses these accounts
TOTP_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Account:
    """What somebody needs in order to sign in as one of the people."""

    username: str
    name: str
    roles: tuple[Role, ...]
    office: str
    password: str
    totp_secret: str
    # For people without a role in a unit: what they are.
    duty: str = ""


def load_people(*, offices: Mapping[str, Office], at: datetime) -> list[Account]:
    """Make the accounts that are missing, and return all of them."""
    facts = read_facts("people")["people"]
    known = set(User.objects.values_list("username", flat=True))
    # One hash for all of them: the password is the same, and hashing is slow on purpose.
    hashed = "" if known >= {person["username"] for person in facts} else make_password(PASSWORD)
    for person in facts:
        if person["username"] not in known:
            _enrol(person, offices=offices, hashed=hashed, at=at)
    return [_account(person, offices) for person in facts]


def _enrol(facts: Facts, *, offices: Mapping[str, Office], hashed: str, at: datetime) -> None:
    user = User.objects.create(
        username=facts["username"],
        first_name=facts["name"],
        email=f"{facts['username']}@{DEMO_DOMAIN}",
        password=hashed,
    )
    TOTP.activate(user, totp_secret(username=user.username))
    RecoveryCodes.activate(user)
    for held in facts["roles"]:
        assign_role(user=user, office=offices[held["office"]], role=Role(held["role"]), at=at)


def _account(facts: Facts, offices: Mapping[str, Office]) -> Account:
    return Account(
        username=facts["username"],
        name=facts["name"],
        roles=tuple(Role(held["role"]) for held in facts["roles"]),
        office=offices[facts["roles"][0]["office"]].name,
        password=PASSWORD,
        totp_secret=totp_secret(username=facts["username"]),
    )


def totp_secret(*, username: str) -> str:
    """Return the secret of a demo account: computed from its name, so that everybody can compute it."""
    digest = sha256(f"anshao demo authenticator, public knowledge: {username}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def code_now(*, username: str, at: datetime) -> tuple[str, int]:
    """Return the code an authenticator app would show for a demo account, and how many seconds it holds.

    Raises:
        NotAllowed: the account is not one of the demonstration, or has another authenticator by now.
    """
    user = demo_accounts().filter(username=username).first()
    if user is None or not _has_demo_secret(user):
        raise NotAllowed
    seconds = int(at.timestamp())
    value = hotp_value(totp_secret(username=username), seconds // TOTP_SECONDS)
    return format_hotp_value(value), TOTP_SECONDS - seconds % TOTP_SECONDS


def _has_demo_secret(user: User) -> bool:
    device = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return device is not None and decrypt(device.data["secret"]) == totp_secret(username=user.username)
