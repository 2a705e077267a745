"""Wagtail's choosers without their inline scripts, which our content security policy refuses."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets.chooser import BaseChooser

# One of them is started by a function with the id alone.
BY_A_FUNCTION = {"AdminTaskChooser": "createTaskChooser"}


def render(
    chooser: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """Return the field and, beside it, the element whose attributes say what the script would have said.

    Raises:
        KeyError: `attrs` has no id; a chooser without one could not be started.
    """
    known = attrs or {}
    value_data, element_id = chooser.get_value_data(value), known["id"]
    made_by = BY_A_FUNCTION.get(type(chooser).__name__)
    options = [] if made_by else [chooser.get_js_init_options(element_id, name, value_data)]
    return format_html(
        '{}<span hidden data-controller="as-make" data-as-make-of-value="{}" data-as-make-args-value="{}"></span>',
        chooser.render_html(name, value_data, known),
        made_by or chooser.js_constructor,
        json.dumps([element_id, *options]),
    )


def install() -> None:
    """Let every chooser of this process be drawn so: forms of Wagtail's own have no setting for their widgets."""
    BaseChooser.render = render
