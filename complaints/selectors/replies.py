"""Reads of the words an officer may start a reply from."""

from complaints.models import ReplyTemplate


def reply_templates() -> list[ReplyTemplate]:
    """Return all reply templates by title."""
    return list(ReplyTemplate.objects.all())
