"""Stored codes of the public pages; labels go through gettext."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    """Under which heading of the outreach page a text stands."""

    QUESTION = "question", _("One question, one article")
    GUIDE = "guide", _("How to do it safely")
    ACTIVITY = "activity", _("Safety help for enterprises")
    NOTICE = "notice", _("Notices")
