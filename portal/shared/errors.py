"""Error pages without internals, in the site's own dress."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

# What the driver says when nobody answers, or too many ask: it passes by itself.
DATABASE_AWAY = (OperationalError, InterfaceError)
AGAIN_SECONDS = 30
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _page(request: HttpRequest, *, template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template, request=request), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 to somebody who merely sent too much."""
    if isinstance(exception, TOO_MUCH):
        return too_large(request)
    return _page(request, template="400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return _page(request, template="403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form without its token; says how to go on."""
    return _page(request, template="403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _page(request, template="404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413; below the API the words of a program take its place."""
    return _page(request, template="413.html", status=413)


def too_slow(request: HttpRequest) -> HttpResponse:
    """Answer 408 to a body that broke off or came too slowly."""
    return _page(request, template="400.html", status=408)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 while the database is away, from a template that needs neither database nor context."""
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        away = HttpResponse(render_to_string("503.html"), status=503)
        away.headers["Retry-After"] = str(AGAIN_SECONDS)
        return away
    return HttpResponse(render_to_string("500.html"), status=500)
