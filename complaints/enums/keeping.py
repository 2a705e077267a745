"""Codes of how long things are kept."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(TextChoices):
    """How a tip ended, as far as the period of keeping depends on it."""

    DECLINED = "DECLINED", _("Declined")
    TRANSFERRED = "TRANSFERRED", _("Transferred to another body")
    UNFOUNDED = "UNFOUNDED", pgettext_lazy("outcome", "Not confirmed")
    FOUNDED = "FOUNDED", pgettext_lazy("outcome", "Confirmed")
    REFERRED = "REFERRED", _("Handed over to the police")


class KeepFrom(TextChoices):
    """The day a period of keeping counts from; that day itself does not count."""

    RECEIVED = "RECEIVED", _("the day of receipt")
    CLOSED = "CLOSED", _("the day the case was closed")
    ARCHIVED = "ARCHIVED", _("the day the file was archived")


class KeepUnit(TextChoices):
    """What a period of keeping is counted in."""

    DAYS = "DAYS", pgettext_lazy("of time", "days")
    YEARS = "YEARS", pgettext_lazy("of time", "years")
