"""Reads of the words an officer may start a reply from."""

from complaints.models import ReplyDraft, ReplyTemplate, Tip
from complaints.policies import Person
from complaints.rules.blanks import blanks_of
from complaints.rules.workflow import REPLY_ITEMS


def reply_templates() -> list[ReplyTemplate]:
    """Return all reply templates by title."""
    return list(ReplyTemplate.objects.all())


def template_blanks() -> frozenset[str]:
    """Return what has to be filled in, in any of the templates; one query."""
    texts = ReplyTemplate.objects.values_list(*REPLY_ITEMS)
    return frozenset(blank for row in texts for text in row for blank in blanks_of(text))


def draft_of(*, tip: Tip, author: Person) -> ReplyDraft | None:
    """Return the reply this person is writing to a tip, None when nothing is saved; nobody else's is ever read."""
    return ReplyDraft.objects.filter(tip=tip, author_id=author.pk).first()
