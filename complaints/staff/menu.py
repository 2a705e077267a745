"""Menus and bulk actions: what leads outside or hands out rights past the roles is taken away."""

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from wagtail.admin.menu import MenuItem

HELP_OUTSIDE = ("whats-new-in-wagtail", "editor-guide")
# Wagtail's bulk actions write nothing into our log: lists and accounts are changed one by one.
LOGGED_APPS = {"complaints", "auth"}


def keep_inside(items: list[MenuItem]) -> None:
    """Drop help that lies on other hosts."""
    items[:] = [item for item in items if not item.name.startswith(HELP_OUTSIDE)]


def refuse_past_roles(*, model: type[Model]) -> None:
    """Refuse bulk actions that would give rights without a role, or change lists and accounts without a log row."""
    if model._meta.app_label in LOGGED_APPS:
        raise PermissionDenied
