"""The server's lanes: pages never wait for senders, slow senders are cut off, what is announced is bounded."""

import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

import pytest

from portal import serving
from portal.serving import (
    HELD_BYTES,
    MOST_HELD_BYTES,
    SLOWEST,
    SLOWEST_IN_A_QUEUE,
    UPLOAD_THREADS,
    WORDS_BYTES,
    LaneWorker,
    PacedSocket,
    SlowSender,
    body_bytes,
)

from .test_serving import Server, server

__all__ = ["server"]
GET = b"GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SOON = 2.0


def head(*lines: str) -> bytes:
    return "\r\n".join(["POST /report/ HTTP/1.1", "Host: x", *lines, "", ""]).encode()


@pytest.mark.parametrize(
    ("lines", "size"),
    [
        ((), 0),
        (("Content-Length: 0",), 0),
        (("Content-Length: 17",), 17),
        (("CONTENT-LENGTH:17",), 17),
        (("content-length:\t17 ",), 17),
        (("X-Content-Length: 17",), 0),
        (("Content-Length: -1",), 0),
        (("Content-Length: 1_0",), 0),
        (("Transfer-Encoding: chunked",), MOST_HELD_BYTES),
        (("Content-Length: 5", "Transfer-Encoding: chunked"), MOST_HELD_BYTES),
        (("Content-Length: 99999999999",), 99_999_999_999),
    ],
)
def test_what_a_body_announces(lines: tuple[str, ...], size: int) -> None:
    assert body_bytes(head(*lines)) == size


def test_what_stands_in_the_body_is_no_announcement() -> None:
    assert body_bytes(head("Content-Length: 40") + b"\r\nContent-Length: 999999999\r\n\r\n") == 40


def test_the_bounds_fit_a_submission_and_the_machine() -> None:
    from django.conf import settings

    assert settings.PHOTOS_MAX_BYTES <= MOST_HELD_BYTES <= HELD_BYTES
    assert HELD_BYTES <= 200 * 2**20
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE > WORDS_BYTES
    assert UPLOAD_THREADS > settings.PHOTO_WORKERS


# --- how slow a sender may be ----------------------------------------------------------------------------------------


class Clock:
    """A clock that a test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(serving.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize(
    ("slowest", "rate", "is_kept"),
    [
        (SLOWEST, 4096, True),
        (SLOWEST, 1100, True),
        (SLOWEST, 700, False),
        (SLOWEST_IN_A_QUEUE, 20_000, True),
        (SLOWEST_IN_A_QUEUE, 4096, False),
    ],
)
def test_who_keeps_up_is_read_on(
    clock: Clock, line: tuple[socket.socket, socket.socket], slowest: int, rate: int, is_kept: bool
) -> None:
    paced, started = PacedSocket(line[0], slowest=lambda: slowest), clock.now

    with suppress(SlowSender):
        while clock.now < started + 120:
            line[1].sendall(b"x" * rate)
            assert paced.recv(rate) == b"x" * rate
            clock.now += 1

    assert (clock.now == started + 120) is is_kept
    assert clock.now >= started + serving.GRACE_SECONDS  # nobody is cut off in the first seconds


@pytest.mark.parametrize(
    ("waiting", "size", "slowest"),
    [
        (0, 300_000, SLOWEST),
        (0, MOST_HELD_BYTES, SLOWEST),
        (1, 300_000, SLOWEST_IN_A_QUEUE),
        (1, 6_000_000, 50_000),
        (9, MOST_HELD_BYTES, MOST_HELD_BYTES // 120),
    ],
)
def test_where_others_wait_a_large_body_has_to_come_fast(waiting: int, size: int, slowest: int) -> None:
    worker = LaneWorker.__new__(LaneWorker)
    worker.queue = deque([None] * waiting)  # type: ignore[list-item]  # only how many there are counts

    assert worker.slowest(size) == slowest


def test_who_stops_is_cut_off_and_not_waited_for_again(
    line: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "STALL_SECONDS", 0.05)
    paced = PacedSocket(line[0], slowest=lambda: SLOWEST)
    with pytest.raises(SlowSender):
        paced.recv(10)
    line[1].sendall(b"late")

    with pytest.raises(SlowSender):
        paced.recv(10)

    assert paced.gettimeout() == serving.SEND_SECONDS


def test_the_next_request_begins_anew(clock: Clock, line: tuple[socket.socket, socket.socket]) -> None:
    paced = PacedSocket(line[0], slowest=lambda: SLOWEST)
    clock.now += 3600
    paced.begin()
    line[1].sendall(b"abc")

    assert paced.recv(10) == b"abc"


# --- the running server ----------------------------------------------------------------------------------------------


@contextmanager
def senders(server: Server, *, count: int, first: bytes) -> Iterator[list[socket.socket]]:
    """Keep so many connections open that have sent so much and no more."""
    with ExitStack() as stack:
        opened = []
        for _number in range(count):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            one.sendall(first)
            opened.append(one)
        yield opened


def seconds_for_a_page(server: Server) -> float:
    started = time.monotonic()
    assert server.ask(GET).startswith(b"HTTP/1.1 200")
    return time.monotonic() - started


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        head("Content-Length: 900"),
        head("Content-Length: 20000000") + b"x" * 1000,
        head("Transfer-Encoding: chunked") + b"5\r\nab",
    ],
    ids=["silent", "half a line", "half a head", "no words", "no photo", "half a piece"],
)
def test_pages_do_not_wait_for_those_who_send(server: Server, first: bytes) -> None:
    with senders(server, count=100, first=first):
        assert max(seconds_for_a_page(server) for _time in range(5)) < SOON


def test_uploads_beyond_the_places_wait_and_none_is_lost(server: Server) -> None:
    body = b"x" * (WORDS_BYTES + 1)
    whole = head(f"Content-Length: {len(body)}", "Connection: close") + body

    with ThreadPoolExecutor(3 * UPLOAD_THREADS) as pool:
        answers = list(pool.map(server.ask, [whole] * 3 * UPLOAD_THREADS))

    assert {answer.split(b"\r\n", 1)[0] for answer in answers} == {b"HTTP/1.1 200 OK"}
    assert all(str(len(body)).encode() in answer for answer in answers)


def answer_of(client: socket.socket) -> bytes:
    """Return the next answer on a connection that stays open: it ends with the file the probe holds open."""
    answer = b""
    while not answer.endswith(b"log"):
        answer += client.recv(65536)
    return answer


def test_two_requests_on_one_connection(server: Server) -> None:
    first = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(first)
        assert answer_of(client).startswith(b"HTTP/1.1 200")
        client.sendall(head("Content-Length: 5")[:20])
        client.sendall(head("Content-Length: 5")[20:] + b"words")
        assert b"\r\n\r\n5\n" in answer_of(client)
        client.sendall(GET)

        assert b"".join(iter(lambda: client.recv(65536), b"")).startswith(b"HTTP/1.1 200")


def test_a_head_that_comes_letter_by_letter_is_read(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for letter in GET:
            client.sendall(bytes([letter]))

        assert client.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_head_without_end_is_refused(server: Server) -> None:
    answer = server.ask(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"y" * 70_000)

    assert not answer.startswith(b"HTTP/1.1 200")


def test_connections_that_go_leave_no_place_taken(server: Server) -> None:
    stop = threading.Event()
    for first in (b"", b"GET /", head("Content-Length: 20000000")):
        with senders(server, count=60, first=first):
            stop.wait(0)

    assert seconds_for_a_page(server) < SOON
    assert server.log.read_bytes().count(b"Traceback") == 0
