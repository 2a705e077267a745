"""The first page of a custodian: what waits to be opened, and key files on their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from complaints.enums import UnsealPurpose
from complaints.models import UnsealRequest
from complaints.policies import may_see_keys, may_see_requests
from complaints.selectors.custody import waiting_for_custodian
from complaints.selectors.keys import on_their_way

from .unseal_words import note_of, request_url, what_of

MOST = 20


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One line that leads somewhere: what, and what to know about it."""

    url: str
    label: str
    note: str


class CustodyPanel(Component):
    """A custodian's work in one panel; it takes the place of Wagtail's site summary and page search."""

    name = "custody"
    order = 15
    template_name = "complaints/staff/custody_home.html"
    replaces_summary = True

    class Media:
        css = {"all": ["desk/desk-pages.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        today = timezone.localdate(now)
        requests = waiting_for_custodian(user=user, most=MOST, now=now)
        return {
            "openings": [_opening(row, today=today) for row in requests],
            "keys": _keys(user),
            "requests_url": reverse("unseal:index"),
            "keys_url": reverse("custody_keys:index"),
        }


def _opening(row: UnsealRequest, *, today: date) -> Waiting:
    return Waiting(
        url=request_url(row),
        label=f"{row.number} · {what_of(row)} · {row.tip.number}",
        note=" · ".join([str(UnsealPurpose(row.purpose).label), note_of(row, today=today)]),
    )


def _keys(user: User) -> list[Waiting]:
    return [
        Waiting(
            url=reverse("custody_keys:receive"),
            label=_("A key file is on its way to you"),
            note=_("Version %(n)d") % {"n": row.vault_id},
        )
        for row in on_their_way(to=user)
    ]


def custody_home(request: HttpRequest) -> HttpResponse:
    """Lead from the short address to the list of requests, or to the keys; nobody else finds it."""
    if may_see_requests(request.user):
        return redirect("unseal:index")
    if may_see_keys(request.user):
        return redirect("custody_keys:index")
    raise Http404
