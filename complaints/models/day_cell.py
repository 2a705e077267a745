"""Daily sums of figures: one row for each day and unit, the days that changed since, and what they were made by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import DeclineReason, Result

from .office import Office

# The counts of complaints.stats.sources; a test holds both lists to each other. Money is kept in cents.
CELL_COLUMNS = (
    *("received", "accepted", "declined", "transferred", "merged", "withdrawn", "replied"),
    *(f"declined_{reason.value}" for reason in DeclineReason),
    *("concluded", "on_time", "conclusions"),
    *(f"result_{result.value}" for result in Result),
    *("orders", "hazards_removed", "fines", "fine_cents", "referrals"),
    *("whistles", "whistles_due", "whistles_answered", "whistles_in_time", "supervisions", "extensions"),
    *("objections", "objections_upheld", "objections_reopened", "ratings", "rating_points"),
    *("rewards_paid", "reward_cents", "rewards_answered", "reward_days", "rewards_forfeited"),
)


class DayCell(models.Model):
    """What was counted of one day for the tips one unit is in charge of; a day without records has no row."""

    day = models.DateField(_("day"))
    unit = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=("day", "unit"), name="one_cell_of_a_day")]

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.unit_id}"


for _column in CELL_COLUMNS:
    DayCell.add_to_class(_column, models.BigIntegerField(default=0))


class TouchedDay(models.Model):
    """A day whose records changed since its cells were counted; written by triggers of the database alone.

    One row for every change, never updated: two writers of one day do not wait for each other.
    """

    day = models.DateField(_("day"), db_index=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.day.isoformat()


class CellState(models.Model):
    """One row: by which definitions the cells were counted, and who counts them all anew just now.

    `digest` is empty until every day was counted; `builder` is the token of the recount that is at it.
    """

    digest = models.CharField(max_length=64, blank=True)
    builder = models.CharField(max_length=32, blank=True)
    built_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.digest[:8]
