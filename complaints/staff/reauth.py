"""The door before custody and reward acts: `recently_authenticated(view)` asks for password and code once more.

    path("open/", recently_authenticated(OpeningView.as_view()))

What was typed into the act itself is neither lost nor stored: it waits as hidden fields in the page that asks, and
goes on to the act together with the right answer. Files are not kept. A script gets status 401 instead of the page it
expected, and the header `X-Reauthentication: required`.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone

from complaints.services.accounts import note_reauthenticated
from portal.shared.reauth import FRESH_SECONDS, OnceMoreForm, is_recent, keep

View = Callable[..., HttpResponseBase]
OWN = frozenset({"reauth_password", "reauth_code", "reauth_after"})
NOT_KEPT = OWN | {"csrfmiddlewaretoken"}
HEADER = "X-Reauthentication"


def recently_authenticated(
    view: View,
    *,
    sent_within: int = FRESH_SECONDS,
    before: Callable[[HttpRequest], bool] = lambda _request: True,
) -> View:
    """Let a person through who showed password and code in the last five minutes; ask anybody else first.

    Args:
        sent_within: seconds for what is sent from a page that takes its time, such as the making of a key; looking at
            the page still asks after five minutes.
        before: whether a request is one of the acts that ask; the others pass. All of them when left out.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        seconds = sent_within if request.method == "POST" else FRESH_SECONDS
        if not before(request) or is_recent(request, now=time.time(), seconds=seconds):
            return view(_without_own(request), *args, **kwargs)
        user = request.user
        assert isinstance(user, User), "the back office lets nobody in who is not signed in"
        if "reauth_password" not in request.POST:
            return _ask(request, form=OnceMoreForm(user=user))
        form, is_asked_for_page = OnceMoreForm(request.POST, user=user), _was_a_look(request)
        is_right = form.is_valid()
        note_reauthenticated(user=user, at=timezone.now(), is_right=is_right)
        if not is_right:
            return _ask(request, form=form)
        keep(request, form=form)
        if is_asked_for_page:
            return HttpResponseRedirect(request.get_full_path())
        return view(_without_own(request), *args, **kwargs)

    return guarded


def _was_a_look(request: HttpRequest) -> bool:
    return request.POST.get("reauth_after") == "GET"


def _without_own(request: HttpRequest) -> HttpRequest:
    """Take password and code out of what was sent before the act sees it: nothing may keep or show them."""
    if OWN & set(request.POST):
        left = QueryDict(mutable=True)
        for name, values in request.POST.lists():
            if name not in OWN:
                left.setlist(name, values)
        left._mutable = False
        request.POST = left  # type: ignore[assignment]  # Django offers the setter, the stubs do not
    return request


def _ask(request: HttpRequest, *, form: OnceMoreForm) -> HttpResponseBase:
    again = _was_a_look(request) if "reauth_after" in request.POST else request.method != "POST"
    kept = [] if again else [
        (name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values
    ]  # fmt: skip
    values = {"form": form, "kept": kept, "after": "GET" if again else "POST"}
    response = render(request, "account/once_more.html", values, status=401)
    response.headers[HEADER] = "required"
    return response
