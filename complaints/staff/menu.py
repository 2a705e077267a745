"""Menus and search: what leads outside or hands out rights past the roles is taken away."""

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea

from complaints.policies import may_read_tips

HELP_OUTSIDE = ("whats-new-in-wagtail", "editor-guide")
ACTIONS_PAST_ROLES = {"assign_role"}
OUR_LISTS = "complaints"


class TipSearchArea(SearchArea):
    """The search of the sidebar leads people who handle tips to the inbox."""

    def __init__(self) -> None:
        super().__init__(_("Tips"), reverse("tips:index"), name="tips", icon_name="mail", order=10)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_tips(request.user)


def keep_inside(items: list[MenuItem]) -> None:
    """Drop help that lies on other hosts."""
    items[:] = [item for item in items if not item.name.startswith(HELP_OUTSIDE)]


def refuse_past_roles(*, action: str, model: type[Model]) -> None:
    """Refuse bulk actions that would give rights without a role, or change our lists without a word in the log."""
    if action in ACTIONS_PAST_ROLES or model._meta.app_label == OUR_LISTS:
        raise PermissionDenied
