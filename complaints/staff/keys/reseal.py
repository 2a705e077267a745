"""Moving what is sealed in a custodian's browser: ask, decide, then batches out and back."""

import base64
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from complaints.enums import KeyFault, ResealState
from complaints.errors import ComplaintError, KeyRefused
from complaints.policies import keeps_keys, leads_top
from complaints.selectors.keys import reseal_job, sealed_counts, state_of
from complaints.services.reseals import (
    Moved,
    Outcome,
    ask_reseal,
    decide_reseal,
    hand_out,
    hand_out_original,
    take_identities,
    take_original,
)

from .pages import KeyPage, answered
from .rows import job_rows

# Twenty envelopes of at most 3 072 characters with what belongs to each; a sealed original of at most 20 MiB.
MOST_BATCH_BYTES = 200_000
MOST_FILE_BYTES = settings.PHOTO_MAX_BYTES + 8_192


class _Door(View):
    """One address without a page of its own; it exists for custodians, and for those who decide."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or not (keeps_keys(user) or leads_top(user)):
            raise Http404
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @property
    def about(self) -> dict[str, Any]:
        """Who acts when, with what the settings pin."""
        return {"actor": self.request.user, "pinned": settings.VAULT_FINGERPRINT, "at": timezone.now()}


class AskView(_Door):
    """A custodian asks."""

    def post(self, request: HttpRequest) -> HttpResponse:
        version = str(request.POST.get("version", ""))
        try:
            ask_reseal(version=int(version) if version.isdecimal() and len(version) < 10 else 0, **self.about)
        except ComplaintError as error:
            messages.error(request, str(error.public_message))
        else:
            messages.success(request, _("Asked. A leader at the top decides; until then nothing moves."))
        return redirect("custody_keys:index")


class DecideView(_Door):
    """A leader at the top approves or refuses."""

    def post(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        is_approved = request.POST.get("decision") == "approve"
        about = self.about
        try:
            decide_reseal(actor=about["actor"], at=about["at"], job_id=job_id, is_approved=is_approved)
        except ComplaintError as error:
            messages.error(request, str(error.public_message))
        else:
            done = _("Approved for three days.") if is_approved else _("Refused. Nothing moves.")
            messages.success(request, done)
        return redirect("custody_keys:index")


class ResealView(KeyPage):
    """The page on which the work is done: own key file, passphrase, then a bar that fills."""

    template_name = "complaints/staff/keys_reseal.html"
    http_method_names = ["get", "head"]
    page_title = gettext_lazy("Move what is sealed")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job, now = reseal_job(public_id=kwargs["job_id"]), timezone.now()
        if job is None or job.asked_by_id != self.user.pk or state_of(job, now=now) != ResealState.READY:
            raise Http404
        [row] = job_rows([job], user=self.user, decides=False, now=now)
        return super().get_context_data(
            job=job,
            row=row,
            public_key=base64.b64encode(bytes(job.target.public_key)).decode(),
            left=sealed_counts(version=job.source_id).total,
            **kwargs,
        )


class NextView(_Door):
    """The next sealed things after two cursors."""

    def get(self, request: HttpRequest, job_id: UUID) -> JsonResponse:
        def act() -> dict[str, Any]:
            items = hand_out(
                job_id=job_id,
                identity=_cursor(request, "identity"),
                original=_cursor(request, "original"),
                **self.about,
            )
            return {"items": [{**vars(item), "kind": item.kind.value} for item in items]}

        return answered(act)


def _cursor(request: HttpRequest, name: str) -> int:
    text = str(request.GET.get(name, ""))
    return int(text) if text.isdecimal() and len(text) < 19 else 0


class IdentitiesView(_Door):
    """Identities that come back."""

    def post(self, request: HttpRequest, job_id: UUID) -> JsonResponse:
        def act() -> dict[str, int]:
            body = request.read(MOST_BATCH_BYTES + 1)  # cut off is no JSON any more
            return _told(take_identities(job_id=job_id, moves=_moves(body), **self.about))

        return answered(act)


def _moves(body: bytes) -> list[Moved]:
    """Read what a browser sends; raises KeyRefused for anything else than moves."""
    names = ("number", "before", "envelope")
    try:
        rows: list[dict[str, object]] = json.loads(body[:MOST_BATCH_BYTES])
        return [Moved(**{name: str(row[name]) for name in names}) for row in rows]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise KeyRefused(KeyFault.MISFIT) from None


class OriginalView(_Door):
    """The sealed bytes of one original, out and back."""

    def get(self, request: HttpRequest, job_id: UUID, public_id: UUID) -> HttpResponse:
        try:
            sealed = hand_out_original(job_id=job_id, public_id=public_id, **self.about)
        except FileNotFoundError:
            raise Http404 from None
        except ComplaintError as error:
            return JsonResponse({"message": str(error.public_message)}, status=error.status)
        return HttpResponse(sealed, content_type="application/octet-stream")

    def post(self, request: HttpRequest, job_id: UUID, public_id: UUID) -> JsonResponse:
        def act() -> dict[str, int]:
            body = request.read(MOST_FILE_BYTES + 1)
            before = request.headers.get("X-Sealed-Before", "")
            sealed = body if len(body) <= MOST_FILE_BYTES else b""
            return _told(
                take_original(job_id=job_id, public_id=public_id, before=before, sealed=sealed, **self.about)
            )

        return answered(act)


def _told(outcome: Outcome) -> dict[str, int]:
    return {"moved": outcome.moved, "changed": outcome.changed, "left": outcome.left}
