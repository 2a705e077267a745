"""Answers public pages from memory where nothing they show has changed since they were made."""

import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.utils import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.shared import kept_parts
from portal.shared.keeping import may_be_kept
from portal.shared.replica import REPLICA, has_replica, reading_from_replica

from .mark import read_mark
from .store import Kept, Store

Respond = Callable[[HttpRequest], HttpResponse]
Key = tuple[str, ...]
# What the mark cannot see, such as a setting read from a file: nothing is older than this.
MOST_SECONDS = 600
# What a view answers while the database is away.
AWAY = 503
# Addresses that ask for something are apart, so that whoever walks through all of them pushes out only their like.
plain = Store(most_bytes=settings.PAGE_CACHE_BYTES * 3 // 4)
asking = Store(most_bytes=settings.PAGE_CACHE_BYTES // 4)


class Paths:
    """Where views have let an answer be kept. For nothing else is the mark read, so that a form costs no query more."""

    MOST = 10_000

    def __init__(self) -> None:
        self._paths: set[str] = set()

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def add(self, path: str) -> None:
        """Remember a path; with too many of them begin anew."""
        if len(self._paths) >= self.MOST:
            self._paths = set()
        self._paths.add(path)

    def clear(self) -> None:
        """Forget all."""
        self._paths = set()


kept_once = Paths()


class PageCacheMiddleware:
    """Stands behind the choice of language and before everything that knows a person.

    The first answer of a path only tells that it may be kept, the second one is, the third comes from memory.
    A browser that holds a session is neither answered from memory nor remembered. A page is kept only if its view said
    so (`portal.shared.keeping`), and only as it left the view: without cookies, without a nonce, whole.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_open = request.path in kept_once and _is_for_anyone(request)
        mark = _mark(using=DEFAULT_DB_ALIAS) if is_open else ""
        if not mark:
            # With the primary away nothing can be withdrawn either: what the replica holds is what there is.
            response = self._unkept(request, is_open=is_open)
            if may_be_kept(request):
                kept_once.add(request.path)
            return response
        pages = asking if request.META.get("QUERY_STRING") else plain
        key, now = _key(request), time.monotonic()
        found = pages.get(key, mark=mark, oldest=now - MOST_SECONDS)
        if found is not None:
            return _answer(found)
        response = self._read(request, mark=mark, from_replica=replica_mark() == mark)
        if may_be_kept(request) and _is_same_for_all(request, response):
            headers = tuple((name, str(value)) for name, value in response.items())
            pages.put(key, Kept(headers=headers, body=response.content, mark=mark, second=now))
        return response

    def _unkept(self, request: HttpRequest, *, is_open: bool) -> HttpResponse:
        if is_open and may_answer_alone():
            return self._alone(request)
        response = self._made(request)
        if response.status_code != AWAY or is_open or not has_replica() or not _is_for_anyone(request):
            return response
        if _mark(using=DEFAULT_DB_ALIAS) or not may_answer_alone():
            return response
        # The primary is away, and nobody has asked this process for the page before.
        return self._alone(request)

    def _alone(self, request: HttpRequest) -> HttpResponse:
        with reading_from_replica(is_alone=True):
            return self.get_response(request)

    def _read(self, request: HttpRequest, *, mark: str, from_replica: bool) -> HttpResponse:
        if not from_replica:
            return self._made(request, mark=mark)
        with reading_from_replica():
            response = self._made(request, mark=mark)
        if response.status_code != AWAY:
            return response
        # It went away in the middle, or had to give up a question to catch up.
        _Rest.until = time.monotonic() + _Rest.SECONDS
        return self._made(request, mark=mark)

    def _made(self, request: HttpRequest, *, mark: str = "") -> HttpResponse:
        """Have the page made; what many pages have in common may come from memory for whoever is nobody in particular.

        Args:
            mark: what the primary's was before; the replica's was the same. Read anew it could be a later one, and old
                rows of a replica that lags would be kept under it. Empty: it is read from the primary, as the data is.
        """
        if not _is_for_anyone(request):
            return self.get_response(request)
        with kept_parts.reading((lambda: mark) if mark else partial(_mark, using=DEFAULT_DB_ALIAS)):
            return self.get_response(request)


class _Rest:
    """Until when a replica that did not answer is left alone, so that not every reader waits for it."""

    SECONDS = 15.0
    until = 0.0


class _Last:
    """The mark of the primary this process saw last."""

    mark = ""


def may_answer_alone() -> bool:
    """Whether the replica holds what the primary held when it was last seen, so that nothing withdrawn comes back."""
    return bool(_Last.mark) and replica_mark() == _Last.mark


def replica_mark() -> str:
    """Return the mark of the replica; empty where there is none, or it does not answer."""
    if not has_replica() or time.monotonic() < _Rest.until:
        return ""
    mark = _mark(using=REPLICA)
    if not mark:
        _Rest.until = time.monotonic() + _Rest.SECONDS
    return mark


def _is_for_anyone(request: HttpRequest) -> bool:
    return (
        settings.PAGE_CACHE_BYTES > 0
        and request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "Authorization" not in request.headers
    )


def _mark(*, using: str) -> str:
    try:
        mark = read_mark(using=using)
    except Error:
        return ""  # the view says what is wrong
    if using == DEFAULT_DB_ALIAS:
        _Last.mark = mark
    return mark


def _key(request: HttpRequest) -> Key:
    """Everything an open page is made from besides the database; the day, because some texts end with one."""
    return (
        str(request.method),
        request.scheme or "",
        request.META.get("HTTP_HOST", ""),  # checked before anything is kept
        request.get_full_path(),
        str(getattr(request, "LANGUAGE_CODE", "")),
        timezone.localdate().isoformat(),
    )


def _is_same_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and getattr(request, "_csp_nonce", None) is None
        and "no-store" not in response.headers.get("Cache-Control", "")
    )


def _answer(kept: Kept) -> HttpResponse:
    return HttpResponse(kept.body, headers=dict(kept.headers))
