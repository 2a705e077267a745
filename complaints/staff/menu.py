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
# Wagtail's bulk actions write nothing into our log: lists and accounts are changed one by one.
LOGGED_APPS = {"complaints", "auth"}


class TipSearchArea(SearchArea):
    """The search of the sidebar leads people who handle tips to the inbox."""

    def __init__(self) -> None:
        super().__init__(_("Tips"), reverse("tips:index"), name="tips", icon_name="mail", order=10)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_tips(request.user)


def keep_inside(items: list[MenuItem]) -> None:
    """Drop help that lies on other hosts."""
    items[:] = [item for item in items if not item.name.startswith(HELP_OUTSIDE)]


def refuse_past_roles(*, model: type[Model]) -> None:
    """Refuse bulk actions that would give rights without a role, or change lists and accounts without a log row."""
    if model._meta.app_label in LOGGED_APPS:
        raise PermissionDenied
