"""A desk that is left alone closes: after the idle time a session ends, on the server, whatever the browser does.

Typing counts as work even when no page is asked for: the page says so once a minute (static/desk/idle.js). Requests
that a page makes by itself do not count: some addresses never do, others when the page says so in a header. A page
can only shorten its session by that.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from .middleware import is_staff_path
from .services.sessions import SEEN

# A session is written at most this often for being seen.
WRITE_SECONDS = 60
BY_ITSELF_HEADER = "X-By-Itself"
BY_ITSELF = ("editing-sessions/", "still-here/", "sprite", "jsi18n/")


class IdleMiddleware:
    """Ends a session that was not used for IDLE_MINUTES; the next page is the one to sign in, which leads back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_staff_path(request.path_info) and request.user.is_authenticated:
            now = time.time()
            if seconds_left(request, now=now) <= 0:
                return _signed_out(request)
            if not _is_by_itself(request):
                note_seen(request, now=now)
        return self.get_response(request)


def seconds_left(request: HttpRequest, *, now: float) -> int:
    """Return how long the session of a request still lasts without being used."""
    seen = float(request.session.get(SEEN, now))
    return int(seen + settings.IDLE_MINUTES * 60 - now)


def note_seen(request: HttpRequest, *, now: float) -> None:
    """Remember that the session was used, at most once a minute."""
    if now - float(request.session.get(SEEN, 0)) >= WRITE_SECONDS:
        request.session[SEEN] = int(now)


@require_http_methods(["GET", "POST"])
def still_here(request: HttpRequest) -> HttpResponse:
    """Tell a page how long its session lasts (GET), or that somebody works on it (POST); 401 when it has ended."""
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0}, status=401)
    now = time.time()
    if request.method == "POST":
        request.session[SEEN] = int(now)
    left = seconds_left(request, now=now)
    return JsonResponse({"left": left, "who": request.user.pk, "csrf": get_token(request)})


def _is_by_itself(request: HttpRequest) -> bool:
    if BY_ITSELF_HEADER in request.headers:
        return True
    _before, _admin, rest = request.path_info.partition("/admin/")
    return rest.startswith(BY_ITSELF)


def _signed_out(request: HttpRequest) -> HttpResponse:
    path = request.get_full_path()
    logout(request)
    if "still-here/" in request.path_info:
        return JsonResponse({"left": 0}, status=401)
    after = f"?{urlencode({'next': path})}" if request.method in ("GET", "HEAD") else ""
    return HttpResponseRedirect(reverse("account_login") + after)
