"""Stored codes of the public pages; labels go through gettext."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    """Under which heading of the outreach page a text stands."""

    QUESTION = "question", _("One question, one article")
    GUIDE = "guide", _("How to do it safely")
    ACTIVITY = "activity", _("Safety help for enterprises")
    NOTICE = "notice", _("Notices")


class RuleLevel(TextChoices):
    """Level of a text of the rules library: the law, and the bureau's three levels (要点 cl. 5, 9, 15)."""

    LAW = "law", _("Laws")
    REGULATION = "regulation", _("Regulations")
    MEASURE = "measure", _("Measures and detailed rules")
    GUIDE = "guide", _("Guides and standards")


class Validity(TextChoices):
    """Whether a text of the rules library counts today."""

    IN_FORCE = "in_force", _("In force")
    AMENDED = "amended", _("Amended since")
    REPEALED = "repealed", _("Repealed")


class Post(TextChoices):
    """Posts of people who take part in a visit: counted, never named."""

    HEAD = "head", _("Heads of the enterprise")
    SAFETY = "safety", _("Safety managers")
    FOREMAN = "foreman", _("Foremen")
    SPECIAL = "special", _("Special-work operators")
    WORKER = "worker", _("Workers")
    CONTRACTOR = "contractor", _("Contractors' people")
    OTHER = "other", _("Others")


class BulletinKind(TextChoices):
    """What a bulletin is, by how long its period is (要点 7)."""

    MONTH = "month", _("Monthly table")
    QUARTER = "quarter", _("Quarterly analysis")
    HALF = "half", _("Half-yearly bulletin")
    YEAR = "year", _("Yearly evaluation")
