"""Leads a safety manager from the back office, where nothing is theirs, to the workspace."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from complaints.selectors.internal import workplaces_of


class EntranceMiddleware:
    """Signing in leads everybody to /admin/: whoever has no right there but a workplace is led on.

    Asked for the first page alone, and only of accounts without a desk: officers pay no query for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Answer in the place of the page that says there is no role; after the second factor was asked for."""
        if request.path_info != f"/{settings.URL_PREFIX}admin/" or not request.user.is_authenticated:
            return None
        if request.user.has_perm("wagtailadmin.access_admin") or not workplaces_of(request.user):
            return None
        return HttpResponseRedirect(reverse("workplace:inbox"))
