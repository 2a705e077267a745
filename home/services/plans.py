"""Updates of an enforcement plan: how many inspections were done until a day; added, never edited."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from home.models import EnforcementPlanPage, PlanNumber, PlanUpdate


@transaction.atomic
def record_update(
    *, plan_id: int, day: date, done: Mapping[tuple[str, str], int], note: str, today: date
) -> PlanUpdate:
    """Add one update to a plan.

    Args:
        day: until whose end the numbers count; within the year of the plan or later, not after today.
        done: inspections made since the beginning of the year, by unit and type, >= 0; what is left out counts as 0.

    Raises:
        ValidationError: the day is out of order, or a number belongs to no line of the plan.
    """
    plan = EnforcementPlanPage.objects.select_for_update(of=("self",)).get(pk=plan_id)
    _check_day(plan, day=day, today=today)
    unknown = set(done) - {line.key for line in plan.lines}
    if unknown or any(number < 0 for number in done.values()):
        raise ValidationError(_("The plan was changed meanwhile. Open the page once more."))
    update = PlanUpdate.objects.create(page=plan, day=day, note=note)
    PlanNumber.objects.bulk_create(
        PlanNumber(update=update, unit=line.unit, kind=line.kind, done=done.get(line.key, 0))
        for line in plan.lines
    )
    return update


def _check_day(plan: EnforcementPlanPage, *, day: date, today: date) -> None:
    newest = PlanUpdate.objects.filter(page=plan).order_by("-day").values_list("day", flat=True).first()
    if day > today:
        raise ValidationError(_("This day has not come yet."))
    if day.year < plan.year:
        raise ValidationError(_("The plan begins in %(year)d.") % {"year": plan.year})
    if newest and day < newest:
        raise ValidationError(_("There is an update of a later day already. Choose that day or a later one."))
