"""Reads of staff accounts: who has acted, who must choose a password, which belong to the demonstration."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet
from wagtail.models import ModelLogEntry, PageLogEntry

from complaints.models import AuditRow, EnterpriseManager, GivenPassword
from complaints.rules.invitations import good_until

# Reserved for examples by RFC 2606: no real mailbox can end like this.
DEMO_DOMAIN = "demo.invalid"


def demo_accounts() -> "QuerySet[User]":
    """Return the accounts whose passwords are printed for everybody."""
    return User.objects.filter(email__endswith=f"@{DEMO_DOMAIN}")


def has_acted(*, user: User) -> bool:
    """Whether a record names this person: as the one who did something, in the audit log or on pages and files, or as
    somebody who was invited to read for a company."""
    return (
        AuditRow.objects.filter(actor=user).exists()
        or PageLogEntry.objects.filter(user_id=user.pk).exists()
        or ModelLogEntry.objects.filter(user_id=user.pk).exists()
        or EnterpriseManager.objects.filter(user=user).exists()
    )


def must_choose_password(*, user_id: int | None) -> bool:
    """Whether the present password of an account was chosen by somebody else."""
    return user_id is not None and GivenPassword.objects.filter(user_id=user_id).exists()


def is_given_password_over(*, user_id: int | None, at: datetime) -> bool:
    """Whether the password of an account was chosen by somebody else, longer ago than such a one is good."""
    given = GivenPassword.objects.filter(user=user_id).values_list("given_at", flat=True).first()
    return given is not None and at >= good_until(given)


def person_name(user: User | None) -> str:
    """Return how a person is called among colleagues; empty for nobody."""
    return user.get_full_name() or user.get_username() if user else ""
