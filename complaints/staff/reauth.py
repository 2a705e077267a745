"""Delicate acts ask for the password once more unless it was given a moment ago."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

View = Callable[..., HttpResponseBase]


def recently_authenticated(view: View) -> View:
    """Decorate a view: lead whoever comes to look to the password first, then back here.

    What is sent is never kept in the session: a view that takes something asks `unseal_gate.is_recent` itself and keeps
    the words on its page.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" and is_reauthentication_required(request, app="account"):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")
        return view(request, *args, **kwargs)

    return inner
