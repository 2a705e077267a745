"""What a page has that goes through the chain: rights, workflow, correction, and the notice when withdrawn."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import CommentPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from portal.shared.bilingual_pages import TwoLanguagePage

from .answers import Withdrawal
from .forms import ReviewedPageForm
from .permissions import CasePermissions, workflow_of_cases


class ReviewedPage(TwoLanguagePage):
    """A page that nobody publishes past the chain."""

    correction_note = models.CharField(
        _("what was corrected"),
        max_length=300,
        blank=True,
        help_text=_("Shown on the page with its date. Say what is right now, not what stood there before."),
    )
    correction_date = models.DateField(_("day of the correction"), null=True, blank=True)

    base_form_class = ReviewedPageForm
    # No schedule: a case goes out when it is signed off and comes down after its last day.
    settings_panels = [CommentPanel()]
    withdrawn_template = "cases_public/withdrawn.html"
    # What the public reads of a withdrawn page of this kind by reason, where nobody writes anything else.
    withdrawal_notices: ClassVar[Mapping[str, Any]] = {}

    class Meta:
        abstract = True

    def reasons_to_wait(self) -> list[str]:
        """Say in words what of this kind of page must be put right before anybody approves any step."""
        return []

    def missing(self) -> list[str]:
        """Say in words what of this kind of page must be written before anybody is asked to review it."""
        return []

    def permissions_for_user(self, user: Any) -> CasePermissions:
        """Return rights of which being a superuser changes none."""
        return CasePermissions(user, self)

    def get_workflow(self) -> Any:
        """Return the chain."""
        return workflow_of_cases()

    @property
    def has_workflow(self) -> bool:
        """Whether the chain is set up; Wagtail asks for one of the tree otherwise."""
        return self.get_workflow() is not None

    def clean(self) -> None:
        """Give a correction its day; refuse one in the future."""
        super().clean()
        today = timezone.localdate()
        if self.correction_note and self.correction_date is None:
            self.correction_date = today
        if self.correction_date and self.correction_date > today:
            raise ValidationError({"correction_date": _("A correction is of today or earlier.")})

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a withdrawn case as well: its address says that it was withdrawn."""
        if not path_components and not self.live:
            withdrawal = Withdrawal.objects.filter(page_id=self.pk, withdrawn_date__isnull=False).first()
            if withdrawal is not None:
                return RouteResult(self, kwargs={"withdrawal": withdrawal})
        return super().route(request, path_components)

    def serve(
        self, request: HttpRequest, *args: Any, withdrawal: Withdrawal | None = None, **kwargs: Any
    ) -> HttpResponse:
        """Answer 410 with the notice and nothing else of a withdrawn case."""
        if withdrawal is None:
            answer: HttpResponse = super().serve(request, *args, **kwargs)
            return answer
        context = {"withdrawal": withdrawal, "list_url": self.get_parent().get_url(request)}
        return TemplateResponse(request, self.withdrawn_template, context, status=410)


def reviewed_page(*, page_id: int) -> ReviewedPage | None:
    """Return the page of this key as what it is; None where there is none or it does not go through the chain."""
    page = Page.objects.filter(pk=page_id).first()
    found = None if page is None else page.specific
    return found if isinstance(found, ReviewedPage) else None
