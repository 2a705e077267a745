"""Middleware: privacy headers, explicit choice of language, second factor for staff."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.functional import SimpleLazyObject

from .logs import request_of

Respond = Callable[[HttpRequest], HttpResponse]


class PrivacyHeadersMiddleware:
    """No referrer, no features the site does not use; staff pages and every answer to a POST are never stored.

    The answer by which a session ends tells the browser to drop what it kept of the site. Lines of the log that are
    written while a visitor is answered carry no time.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with request_of(visitor=not is_staff_path(request.path_info)):
            response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if is_staff_path(request.path_info):
            # Under "no-referrer" a browser sends "Origin: null" with a form, which the check against forgery refuses.
            response.headers["Referrer-Policy"] = "same-origin"
        if request.method == "POST" or is_staff_path(request.path_info):
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        if hasattr(request, ENDED):
            response.headers["Clear-Site-Data"] = settings.CLEAR_AT_SIGN_OUT
        return response


def note_ended(request: HttpRequest | None = None, **_signal: Any) -> None:
    """Remember that the session of a request ended in it, by whichever door (receiver of `user_logged_out`)."""
    if request is not None:
        setattr(request, ENDED, True)


def is_staff_path(path: str) -> bool:
    """Whether a path (without the script's own) belongs to the back office, the workspace or sign-in."""
    return _starts(path, "admin/", "workplace/", "accounts/")


def is_api_path(path: str) -> bool:
    """Whether a path belongs to the JSON API."""
    return path.startswith(f"/{settings.URL_PREFIX}api/")


class LanguageChoiceMiddleware:
    """Chinese unless the visitor chose English: a cookie that holds two letters and names nobody.

    The API answers by Accept-Language instead. The browser's own setting is not asked on pages, because many phones
    in China are sold with an English one.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",) if is_api_path(request.path_info) else ("Cookie",))
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        return response

    def _language(self, request: HttpRequest) -> str:
        if is_api_path(request.path_info):
            asked = request.headers.get("Accept-Language", "").lower()
            return "en" if asked.startswith("en") else settings.LANGUAGE_CODE
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class SecondFactorMiddleware:
    """A session without a second factor is nobody, but for the pages on which the second factor is given.

    The back office and the workspace send such a session to set its second factor up, or to sign in again with it;
    everywhere else it counts as signed out. Recovery codes count as a second factor.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _starts(request.path_info, "admin/", "workplace/"):
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
        elif not _starts(request.path_info, "accounts/"):
            signed_in = request.user
            request.user = SimpleLazyObject(lambda: _whole(request, signed_in))  # type: ignore[assignment]  # Django does the same
        elif request.user.is_authenticated and not _may_stay(request):
            return HttpResponseRedirect(reverse("second_factor"))
        return self.get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        """Stop half a session."""
        if not request.user.is_authenticated:
            return None
        if not has_second_factor(request):
            return HttpResponseRedirect(reverse("second_factor"))
        return None

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Stop an account without any role: Wagtail would send it round in circles.

        Here, and not before, because the answer passes the middleware that logs what was refused.
        """
        if not _starts(request.path_info, "admin/") or not request.user.is_authenticated:
            return None
        if request.user.has_perm("wagtailadmin.access_admin"):
            return None
        return render(request, "account/no_role.html", status=403)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session showed a code for the very person it is signed in as."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def _whole(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if not user.is_authenticated:
        return user
    records = get_authentication_records(request, user)
    return user if any(record.get("method") == "mfa" for record in records) else AnonymousUser()


def _may_stay(request: HttpRequest) -> bool:
    """Keep half a session from recovery codes (unless it has just set the second factor up), password and sessions."""
    if _starts(request.path_info, "accounts/2fa/recovery-codes/"):
        return has_second_factor(request) or bool(request.session.get(SET_UP_HERE))
    if _starts(request.path_info, "accounts/password/", "accounts/sessions/"):
        return has_second_factor(request)
    return True


def _starts(path: str, *sections: str) -> bool:
    return path.startswith(tuple(f"/{settings.URL_PREFIX}{section}" for section in sections))


SET_UP_HERE = "second_factor_set_up_here"
ENDED = "_session_ended"
