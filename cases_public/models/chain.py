"""The chain of reviews as tasks of a Wagtail workflow: who may review, and what stands in the way of an approval."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import Task, TaskState, WorkflowState

from cases_public.enums import ChainStep
from complaints.disclosure import may_check_for_unit, roles_held
from complaints.enums import Role

from .barriers import ApprovalRefused, barriers, own_hand
from .forms import SENT_BACK_FOR, SendBackForm

ROLE_OF: dict[ChainStep, Role] = {
    ChainStep.UNIT: Role.LEADER,
    ChainStep.LEGAL: Role.LEGAL_REVIEWER,
    ChainStep.SECRECY: Role.SECRECY_REVIEWER,
    ChainStep.SIGN: Role.PUBLISHER,
}
# What the button of each step says.
APPROVING = {
    ChainStep.UNIT: _("Confirm for the unit"),
    ChainStep.LEGAL: _("Pass the legal review"),
    ChainStep.SECRECY: _("Pass the secrecy review"),
    ChainStep.SIGN: _("Sign off"),  # Wagtail adds “and publish” to the last step
}


class ChainLock(WorkflowLock):
    """Says at the head of the editor which review the text is in."""

    def get_message(self, user: Any) -> str:
        """Return one sentence, for reviewers and everybody else alike."""
        words = gettext(
            "In review: %(step)s. Nobody changes the text now; reviewers comment or send it back."
        )
        return words % {"step": self.task.get_step_display()}


class ChainTask(Task):
    """One review. The text is frozen while it runs; a rejection sends it back to the beginning of the chain."""

    step = models.CharField(_("review"), max_length=10, choices=ChainStep.choices, unique=True)
    working_days = models.PositiveSmallIntegerField(
        _("working days"), default=1, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )

    lock_class = ChainLock
    admin_form_fields = [*Task.admin_form_fields, "working_days"]

    class Meta:
        verbose_name = _("review of cases")
        verbose_name_plural = _("reviews of cases")

    def is_reviewer(self, *, page: Any, user: Any) -> bool:
        """Whether the person has the role of this review, for the unit of this case where it is the unit's."""
        if self.step == ChainStep.UNIT:
            return may_check_for_unit(user, unit=_draft(page).handling_unit)
        return self.role in roles_held(user)

    @property
    def role(self) -> Role:
        """The role that reviews here."""
        return ROLE_OF[ChainStep(self.step)]

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Reviewers read the draft where it is written, with its comments and its check."""
        return self.is_reviewer(page=obj, user=user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody but the reviewer saves anything, and of the reviewer the form takes comments alone."""
        return not self.is_reviewer(page=obj, user=user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Return what the person may do now; approving is offered when nothing stands in its way."""
        if not self.is_reviewer(page=obj, user=user) or own_hand(page=obj, user=user):
            return []
        page = _draft(obj)
        found = [("reject", _("Send back for changes"), True)]
        if not barriers(page=page, user=user, step=ChainStep(self.step)):
            label = APPROVING[ChainStep(self.step)]
            found += [("approve", label, False), ("approve", _("With a comment"), True)]
        return found

    def get_form_for_action(self, action: str) -> Any:
        """Ask for a reason where a text is sent back."""
        return SendBackForm if action == "reject" else super().get_form_for_action(action)

    def reasons_against(self, *, page: Any, user: Any) -> list[str]:
        """Return in words why this person cannot approve the latest draft now; none where they can."""
        if not self.is_reviewer(page=page, user=user):
            return [gettext("Your role does not include this step.")]
        return barriers(page=_draft(page), user=user, step=ChainStep(self.step))

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> str:
        """Approve or send back, whatever door the request came through; return where the person goes on.

        Raises:
            ApprovalRefused: the role is missing, the person wrote or approved before, finds are unanswered, a text is
                sent back without a reason, or somebody else has just taken this step.
        """
        take_turn(task_state)
        page = task_state.workflow_state.content_object.get_latest_revision_as_object()
        found = self.reasons_against(page=page, user=user)
        if found and (action_name == "approve" or not self.get_actions(page, user)):
            raise ApprovalRefused(found)
        if action_name == "reject" and not str(kwargs.get("comment") or "").strip():
            raise ApprovalRefused([str(SENT_BACK_FOR)])
        super().on_action(task_state, user, action_name, **kwargs)
        if action_name == "reject":
            # What is written anew is read anew by everybody.
            task_state.workflow_state.cancel(user=user)
        # Not back to the page: whoever has taken the step may not edit it any more.
        return reverse("wagtailadmin_home")

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Return what waits for a person with this role."""
        if self.role in roles_held(user):
            return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.none()

    @classmethod
    def get_description(cls) -> Any:
        """Say what the task is."""
        return _("One review of a case; who reviews follows from the roles in the units")


def take_turn(task_state: TaskState) -> None:
    """Wait until nobody else decides about this text; raises ApprovalRefused when the step was taken meanwhile.

    Two who press at once have both read that the step is open: only what stands there behind the lock counts.
    """
    chain = WorkflowState.objects.select_for_update().get(pk=task_state.workflow_state_id)
    if not (
        chain.status == WorkflowState.STATUS_IN_PROGRESS and chain.current_task_state_id == task_state.pk
    ):
        raise ApprovalRefused([gettext("Somebody else has just decided this step. Load the page again.")])


def _draft(page: Any) -> Any:
    """Return the latest draft; Wagtail sometimes hands over the bare page."""
    return page if hasattr(page, "handling_unit") else page.get_latest_revision_as_object()
