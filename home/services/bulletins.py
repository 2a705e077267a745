"""Drafts bulletins from closed periods, drafts them anew after a correction, and tells how far each is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import TaskState, WorkflowState

from cases_public.models.barriers import ApprovalRefused
from complaints.disclosure import (
    PublicPeriod,
    PublicReport,
    may_check_for_unit,
    public_periods_closed,
    public_report,
    public_spans,
    reporting_units,
    roles_held,
)
from complaints.enums import Role
from complaints.events import BulletinState
from home.bulletins import drafts
from home.bulletins.bound import Binding, Bound, bound
from home.models import BulletinIndexPage, BulletinPage

LONGEST_NOTE = 300


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """A closed period with its bulletin, if there is one; `is_outdated` where its figures were corrected since."""

    period: PublicPeriod
    page: BulletinPage | None
    is_outdated: bool
    is_in_review: bool
    words: str

    @property
    def wants_draft(self) -> bool:
        """Whether there is something to draft: nothing yet, or an outdated one that nobody is reviewing."""
        return self.page is None or (self.is_outdated and not self.is_in_review)

    @property
    def label(self) -> str:
        """What the button says that drafts it."""
        return _("Draft the bulletin") if self.page is None else _("Draft it again")


def may_draft(*, user: Any) -> bool:
    """Whether the person drafts bulletins: an editor, or a leader at the top. One query for others than editors."""
    roles = roles_held(user)
    return Role.EDITOR in roles or (Role.LEADER in roles and may_check_for_unit(user, unit=top_unit()))


def top_unit() -> str:
    """Return the name of the unit at the top, which answers for every bulletin; one query."""
    return next((unit.name for unit in reporting_units().values() if unit.is_top and unit.is_active), "")


@transaction.atomic
def draft_bulletin(*, period: str, user: User, today: date) -> BulletinPage:
    """Make the unpublished bulletin of a closed period, or draft it anew when its figures were corrected since.

    A bulletin that is up to date is returned as it is. Drafted anew, what was written by hand stays behind what the
    rules wrote, and the reason of the correction is noted.

    Raises:
        ApprovalRefused: the person has no part in bulletins, the period is not closed, or the bulletin is in review.
        BulletinIndexPage.DoesNotExist: the site has no list of bulletins.
    """
    if not may_draft(user=user):
        raise ApprovalRefused([_("Your role does not include this step.")])
    # One at a time: two drafts of a period at once would want the same address.
    index = BulletinIndexPage.objects.select_for_update().get()
    report = public_report(code=period)
    if report is None:
        raise ApprovalRefused([_("This period is not closed.")])
    known = BulletinPage.objects.filter(period=period).first()
    if known is None:
        return _fresh(index, report, user=user)
    draft: BulletinPage = known.get_latest_revision_as_object()
    if draft.version == report.period.version:
        return draft
    if draft.workflow_in_progress:
        raise ApprovalRefused([_("The bulletin is in review. Send it back first, then draft it again.")])
    return _anew(draft, report, user=user, today=today)


def bulletin_asked(period: str, user: Any, **_kwargs: Any) -> BulletinState:
    """Say how far the bulletin of a closed period is; a receiver of events.bulletin_asked."""
    closed = [one for one in public_periods_closed() if one.code == period]
    found = next(iter(bulletins(periods=closed)), None)
    if found is None:
        return BulletinState(words=_("There is no bulletin yet."))
    wants_draft = found.wants_draft and may_draft(user=user)
    return BulletinState(
        words=found.words,
        url=address_of(found.page, user=user),
        draft_url=reverse("bulletin_draft") if wants_draft else "",
        label=found.label,
    )


def address_of(page: BulletinPage | None, *, user: Any) -> str:
    """Return where the person reads or edits a bulletin; nothing where neither is open to them."""
    if page is None:
        return ""
    if page.permissions_for_user(user).can_edit():
        return reverse("wagtailadmin_pages:edit", args=[page.pk])
    return str(page.url or "") if page.live else ""


def bulletins(*, periods: list[PublicPeriod] | None = None) -> list[Bulletin]:
    """Return every closed period, or these, with its bulletin, in their order; a fixed number of queries.

    Only of bulletins in review the step is asked for.
    """
    closed = public_periods_closed() if periods is None else periods
    pages = {
        page.period: page
        for page in BulletinPage.objects.filter(period__in=[one.code for one in closed]).select_related(
            "latest_revision"
        )
    }
    steps = _steps(pages.values())
    return [
        _state(period, page, step=steps.get(page.pk, "") if page else "")
        for period in closed
        for page in [pages.get(period.code)]
    ]


def _steps(pages: Iterable[BulletinPage]) -> dict[int, str]:
    """Return the review that each of these pages is in; one query."""
    running = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        workflow_state__object_id__in=[str(page.pk) for page in pages],
    ).select_related("workflow_state", "task__chaintask")
    return {
        int(state.workflow_state.object_id): str(state.task.chaintask.get_step_display()) for state in running
    }


def _state(period: PublicPeriod, page: BulletinPage | None, *, step: str) -> Bulletin:
    draft = None if page is None or page.latest_revision is None else page.latest_revision.content
    version = page.version if page and draft is None else int(draft["version"]) if draft else 0
    is_outdated = page is not None and version < period.version
    return Bulletin(
        period=period,
        page=page,
        is_outdated=is_outdated,
        is_in_review=bool(step),
        words=_words(page, step=step, is_outdated=is_outdated),
    )


def _words(page: BulletinPage | None, *, step: str, is_outdated: bool) -> str:
    if page is None:
        return _("There is no bulletin yet.")
    if is_outdated:
        return _("The figures were corrected: to be drafted again.")
    if step:
        return _("In review: %(step)s") % {"step": step}
    if page.live:
        return (
            _("Published, with changes not yet published.")
            if page.has_unpublished_changes
            else _("Published.")
        )
    return _("Drafted, not sent in yet.")


# --- drafting ----------------------------------------------------------------------------------------------------


def _fresh(index: BulletinIndexPage, report: PublicReport, *, user: User) -> BulletinPage:
    facts = _facts(report)
    code = report.period.code
    page: BulletinPage = index.add_child(
        instance=BulletinPage(live=False, owner=user, slug=code.lower(), handling_unit=top_unit(), **facts)
    )
    page.save_revision(user=user, log_action=True)
    return page


def _anew(draft: BulletinPage, report: PublicReport, *, user: User, today: date) -> BulletinPage:
    kept = drafts.kept_by_hand(draft.body)
    facts = _facts(report)
    for name, value in {**facts, "body": [*facts["body"], *kept]}.items():
        setattr(draft, name, value)
    if draft.first_published_at is not None:
        draft.correction_note, draft.correction_date = report.reason[:LONGEST_NOTE], today
    draft.save_revision(user=user, log_action=True)
    return draft


def _facts(report: PublicReport) -> dict[str, Any]:
    """Return what binds a bulletin, with its title and its blocks."""
    span = public_spans(code=report.period.code)
    binding = _binding(report, kind=span.kind, year_code=span.year_before)
    bounds = _by_language(binding)
    title, title_en = drafts.titles(kind=span.kind, bounds=bounds)
    return {
        "title": title,
        "draft_title": title,
        "title_en": title_en,
        "kind": span.kind,
        "period": report.period.code,
        "start_date": report.start,
        "version": binding.version,
        "previous_period": binding.previous_code,
        "previous_version": binding.previous_version,
        "year_period": binding.year_code,
        "year_version": binding.year_version,
        "body": drafts.drafted(kind=span.kind, bounds=bounds),
    }


def _binding(report: PublicReport, *, kind: str, year_code: str) -> Binding:
    last = (
        BulletinPage.objects.live()
        .filter(kind=kind, start_date__lt=report.start)
        .order_by("-start_date")
        .values_list("period", "version")
        .first()
    )
    year = public_report(code=year_code)
    previous_code, previous_version = last or ("", 0)
    return Binding(
        code=report.period.code,
        version=report.period.version,
        previous_code=previous_code,
        previous_version=previous_version,
        year_code="" if year is None else year_code,
        year_version=0 if year is None else year.period.version,
    )


def _by_language(binding: Binding) -> Mapping[str, Bound]:
    found = {}
    for language in (drafts.CHINESE, drafts.ENGLISH):
        with override(language):
            one = bound(binding)
        assert one is not None  # just read
        found[language] = one
    return found


def tasks_of_editors() -> list[Bulletin]:
    """Return the bulletins whose figures were corrected since they were drafted."""
    return [one for one in bulletins() if one.is_outdated]
