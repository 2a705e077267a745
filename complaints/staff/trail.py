"""Looks and refusals at the desk leave a row in the audit log, whatever view answers: the table says which and how.

Changes are logged by the services that make them. Pages of one tip, its photos and papers log themselves, with the
number; here are the lists, the searches and exports, accounts, roles and settings, and every page that was refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import ResolverMatch, reverse
from django.utils import timezone

from complaints.errors import OldKeyRing
from complaints.services import viewing

from .find import PIECE

HOME = "wagtailadmin_home"
DAY_SECONDS = 24 * 3600
LONGEST_SUBJECT = 60

# What a look at an address is called in the log: by its name, or by its namespace.
LOOKS = {
    HOME: "desk",
    "tips:index": "tips",
    "tips:index_results": "tips",
    "tips:view": "tips",
    "tips:view_results": "tips",
    "tips:map": "tips",
    "tips:view_map": "tips",
    "audit_log": "log",
    "audit_log_results": "log",
    "handovers": "handovers",
    "penalties": "penalties",
    "statistics": "statistics",
    "statistics_print": "statistics",
    "statistics_file": "statistics",
    "attention": "attention",
    "attention_print": "attention",
    "attention_file": "attention",
    "attention_tips": "attention",
    "attention_weights": "attention_weights",
    "evaluation_weights": "evaluation_weights",
    "review_sheets": "review_sheets",
    "alarm_thresholds": "alarm_thresholds",
    "dashboard": "dashboard",
    "dashboard_tips": "dashboard",
    "evaluation": "evaluation",
    "evaluation_file": "evaluation",
    "reviews": "file_review",
    "review_results": "file_review",
    "review_sample": "file_review",
    "review_file": "file_review",
    "wagtailusers_users": "accounts",
    "roles": "roles",
    "periods": "periods",
    "wagtailsnippets_complaints_office": "units",
    "wagtailsnippets_complaints_specialday": "days",
    "wagtailsnippets_complaints_replytemplate": "templates",
    "wagtailsnippets_complaints_division": "divisions",
    "wagtailsnippets_complaints_routingrule": "routing",
    "wagtailsnippets_complaints_competentbody": "bodies",
    "wagtailsettings": "bureau",
    "wagtailsites": "sites",
    "sites": "sites",
    "keeping": "keeping",
    "reward_rules": "reward_rules",
    "rewards": "rewards",
    "payments": "payments",
    "enterprises": "enterprises",
    "ceilings": "ceilings",
    "channel_duties": "channel_duties",
    "inside_periods": "inside_periods",
    "case_duty": "case_duty",
    "custody_keys": "keys",
    "unseal": "openings",
    "site_history": "pages",
    "site_history_results": "pages",
}
# Addresses with a namespace of their own that stand for one thing of it.
ONE_THING = {"wagtailusers_users": "user"}
# The workspace of companies is watched like the desk: whoever tries the doors of others leaves a trace.
WATCHED = ("admin/", "workplace/")
# 400 and 413: what could not be read, or was too much to be read, reached no view. 409: an act that the rules refuse;
# where its service wrote a row of its own, there is no second one.
REFUSALS = frozenset({400, 403, 404, 409, 413})


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was looked at, and whether it was a search or an export of it."""

    action: str
    subject: str = ""
    is_often: bool = False


class TrailMiddleware:
    """Writes the row after the page was made and before it goes out: what cannot be logged is not shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        watched = tuple(f"/{settings.URL_PREFIX}{section}" for section in WATCHED)
        if not request.path_info.startswith(watched):
            return self.get_response(request)
        with viewing.acts_recorded() as acts:
            response = self.get_response(request)
        user, match = request.user, request.resolver_match
        if isinstance(user, User) and match is not None:
            try:
                _note(request, response, user=user, match=match, acts=acts)
            except OldKeyRing as error:
                context = {"words": error.public_message}
                return render(request, "complaints/staff/old_keys.html", context, status=error.status)
        return response


def _note(
    request: HttpRequest, response: HttpResponse, *, user: User, match: ResolverMatch, acts: list[str]
) -> None:
    now = timezone.now()
    if is_refusal(request, response, match=match):
        if not any(act.endswith("refused") for act in acts):
            data = {"page": match.view_name, "method": request.method or ""}
            viewing.note_refused(subject=_thing(match), data=data, viewer=user, at=now)
        return
    look = look_of(request, match=match)
    if look is not None and request.method == "GET" and response.status_code == 200:
        _write(look, user=user, now=now)


def is_refusal(request: HttpRequest, response: HttpResponse, *, match: ResolverMatch) -> bool:
    """Whether a page was refused; Wagtail says so with a message on the first page."""
    if response.status_code in REFUSALS:
        return True
    is_sent_home = response.status_code == 302 and response.headers.get("Location") == reverse(HOME)
    return is_sent_home and match.view_name != HOME


def look_of(request: HttpRequest, *, match: ResolverMatch) -> Look | None:
    """Return what a page shows of tips, accounts, roles or settings; None when it shows nothing of them."""
    section = LOOKS.get(match.view_name) or LOOKS.get(":".join(match.namespaces))
    if section is None:
        return None
    if request.GET.get("export"):
        return Look(action=f"export.{section}", is_often=True)
    if request.GET.get("q") or request.GET.get(PIECE):
        return Look(action=f"search.{section}", is_often=True)
    return Look(action=f"read.{section}", subject=_thing(match))


def _thing(match: ResolverMatch) -> str:
    """Return the one thing an address is about: a public number or id of a tip or photo, or model and key."""
    kwargs = match.kwargs
    if "number" in kwargs or "public_id" in kwargs:
        return str(kwargs.get("number") or kwargs["public_id"])[:LONGEST_SUBJECT]
    if "page_id" in kwargs:
        return f"page:{kwargs['page_id']}"
    key = kwargs.get("pk") or (match.args[0] if match.args else None)
    if key is None:
        return ""
    namespace = ":".join(match.namespaces)
    name = ONE_THING.get(namespace) or namespace.rpartition("_")[2]
    return f"{name}:{key}"[:LONGEST_SUBJECT]


def _write(look: Look, *, user: User, now: datetime) -> None:
    """Write the row, unless this process remembers that it was written today: most looks then ask no database."""
    if look.is_often:
        viewing.note_search(action=look.action, subject=look.subject, viewer=user, at=now)
        return
    key = f"look:{user.pk}:{look.action}:{look.subject}:{timezone.localdate(now).isoformat()}"
    if cache.get(key) is None:
        viewing.note_read(action=look.action, subject=look.subject, viewer=user, at=now)
        cache.set(key, value=True, timeout=DAY_SECONDS)
