"""What stands in the way of an approval: an own hand in the text, a changed text, unanswered finds, pictures nobody
has looked at, fields that must not be published so.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext
from wagtail.models import TaskState, WorkflowState

from cases_public.enums import ChainStep
from cases_public.redaction.check import Found, found_in, unanswered
from cases_public.redaction.parts import DocumentUse, PictureUse, documents_of, pictures_of

from .answers import DocumentCheck, PictureCheck, Waiver
from .versions import authors_of, same_words

# From here on everything must be answered: these two read what the public will read.
STRICT_STEPS = frozenset({ChainStep.SECRECY, ChainStep.SIGN})


class ApprovalRefused(PermissionDenied):
    """An approval is refused; `reasons` are sentences for the person who asked."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


def open_finds(*, page: Any) -> list[Found]:
    """Return what the checker finds in a page, its pictures' words and its files, and nobody has waved through."""
    return still_open(found=found_in(page=page), page_id=page.pk)


def still_open(*, found: list[Found], page_id: int) -> list[Found]:
    """Return the finds that nobody has waved through for the page that shows them."""
    if not found:
        return []
    waived = Waiver.objects.filter(page_id=page_id).values_list("mark", flat=True)
    return unanswered(found=found, waived=waived)


def unseen_pictures(*, page: Any) -> list[PictureUse]:
    """Return the pictures of a page of which nobody has confirmed that they show no face, plate or sign."""
    seen = set(PictureCheck.objects.filter(page_id=page.pk).values_list("picture_id", "file_hash"))
    return [
        use for use in pictures_of(page=page) if (use.picture.pk, use.picture.get_file_hash()) not in seen
    ]


def unread_documents(*, page: Any) -> list[DocumentUse]:
    """Return the linked documents of a page of which nobody has confirmed that they name nobody."""
    read = set(DocumentCheck.objects.filter(page_id=page.pk).values_list("document_id", "file_hash"))
    return [
        use for use in documents_of(page=page) if (use.document.pk, use.document.get_file_hash()) not in read
    ]


def barriers(*, page: Any, user: Any, step: ChainStep) -> list[str]:
    """Return in words why this person cannot approve this step of the page's latest draft now."""
    found = [*own_hand(page=page, user=user), *_changed(page), *page.missing(), *page.reasons_to_wait()]
    if step == ChainStep.SIGN:
        found += _missing(page)
    if step in STRICT_STEPS:
        found += [*_finds(page), *_pictures(page), *_documents(page), *_faults(page)]
    return found


def own_hand(*, page: Any, user: Any) -> list[str]:
    """Say so when the person wrote, sent in, or approved this text before: writing, reviewing, publishing are three."""
    if user.pk in authors_of(page=page):
        return [gettext("You wrote or changed this text. Another person has to review it.")]
    if user.pk in _approvers(page):
        return [gettext("You approved an earlier step of this text. Another person has to take this one.")]
    return []


def running_state(*, page: Any) -> WorkflowState | None:
    """Return the chain the page is in now."""
    state: WorkflowState | None = (
        WorkflowState.objects.for_instance(page).filter(status=WorkflowState.STATUS_IN_PROGRESS).first()
    )
    return state


def _approvers(page: Any) -> set[int]:
    state = running_state(page=page)
    if state is None:
        return set()
    approved = TaskState.objects.filter(workflow_state=state, status=TaskState.STATUS_APPROVED)
    return {*approved.values_list("finished_by_id", flat=True), state.requested_by_id}


def _changed(page: Any) -> list[str]:
    state = running_state(page=page)
    first = state.task_states.order_by("pk").select_related("revision").first() if state else None
    if first is None or same_words(first.revision, page.get_latest_revision()):
        return []
    return [gettext("The text was changed after it was sent in. Send it back; it begins the chain anew.")]


def _missing(page: Any) -> list[str]:
    state = running_state(page=page)
    approved = (
        state.task_states.filter(status=TaskState.STATUS_APPROVED) if state else TaskState.objects.none()
    )
    done = set(approved.values_list("task__chaintask__step", flat=True))
    if done >= {ChainStep.UNIT, ChainStep.LEGAL, ChainStep.SECRECY}:
        return []
    return [gettext("A review of the chain is missing. The system administrator has to switch it on again.")]


def _finds(page: Any) -> list[str]:
    count = len(open_finds(page=page))
    if not count:
        return []
    words = gettext(
        "%(n)d finds are unanswered. Each is replaced by the editor, or waved through with a reason by the "
        "secrecy reviewer."
    )
    return [words % {"n": count}]


def _pictures(page: Any) -> list[str]:
    count = len(unseen_pictures(page=page))
    words = gettext("%(n)d pictures are not confirmed: no face, plate or sign is seen.")
    return [words % {"n": count}] if count else []


def _documents(page: Any) -> list[str]:
    count = len(unread_documents(page=page))
    words = gettext("%(n)d linked documents are not confirmed: read to the end, they name nobody.")
    return [words % {"n": count}] if count else []


def _faults(page: Any) -> list[str]:
    try:
        page.clean()
    except ValidationError as error:
        return [str(words) for words in error.messages]
    return []
