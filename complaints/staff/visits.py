"""A person who opens the back office has seen what waits: the notice about it goes."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from complaints.services.notices import clear_notice

# Where what waits is shown; one query each time, a write only when a notice stands.
ENTRANCES = frozenset({"wagtailadmin_home", "tips:index", "tips:view"})

HAS_NEWS = "_has_news"


class VisitMiddleware:
    """Clear the notice of whoever opens the first page or the inbox, signed in with both factors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Called once the address is resolved and the middleware before has let the person pass."""
        match = request.resolver_match
        if match and match.view_name in ENTRANCES and isinstance(request.user, User):
            setattr(request, HAS_NEWS, clear_notice(user=request.user))


def has_news(request: HttpRequest) -> bool:
    """Whether something came up for this person since the last visit; true on the first page of a visit alone."""
    return bool(getattr(request, HAS_NEWS, False))
