"""On the first page: companies that ask for a second safety manager, each with the invitation one click away."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from complaints.selectors.lone_managers import asking_companies

MOST_ROWS = 5


class AskingPanel(Component):
    """Who asked, the oldest first; nothing at all while nobody asks."""

    name = "asking"
    order = 18
    template_name = "complaints/staff/asking.html"

    class Media:
        css = {"all": ["desk/desk-pages.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"rows": asking_companies(parent_context["request"].user, most=MOST_ROWS)}
