"""The way of a page without reviews to a publisher, who publishes it or sends it back."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from complaints.disclosure import roles_held
from complaints.enums import Role

from .barriers import open_finds
from .decided import DecidedOnce
from .forms import SendBackForm


class PublishTask(DecidedOnce, Task):
    """One look by a publisher. Nothing goes out by it while the check finds something that nobody has answered."""

    role = Role.PUBLISHER
    working_days = models.PositiveSmallIntegerField(
        _("working days"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("For the list on the first page. No law sets this period; the bureau does."),
    )

    admin_form_fields = [*Task.admin_form_fields, "working_days"]

    class Meta:
        verbose_name = _("look of a publisher")
        verbose_name_plural = _("looks of publishers")

    def get_step_display(self) -> str:
        """Return what waits, in words."""
        return gettext("To be published")

    def is_reviewer(self, *, user: Any) -> bool:
        """Whether the person publishes."""
        return self.role in roles_held(user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Whoever handed it over waits, or takes it back first."""
        return not self.is_reviewer(user=user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Return what the person may do now."""
        if not self.is_reviewer(user=user):
            return []
        # Wagtail adds “and publish” to the last step.
        return [("approve", _("Agree"), False), ("reject", _("Send back for changes"), True)]

    def get_form_for_action(self, action: str) -> Any:
        """Ask for a reason where a text is sent back."""
        return SendBackForm if action == "reject" else super().get_form_for_action(action)

    def reasons_against(self, *, page: Any, user: Any) -> list[str]:
        """Return in words why this person cannot publish the latest draft now; none where they can."""
        if not self.is_reviewer(user=user):
            return [gettext("Your role does not include this step.")]
        count = len(open_finds(page=page))
        words = ngettext(
            "Not published, kept as a draft: %(n)d find has to be replaced or answered first.",
            "Not published, kept as a draft: %(n)d finds have to be replaced or answered first.",
            count,
        )
        return [words % {"n": count}] if count else []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Return what waits for a publisher."""
        if self.is_reviewer(user=user):
            return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.none()

    @classmethod
    def get_description(cls) -> Any:
        """Say what the task is."""
        return _("Pages without reviews: an editor hands them over, a publisher publishes them")
