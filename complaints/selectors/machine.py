"""Reads for whoever runs the machine: how it stands with keys, disk and accounts. Nothing here shows a tip."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import connections
from django.db.models import Exists, Model, OuterRef, QuerySet

from complaints.crypto.errors import CryptoError
from complaints.enums import KeyState
from complaints.models import AuditHead, AuditRow, GivenPassword, Membership, Office, Tip
from complaints.policies import HANDLING_ROLES

from .database_file import rebuild
from .separation import people_at_both_ends, people_with_unlogged_roles
from .vaults import vault_lines


@dataclass(frozen=True, kw_only=True)
class Machine:
    """How the machine stands.

    `vault_version` is that of the one in use, else the newest, 0 without a vault; `waiting_vaults` are newer versions
    the settings do not name yet; `opens_content` is None while there is nothing to try it on; `audit_newest`
    is None for an empty log; bytes are those of the disk that holds the data.
    """

    vault_version: int
    is_vault_pinned: bool
    waiting_vaults: tuple[int, ...]
    opens_content: bool | None
    free_bytes: int
    all_bytes: int
    audit_rows: int
    audit_newest: datetime | None
    accounts: int
    roles: int
    units: int
    without_second_factor: tuple[str, ...]
    with_given_password: int
    units_without_people: tuple[str, ...]
    at_both_ends: tuple[str, ...]
    with_unlogged_roles: tuple[str, ...]
    has_room_to_rebuild: bool


def machine(*, data_dir: Path, pinned: str) -> Machine:
    """Return how the machine stands; a fixed number of queries.

    Args:
        pinned: fingerprint of the vault key as settings name it.
    """
    lines = vault_lines(pinned=pinned)
    in_use = next((line.vault.version for line in lines if line.state == KeyState.IN_USE), None)
    room = rebuild()
    disk, head = shutil.disk_usage(data_dir), AuditHead.objects.first()
    newest = AuditRow.objects.order_by("-sequence").values_list("taken_at", flat=True).first()
    return Machine(
        vault_version=in_use or (lines[0].vault.version if lines else 0),
        is_vault_pinned=in_use is not None,
        waiting_vaults=tuple(line.vault.version for line in lines if line.state == KeyState.PENDING),
        opens_content=opens_content(),
        free_bytes=disk.free,
        all_bytes=disk.total,
        audit_rows=head.sequence if head else 0,
        audit_newest=newest,
        accounts=_staff().count(),
        roles=Membership.objects.count(),
        units=Office.objects.filter(is_active=True).count(),
        without_second_factor=_without_second_factor(),
        with_given_password=GivenPassword.objects.filter(user__is_active=True).count(),
        units_without_people=_units_without_people(),
        at_both_ends=_names(people_at_both_ends()),
        with_unlogged_roles=_names(people_with_unlogged_roles()),
        has_room_to_rebuild=room is None or room.fits,
    )


def opens_content() -> bool | None:
    """Return whether the key ring opens the newest tip, without looking at what it says; None while there is none."""
    tip = Tip.objects.exclude(description_sealed=b"").order_by("-pk").first()
    try:
        return bool(tip.description) if tip else None
    except CryptoError:
        return False


def _staff() -> "QuerySet[User]":
    return User.objects.filter(is_active=True)


def _without_second_factor() -> tuple[str, ...]:
    apps = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    people = _staff().filter(~Exists(apps)).order_by("username")
    return _names(people)


def _names(people: Iterable[User]) -> tuple[str, ...]:
    return tuple(user.get_full_name() or user.get_username() for user in people)


def _units_without_people() -> tuple[str, ...]:
    handlers = Membership.objects.filter(office=OuterRef("pk"), role__in=HANDLING_ROLES, user__is_active=True)
    units = Office.objects.filter(~Exists(handlers), is_active=True).order_by("pk")
    return tuple(units.values_list("name", flat=True))


def has_table(model: type[Model], name: str) -> bool:
    """Return whether a database holds the table of a model: before the first migration there is none to look into."""
    return model._meta.db_table in connections[name].introspection.table_names()
