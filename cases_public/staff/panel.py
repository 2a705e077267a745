"""The checker beside the editor: a counter in the head, and each find with place, reason and replacement."""

from collections.abc import Mapping
from typing import Any

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from cases_public.models.barriers import open_finds, unread_documents, unseen_pictures
from cases_public.redaction.check import Found, policy_of

from .rows import find_rows


class RedactionSidePanel(BaseSidePanel):
    """What must not be published of the draft as it was saved; a script goes on while somebody writes."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button with the counter."""

        aria_label = _("Toggle the check for names and numbers")
        icon_name = "no-view"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
            """Count what is open."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "count": self.panel.count}

    class Media:
        css = {"all": ["desk/cases.css"]}
        js = ["desk/case-check.js"]

    name = "redaction"
    title = _("Names and numbers")
    template_name = "cases_public/staff/panel.html"
    order = 50

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finds = self.open_finds()

    def open_finds(self) -> list[Found]:
        """Return what nobody has answered."""
        return open_finds(page=self.object)

    @property
    def count(self) -> int:
        """How many finds nobody has answered."""
        return len(self.finds)

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Add the finds of the saved draft and where to ask for those of what is being typed."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        return {
            **context,
            "rows": find_rows(one for one in self.finds if not one.document_id),
            "file_rows": find_rows(one for one in self.finds if one.document_id),
            "count": self.count,
            **self.further(),
            "token": get_token(self.request),
        }

    def further(self) -> dict[str, Any]:
        """Return what else waits for an answer, where that is given, and under which policy names are read."""
        return {
            "is_reviewed": True,
            "policy": "",
            "pictures": len(unseen_pictures(page=self.object)),
            "documents": len(unread_documents(page=self.object)),
            "check_url": reverse("case_check", args=[self.object.pk]),
            "review_url": reverse("case_review", args=[self.object.pk]),
        }


class PlainRedactionSidePanel(RedactionSidePanel):
    """The same for pages without reviews: what is open stands in the way of publishing."""

    def further(self) -> dict[str, Any]:
        """Return where the finds are answered; pictures and files are confirmed by nobody."""
        return {
            "is_reviewed": False,
            "policy": policy_of(page=self.object).value,
            "check_url": reverse("case_check", args=[self.object.pk]),
            "review_url": reverse("open_finds", args=[self.object.pk]),
        }
