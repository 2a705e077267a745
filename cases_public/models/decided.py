"""What every task of a workflow here has in common: one decision, whoever presses first, with its reason."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import TaskState, WorkflowState

from .barriers import ApprovalRefused
from .forms import SENT_BACK_FOR


class DecidedOnce:
    """Stands before Wagtail's task; the task says by `reasons_against` who may not approve, and why."""

    @transaction.atomic
    def on_action(self: Any, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> str:
        """Approve or send back, whatever door the request came through; return where the person goes on.

        Raises:
            ApprovalRefused: the task has reasons against it, a text is sent back without a reason, or somebody else has
                just decided.
        """
        take_turn(task_state)
        page = task_state.workflow_state.content_object.get_latest_revision_as_object()
        found = self.reasons_against(page=page, user=user)
        if found and (action_name == "approve" or not self.get_actions(page, user)):
            raise ApprovalRefused(found)
        if action_name == "reject" and not str(kwargs.get("comment") or "").strip():
            raise ApprovalRefused([str(SENT_BACK_FOR)])
        super().on_action(task_state, user, action_name, **kwargs)  # type: ignore[misc]  # of the task behind
        if action_name == "reject":
            # What is written anew is read anew by everybody.
            task_state.workflow_state.cancel(user=user)
        # Not back to the page: whoever has taken the step may not edit it any more.
        return reverse("wagtailadmin_home")


def take_turn(task_state: TaskState) -> None:
    """Wait until nobody else decides about this text; raises ApprovalRefused when the step was taken meanwhile.

    Two who press at once have both read that the step is open: only what stands there behind the lock counts.
    """
    chain = WorkflowState.objects.select_for_update().get(pk=task_state.workflow_state_id)
    if not (
        chain.status == WorkflowState.STATUS_IN_PROGRESS and chain.current_task_state_id == task_state.pk
    ):
        raise ApprovalRefused([gettext("Somebody else has just decided this step. Load the page again.")])
