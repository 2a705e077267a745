"""Reads of invitations: the one a code belongs to, and who has not used theirs yet."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User

from complaints.models import EnterpriseManager, GivenPassword, ManagerInvite
from complaints.rules.invitations import invite_digest, plain_invite_code


def invite_of(*, typed: str) -> ManagerInvite | None:
    """Return the invitation of a typed code, whatever became of it; None for one nobody knows."""
    plain = plain_invite_code(typed)
    rows = ManagerInvite.objects.filter(code_digest=invite_digest(plain)).select_related("user")
    return rows.first() if plain else None


def has_no_code(*, user: User, at: datetime) -> bool:
    """Whether no code that is good now leads to this account."""
    return not ManagerInvite.objects.filter(user=user, end="", expires_at__gt=at).exists()


def waiting_until(managers: Iterable[EnterpriseManager]) -> dict[int, datetime | None]:
    """Return those who have chosen no password yet, by user key, with the last moment of their open code if any."""
    users = [one.user_id for one in managers]
    waiting = GivenPassword.objects.filter(user__in=users).values_list("user", flat=True)
    codes = ManagerInvite.objects.filter(user__in=users, end="").values_list("user", "expires_at")
    until = dict(codes)
    return {user: until.get(user) for user in waiting}
