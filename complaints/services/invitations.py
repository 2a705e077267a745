"""Codes of invited safety managers: issued by the bureau, shown once, used once to choose the own password."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from complaints.enterprise_errors import EnterpriseNotFound, InviteRefused, PasswordRefused
from complaints.enums import InviteEnd, InviteFault
from complaints.errors import ComplaintError
from complaints.models import EnterpriseManager, GivenPassword, ManagerInvite
from complaints.rules.invitations import good_until, invite_digest, invite_fault, new_invite_code
from complaints.selectors.enterprises import enterprises_supervised_by
from complaints.selectors.internal import workplaces_of
from complaints.selectors.invitations import invite_of
from portal.shared.services import second_factor

from . import accounts, audit
from .refusals import refusals_go_to
from .register import subject_of


@dataclass(frozen=True, kw_only=True)
class Issued:
    """What to hand over: `code` is shown this once, and empty for an account that needs none."""

    manager: EnterpriseManager
    code: str
    until: datetime | None = None


def give_code(*, user: User, actor: User, at: datetime) -> tuple[str, datetime]:
    """Give an account without an own password a code, in the caller's transaction; an earlier one is dead by that.

    Whatever password it had opens nothing any more.
    """
    end_codes(user=user, end=InviteEnd.REPLACED, at=at)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    GivenPassword.objects.update_or_create(user=user, defaults={"given_at": at})
    code, until = new_invite_code(), good_until(at)
    ManagerInvite.objects.create(
        user=user,
        code_digest=invite_digest(code.replace("-", "")),
        issued_by=actor,
        issued_at=at,
        expires_at=until,
    )
    return code, until


def may_get_code(*, user: User, actor: User) -> bool:
    """Whether this person may give an account a code: it has no own password, and every enterprise it works for is
    under the person's supervision, as whoever holds a code could read there."""
    theirs = [one.pk for one in workplaces_of(user)]
    supervised = enterprises_supervised_by(actor).filter(pk__in=theirs).count()
    is_waiting = user.is_active and GivenPassword.objects.filter(user=user).exists()
    return is_waiting and supervised == len(theirs)


def end_codes(*, user: User, end: InviteEnd, at: datetime) -> None:
    """End the open code of an account, in the caller's transaction."""
    ManagerInvite.objects.filter(user=user, end="").update(end=end, ended_at=at)


def end_all(*, at: datetime) -> None:
    """Withdraw every open code, in the caller's transaction."""
    ManagerInvite.objects.filter(end="").update(end=InviteEnd.WITHDRAWN, ended_at=at)


@transaction.atomic
def issue_anew(*, manager_id: int, enterprise_id: int, actor: User, at: datetime) -> Issued:
    """Give somebody who was invited and chose no password yet a new code.

    A second step set up with a password that others knew is forgotten with it, and so are open sessions.

    Raises:
        EnterpriseNotFound: no enterprise of this person's supervision, no manager of it now, one who has joined (a
            password somebody chose is nobody else's to replace), or one who reads for enterprises of others as well.
    """
    enterprise = enterprises_supervised_by(actor).filter(pk=enterprise_id, is_active=True).first()
    rows = EnterpriseManager.objects.filter(pk=manager_id, enterprise=enterprise, ended_at=None)
    row = rows.select_related("user").first() if enterprise else None
    if enterprise is None or row is None:
        raise EnterpriseNotFound
    user = User.objects.select_for_update(no_key=True).get(pk=row.user_id)
    if not may_get_code(user=user, actor=actor):
        raise EnterpriseNotFound
    code, until = give_code(user=user, actor=actor, at=at)
    second_factor.forget(user=user, at=at)
    data = {"user": user.pk}
    audit.record(action="manager.code_issued", at=at, actor=actor, subject=subject_of(enterprise), data=data)
    row.user = user
    return Issued(manager=row, code=code, until=until)


def _log_refusal(error: ComplaintError, values: Mapping[str, Any]) -> None:
    """Log who was refused; a code nobody knows names nobody, and wrong ones are counted at the door."""
    found = invite_of(typed=values["typed"])
    if found is not None:
        data = {"code": error.fault.value if isinstance(error, InviteRefused) else error.code}
        subject = f"user:{found.user_id}"
        audit.record(action="manager.join_refused", at=values["at"], subject=subject, data=data)


@refusals_go_to(_log_refusal)
@transaction.atomic
def join(*, typed: str, password: str, at: datetime) -> User:
    """Choose the own password by a code, which is used up by that; nothing but the holder chose is left of before.

    Raises:
        InviteRefused: the code is unknown, used, too old, replaced or withdrawn.
        PasswordRefused: the password may not be one; the code stays good.
    """
    found = invite_of(typed=typed)
    if found is None:
        raise InviteRefused(InviteFault.UNKNOWN)
    # The account first, as whoever issues a new code or ends the work does.
    user = User.objects.select_for_update(no_key=True).get(pk=found.user_id)
    row = ManagerInvite.objects.select_for_update().get(pk=found.pk)
    fault = fault_of(row, user=user, at=at)
    if fault is not None:
        raise InviteRefused(fault)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordRefused(error.messages) from None
    second_factor.forget(user=user, at=at)
    user.set_password(password)
    user.save(update_fields=["password"])
    row.end, row.ended_at = InviteEnd.USED, at
    row.save(update_fields=["end", "ended_at"])
    accounts.note_own_password(user=user, at=at)
    audit.record(action="manager.joined", at=at, actor=user, subject=f"user:{user.pk}")
    return user


def fault_of(row: ManagerInvite, *, user: User, at: datetime) -> InviteFault | None:
    """Return why a stored code opens nothing now, None for a good one."""
    is_wanted = bool(workplaces_of(user))
    return invite_fault(end=row.end, expires_at=row.expires_at, is_wanted=is_wanted, at=at)


@refusals_go_to(_log_refusal)
def look(*, typed: str, at: datetime) -> ManagerInvite:
    """Return the invitation of a code that is good now, and change nothing; a dead one that is tried leaves a row.

    Raises:
        InviteRefused: as `join`.
    """
    row = invite_of(typed=typed)
    if row is None:
        raise InviteRefused(InviteFault.UNKNOWN)
    fault = fault_of(row, user=row.user, at=at)
    if fault is not None:
        raise InviteRefused(fault)
    return row
