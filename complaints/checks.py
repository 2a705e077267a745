"""System checks: keys, vault pin, demo accounts. They need no database unless asked with --database."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.models import Model

from complaints.crypto.keyring import KeyRing, KeyRingError
from complaints.models import RoutingRule, Vault
from complaints.selectors.accounts import demo_accounts
from complaints.selectors.routing import faulty_rules, zones_without_outline
from complaints.selectors.vaults import is_pinned
from portal.devkeys import DEMO_VAULT_FINGERPRINT

COMPARE = "Compare it with the key ceremony's record (/admin/custody/keys/) before changing the setting."


@register("security")
def key_ring_is_readable(**_kwargs: Any) -> list[CheckMessage]:
    """A malformed key ring stops everything: falling back would write content nobody can read."""
    try:
        KeyRing.parse(settings.KEY_RING)
    except KeyRingError as error:
        return [Error(f"KEY_RING cannot be used: {error}", id="complaints.E001")]
    return []


def refuse_without_keys() -> None:
    """Stop whatever starts here, a server as well as a command; raises ImproperlyConfigured, never naming a key."""
    try:
        KeyRing.parse(settings.KEY_RING)
    except KeyRingError as error:
        raise ImproperlyConfigured(f"KEY_RING cannot be used, nothing starts: {error}") from None


@register(Tags.database)
def no_demo_accounts(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Demo accounts next to a real vault: anyone could sign in. Runs with `migrate` and `check --database`."""
    if settings.VAULT_FINGERPRINT == DEMO_VAULT_FINGERPRINT or not databases:
        return []
    count = sum(demo_accounts().using(name).count() for name in databases if _has_table(User, name))
    if not count:
        return []
    text = f"{count} demo accounts exist here; their passwords and codes are public knowledge."
    return [Error(text, hint="Start with an empty database, or delete these accounts.", id="complaints.E002")]


@register(Tags.database, "readiness")
def vault_is_pinned(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Another key than the pinned one: real names are refused and originals are not kept until somebody looks."""
    if not databases or not _has_table(Vault, "default"):
        return []
    text = _vault_fault()
    return [Caution(text, hint=COMPARE, id="complaints.W001")] if text else []


@register(Tags.database, deploy=True)
def vault_is_pinned_before_going_live(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """The same as an error for `check --deploy --database default`: nobody goes live with a swapped key."""
    if not databases:
        return []
    text = _vault_fault() if _has_table(Vault, "default") else "No identity vault yet."
    return [Error(text, hint=COMPARE, id="complaints.E003")] if text else []


def _vault_fault() -> str:
    if is_pinned(pinned=settings.VAULT_FINGERPRINT):
        return ""
    if Vault.objects.exists():
        return "No identity vault has the key pinned in VAULT_FINGERPRINT: only anonymous tips are taken."
    return "No identity vault yet."


@register(Tags.database)
def routing_is_sound(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Rules that switched themselves off, and zones whose outline nobody can read: tips go to other units meanwhile."""
    if not databases or not _has_table(RoutingRule, "default"):
        return []
    found = [
        (
            f"Routing rule {rule.pk} switched itself off: {rule.fault}.",
            "Mend or delete it in the back office.",
            "W002",
        )
        for rule in faulty_rules()
    ] + [
        (f"The outline of unit {zone.pk} cannot be read.", "Load it again with load_zones.", "W003")
        for zone in zones_without_outline()
    ]
    return [Caution(text, hint=hint, id=f"complaints.{number}") for text, hint, number in found]


def _has_table(model: type[Model], name: str) -> bool:
    """Before the first migration there is no table to look into."""
    return model._meta.db_table in connections[name].introspection.table_names()
