"""The only safety manager of a company asks the bureau for a second one: what one did, another has to look at."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints.enterprise_errors import EnterpriseNotFound
from complaints.models import Enterprise
from complaints.selectors.internal import workplaces_of
from complaints.selectors.lone_managers import is_lone

from . import audit
from .register import subject_of


@transaction.atomic
def ask_for_second(*, enterprise_id: int, actor: User, at: datetime) -> bool:
    """Keep that a company asks for a second manager; return whether that is new.

    Asked once it stays one request, until somebody is invited; a company with two has nothing to ask for.

    Raises:
        EnterpriseNotFound: the person is no manager of it.
    """
    enterprise = next((one for one in workplaces_of(actor) if one.pk == enterprise_id), None)
    if enterprise is None:
        raise EnterpriseNotFound
    if not is_lone(enterprise):
        return False
    waiting = Enterprise.objects.filter(pk=enterprise.pk, second_asked_date=None)
    if not waiting.update(second_asked_date=timezone.localdate(at)):
        return False
    audit.record(action="manager.second_asked", at=at, actor=actor, subject=subject_of(enterprise))
    return True


def note_invited(enterprise: Enterprise) -> None:
    """Strike the request, in the caller's transaction: the bureau has invited somebody."""
    Enterprise.objects.filter(pk=enterprise.pk).update(second_asked_date=None)
