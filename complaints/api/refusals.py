"""How refusals leave the API: one shape, words for people, codes for programs, nothing of the inside."""

from collections.abc import Sequence

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI

from complaints.enums import Problem
from complaints.errors import ComplaintError, DraftInvalid, FieldProblem
from portal.shared.api_errors import error_response, plain_error

from .reading import Malformed, WrongMediaType

_STATUS_OF: dict[type[Exception], int] = {
    Malformed: 400,
    MultiPartParserError: 400,
    UnreadablePostError: 400,
    BadRequest: 400,
    SuspiciousOperation: 400,
    RequestDataTooBig: 413,
    TooManyFieldsSent: 413,
    TooManyFilesSent: 413,
    WrongMediaType: 415,
}


_POINT = _(
    "lat and lng are JSON numbers in degrees, from -90 to 90 and from -180 to 180; send both of them or none."
)
# Where the sentence of the form would mislead a program.
_WORDS_FOR_PROGRAMS = {
    Problem.BAD_KEY: _(
        "Send the header Idempotency-Key: 32 lower-case hex digits, made anew for every tip or message."
    ),
    Problem.KEY_USED: _(
        "This Idempotency-Key was already used with other content, or too long ago. Make a new one for a new tip."
    ),
    Problem.CAPTCHA: _(
        "The proof in captcha is missing, wrong, too old or used up. Solve a new one from the address challenge."
    ),
}
_POINT_PROBLEMS = frozenset({Problem.BAD_NUMBER, Problem.WRONG_TYPE, Problem.MISSING})


def install(api: NinjaAPI) -> None:
    """Register what the API answers for each kind of failure; the rest becomes a 500 in words."""
    api.add_exception_handler(ComplaintError, _refused)
    for kind in _STATUS_OF:
        api.add_exception_handler(kind, _unreadable)


def _refused(_request: HttpRequest, error: ComplaintError | type[ComplaintError]) -> HttpResponse:
    problems = error.problems if isinstance(error, DraftInvalid) else ()
    return error_response(
        status=error.status, code=error.code, message=error.public_message, fields=_fields(problems)
    )


def _unreadable(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return plain_error(status=next(_STATUS_OF[kind] for kind in type(error).__mro__ if kind in _STATUS_OF))


def _fields(problems: Sequence[FieldProblem]) -> dict[str, list[dict[str, object]]]:
    fields: dict[str, list[dict[str, object]]] = {}
    for found in problems:
        entry: dict[str, object] = {"code": found.problem.value, "message": _message(found)}
        if found.index is not None:
            entry["index"] = found.index
        fields.setdefault(found.field, []).append(entry)
    return fields


def _message(found: FieldProblem) -> str:
    if found.field in {"lat", "lng"} and found.problem in _POINT_PROBLEMS:
        return str(_POINT)
    return str(_WORDS_FOR_PROGRAMS.get(found.problem, found.problem.label))
