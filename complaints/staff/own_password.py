"""A password that an administrator chose opens one page only: the one on which its owner chooses another."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from complaints.selectors.accounts import must_choose_password
from complaints.services.accounts import note_own_password

# Kept in the session, so that a page of anybody else asks the database nothing.
GIVEN = "password_was_given"
CLOSED = ("admin/", "workplace/")


class OwnPasswordMiddleware:
    """Leads a person whose password was given to choosing an own one, whatever page of the desk was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_closed(request.path_info) and request.session.get(GIVEN):
            if must_choose_password(user_id=request.user.pk):
                return HttpResponseRedirect(reverse("account_change_password"))
            del request.session[GIVEN]
        return self.get_response(request)


def _is_closed(path: str) -> bool:
    return path.startswith(tuple(f"/{settings.URL_PREFIX}{section}" for section in CLOSED))


def note_sign_in(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Remember for this session that the password it began with was chosen by somebody else."""
    if must_choose_password(user_id=user.pk):
        request.session[GIVEN] = True


def note_change(*, user: User, **_kwargs: Any) -> None:
    """Log that somebody chose a password."""
    note_own_password(user=user, at=timezone.now())
