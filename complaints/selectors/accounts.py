"""Reads of staff accounts: which of them belong to the demonstration."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

# Reserved for examples by RFC 2606: no real mailbox can end like this.
DEMO_DOMAIN = "demo.invalid"


def demo_accounts() -> "QuerySet[User]":
    """Return the accounts whose passwords are printed for everybody."""
    return User.objects.filter(email__endswith=f"@{DEMO_DOMAIN}")


def person_name(user: User | None) -> str:
    """Return how a person is called among colleagues; empty for nobody."""
    return user.get_full_name() or user.get_username() if user else ""
