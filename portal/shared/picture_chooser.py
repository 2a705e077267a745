"""Wagtail's picture chooser without its inline script, which our content security policy refuses."""

import json
from typing import Any

from django.forms import Media
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.staticfiles import versioned_static
from wagtail.images.widgets import AdminImageChooser


class PictureChooser(AdminImageChooser):
    """Writes what the script would have said into attributes; desk/chooser.js starts the chooser from them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was chosen; a key that is no number chooses nothing, and the form is shown again all the same."""
        chosen = super().value_from_datadict(data, files, name)
        return chosen if str(chosen).isdecimal() else None

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the field and, beside it, the element that starts it."""
        known = attrs or {}
        value_data, element_id = self.get_value_data(value), known["id"]
        options = json.dumps(self.get_js_init_options(element_id, name, value_data))
        return format_html(
            '{}<span hidden data-controller="as-chooser" data-as-chooser-make-value="{}"'
            ' data-as-chooser-id-value="{}" data-as-chooser-options-value="{}"></span>',
            self.render_html(name, value_data, known),
            self.js_constructor,
            element_id,
            options,
        )

    @property
    def media(self) -> Media:
        """Return Wagtail's scripts and, after them, ours."""
        # One list, not a sum: the order of two lists without a common script is anybody's guess.
        return Media(js=[*super().media._js, versioned_static("desk/chooser.js")])
