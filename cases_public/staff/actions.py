"""The buttons at the foot of a case for a reviewer whose turn it is: the review first, saving second."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import ActionMenuItem, SaveDraftMenuItem, WorkflowMenuItem
from wagtail.models import Page

from cases_public.enums import ChainStep
from cases_public.models import ChainTask, ReviewedPage
from cases_public.models.chain import APPROVING


class ReviewMenuItem(WorkflowMenuItem):
    """What the review is for. Enter in a field must not approve: see the template."""

    template_name = "cases_public/staff/actions/review.html"


class AnswerMenuItem(ActionMenuItem):
    """The way to what stands between the secrecy reviewer and an approval."""

    name = "action-answer"
    label = _("Answer finds and pictures")
    icon_name = "no-view"

    def get_url(self, parent_context: Mapping[str, Any]) -> str:
        """Lead to the page of the secrecy review."""
        return reverse("case_review", args=[parent_context["page"].pk])


class SaveCommentsMenuItem(SaveDraftMenuItem):
    """Saving while the text is frozen: comments alone are kept."""

    template_name = "cases_public/staff/actions/save_comments.html"


def after_a_step(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead whoever took a step of the review to the first page, where the next one waits.

    Wagtail leads to the list of pages, which most of them may not see: they would be told so as if the step had failed.
    """
    if "action-workflow-action" in request.POST:
        return HttpResponseRedirect(reverse("wagtailadmin_home"))
    return None


def put_review_first(items: list[ActionMenuItem], context: Mapping[str, Any]) -> None:
    """Put the steps of the review before everything else where the person may take one now; changes `items`.

    Approving always comes first: where something stands in its way, pressing it says what, and for the secrecy
    reviewer the way to answer stands second.
    """
    page = context.get("page")
    steps = [item for item in items if isinstance(item, WorkflowMenuItem)]
    if page is None or not steps:
        return
    steps.sort(key=lambda item: (item.name != "approve", item.launch_modal))
    others = [item for item in items if not isinstance(item, WorkflowMenuItem)]
    if isinstance(page, ReviewedPage):
        others = [_saving(item) for item in others]
    items[:] = [*_main_first(page, steps), *others]


def _main_first(page: Page, steps: list[WorkflowMenuItem]) -> list[ActionMenuItem]:
    """Return approving as the main button, then the other steps."""
    task, first = page.current_workflow_task, steps[0]
    if first.name == "approve" or not isinstance(task, ChainTask):
        main = ReviewMenuItem(first.name, first.label, first.launch_modal, icon_name=first.icon_name)
        return [main, *steps[1:]]
    main = ReviewMenuItem("approve", APPROVING[ChainStep(task.step)], launch_modal=False, icon_name="success")
    return [main, *([AnswerMenuItem()] if task.step == ChainStep.SECRECY else []), *steps]


def _saving(item: ActionMenuItem) -> ActionMenuItem:
    return SaveCommentsMenuItem(order=item.order) if isinstance(item, SaveDraftMenuItem) else item
