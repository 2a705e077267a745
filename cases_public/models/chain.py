"""The chain of reviews as tasks of a Wagtail workflow: who may review, and what stands in the way of an approval."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import Task, TaskState

from cases_public.enums import ChainStep
from complaints.disclosure import may_check_for_unit, roles_held
from complaints.enums import Role

from .barriers import barriers, own_hand
from .decided import DecidedOnce
from .forms import SendBackForm

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


class ChainTask(DecidedOnce, Task):
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

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Return what waits for a person with this role."""
        if self.role in roles_held(user):
            return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.none()

    @classmethod
    def get_description(cls) -> Any:
        """Say what the task is."""
        return _("One review of a case; who reviews follows from the roles in the units")


def _draft(page: Any) -> Any:
    """Return the latest draft; Wagtail sometimes hands over the bare page."""
    return page if hasattr(page, "handling_unit") else page.get_latest_revision_as_object()
