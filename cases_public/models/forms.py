"""The form of a page under review: while the chain runs it takes comments and no change of words."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm

from complaints.disclosure import unit_names
from portal.shared.page_forms import UncutPageForm

from .versions import words_of

FROZEN = _(
    "Nothing was saved: the text is under review and nobody changes it now. "
    "Write a comment, or send it back for changes."
)


SENT_BACK_FOR = _("Not sent back: write what has to be changed. The editor reads it.")


class SendBackForm(TaskStateCommentForm):
    """Why a text goes back: without it the editor would not know what to change."""

    comment = forms.CharField(
        label=_("What has to be changed"),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": SENT_BACK_FOR},
    )


UNKNOWN_UNIT = _("No unit in use is called so. Choose one from the list, or leave it empty.")


class ReviewedPageForm(UncutPageForm):
    """Reviewers comment; whoever wants other words sends the text back."""

    def clean(self) -> Any:
        """Refuse a handling unit that nobody knows: its leader is asked first, and the duty to report counts by it."""
        data = super().clean()
        name = str(self.cleaned_data.get("handling_unit") or "").strip()
        if name and "handling_unit" in self.changed_data and name not in unit_names():
            self.add_error("handling_unit", UNKNOWN_UNIT)
        return data

    def _post_clean(self) -> None:
        super()._post_clean()
        page = self.instance
        if page.pk and page.workflow_in_progress and _differs(page):
            self.add_error(None, ValidationError(FROZEN, code="frozen"))


def _differs(page: Any) -> bool:
    latest = page.get_latest_revision()
    now = json.loads(json.dumps(page.serializable_data(), cls=DjangoJSONEncoder))
    return latest is not None and words_of(latest.content) != words_of(now)
