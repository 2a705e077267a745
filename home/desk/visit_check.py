"""What the checker finds in a visit to an enterprise: beside the form, and answered by a second person."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.components import MediaContainer
from wagtail.snippets.views import snippets

from cases_public.redaction.check import Found
from cases_public.staff.open_finds import AnswerFindsView
from cases_public.staff.panel import PlainRedactionSidePanel
from cases_public.staff.rows import find_rows
from home.models import HelpVisit, LiaisonPage
from home.services import visit_finds

from .visits import MAY_EDIT


class VisitForm(WagtailAdminModelForm):
    """A visit is shown to the public only when nothing the check finds in it is open; kept it is all the same."""

    def clean(self) -> Any:
        """Refuse to show it, with each find, its place, its reason and what can stand there."""
        data = super().clean()
        if data.get("is_shown"):
            visit = HelpVisit(
                pk=self.instance.pk, topic=data.get("topic", ""), outcome=data.get("outcome", "")
            )
            found = visit_finds.open_finds(visit=visit)
            if found:
                self.add_error("is_shown", _refusal(found, key=self.instance.pk))
        return data


def _refusal(found: list[Found], *, key: int | None) -> Any:
    rows = [(row.where, row.words, row.suggestion, row.reason) for row in find_rows(found)]
    lines = format_html_join("", "<br>{}: {} → {} · {}", rows)
    words = _(
        "Not shown to the public yet. Replace what is found, or store it without this tick: a second person may then "
        "wave it through."
    )
    if key is None:
        return format_html("{}{}", words, lines)
    link = format_html('<a href="{}">{}</a>', reverse("visit_finds", args=[key]), _("Answer finds"))
    return format_html("{}{}<br>{}", words, lines, link)


class VisitSidePanel(PlainRedactionSidePanel):
    """The checker beside the form of a visit; the page that shows visits is asked."""

    def open_finds(self) -> list[Found]:
        return visit_finds.open_finds(visit=self.object)

    def further(self) -> dict[str, Any]:
        page = visit_finds.showing_page()
        return {
            "is_reviewed": False,
            "policy": visit_finds.POLICY.value,
            "check_url": reverse("case_check", args=[page.pk]) if page else "",
            "review_url": reverse("visit_finds", args=[self.object.pk]),
        }


class VisitEditView(snippets.EditView):
    """A visit with the checker beside it."""

    def get_side_panels(self) -> MediaContainer:
        """Put the checker first, where a page shows visits at all."""
        panels = super().get_side_panels()
        if self.expects_json_response or not LiaisonPage.objects.exists():
            return panels
        return MediaContainer([VisitSidePanel(self.object, self.request), *panels])


class VisitFindsView(AnswerFindsView):
    """What is open of one visit."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in whoever may change visits."""
        if not request.user.has_perm(MAY_EDIT):
            raise PermissionDenied
        self.visit = get_object_or_404(HelpVisit, pk=kwargs["visit_id"])
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_page_subtitle(self) -> str:
        return str(self.visit)

    def finds(self) -> list[Found]:
        return visit_finds.open_finds(visit=self.visit)

    def reasons_against(self, *, user: User) -> list[str]:
        return visit_finds.reasons_not_to_answer(visit=self.visit, user=user)

    def answer(self, *, mark: str, reason: str, user: User) -> None:
        visit_finds.waive(visit=self.visit, mark=mark, reason=reason, user=user, at=timezone.now())

    def edit_url(self) -> str:
        return reverse("wagtailsnippets_home_helpvisit:edit", args=[self.visit.pk])
