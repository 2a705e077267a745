"""Names of the people who work on a tip: they are not to stand in words to its reporter."""

from django.contrib.auth.models import User
from django.db.models import Q

from complaints.models import HandlingStep, Tip

from .accounts import person_name


def staff_names(*, tip: Tip) -> list[str]:
    """Return the full names of whoever took an act on a tip, handles it or belongs to its unit; one query."""
    actors = HandlingStep.objects.filter(tip=tip, actor__isnull=False).values("actor")
    worked = Q(pk__in=actors) | Q(pk=tip.handler_id) | Q(memberships__office=tip.handling_unit_id)
    people = User.objects.filter(worked).exclude(first_name="").distinct().order_by("pk")
    return [person_name(person) for person in people]
