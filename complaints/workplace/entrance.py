"""Leads a safety manager from the entrance of the back office to the workspace; behind it nothing is there for them."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from complaints.selectors.internal import workplaces_of

# Where signing in ends, and the address Wagtail gives to signing in.
ENTRANCES = ("admin/", "admin/login/")


class EntranceMiddleware:
    """Signing in leads everybody to /admin/: whoever has no right there but a workplace is led on.

    Every other address of the back office answers such a person as one that does not exist. Asked of accounts without
    a desk alone: officers pay no query for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Answer in the place of the page that says there is no role; after the second factor was asked for."""
        desk = f"/{settings.URL_PREFIX}admin/"
        if not request.path_info.startswith(desk) or not request.user.is_authenticated:
            return None
        if request.user.has_perm("wagtailadmin.access_admin") or not workplaces_of(request.user):
            return None
        if request.path_info not in [f"/{settings.URL_PREFIX}{one}" for one in ENTRANCES]:
            raise Http404
        return HttpResponseRedirect(reverse("workplace:inbox"))
