"""Codes of the review of case files and of the yearly evaluation of units."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewState(TextChoices):
    """Where a drawn file is."""

    DRAWN = "drawn", pgettext_lazy("of a file under review", "Waits for a reviewer")
    ASSIGNED = "assigned", pgettext_lazy("of a file under review", "With the reviewer")
    CORRECTION = "correction", pgettext_lazy("of a file under review", "Correction asked for")
    ANSWERED = "answered", pgettext_lazy("of a file under review", "The unit has answered")
    DONE = "done", pgettext_lazy("of a file under review", "Closed")


class ReviewAct(TextChoices):
    """What is done to a drawn file."""

    ASSIGN = "assign", _("Assigned a case file for review")
    SCORE = "score", _("Scored a case file")
    ANSWER = "answer", _("Answered the findings of a review")
    RETURN = "return", _("Sent an answer to findings back")
    CLOSE = "close", _("Closed the review of a case file")


class ReviewFault(TextChoices):
    """Why an act on a review is refused."""

    SAME_UNIT = (
        "same_unit",
        _("A file is reviewed by another unit: neither its own nor one below it."),
    )
    TOOK_PART = "took_part", _("This person took a step in the case.")
    NOT_NOW = "not_now", _("This is not possible now: somebody may have been faster.")
    POINTS = "points", _("The points taken off are not between zero and those of the item.")
    WORDS = "words", _("Write what was found, or what was done about it, in at most 1,000 characters.")
    EMPTY = "empty", _("Nothing was concluded in this period by these units.")
    SIZE = "size", _("Choose either a number from 1 to 200 or a share from 1 to 100 percent for each unit.")
    RUNNING = "running", _("This period is not over yet.")


class EvaluationLine(TextChoices):
    """What a unit is measured by in a year; the values are columns of the weights."""

    ON_TIME = "on_time", _("Concluded on time")
    WHISTLES = "whistles", _("Whistles answered in time")
    HAZARDS = "hazards", _("Hazards removed, of those ordered")
    SATISFACTION = "satisfaction", _("Satisfaction of reporters")
    OBJECTIONS = "objections", _("Answers upheld on objection")
    FILES = "files", _("Points of reviewed case files")
    CORRECTIONS = "corrections", _("Corrections closed")
