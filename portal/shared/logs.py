"""A last net under the log: whatever looks like a receipt or an address is struck out, a visitor's second as well."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

_MARKS = (
    # A receipt, with any separators or none; O, I and L are read as 0 and 1.
    re.compile(
        r"(?<![0-9A-Za-z])[0-9A-TV-Za-tv-z]{4}(?:[^0-9A-Za-z]{0,3}[0-9A-TV-Za-tv-z]{4}){4}(?![0-9A-Za-z])"
    ),
    re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),
    re.compile(r"(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])"),
    re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
)


# Whether the work in hand is a visitor's request; None outside of requests.
_visitor: ContextVar[bool | None] = ContextVar("visitor", default=None)


def scrub(text: str) -> str:
    """Return `text` with receipts, addresses of machines and mobile numbers struck out."""
    for mark in _MARKS:
        text = mark.sub("[…]", text)
    return text


class ScrubFilter(logging.Filter):
    """Rewrites each record; of an exception only its type and place are kept, never its values."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__["is_coarse"] = _is_visitors(record)
        record.msg, record.args = scrub(_without_path(_message(record), record)), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = scrub(_trace(record.exc_info))
            record.exc_info = None
        for name in ("request", "user"):
            record.__dict__.pop(name, None)
        return True


class QuietHandler(logging.StreamHandler):  # type: ignore[type-arg]  # of any stream, as in the library
    """Says that a line could not be written, and by what kind of fault, where the library prints all it was about.

    The library's own answer to a full disk or a closed stream is the whole chain of exceptions: what a page was made
    of, receipts and names among it, past every filter.
    """

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the library's name
        """Write one line to the standard error stream; where that is gone as well, nothing."""
        fault = sys.exc_info()[0]
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(f"A line of {record.name} is lost: {fault.__name__ if fault else 'unknown'}\n")


class CoarseFormatter(logging.Formatter):
    """Writes the day alone on lines about a visitor's request: a second would say when a tip was being sent."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802  the library's name
        """Return the day, or the full time of what is no visitor's affair."""
        return super().formatTime(record, "%Y-%m-%d" if getattr(record, "is_coarse", False) else datefmt)


def _is_visitors(record: logging.LogRecord) -> bool:
    """Tell whether a line is about a visitor; one about a request of unknown kind counts as such."""
    known = _visitor.get()
    return hasattr(record, "request") if known is None else known


@contextmanager
def request_of(*, visitor: bool) -> Iterator[None]:
    """Say whose request is being answered, for the lines written meanwhile."""
    token = _visitor.set(visitor)
    try:
        yield
    finally:
        _visitor.reset(token)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # A call with the wrong arguments must not break what was going on; the words alone are kept.
        return str(record.msg)


def _without_path(text: str, record: logging.LogRecord) -> str:
    """Put the route in place of the path of a request: what a person types into the address line may be anything."""
    request = getattr(record, "request", None)
    path: str = getattr(request, "path", "")
    if path in {"", "/"}:
        return text
    match = getattr(request, "resolver_match", None)
    route = f"/{match.route}" if match else "[…]"
    # Django escapes what is not ASCII before it logs a path.
    return text.replace(path.encode("unicode_escape").decode(), route).replace(path, route)


def _trace(info: "logging._SysExcInfoType") -> str:
    kind, _error, frame = info
    lines = [kind.__name__ if kind else "error"]
    while frame is not None:
        lines.append(
            f"  {frame.tb_frame.f_code.co_filename}:{frame.tb_lineno} {frame.tb_frame.f_code.co_name}"
        )
        frame = frame.tb_next
    return "\n".join(lines)


@contextmanager
def quiet() -> Iterator[None]:
    """Let only warnings and worse through, while a command does much that nobody needs to read."""
    before = logging.root.manager.disable
    logging.disable(max(before, logging.INFO))
    try:
        yield
    finally:
        logging.disable(before)
