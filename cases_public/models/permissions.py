"""What people may do with cases in Wagtail: nobody publishes past the chain, nobody unpublishes without a notice."""

from typing import Any

from wagtail.models import Page, PagePermissionTester, TaskState, Workflow, WorkflowState

from cases_public.enums import ChainStep

from .versions import same_words


class CasePermissions(PagePermissionTester):
    """Rights on one case; being a superuser changes none of them."""

    def can_publish(self) -> bool:
        """Only the person who signed off this very version, in the moment of publishing it."""
        latest = self.page.latest_revision_id
        if latest is None or latest == self.page.live_revision_id:
            return False
        state = WorkflowState.objects.for_instance(self.page).order_by("-created_at", "-pk").first()
        if state is None or state.status != WorkflowState.STATUS_APPROVED:
            return False
        approved = state.task_states.filter(status=TaskState.STATUS_APPROVED)
        # Whoever may change workflows may switch a review off; a case without it stays a draft.
        if set(approved.values_list("task__chaintask__step", flat=True)) != set(ChainStep.values):
            return False
        last = approved.filter(pk=state.current_task_state_id, finished_by=self.user.pk).first()
        if last is None or self._is_spent(last):
            return False
        return same_words(last.revision, self.page.get_latest_revision())

    def _is_spent(self, last: TaskState) -> bool:
        """Whether the page was published since it was signed off: one signature publishes once.

        It would otherwise go on to publish later drafts, and what was withdrawn since. The page at hand may be a draft,
        which says when its own first version was published, if ever: the table is asked.
        """
        kept = Page.objects.filter(pk=self.page.pk).values_list("last_published_at", flat=True)
        published, signed = kept.first(), last.finished_at
        return published is not None and (signed is None or published >= signed)

    def can_unpublish(self) -> bool:
        """Never here: a case is withdrawn, with a reason the public reads."""
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Drafts alone; what was published is withdrawn and kept."""
        was_public = self.page.live or self.page.first_published_at is not None
        return not was_public and bool(super().can_delete(ignore_bulk=ignore_bulk))

    def can_copy(self) -> bool:
        """Never: a copy would carry the words past their reviews."""
        return False


class CaseIndexPermissions(PagePermissionTester):
    """Rights on the list of cases."""

    def can_publish_subpage(self) -> bool:
        """Never in one go: a page below is saved, then reviewed or published."""
        return False


def workflow_of_cases() -> Any:
    """Return the chain, or None while it is not set up."""
    return (
        Workflow.objects.filter(active=True, workflow_tasks__task__chaintask__isnull=False).distinct().first()
    )
