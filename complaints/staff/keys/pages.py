"""The pages of custodians: all versions, a new key, a key file for another custodian, recovery from two sheets.

What is secret stays in the browser: of a key only the public half and its fingerprint are posted.
"""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.errors import ComplaintError
from complaints.policies import keeps_keys, leads_top
from complaints.rules.reseal import OPEN_STATES
from complaints.selectors.keys import custodians, on_their_way, reseal_jobs, state_of
from complaints.selectors.vaults import vault_lines
from complaints.services.keys import (
    ask_for_proof,
    record_handover,
    record_receipt,
    record_recovery,
    register_key,
    report_misfit,
)
from complaints.services.possession import Proof

from ..story import name_of
from .rows import job_rows, version_rows, way_rows
from .words import words_for_scripts


class KeyPage(WagtailAdminTemplateMixin, TemplateView):
    """A page nobody but custodians finds; nothing of it is kept by a browser."""

    header_icon = "key"
    request: HttpRequest

    def may_enter(self, user: User) -> bool:
        """Whether the page exists for this person."""
        return keeps_keys(user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User) or not self.may_enter(request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @property
    def user(self) -> User:
        """Who is signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(words=words_for_scripts(), **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        keys = {"url": reverse("custody_keys:index"), "label": _("Vault keys")}
        own = [{"url": "", "label": str(self.page_title)}]
        return [*self.breadcrumbs_items, keys, *(own if type(self) is not KeysView else [])]


class KeysView(KeyPage):
    """All versions of the vault, who holds them, and jobs that move what is sealed; leaders at the top decide here."""

    template_name = "complaints/staff/keys.html"
    http_method_names = ["get", "head"]
    page_title = gettext_lazy("Vault keys")

    def may_enter(self, user: User) -> bool:
        return keeps_keys(user) or leads_top(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        lines = vault_lines(pinned=settings.VAULT_FINGERPRINT)
        jobs = reseal_jobs()
        moving = {job.source_id for job in jobs if state_of(job, now=now) in OPEN_STATES}
        return super().get_context_data(
            versions=version_rows(lines, moving=moving, today=timezone.localdate(now)),
            next_version=_next_version(lines),
            jobs=job_rows(jobs, user=self.user, decides=leads_top(self.user), now=now),
            keeps_keys=keeps_keys(self.user),
            on_their_way=on_their_way(to=self.user).exists(),
            **kwargs,
        )


def _next_version(lines: list[Any]) -> int:
    return max((line.vault.version for line in lines), default=0) + 1


class _Posting(KeyPage):
    """A page whose script posts what is to be recorded and shows the answer; refusals come as a sentence."""

    http_method_names = ["get", "head", "post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        return answered(lambda: self.record(at=timezone.now()))

    def record(self, *, at: datetime) -> dict[str, Any]:
        """Record what the browser did and return what the page shows."""
        raise NotImplementedError

    def typed(self, name: str) -> str:
        """Return one posted value."""
        return str(self.request.POST.get(name, ""))

    def number(self, name: str) -> int:
        """Return one posted number, 0 for anything else."""
        text = self.typed(name)
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    @property
    def proof(self) -> Proof:
        """What the browser opened to show that it holds the key."""
        return Proof(binding=self.typed("binding"), nonce=self.typed("nonce"))


def answered(act: Callable[[], dict[str, Any]]) -> JsonResponse:
    """Return what an act answers as JSON, a refusal as its sentence."""
    try:
        return JsonResponse(act())
    except ComplaintError as error:
        return refused(error)


def refused(error: ComplaintError) -> JsonResponse:
    """Return a refusal as its code and its sentence."""
    return JsonResponse({"code": error.code, "message": str(error.public_message)}, status=error.status)


class NewKeyView(_Posting):
    """The key ceremony: the first key, or the next version of it."""

    template_name = "complaints/staff/keys_new.html"
    page_title = gettext_lazy("Make a key")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = _next_version(vault_lines(pinned=settings.VAULT_FINGERPRINT))
        return super().get_context_data(version=version, person=name_of(self.user), **kwargs)

    def record(self, *, at: datetime) -> dict[str, Any]:
        vault = register_key(
            actor=self.user,
            version=self.number("version"),
            public_key=_decoded(self.typed("public_key")),
            fingerprint=self.typed("fingerprint"),
            proof=self.proof,
            at=at,
        )
        return {"version": vault.version, "fingerprint": vault.fingerprint}


def _decoded(text: str) -> bytes:
    """Return the bytes; none for what is no base64, which the service refuses and logs."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


class HandOverView(_Posting):
    """A custodian wraps a key file for another one, who chooses its passphrase at the same screen."""

    template_name = "complaints/staff/keys_hand_over.html"
    page_title = gettext_lazy("Hand over a key file")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = [{"value": one.pk, "label": name_of(one)} for one in custodians(but=self.user)]
        return super().get_context_data(people=people, vaults=_choices(), **kwargs)

    def record(self, *, at: datetime) -> dict[str, Any]:
        row = record_handover(
            actor=self.user,
            version=self.number("version"),
            fingerprint=self.typed("fingerprint"),
            holder_id=self.number("holder"),
            proof=self.proof,
            at=at,
        )
        return {"holder": name_of(row.holder), "username": row.holder.get_username()}


class RecoverView(_Posting):
    """A forgotten passphrase or a lost file: two of the three sheets make a new key file."""

    template_name = "complaints/staff/keys_recover.html"
    page_title = gettext_lazy("Recover from two sheets")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(vaults=_choices(), person=self.user.get_username(), **kwargs)

    def record(self, *, at: datetime) -> dict[str, Any]:
        row = record_recovery(
            actor=self.user,
            version=self.number("version"),
            fingerprint=self.typed("fingerprint"),
            proof=self.proof,
            at=at,
        )
        return {"version": row.vault_id}


class ReceiveView(_Posting):
    """Whoever was handed a key file opens it in their own session: from then on it is on record as received."""

    template_name = "complaints/staff/keys_receive.html"
    page_title = gettext_lazy("Receive a key file")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = way_rows(on_their_way(to=self.user), today=timezone.localdate())
        vaults = [{"version": row.version, "fingerprint": row.fingerprint} for row in rows]
        return super().get_context_data(rows=rows, vaults=vaults, **kwargs)

    def record(self, *, at: datetime) -> dict[str, Any]:
        row = record_receipt(actor=self.user, version=self.number("version"), proof=self.proof, at=at)
        return {"version": row.vault_id}


class _Sending(_Posting):
    """An address without a page of its own, for the scripts of the others."""

    http_method_names = ["post"]


class ChallengeView(_Sending):
    """A number sealed to a key, for a browser to open."""

    def record(self, *, at: datetime) -> dict[str, Any]:
        key = _decoded(self.typed("public_key"))
        challenge = ask_for_proof(actor=self.user, version=self.number("version"), public_key=key, at=at)
        return {"binding": challenge.binding, "envelope": challenge.envelope}


class MisfitView(_Sending):
    """The code of what did not fit in a browser."""

    def record(self, *, at: datetime) -> dict[str, Any]:
        report_misfit(actor=self.user, work=self.typed("work"), code=self.typed("code"), at=at)
        return {}


class PasswordView(KeyPage):
    """Where a page sends somebody who must give the password once more, in a tab of its own."""

    template_name = "complaints/staff/unseal/password.html"
    http_method_names = ["get", "head"]
    page_title = gettext_lazy("Vault keys")


def _choices() -> list[dict[str, Any]]:
    return [
        {
            "version": line.vault.version,
            "fingerprint": line.vault.fingerprint,
            "label": _("Version %(n)d, %(state)s") % {"n": line.vault.version, "state": line.state.label},
        }
        for line in vault_lines(pinned=settings.VAULT_FINGERPRINT)
    ]
