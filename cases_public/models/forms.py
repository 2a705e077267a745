"""The form of a page under review: while the chain runs it takes comments and no change of words."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from .versions import words_of

FROZEN = _(
    "Nothing was saved: the text is under review and nobody changes it now. "
    "Write a comment, or send it back for changes."
)


class ReviewedPageForm(WagtailAdminPageForm):
    """Reviewers comment; whoever wants other words sends the text back."""

    def _post_clean(self) -> None:
        super()._post_clean()
        page = self.instance
        if page.pk and page.workflow_in_progress and _differs(page):
            self.add_error(None, ValidationError(FROZEN, code="frozen"))


def _differs(page: Any) -> bool:
    latest = page.get_latest_revision()
    now = json.loads(json.dumps(page.serializable_data(), cls=DjangoJSONEncoder))
    return latest is not None and words_of(latest.content) != words_of(now)
