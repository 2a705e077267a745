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
from ninja import NinjaAPI

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
        entry: dict[str, object] = {"code": found.problem.value, "message": str(found.problem.label)}
        if found.index is not None:
            entry["index"] = found.index
        fields.setdefault(found.field, []).append(entry)
    return fields
