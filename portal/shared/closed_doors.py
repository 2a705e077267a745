"""Doors that Wagtail opens to everybody with an account: closed for whoever has no work behind them.

Its choosers and the interface behind them list every page, draft or not, and rows of ours, without asking for a
right; so do two of its confirmations. For others they are not there.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.auth import user_has_any_page_permission

# What needs one of the rights to work on pages, by the beginning of a view's name.
OF_PAGES = (
    "wagtailadmin_choose_page", "wagtailadmin_api:", "wagtailadmin_tag_autocomplete",
    "wagtailadmin_pages:choose_parent", "wagtailadmin_pages:move_confirm",
    "wagtailadmin_pages:confirm_workflow_cancellation", "wagtaildocs_chooser:", "wagtailimages_chooser:",
    "wagtailsnippetchoosers_home_sitevideo:",
)  # fmt: skip
OF_WORKFLOWS = ("wagtailadmin_workflows:task_chooser", "wagtailadmin_workflows:task_chosen")
MAY_SET_UP_WORKFLOWS = "wagtailcore.change_workflow"
# No form of this house has a chooser for any other row.
OF_NOBODY = "wagtailsnippetchoosers_"


class ClosedDoorsMiddleware:
    """Answers 404 at a door behind which the person has nothing to do; who is not signed in is led to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Raise Http404 where the door is closed; at any other address nobody is asked who they are."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not name.startswith((*OF_PAGES, *OF_WORKFLOWS, OF_NOBODY)):
            return
        if request.user.is_authenticated and is_closed(name, user=request.user):
            raise Http404


def is_closed(name: str, *, user: Any) -> bool:
    """Say whether a view of this name is closed for this person."""
    if name.startswith(OF_PAGES):
        return not user_has_any_page_permission(user)
    if name.startswith(OF_WORKFLOWS):
        return not user.has_perm(MAY_SET_UP_WORKFLOWS)
    return name.startswith(OF_NOBODY)
