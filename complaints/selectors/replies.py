"""Reads of the words an officer may start a reply from."""

from complaints.models import ReplyTemplate
from complaints.rules.blanks import blanks_of
from complaints.rules.workflow import REPLY_ITEMS


def reply_templates() -> list[ReplyTemplate]:
    """Return all reply templates by title."""
    return list(ReplyTemplate.objects.all())


def template_blanks() -> frozenset[str]:
    """Return what has to be filled in, in any of the templates; one query."""
    texts = ReplyTemplate.objects.values_list(*REPLY_ITEMS)
    return frozenset(blank for row in texts for text in row for blank in blanks_of(text))
