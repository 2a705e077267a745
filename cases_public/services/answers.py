"""Writes what reviewers answer for: waivers with a reason, looks at pictures, readings of documents."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from cases_public.enums import ChainStep
from cases_public.models import ChainTask, DocumentCheck, PictureCheck, ReviewedPage, Waiver
from cases_public.models.barriers import (
    ApprovalRefused,
    open_finds,
    own_hand,
    unread_documents,
    unseen_pictures,
)
from cases_public.redaction.check import Found
from complaints.disclosure import private_findings, roles_held
from complaints.enums import NamePolicy, Role

from .noting import note_act

LONGEST_REASON = 200
# 化名 and 误报 say enough; one character, or the same one again and again, says nothing.
FEWEST_LETTERS = 2


@transaction.atomic
def waive(*, page: ReviewedPage, mark: str, reason: str, user: User, at: datetime) -> Waiver:
    """Wave one find through; it holds until the part of the text it stands in changes.

    Args:
        page: the latest draft.
        mark: the mark of a find that is open in it.
        reason: why it is none; kept, and therefore free of names and numbers itself.

    Raises:
        ApprovalRefused: the case is not in the secrecy review, the person is not its reviewer or wrote the text, the
            reason is missing or shows something itself, or there is no such find (any more).
    """
    _require_reviewer(page=page, user=user)
    return wave_through(finds=open_finds(page=page), page=page, mark=mark, reason=reason, user=user, at=at)


def reasons_not_to_answer(*, page: Page, user: User) -> list[str]:
    """Return in words why a person may not wave through what is found on a page without reviews; none where they may.

    Whoever publishes it or reviews secrets may, unless the words are their own: as with cases, that takes a second
    person (DOMAIN 6).
    """
    may = Role.SECRECY_REVIEWER in roles_held(user) or page.permissions_for_user(user).can_publish()
    if isinstance(page, ReviewedPage) or not may:
        return [_("Your role does not include this step.")]
    return own_hand(page=page, user=user)


@transaction.atomic
def waive_on_plain_page(*, page: Page, mark: str, reason: str, user: User, at: datetime) -> Waiver:
    """Wave one find through on a page without reviews, or in a file it links to.

    Args:
        page: the latest draft.
        mark: the mark of a find that is open in it.
        reason: as for `waive`.

    Raises:
        ApprovalRefused: as for `waive`, or one of `reasons_not_to_answer`.
    """
    refused = reasons_not_to_answer(page=page, user=user)
    if refused:
        raise ApprovalRefused(refused)
    finds = open_finds(page=page)
    return wave_through(finds=finds, page=page, mark=mark, reason=reason, user=user, at=at)


def wave_through(
    *, finds: Iterable[Found], page: Page, mark: str, reason: str, user: User, at: datetime
) -> Waiver:
    """Keep the answer to one of these finds for the page that shows them; whoever calls has checked the right to.

    Raises:
        ApprovalRefused: the reason is missing or shows something itself, or none of the finds has this mark.
    """
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise ApprovalRefused([_("Not waved through: write why this shows nobody.")])
    if len({letter for letter in words if letter.isalpha()}) < FEWEST_LETTERS:
        raise ApprovalRefused(
            [_("Not waved through: this is no reason yet. Write in a few words why it shows nobody.")]
        )
    find = next((one for one in finds if one.mark == mark), None)
    if find is None:
        raise ApprovalRefused([_("There is no such find any more. The text may have changed.")])
    if (find.words and find.words in words) or private_findings(words, NamePolicy.NAMED):
        raise ApprovalRefused(
            [_("Not waved through: the reason itself holds a name or a number. Write it without.")]
        )
    values = {"reason": words, "given_by": user, "given_at": at}
    waiver, _made = Waiver.objects.update_or_create(page_id=page.pk, mark=mark, defaults=values)
    note_act("find_waived", page=page, user=user, at=at, detail=find.finding.kind)
    return waiver


@transaction.atomic
def confirm_picture(*, page: ReviewedPage, picture_id: int, user: User, at: datetime) -> None:
    """Confirm that a picture of this page shows no face, plate or sign; it holds for the file as it is now.

    Raises:
        ApprovalRefused: as for `waive`, or the page has no such picture left to confirm.
    """
    _require_reviewer(page=page, user=user)
    use = next((one for one in unseen_pictures(page=page) if one.picture.pk == picture_id), None)
    if use is None:
        raise ApprovalRefused([_("There is no such picture on this page any more.")])
    PictureCheck.objects.get_or_create(
        page_id=page.pk,
        picture=use.picture,
        file_hash=use.picture.get_file_hash(),
        defaults={"seen_by": user, "seen_at": at},
    )
    note_act("picture_confirmed", page=page, user=user, at=at, detail=f"picture:{picture_id}")


@transaction.atomic
def confirm_document(*, page: ReviewedPage, document_id: int, user: User, at: datetime) -> None:
    """Confirm that a linked document was read to its end and names nobody; it holds for the file as it is now.

    Raises:
        ApprovalRefused: as for `waive`, or the page links to no such document left to confirm.
    """
    _require_reviewer(page=page, user=user)
    use = next((one for one in unread_documents(page=page) if one.document.pk == document_id), None)
    if use is None:
        raise ApprovalRefused([_("There is no such document on this page any more.")])
    DocumentCheck.objects.get_or_create(
        page_id=page.pk,
        document=use.document,
        file_hash=use.document.get_file_hash(),
        defaults={"read_by": user, "read_at": at},
    )
    note_act("document_read", page=page, user=user, at=at, detail=f"document:{document_id}")


def _require_reviewer(*, page: ReviewedPage, user: User) -> None:
    task = page.current_workflow_task
    if not isinstance(task, ChainTask) or task.step != ChainStep.SECRECY:
        raise ApprovalRefused([_("Finds are answered while the case is in the secrecy review.")])
    if Role.SECRECY_REVIEWER not in roles_held(user):
        raise ApprovalRefused([_("Your role does not include this step.")])
    refused = own_hand(page=page, user=user)
    if refused:
        raise ApprovalRefused(refused)
