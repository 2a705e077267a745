"""Errors of the JSON API in one shape and in words, also those that arise before or behind its views."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from .middleware import is_api_path

FIRST_ERROR = 400
NOT_ENCRYPTED = _("This address takes encrypted requests alone: begin it with https. Nothing was stored.")
Respond = Callable[[HttpRequest], HttpResponse]
Problems = Mapping[str, Sequence[Mapping[str, object]]]


class ProblemOut(Schema):
    """One thing wrong with a field; `index` counts photos from 0."""

    code: str
    message: str
    index: int | None = None


class ErrorOut(Schema):
    """Every error of the API."""

    code: str
    message: str
    fields: dict[str, list[ProblemOut]]


@dataclass(frozen=True, kw_only=True)
class Words:
    """The code a program reads and the sentence a person reads."""

    code: str
    message: str | Promise


WORDS = {
    400: Words(code="malformed", message=_("The request cannot be read. Nothing was stored.")),
    403: Words(code="forbidden", message=_("This is not allowed.")),
    404: Words(code="not_found", message=_("There is nothing at this address.")),
    405: Words(code="method_not_allowed", message=_("This address does not take requests of this kind.")),
    413: Words(code="too_large", message=_("The request is too large. Nothing was stored.")),
    415: Words(code="unsupported_media_type", message=_("Send this as the documentation describes.")),
    500: Words(
        code="internal", message=_("Something went wrong on our side. Please try again, or call 12350.")
    ),
    503: Words(
        code="unavailable",
        message=_(
            "The portal cannot reach its records just now. Send the same again in a minute: nothing is doubled."
        ),
    ),
}


def error_response(
    *, status: int, code: str, message: str | Promise, fields: Problems | None = None
) -> HttpResponse:
    """Return one error as `{"code", "message", "fields"}`; kept by no cache."""
    body = {"code": code, "message": str(message), "fields": fields or {}}
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    return response


def plain_error(*, status: int) -> HttpResponse:
    """Return the error of this status in its usual words."""
    words = WORDS.get(status, WORDS[400 if status < 500 else 500])
    return error_response(status=status, code=words.code, message=words.message)


class ApiErrorsMiddleware:
    """Whatever page an error below the API would show, a program gets JSON without internals.

    Where TLS is demanded a plain request is refused: a program that is sent on has sent its words in the clear already,
    would do so with every request, and nobody would notice.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = is_api_path(request.path_info)
        if is_api and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return error_response(status=403, code="not_encrypted", message=NOT_ENCRYPTED)
        response = self.get_response(request)
        if not is_api or response.status_code < FIRST_ERROR:
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        answer = plain_error(status=response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                answer.headers[name] = response.headers[name]
        return answer
