"""The last net under the log: receipts, addresses, telephone numbers and the values of exceptions stay out."""

import io
import logging
import logging.config
import re
import sys
from collections.abc import Iterator
from unittest import mock

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from complaints.crypto import receipt as codes
from portal.shared.logs import QuietHandler, ScrubFilter, quiet, scrub
from portal.shared.middleware import PrivacyHeadersMiddleware

RECEIPT = "7K4M-Q2XN-9TCH-3W8R-0ZVA"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """Return a logger that writes as the console handler of the settings does, down to DEBUG."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(ScrubFilter())
    form = settings.LOGGING["formatters"]["line"]
    handler.setFormatter(logging.Formatter(form["format"], style=form["style"]))
    logger = logging.getLogger("test.scrub")
    logger.propagate, before = False, logger.handlers
    logger.handlers = [handler]
    logger.setLevel(logging.DEBUG)
    yield logger, stream
    logger.handlers, logger.propagate = before, True


@pytest.mark.parametrize(
    "secret",
    [
        RECEIPT,
        RECEIPT.lower(),
        RECEIPT.replace("-", " "),
        RECEIPT.replace("-", ""),
        RECEIPT.replace("-", " - "),
        RECEIPT.replace("0", "O"),
        "203.0.113.99",
        "2001:db8:1:2::99",
        "fe80::1",
        "::1",
        "13800001234",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "a {} b", "/status/{}/", "x={}&y", "'{}',", "编号{}。"])
def test_what_looks_like_a_secret_is_struck_out(secret: str, frame: str) -> None:
    assert secret not in scrub(frame.format(secret))


@pytest.mark.parametrize(
    "text",
    [
        "tip AS-2026-7K4MQ2 accepted",
        "Task id=vrFuEjHOuB0lWdeA6YoWO6eEXXsjAO9Y state=SUCCESSFUL",
        "migrated 0001_initial in 12.5 s",
        "version 5.2.19",
        "sha256 " + "0123456789abcdef" * 4,
        "2026-03-10 09:00",
        "order 123456789012345678",
        "",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert scrub(text) == text


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_surroundings_hide_a_receipt(before: str, after: str) -> None:
    """Whatever stands around it, unless it makes one longer word of it."""
    if (before[-1:].isascii() and before[-1:].isalnum()) or (after[:1].isascii() and after[:1].isalnum()):
        return
    code = codes.generate()

    assert code not in scrub(f"{before}{code}{after}")


def test_arguments_of_a_message_are_scrubbed(log: tuple[logging.Logger, io.StringIO]) -> None:
    log[0].debug("receipt %s from %s", RECEIPT, "203.0.113.99")

    assert log[1].getvalue().endswith("DEBUG test.scrub: receipt […] from […]\n")


def test_an_exception_keeps_type_and_place_only(log: tuple[logging.Logger, io.StringIO]) -> None:
    try:
        raise ValueError("MARKER-NAME in the value")
    except ValueError:
        log[0].exception("failed")

    written = log[1].getvalue()
    assert "MARKER-NAME" not in written
    assert "ValueError" in written
    assert "test_logs.py:" in written
    assert "test_an_exception_keeps_type_and_place_only" in written


def test_a_chain_of_exceptions_keeps_no_value(log: tuple[logging.Logger, io.StringIO]) -> None:
    try:
        try:
            raise KeyError("MARKER-CAUSE")
        except KeyError as error:
            raise RuntimeError("MARKER-TOP") from error
    except RuntimeError:
        log[0].error("failed", exc_info=sys.exc_info())

    assert "MARKER" not in log[1].getvalue()


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/马可波罗/", "Not Found: […]"), ("/status/13800001234/x", "Not Found: […]"), ("/", "Not Found: /")],
)
def test_a_path_that_leads_nowhere_is_not_kept(
    log: tuple[logging.Logger, io.StringIO], path: str, shown: str
) -> None:
    request = RequestFactory().get(path)
    log[0].warning("Not Found: %s", path, extra={"request": request})
    log[0].warning("Not Found: %s", path.encode("unicode_escape").decode(), extra={"request": request})

    assert [line.split(": ", 1)[1] for line in log[1].getvalue().splitlines()] == [shown] * 2


def test_of_a_path_that_leads_somewhere_the_route_is_kept(log: tuple[logging.Logger, io.StringIO]) -> None:
    request = RequestFactory().get("/admin/tips/AS-2026-7K4MQ2/")
    request.resolver_match = resolve("/healthz")

    log[0].error("Internal Server Error: %s", request.path, extra={"request": request})

    assert log[1].getvalue().endswith("Internal Server Error: /healthz\n")


def test_request_and_user_are_not_carried_on(log: tuple[logging.Logger, io.StringIO]) -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "msg", None, None)
    record.request, record.user = RequestFactory().get("/"), "MARKER"

    ScrubFilter().filter(record)

    assert not {"request", "user"} & set(record.__dict__)


@pytest.mark.parametrize(
    ("message", "args"), [("%d", ("x",)), ("%s %s", ("x",)), ("%(a)s", ({"b": 1},)), ("%", ("x",))]
)
def test_a_wrong_call_breaks_nothing(
    log: tuple[logging.Logger, io.StringIO], message: str, args: tuple[object, ...]
) -> None:
    log[0].warning(message, *args)

    assert message in log[1].getvalue()


def test_objects_as_messages_are_scrubbed(log: tuple[logging.Logger, io.StringIO]) -> None:
    log[0].info(ValueError(f"no {RECEIPT}"))

    assert RECEIPT not in log[1].getvalue()


def test_every_handler_of_the_settings_has_the_net() -> None:
    handlers = settings.LOGGING["handlers"]

    assert handlers
    assert all("scrub" in handler["filters"] for handler in handlers.values())
    assert settings.LOGGING["filters"]["scrub"]["()"] == "portal.shared.logs.ScrubFilter"
    assert not any(logger.get("handlers") for logger in settings.LOGGING["loggers"].values())
    assert all(handler["class"].endswith(QuietHandler.__name__) for handler in handlers.values())


class FullDisk(io.StringIO):
    """A stream that takes nothing any more."""

    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize(("stream", "fault"), [(closed(), "ValueError"), (FullDisk(), "OSError")])
def test_a_line_that_cannot_be_written_tells_nothing_of_what_it_was_about(
    as_configured: io.StringIO, capfd: pytest.CaptureFixture[str], stream: io.StringIO, fault: str
) -> None:
    """The library would print every exception on the way, with the context of a page and its receipt."""
    (handler,) = (one for one in logging.getLogger().handlers if isinstance(one, QuietHandler))
    handler.setStream(stream)
    try:
        raise RuntimeError(f"{RECEIPT} in a context") from ValueError(RECEIPT)
    except RuntimeError:
        logging.getLogger("complaints.test").exception("broken with %s", RECEIPT)
    finally:
        handler.stream = as_configured

    printed = capfd.readouterr()
    assert printed.err == f"A line of complaints.test is lost: {fault}\n"
    assert RECEIPT not in printed.out


def test_a_lost_line_and_no_stream_at_all_end_in_silence(
    as_configured: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    (handler,) = (one for one in logging.getLogger().handlers if isinstance(one, QuietHandler))
    handler.setStream(closed())
    monkeypatch.setattr("sys.stderr", None)

    logging.getLogger("complaints.test").error("x")

    handler.stream = as_configured
    assert as_configured.getvalue() == ""


@pytest.fixture
def as_configured() -> Iterator[io.StringIO]:
    """Return what the settings' own loggers and handler write, whatever an earlier test left of them."""
    logging.config.dictConfig(settings.LOGGING)
    root, stream = logging.getLogger(), io.StringIO()
    ours = (one for one in root.handlers if any(isinstance(net, ScrubFilter) for net in one.filters))
    (handler,) = (one for one in ours if isinstance(one, logging.StreamHandler))
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


@pytest.mark.parametrize(
    ("method", "path", "data", "extra", "status"),
    [
        ("post", "/report/", {"description": ""}, {}, 422),
        ("post", "/status/", {"receipt": "AAAA"}, {}, 404),
        ("post", "/report/", {}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        ("put", "/report/", {}, {}, 405),
        ("post", "/report/", {"description": "x" * 4_000_000}, {}, 413),
        ("post", "/report/", {f"f{number}": "x" for number in range(1100)}, {}, 413),
        ("post", "/report/", {}, {"CONTENT_LENGTH": "9" * 12}, 413),
        ("post", "/api/v1/tips", {"tip": "{}"}, {}, 422),
        ("post", "/api/v1/tips/status", {}, {}, 415),
        ("get", "/nothing-here/", {}, {}, 404),
        ("get", "/status/", {}, {"HTTP_HOST": "other.example"}, 400),
    ],
)
def test_a_refused_request_leaves_no_line(
    db: None,
    as_configured: io.StringIO,
    method: str,
    path: str,
    data: dict[str, str],
    extra: dict[str, str],
    status: int,
) -> None:
    """A line would say on which day and in which second somebody was about to send a tip."""
    answer = getattr(Client(), method)(path, data, **extra)

    assert answer.status_code == status
    assert as_configured.getvalue() == ""


def test_a_fault_of_ours_still_leaves_one(as_configured: io.StringIO) -> None:
    logging.getLogger("django.request").error("Internal Server Error: %s", "/x")

    assert "Internal Server Error" in as_configured.getvalue()


@pytest.mark.parametrize(
    ("path", "times"),
    [
        ("/report/", False),
        ("/api/v1/tips", False),
        ("/nothing/", False),
        ("/admin/", True),
        ("/accounts/login/", True),
    ],
)
def test_a_fault_on_a_visitors_path_tells_its_day_only(
    db: None, as_configured: io.StringIO, path: str, times: bool
) -> None:
    """The second of a failed submission would say when somebody tried to send a tip."""
    broken = mock.patch("django.core.handlers.base.BaseHandler.resolve_request", side_effect=RuntimeError)

    with broken:
        answer = Client(raise_request_exception=False).get(path)

    line = as_configured.getvalue().splitlines()[0]
    assert answer.status_code == 500
    assert line.startswith(f"{timezone.localdate():%Y-%m-%d} ")
    assert bool(re.search(r"\d:\d", line)) is times


def test_a_line_of_ours_on_the_way_tells_its_day_only(db: None, as_configured: io.StringIO) -> None:
    def respond(_request: HttpRequest) -> HttpResponse:
        logging.getLogger("complaints.test").error("storage fault")
        return HttpResponse("")

    PrivacyHeadersMiddleware(respond)(RequestFactory().post("/report/"))
    logging.getLogger("complaints.test").error("a task")

    visitor, other = as_configured.getvalue().splitlines()
    assert not re.search(r"\d:\d", visitor)
    assert re.search(r"\d:\d", other)


def test_the_picture_library_is_silent_about_metadata() -> None:
    assert logging.getLogger("PIL.TiffImagePlugin").getEffectiveLevel() >= logging.WARNING


def test_quiet_lets_warnings_through(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test.quiet")

    with caplog.at_level(logging.DEBUG), quiet():
        logger.info("nobody needs this")
        logger.warning("but this")

    assert caplog.messages == ["but this"]


def test_quiet_inside_quiet_stays_quiet(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test.quiet")

    with caplog.at_level(logging.DEBUG), quiet():
        with quiet():
            pass
        logger.info("still quiet")

    assert caplog.messages == []
