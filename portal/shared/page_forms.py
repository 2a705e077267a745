"""The form of a page: what is too long is refused in words, and not cut off by the browser before anybody sees it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm


def leave_whole(fields: Mapping[str, forms.Field]) -> None:
    """Take `maxlength` off the fields: a browser cuts what is pasted without a word; the form itself counts."""
    for field in fields.values():
        field.widget.attrs.pop("maxlength", None)


class UncutPageForm(WagtailAdminPageForm):
    """The form of every page; longest texts are checked when it is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leave_whole(self.fields)
