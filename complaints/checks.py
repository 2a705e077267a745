"""System checks: keys, vault pin, demo accounts. They need no database unless asked with --database."""

from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

from complaints.crypto.keyring import KeyRing, KeyRingError
from complaints.models import AuditRow, Membership, RoutingRule, Vault
from complaints.selectors.accounts import demo_accounts
from complaints.selectors.machine import has_table
from complaints.selectors.routing import faulty_rules, zones_without_outline
from complaints.selectors.separation import people_at_both_ends, people_with_unlogged_roles
from complaints.selectors.vaults import is_pinned
from complaints.services.authenticators import standing
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
    count = sum(demo_accounts().using(name).count() for name in databases if has_table(User, name))
    if not count:
        return []
    text = f"{count} demo accounts exist here; their passwords and codes are public knowledge."
    return [Error(text, hint="Start with an empty database, or delete these accounts.", id="complaints.E002")]


@register(Tags.database, "readiness")
def vault_is_pinned(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Another key than the pinned one: real names are refused and originals are not kept until somebody looks."""
    if not databases or not has_table(Vault, "default"):
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
    text = _vault_fault() if has_table(Vault, "default") else "No identity vault yet."
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
    if not databases or not has_table(RoutingRule, "default"):
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


@register(Tags.database)
def roles_are_apart(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Old roles nobody took away, and roles that were written past the program: a person has to look at them."""
    if not databases or not (has_table(Membership, "default") and has_table(AuditRow, "default")):
        return []
    found = [
        ("hold both ends of a two-person act", people_at_both_ends(), "W004"),
        ("hold a role of openings that the audit log does not know", people_with_unlogged_roles(), "W005"),
    ]
    return [
        Caution(
            f"{len(people)} people {what}: {', '.join(one.get_username() for one in people)}.",
            hint="Take one of the roles back in the back office, or give it anew.",
            id=f"complaints.{number}",
        )
        for what, people, number in found
        if people
    ]


@register(Tags.database)
def authenticators_open(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A changed SECRET_KEY or key ring locks people out without a word: say so before they stand at the door."""
    if not databases or not has_table(Authenticator, "default"):
        return []
    now = standing()
    found = [
        (
            now.unreadable,
            "authenticators cannot be opened: KEY_RING or SECRET_KEY was changed.",
            "Put the old key back, or reset the second step of these people.",
            "W006",
        ),
        (
            now.under_secret_key,
            "authenticators hang on SECRET_KEY still: changing it would lock these people out.",
            "Run rotate_keys once; it brings them under KEY_RING.",
            "W007",
        ),
    ]
    return [
        Caution(f"{count} {what}", hint=hint, id=f"complaints.{number}")
        for count, what, hint, number in found
        if count
    ]
