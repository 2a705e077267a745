"""Moving what is sealed in a custodian's browser: ask, decide, then batches out and back."""

import base64
import json
import time
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
    start_run,
    take_claims,
    take_identities,
    take_original,
)

from ..reauth import HEADER
from .pages import KeyPage, answered, refused
from .rows import job_rows

# Twenty envelopes of at most 3 072 characters with what belongs to each; a sealed original of at most 20 MiB.
MOST_BATCH_BYTES = 200_000
MOST_FILE_BYTES = settings.PHOTO_MAX_BYTES + 8_192


# A run that somebody sits at goes on without asking again; a session left alone ends it earlier.
RUN = "vault_run"
RUN_SECONDS = 8 * 3600


class _Door(View):
    """One address without a page of its own; it exists for custodians, and for those who decide."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.require_entry(request)
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def require_entry(self, request: HttpRequest) -> None:
        """Raise Http404 for anybody for whom the address does not exist."""
        user = request.user
        if not isinstance(user, User) or not (keeps_keys(user) or leads_top(user)):
            raise Http404

    @property
    def about(self) -> dict[str, Any]:
        """Who acts when, with what the settings pin."""
        return {"actor": self.request.user, "pinned": settings.VAULT_FINGERPRINT, "at": timezone.now()}


class StartView(_Door):
    """A run begins, or goes on after a break: password and code were given just now, and hold for its other doors."""

    def post(self, request: HttpRequest, job_id: UUID) -> JsonResponse:
        def act() -> dict[str, Any]:
            start_run(job_id=job_id, **self.about)
            request.session[RUN] = {"job": str(job_id), "at": int(time.time())}
            return {}

        return answered(act)


class _Running(_Door):
    """A door of a run: open while this session has started it, and for so long."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        run = request.session.get(RUN, {})
        is_on = run.get("job") == str(kwargs["job_id"]) and 0 <= time.time() - run["at"] < RUN_SECONDS
        return super().dispatch(request, *args, **kwargs) if is_on else self._asked_first(request)

    def _asked_first(self, request: HttpRequest) -> HttpResponseBase:
        self.require_entry(request)
        return JsonResponse({"code": "reauth"}, status=401, headers={HEADER: "required"})


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


class NextView(_Running):
    """The next sealed things after three cursors."""

    def get(self, request: HttpRequest, job_id: UUID) -> JsonResponse:
        def act() -> dict[str, Any]:
            batch = hand_out(
                job_id=job_id,
                identity=_cursor(request, "identity"),
                original=_cursor(request, "original"),
                claim=_cursor(request, "claim"),
                **self.about,
            )
            items = [{**vars(item), "kind": item.kind.value} for item in batch.items]
            return {"items": items, "held_back": batch.held_back}

        return answered(act)


def _cursor(request: HttpRequest, name: str) -> int:
    text = str(request.GET.get(name, ""))
    return int(text) if text.isdecimal() and len(text) < 19 else 0


class IdentitiesView(_Running):
    """Identities that come back."""

    take = staticmethod(take_identities)

    def post(self, request: HttpRequest, job_id: UUID) -> JsonResponse:
        def act() -> dict[str, int]:
            body = request.read(MOST_BATCH_BYTES + 1)  # cut off is no JSON any more
            return _told(self.take(job_id=job_id, moves=_moves(body), **self.about))

        return answered(act)


class ClaimsView(IdentitiesView):
    """Payment details that come back."""

    take = staticmethod(take_claims)


def _moves(body: bytes) -> list[Moved]:
    """Read what a browser sends; raises KeyRefused for anything else than moves."""
    try:
        rows: list[dict[str, str]] = json.loads(body[:MOST_BATCH_BYTES])
        return [
            Moved(cursor=int(row["cursor"]), before=str(row["before"]), envelope=str(row["envelope"]))
            for row in rows
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise KeyRefused(KeyFault.MISFIT) from None


class OriginalView(_Running):
    """The sealed bytes of one original, out and back."""

    def get(self, request: HttpRequest, job_id: UUID, public_id: UUID) -> HttpResponse:
        try:
            sealed = hand_out_original(job_id=job_id, public_id=public_id, **self.about)
        except ComplaintError as error:
            return refused(error)
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
