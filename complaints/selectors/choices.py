"""Whom one may choose for an act on a tip: units to dispatch to or call in, people to work on it."""

from functools import cached_property

from django.contrib.auth.models import User

from complaints.enums import UnitPart
from complaints.models import Office, Tip

from .assignment import LEVELS, dispatch_targets
from .referrals import team_choices
from .routing import Body, competent_body


class Choices:
    """Choices for one tip and person, each list read when it is first asked for and once only."""

    def __init__(self, *, tip: Tip, user: User) -> None:
        self.tip = tip
        self.user = user

    @cached_property
    def dispatchable(self) -> list[Office]:
        """Units the tip may be dispatched to now."""
        return dispatch_targets(tip=self.tip)

    @cached_property
    def joinable(self) -> list[Office]:
        """Active units that do not take part yet, those of higher level first."""
        taken = {row.office_id for row in self.tip.units.all() if row.ended_date is None}
        rows = Office.objects.filter(is_active=True).exclude(pk__in={*taken, self.tip.handling_unit_id})
        return sorted(rows.defer("outline"), key=lambda row: (LEVELS.index(row.level), row.pk))

    @property
    def taking_part(self) -> list[Office]:
        """Units called in that may be released again."""
        joint = (row for row in self.tip.units.all() if row.ended_date is None)
        return [row.office for row in joint if row.part == UnitPart.CO_UNIT]

    @cached_property
    def colleagues(self) -> list[User]:
        """People who handle tips in the unit in charge: whom one may assign, and who may look into a referral."""
        return team_choices(tip=self.tip)

    @cached_property
    def competent_body(self) -> Body | None:
        """The body competent for the tip's industry as the bureau names it; None when it is the bureau's own."""
        return competent_body(industry=self.tip.industry)
