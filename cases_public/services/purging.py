"""After publication nothing keeps what was covered: older versions, comments, words in the history, old answers.

Who did what and when stays; what the text said before does not.
"""

from typing import Any

from django.db import transaction
from wagtail.models import (
    Comment,
    ModelLogEntry,
    Page,
    PageLogEntry,
    Revision,
    TaskState,
    WorkflowState,
)

from cases_public.models import DocumentCheck, PictureCheck, ReviewedPage, Waiver, Withdrawal, reviewed_page
from cases_public.redaction.check import found_in
from cases_public.redaction.parts import documents_of, pictures_of
from cases_public.words import engine
from portal.shared.erasing import merge_search_index, write_back

# Of what Wagtail notes beside an act, these are counts, keys and states; anything else may quote the text.
KEPT_DATA = frozenset({"workflow", "reason"})


def after_approval(instance: WorkflowState, **_kwargs: Any) -> None:
    """Purge a case whose chain has just ended; a receiver of workflow_approved."""
    page = instance.content_object
    case = page.specific if page is not None else None
    if isinstance(case, ReviewedPage) and case.live:
        forget_drafts(page_id=case.pk)


@transaction.atomic
def forget_drafts(*, page_id: int) -> None:
    """Delete every version of a published case but the published one, and every word that quotes an older one."""
    page = reviewed_page(page_id=page_id)
    kept = None if page is None else page.live_revision_id
    if page is None or kept is None:
        return
    old = Revision.objects.for_instance(page).exclude(pk=kept)
    TaskState.objects.filter(revision__in=old).update(revision_id=kept)
    TaskState.objects.filter(revision_id=kept).update(comment="")
    Comment.objects.filter(page_id=page_id).delete()
    _strip_version(revision_id=kept)
    old.delete()
    Page.objects.filter(pk=page_id).update(latest_revision=kept, has_unpublished_changes=False)
    _clean_history(page)
    _forget_answers(page)
    Withdrawal.objects.filter(page_id=page_id).delete()
    merge_search_index()
    engine().tidy()
    transaction.on_commit(write_back)


def _strip_version(*, revision_id: int) -> None:
    """Take out of the published version what Wagtail carries along: comments, and the title of the draft before."""
    revision = Revision.objects.select_for_update().get(pk=revision_id)
    revision.content |= {"wagtail_admin_comments": [], "draft_title": revision.content["title"]}
    revision.object_str = revision.content["title"]
    revision.save(update_fields=["content", "object_str"])


def _clean_history(page: ReviewedPage) -> None:
    for log in (PageLogEntry, ModelLogEntry):
        entries = _entries(log, page)
        for entry in entries:
            entry.label = page.title
            entry.data = _without_words(entry.data)
        log.objects.bulk_update(entries, ["label", "data"], batch_size=200)


def _entries(log: Any, page: ReviewedPage) -> list[Any]:
    if log is PageLogEntry:
        return list(log.objects.filter(page_id=page.pk))
    return list(log.objects.filter(object_id=str(page.pk), content_type=page.cached_content_type))


def _without_words(data: Any) -> Any:
    return {name: value for name, value in (data or {}).items() if name in KEPT_DATA}


def _forget_answers(page: ReviewedPage) -> None:
    marks = [one.mark for one in found_in(page=page)]
    Waiver.objects.filter(page_id=page.pk).exclude(mark__in=marks).delete()
    keys = {use.picture.pk: use.picture.get_file_hash() for use in pictures_of(page=page)}
    for check in PictureCheck.objects.filter(page_id=page.pk):
        if keys.get(check.picture_id) != check.file_hash:
            check.delete()
    files = {use.document.pk: use.document.get_file_hash() for use in documents_of(page=page)}
    for reading in DocumentCheck.objects.filter(page_id=page.pk):
        if files.get(reading.document_id) != reading.file_hash:
            reading.delete()
