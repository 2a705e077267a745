"""Safety managers of enterprises: invited by the bureau, ended by it; and what an enterprise pays its own people."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from complaints.enterprise_errors import EnterpriseNotFound
from complaints.enums import HazardGrade, InviteEnd, Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.models import EnterpriseManager, Membership, RewardScale
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.enterprises import enterprises_supervised_by
from complaints.selectors.internal import workplaces_of
from complaints.selectors.invitations import has_no_code
from portal.shared.services.sessions import end_sessions

from . import audit
from .invitations import Issued, end_codes, give_code, may_get_code
from .kept_out import keep_from_newcomer
from .register import subject_of
from .second_manager import note_invited

NAME_MAX, USERNAME_MAX = 60, 40
MOST_YUAN = 1_000_000


@transaction.atomic
def invite_manager(*, enterprise_id: int, username: str, name: str, actor: User, at: datetime) -> Issued:
    """Make somebody the safety manager of an enterprise; a new account has no password but a code to choose one.

    Tips of the enterprise whose words name the person are not there for them.

    Raises:
        EnterpriseNotFound: it does not exist, or not for this person.
        DraftInvalid: the account name cannot be, belongs to somebody of the bureau, is closed, or is manager already.
    """
    enterprise = enterprises_supervised_by(actor).filter(pk=enterprise_id, is_active=True).first()
    if enterprise is None:
        raise EnterpriseNotFound
    account, called = clean_text(username), clean_text(name)
    _check_names(account, called)
    # An administrator who gives this person a role in this moment waits, and so do two who invite.
    user = User.objects.select_for_update(no_key=True).filter(username__iexact=account).first()
    code, until = "", None
    if user is None:
        user = _new_account(account, called)
        code, until = give_code(user=user, actor=actor, at=at)
    elif not user.is_active or user.is_superuser or Membership.objects.filter(user=user).exists():
        raise DraftInvalid([FieldProblem(field="username", problem=Problem.ACCOUNT_TAKEN)])
    elif EnterpriseManager.objects.filter(user=user, enterprise=enterprise, ended_at=None).exists():
        raise DraftInvalid([FieldProblem(field="username", problem=Problem.MANAGER_ALREADY)])
    elif not EnterpriseManager.objects.filter(user=user).exists():
        raise DraftInvalid([FieldProblem(field="username", problem=Problem.ACCOUNT_TAKEN)])
    elif has_no_code(user=user, at=at) and may_get_code(user=user, actor=actor):
        code, until = give_code(user=user, actor=actor, at=at)
    row = EnterpriseManager.objects.create(user=user, enterprise=enterprise, invited_by=actor, invited_at=at)
    keep_from_newcomer(user=user, enterprise=enterprise)
    note_invited(enterprise)
    audit.record(
        action="manager.invited", at=at, actor=actor, subject=subject_of(enterprise), data={"user": user.pk}
    )
    return Issued(manager=row, code=code, until=until)


def _new_account(account: str, called: str) -> User:
    """Make an account without a password; refuse a name that somebody else took in the same moment."""
    try:
        with transaction.atomic():
            return User.objects.create_user(username=account, first_name=called)
    except IntegrityError:
        raise DraftInvalid([FieldProblem(field="username", problem=Problem.ACCOUNT_TAKEN)]) from None


def _check_names(account: str, called: str) -> None:
    problems = []
    try:
        UnicodeUsernameValidator()(account)
    except ValidationError:
        problems.append(FieldProblem(field="username", problem=Problem.BAD_CHARACTERS))
    found = {
        "username": text_problem(account, longest=USERNAME_MAX) or (None if account else Problem.MISSING),
        "name": text_problem(called, longest=NAME_MAX) or (None if called else Problem.MISSING),
    }
    problems += [FieldProblem(field=name, problem=one) for name, one in found.items() if one]
    if problems:
        raise DraftInvalid(problems)


@transaction.atomic
def end_manager(*, manager_id: int, enterprise_id: int, actor: User, at: datetime) -> None:
    """End somebody's work for an enterprise; without another one all sessions end. A second time changes nothing.

    Raises:
        EnterpriseNotFound: the enterprise does not exist, or not for this person, or it is not its manager.
    """
    enterprise = enterprises_supervised_by(actor).filter(pk=enterprise_id).first()
    rows = EnterpriseManager.objects.select_for_update().filter(enterprise=enterprise, pk=manager_id)
    row = rows.select_related("user").first() if enterprise else None
    if enterprise is None or row is None:
        raise EnterpriseNotFound
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        data = {"user": row.user_id}
        audit.record(action="manager.ended", at=at, actor=actor, subject=subject_of(enterprise), data=data)
        if not workplaces_of(row.user):
            end_codes(user=row.user, end=InviteEnd.WITHDRAWN, at=at)
            end_sessions(user=row.user, now=at)


@transaction.atomic
def set_scale(
    *, enterprise_id: int, amounts: Mapping[str, tuple[int, int]], actor: User, at: datetime
) -> None:
    """Set what an enterprise pays for each grade, in whole yuan: inside one's duty, outside it.

    Legal basis: 7号: the standard is the enterprise's own; outside one's duty it is raised, so it is never lower.

    Raises:
        EnterpriseNotFound: the person is no manager of it.
        DraftInvalid: an amount is missing or impossible, or less is paid outside one's duty than inside.
    """
    enterprise = next((one for one in workplaces_of(actor) if one.pk == enterprise_id), None)
    if enterprise is None:
        raise EnterpriseNotFound
    problems = [
        FieldProblem(field=grade, problem=Problem.BAD_SCALE)
        for grade in HazardGrade.values
        if not _is_scale(amounts.get(grade))
    ]
    if problems:
        raise DraftInvalid(problems)
    for grade in HazardGrade.values:
        inside, outside = amounts[grade]
        RewardScale.objects.update_or_create(
            enterprise=enterprise, grade=grade, defaults={"inside_yuan": inside, "outside_yuan": outside}
        )
    audit.record(action="manager.scale_set", at=at, actor=actor, subject=subject_of(enterprise))


def _is_scale(amounts: tuple[int, int] | None) -> bool:
    return amounts is not None and 0 <= amounts[0] <= amounts[1] <= MOST_YUAN
