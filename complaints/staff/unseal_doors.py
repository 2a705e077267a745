"""Doors for the scripts of the opening: JSON in, JSON out, refusals in words; never clear text in either direction."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from complaints.enums import UnsealFault
from complaints.errors import ComplaintError
from complaints.selectors.custody import reader_key_of
from complaints.services import custody, originals
from complaints.services.unseal_expiry import expire

Basics = dict[str, Any]
Answer = dict[str, Any] | HttpResponse


def _door(view: Callable[[HttpRequest, Basics], Answer]) -> Callable[..., HttpResponseBase]:
    """Decorate a door: who, when and which request are read here; a refusal becomes its code and its sentence."""

    @wraps(view)
    def inner(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
        assert isinstance(request.user, User)
        basics: Basics = {"request_id": public_id, "actor": request.user, "at": timezone.now()}
        if request.method == "POST":
            expire(at=basics["at"])
        try:
            answer = view(request, basics)
        except ComplaintError as error:
            return JsonResponse(_told(error, public_id=public_id), status=error.status)
        return answer if isinstance(answer, HttpResponse) else JsonResponse(answer)

    return never_cache(inner)


def _told(error: ComplaintError, *, public_id: UUID) -> dict[str, str]:
    """Return a refusal in words; where the asker has another key by now, with that key, to be compared anew."""
    told = {"code": error.code, "message": str(error.public_message)}
    if error.code == UnsealFault.OTHER_READER:
        told["reader_key"] = reader_key_of(public_id=public_id)
    return told


@require_POST
@_door
def key(request: HttpRequest, basics: Basics) -> Answer:
    """Take the public half of the key pair in the asker's tab."""
    custody.give_key(**basics, public_key=request.POST.get("public_key", ""))
    return {}


@require_POST
@_door
def envelope(request: HttpRequest, basics: Basics) -> Answer:
    """Hand out what a custodian's browser needs to open one thing."""
    out = custody.hand_out(**basics)
    return {
        "envelope": out.thing.envelope,
        "binding": out.thing.binding,
        "field": out.thing.field,
        "vault": out.thing.vault_version,
        "sha256": out.thing.sha256,
        "reader_key": out.reader_key,
    }


@require_GET
@_door
def file(request: HttpRequest, basics: Basics) -> Answer:
    """Hand out the sealed bytes of an original to whoever holds its request."""
    data = originals.sealed_original(**basics)
    return HttpResponse(data, content_type="application/octet-stream")


@require_POST
@_door
def note(request: HttpRequest, basics: Basics) -> Answer:
    """Take the note sealed to the asker, or the hash of an opened original."""
    if "opened_sha256" in request.POST:
        originals.hand_over(**basics, opened_sha256=request.POST["opened_sha256"])
    else:
        sealed, reader = request.POST.get("note", ""), request.POST.get("reader_key", "")
        custody.deliver_note(**basics, note=sealed, reader_key=reader)
    return {}


@require_POST
@_door
def fault(request: HttpRequest, basics: Basics) -> Answer:
    """Take the code of what did not open."""
    custody.report_fault(**basics, fault=request.POST.get("fault", ""))
    return {}


@require_POST
@_door
def read(request: HttpRequest, basics: Basics) -> Answer:
    """Give the asker the sealed note, once."""
    return {"note": custody.read_note(**basics)}
