"""What a reporter sends by a receipt alike to the bureau and to a company: words with photos, and the word "sure"."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from complaints.enums import Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.services.budgets import spend
from complaints.services.evidence import Upload
from portal.shared import throttle

from .reading import read_with_photos
from .schemas import MessageIn

KEY_HEADER = "Idempotency-Key"


class Words(TypedDict):
    """A message as the services of both sides take it, by keyword."""

    typed: str
    text: str
    uploads: Sequence[Upload]
    today: date
    vault_fingerprint: str
    client_key: str


def words_of(request: HttpRequest) -> Words:
    """Return the message of a request, counted at the door; the key of its header makes it one message.

    Raises:
        WrongMediaType, Malformed, DraftInvalid: as `read_with_photos`.
        TooBusy: too many from one place.
    """
    spend(request=request, budget=throttle.MESSAGE)
    body, uploads = read_with_photos(request, MessageIn)
    return Words(
        typed=body.receipt,
        text=body.text,
        uploads=uploads,
        today=timezone.localdate(),
        vault_fingerprint=settings.VAULT_FINGERPRINT,
        client_key=request.headers.get(KEY_HEADER, "").lower(),
    )


def be_sure(is_sure: bool) -> None:
    """Refuse what cannot be taken back unless the sender says so; raises DraftInvalid."""
    if not is_sure:
        raise DraftInvalid([FieldProblem(field="sure", problem=Problem.MISSING)])
