"""Reading of requests: JSON or multipart into strict models, every fault as a named refusal."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from pydantic import ValidationError

from complaints.enums import Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.rules.texts import showable
from complaints.services.evidence import Upload, read_uploads
from portal.shared.uploads import body_length

from .schemas import Strict, TipIn

JSON = "application/json"
MULTIPART = "multipart/form-data"
FIELD_NAME_LONGEST = 40
# The longest tip takes half of it; objects of Python weigh up to a hundred times their JSON.
JSON_MAX_BYTES = 64 * 1024
Body = TypeVar("Body", bound=Strict)


class Malformed(Exception):
    """The body is not what its content type says."""


class WrongMediaType(Exception):
    """This address takes another content type."""


def read_json(request: HttpRequest, model: type[Body]) -> Body:
    """Return the JSON body as a strict model.

    Raises:
        WrongMediaType, Malformed: no JSON.
        RequestDataTooBig: more than JSON_MAX_BYTES, told before it is read.
        DraftInvalid: unknown, missing or mistyped fields.
    """
    if request.content_type != JSON:
        raise WrongMediaType
    _refuse_large(body_length(request=request))
    return _checked(model, _parsed(request.body))


def read_tip(request: HttpRequest) -> tuple[TipIn, list[Upload]]:
    """Return the part `tip` (JSON) and the files `photos` of a multipart request; raises as `read_json`."""
    if request.content_type != MULTIPART:
        raise WrongMediaType
    _refuse_other_parts(fields=set(request.POST) - {"tip"}, files=set(request.FILES) - {"tip", "photos"})
    tip = _checked(TipIn, _parsed(_tip_part(request)))
    return tip, read_uploads(request.FILES.getlist("photos"), are_read_once=True)


def read_with_photos(request: HttpRequest, model: type[Body]) -> tuple[Body, list[Upload]]:
    """Return a JSON body without photos, or the plain fields and files of a multipart request."""
    if request.content_type == JSON:
        return read_json(request, model), []
    if request.content_type != MULTIPART:
        raise WrongMediaType
    _refuse_other_parts(fields=(), files=set(request.FILES) - {"photos"})
    return _checked(model, request.POST.dict()), read_uploads(request.FILES.getlist("photos"))


def as_raw(tip: TipIn) -> dict[str, list[str]]:
    """Return the fields of a tip as the form would send them."""
    values = tip.model_dump(exclude_none=True)
    return {name: _texts(value) for name, value in values.items()}


def _texts(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["1"] if value else []
    if isinstance(value, dict):
        return [json.dumps(value, ensure_ascii=False)]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _tip_part(request: HttpRequest) -> bytes:
    """A browser's FormData makes a file part of a JSON blob, other clients a field; both will do."""
    file = request.FILES.get("tip")
    if isinstance(file, UploadedFile):
        _refuse_large(file.size or 0)
        return bytes(file.read())
    if "tip" not in request.POST:
        raise DraftInvalid([FieldProblem(field="tip", problem=Problem.MISSING)])
    text = str(request.POST["tip"]).encode("utf-8", "surrogatepass")
    _refuse_large(len(text))
    return text


def _refuse_large(size: int) -> None:
    if size > JSON_MAX_BYTES:
        raise RequestDataTooBig


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed from None


def _checked(model: type[Body], values: object) -> Body:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise DraftInvalid(list(_problems(error.errors(include_url=False, include_input=False)))) from None


def _problems(errors: Iterable[Mapping[str, Any]]) -> Iterable[FieldProblem]:
    kinds = {"extra_forbidden": Problem.UNKNOWN_FIELD, "missing": Problem.MISSING}
    found: dict[str, Problem] = {}
    for error in errors:
        name = str(error["loc"][0]) if error["loc"] else "tip"
        found.setdefault(_shown(name), kinds.get(error["type"], Problem.WRONG_TYPE))
    return (FieldProblem(field=name, problem=problem) for name, problem in found.items())


def _refuse_other_parts(*, fields: Iterable[str], files: Iterable[str]) -> None:
    others = sorted({_shown(name) for name in (*fields, *files)})
    if others:
        raise DraftInvalid([FieldProblem(field=name, problem=Problem.UNKNOWN_FIELD) for name in others])


def _shown(name: str) -> str:
    return showable(name, longest=FIELD_NAME_LONGEST)
