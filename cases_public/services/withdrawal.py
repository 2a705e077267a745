"""Takes published cases back: noted first where a penalty was revoked, with its last day, then done with a notice."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex

from cases_public.enums import WithdrawalReason
from cases_public.models import ReviewedPage, Withdrawal, reviewed_page
from cases_public.models.barriers import ApprovalRefused
from cases_public.redaction.parts import pictures_of
from complaints.disclosure import private_findings, roles_held, working_days_after
from complaints.enums import NamePolicy, Role

from .noting import note_act
from .submissions import end_for_page

# 行政处罚法 48: a published penalty that was revoked or found unlawful is taken back within three days; here they are
# counted as working days.
WITHDRAWAL_DAYS = 3
ASKING = frozenset({Role.EDITOR, Role.LEADER, Role.LEGAL_REVIEWER, Role.SECRECY_REVIEWER, Role.PUBLISHER})
LONGEST_NOTICE = 200


def standard_notice(*, reason: WithdrawalReason) -> str:
    """Return what the public reads when nobody writes anything else."""
    return {
        WithdrawalReason.REVOKED: _("The penalty of this case was revoked. The case was withdrawn."),
        WithdrawalReason.ERROR: _("This case held a mistake. It was withdrawn."),
        WithdrawalReason.PRIVATE: _("This case was withdrawn to protect those concerned."),
        WithdrawalReason.OTHER: _("This case was withdrawn."),
    }[reason]


def notice_of(*, page: ReviewedPage, reason: WithdrawalReason, notice: str) -> str:
    """Return what the public will read: what was typed, or the sentence of this kind of page for the reason."""
    own = page.withdrawal_notices.get(reason)
    standard = standard_notice(reason=reason) if own is None else str(own)
    return " ".join(notice.split())[:LONGEST_NOTICE] or standard


@transaction.atomic
def ask_withdrawal(
    *, page: ReviewedPage, reason: WithdrawalReason, notice: str, since: date, user: User, at: datetime
) -> Withdrawal:
    """Note that a published case is to be taken back, with the last day for it.

    Args:
        since: the day of the revocation, or on which the mistake became known; the period runs from it. While a note
            stands, another one moves its last day earlier, never later.

    Raises:
        ApprovalRefused: the person has no part in cases, the case is not published, the day lies ahead, or the notice
            shows somebody.
    """
    if not roles_held(user) & ASKING:
        raise ApprovalRefused([_("Your role does not include this step.")])
    if not page.live:
        raise ApprovalRefused([_("This case is not published.")])
    if since > timezone.localdate(at):
        raise ApprovalRefused([_("Not noted: the day lies ahead.")])
    words = notice_of(page=page, reason=reason, notice=notice)
    if private_findings(words, NamePolicy.DEIDENTIFIED):
        raise ApprovalRefused(
            [_("Not noted: the notice shows a person or an enterprise. Write it without names.")]
        )
    noted = Withdrawal.objects.select_for_update().filter(page_id=page.pk, withdrawn_date=None).first()
    first = min(since, noted.asked_date) if noted else since
    due = working_days_after(periods=[(first, WITHDRAWAL_DAYS)])[0]
    values = {"reason": reason, "notice": words, "asked_by": user, "asked_date": first, "due_date": due}
    row, _made = Withdrawal.objects.update_or_create(page_id=page.pk, defaults=values)
    note_act("withdrawal_asked", page=page, user=user, at=at, detail=reason)
    return row


@transaction.atomic
def withdraw(*, withdrawal: Withdrawal, user: User | None, at: datetime) -> None:
    """Take the case down; its address answers with the notice from now on. A second call changes nothing.

    Args:
        user: a publisher; None for the daily task.

    Raises:
        ApprovalRefused: the person is no publisher.
    """
    if user is not None and Role.PUBLISHER not in roles_held(user):
        raise ApprovalRefused([_("Only a publisher takes a case down.")])
    row = Withdrawal.objects.select_for_update().get(pk=withdrawal.pk)
    page = reviewed_page(page_id=row.page_id)
    if page is None or row.withdrawn_date is not None or not page.live:
        return
    today = timezone.localdate(at)
    end_for_page(page_id=page.pk, day=today)
    page.unpublish(log_action=False)
    _let_go_of_pictures(page)
    log(instance=page, action="wagtail.unpublish", user=user, data={"reason": row.reason})
    row.withdrawn_date, row.withdrawn_by = today, user
    row.save(update_fields=["withdrawn_date", "withdrawn_by"])
    note_act("withdrawn", page=page, user=user, at=at, detail=row.reason)


def _let_go_of_pictures(page: ReviewedPage) -> None:
    """Delete what was made of the page's pictures for readers, so that the addresses they know lead nowhere.

    Pictures that other pages show stay as they are.
    """
    for picture in {use.picture.pk: use.picture for use in pictures_of(page=page)}.values():
        others = ReferenceIndex.get_references_to(picture).exclude(object_id=str(page.pk))
        if not others.exists():
            # One by one: Wagtail deletes the file of each.
            for rendition in picture.renditions.all():
                rendition.delete()


def withdraw_overdue(today: date, now: datetime) -> int:
    """Take down what is past its last day and return how many; a second run finds none. Daily."""
    late = list(Withdrawal.objects.filter(withdrawn_date=None, due_date__lt=today, page__live=True))
    for row in late:
        withdraw(withdrawal=row, user=None, at=now)
    return len(late)
