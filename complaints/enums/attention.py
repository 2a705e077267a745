"""What makes an enterprise, an industry or a town worth a look, and what does not."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttentionLine(TextChoices):
    """What gives points, one line of a score each; the values are columns of the weights."""

    VERIFIED = "verified", _("Matters found true")
    MAJOR_HAZARD = "major_hazard", _("Of these, major hazards")
    CONCEALED = "concealed", _("Of these, hidden accidents")
    DEATH = "death", _("Of these, with a death")
    REPEAT = "repeat", _("Further matters of the same entity")
    INSIDE_OVERDUE = "inside_overdue", _("Internal tips left past their day")
    INSIDE_TURNED = "inside_turned", _("Internal tips turned to the bureau")


# The bureau knows their number alone, whatever was written (ADR 37).
INSIDE_LINES = frozenset({AttentionLine.INSIDE_OVERDUE, AttentionLine.INSIDE_TURNED})


class Uncounted(TextChoices):
    """What gives no points and is told all the same."""

    JOINED = "joined", _("Told again: joined to another tip")
    UNFOUNDED = "unfounded", _("Not true, or not to be found out")
    DECLINED = "declined", _("Declined or passed on")
    UNDECIDED = "undecided", _("Not checked yet")


class Subject(TextChoices):
    """What is ranked."""

    ENTERPRISE = "enterprise", _("Enterprises")
    INDUSTRY = "industry", _("Industries")
    TOWN = "town", _("Towns")
