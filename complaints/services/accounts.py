"""Accounts of staff: each change leaves a row in the audit log, and whoever has acted keeps the name in it."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction

from complaints.errors import AccountHasActed, NotToOneself
from complaints.models import GivenPassword, Membership
from complaints.selectors.accounts import has_acted
from portal.shared.services.sessions import end_marked, end_sessions

from . import audit, roles
from .refusals import refused_changes_are_logged

PASSWORD = "password"  # noqa: S105  the name of a field


@transaction.atomic
def note_created(*, user: User, at: datetime, actor: User) -> None:
    """Log a new account and the password it was given; call it inside the transaction that makes the account."""
    audit.record(action="user.create", at=at, actor=actor, subject=_subject(user))
    _note_password(user=user, at=at, actor=actor)


@transaction.atomic
def note_changed(*, user: User, fields: Iterable[str], at: datetime, actor: User) -> None:
    """Log which fields of an account were changed, never their values; call it inside the change's transaction.

    A password somebody else chose must be replaced by its owner at the next sign-in. An account that was switched off
    is signed in nowhere from the commit on; its sessions are deleted right after it.

    Raises:
        NotToOneself: nobody closes the own account.
    """
    names = sorted(fields)
    if "is_active" in names and not user.is_active:
        _close(user=user, actor=actor, at=at)
    if names:
        audit.record(action="user.change", at=at, actor=actor, subject=_subject(user), data={"fields": names})
    if PASSWORD in names:
        _note_password(user=user, at=at, actor=actor)


def delete_account(*, user: User, at: datetime, actor: User) -> None:
    """Delete an account that never did anything; its roles are taken back first, each with a row of its own.

    Raises:
        AccountHasActed: records name this person; the account can only be switched off. The attempt leaves a row.
    """
    refusal = refused_changes_are_logged(
        act="user.delete", subject=_subject(user), data={}, at=at, actor=actor
    )
    with refusal, transaction.atomic():
        if has_acted(user=user):
            raise AccountHasActed
        for membership in Membership.objects.filter(user=user):
            roles.remove_role(membership=membership, at=at, actor=actor)
        audit.record(action="user.delete", at=at, actor=actor, subject=_subject(user))
        user.delete()


@transaction.atomic
def note_own_password(*, user: User, at: datetime) -> None:
    """Log that a person chose a new password; nothing is asked of the account any more."""
    GivenPassword.objects.filter(user=user).delete()
    audit.record(action="password.changed", at=at, actor=user, subject=_subject(user))


@transaction.atomic
def end_own_sessions(*, user: User, marks: set[str], at: datetime) -> int:
    """End open sessions of one's own, named by their marks; return how many. Leaves a row in the audit log."""
    count = end_marked(user=user, marks=marks, now=at)
    if count:
        audit.record(action="sessions.end", at=at, actor=user, subject=_subject(user), data={"count": count})
    return count


def note_reauthenticated(*, user: User, at: datetime, is_right: bool) -> None:
    """Log that a person was asked for password and code before a delicate act, and whether they were right."""
    action = "reauth.given" if is_right else "reauth.refused"
    audit.record(action=action, at=at, actor=user, subject=_subject(user))


def _close(*, user: User, actor: User, at: datetime) -> None:
    if actor.pk == user.pk:
        raise NotToOneself
    # A closed account is nobody from the commit on, whatever cookie comes; its rows go after it, as finding them means
    # reading every session, which must not hold up whoever writes.
    transaction.on_commit(partial(end_sessions, user=user, now=at))


def _note_password(*, user: User, at: datetime, actor: User) -> None:
    audit.record(action="password.set", at=at, actor=actor, subject=_subject(user))
    if actor.pk != user.pk:
        GivenPassword.objects.update_or_create(user=user, defaults={"given_at": at})


def _subject(user: User) -> str:
    return f"user:{user.pk}"
