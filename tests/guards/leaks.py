"""Looks for planted secrets in everything a system leaves behind, in every spelling bytes can have."""

import base64
import io
import json
import logging
import pickle
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django_tasks.backends.immediate import ImmediateBackend

from portal.shared.logs import ScrubFilter


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One response: which door, who asked, what came back; `may_show` are secrets the asker typed or is given."""

    door: str
    status: int
    content: bytes
    may_show: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class Traces:
    """Everything that was left behind, by place."""

    answers: list[Answer] = field(default_factory=list)
    places: dict[str, bytes] = field(default_factory=dict)

    def add(self, door: str, response: HttpResponse, *, may_show: Iterable[str] = ()) -> HttpResponse:
        """Keep a response with its headers."""
        heads = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        body = response.getvalue() if response.streaming else response.content
        content = f"{heads}\n{response.cookies.output()}\n".encode() + body
        answer = Answer(door=door, status=response.status_code, content=content, may_show=frozenset(may_show))
        self.answers.append(answer)
        return response


def spellings(secret: str) -> set[bytes]:
    """Return the forms in which a text may lie in bytes."""
    joined = {secret, secret.replace("-", ""), secret.replace("-", " ")}
    plain = joined | {one.lower() for one in joined} | {one.upper() for one in joined}
    plain |= {urllib.parse.quote(one) for one in set(plain)}
    plain |= {json.dumps(one)[1:-1] for one in set(plain)}
    plain |= {one.encode("unicode_escape").decode() for one in set(plain)}
    found = {one.encode() for one in plain} | {secret.encode("utf-16-le"), secret.encode("gb18030")}
    return found | {base64.b64encode(secret.encode()), secret.encode().hex().encode()}


def found_in(content: bytes, secrets: Mapping[str, str]) -> set[str]:
    """Return the names of the secrets that lie in these bytes, in any spelling."""
    return {name for name, secret in secrets.items() if any(form in content for form in spellings(secret))}


def leaks(traces: Traces, secrets: Mapping[str, str]) -> dict[str, set[str]]:
    """Return place → names of secrets found there where they must not be."""
    found: dict[str, set[str]] = {}
    for answer in traces.answers:
        bad = found_in(answer.content, secrets) - answer.may_show
        if bad:
            found.setdefault(f"{answer.door} ({answer.status})", set()).update(bad)
    for place, content in traces.places.items():
        bad = found_in(content, secrets)
        if bad:
            found[place] = bad
    return found


def excerpts(traces: Traces, secrets: Mapping[str, str], *, around: int = 400) -> str:
    """Return how each place begins and what stands around its first secret, to tell who wrote it there."""
    shown = []
    for place, content in traces.places.items():
        hits = [content.find(form) for secret in secrets.values() for form in spellings(secret)]
        first = min((hit for hit in hits if hit >= 0), default=None)
        if first is not None:
            part = content[max(0, first - around) : first + around].decode(errors="replace")
            start = content[:around].decode(errors="replace")
            shown.append(f"{place}, {len(content)} bytes: {start}… at {first}: …{part}…")
    return "\n".join(shown)


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Write all loggers down to DEBUG, the way the configured handlers do."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        assert settings.LOGGING["filters"][name]["()"].endswith(ScrubFilter.__name__)
        handler.addFilter(ScrubFilter())
    handler.setFormatter(logging.Formatter(settings.LOGGING["formatters"]["line"]["format"], style="{"))
    loggers = [root, logging.getLogger("django")]
    levels = [logger.level for logger in loggers]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        root.removeHandler(handler)


@contextmanager
def task_arguments() -> Iterator[list[str]]:
    """Record what every task is given."""
    seen: list[str] = []
    enqueue = ImmediateBackend.enqueue

    def spy(backend: Any, task: Any, args: Any, kwargs: Any) -> Any:
        seen.append(repr((task.module_path, args, kwargs)))
        return enqueue(backend, task, args, kwargs)

    with mock.patch.object(ImmediateBackend, "enqueue", spy):
        yield seen


def sessions() -> bytes:
    """Return all sessions, opened."""
    return repr([row.get_decoded() for row in Session.objects.all()]).encode()


def cached() -> bytes:
    """Return names and values of everything in the cache, packed or not."""
    store: dict[str, bytes] = getattr(cache, "_cache", {})
    return b"\n".join(name.encode() + b"=" + value + b"=" + _unpacked(value) for name, value in store.items())


def _unpacked(value: bytes) -> bytes:
    try:
        return repr(pickle.loads(value)).encode()  # noqa: S301  written by this very process
    except (pickle.UnpicklingError, zlib.error, EOFError):
        return b""


def letters() -> bytes:
    """Return all e-mail with its headers."""
    return b"\n".join(letter.message().as_bytes() for letter in getattr(mail, "outbox", []))
