"""Serving: one process without Redis, nothing about a visitor in the log, no body on disk, a clean end."""

import io
import logging
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "scripts" / "gunicorn.conf.py"
MARKER = b"LooksLikeAName"
# Answers with the regular files this process holds open while it has read the whole body.
PROBE = """
import os

def held():
    for name in os.listdir("/proc/self/fd"):
        try:
            path = os.readlink(f"/proc/self/fd/{name}")
        except FileNotFoundError:
            continue
        if path.startswith("/") and not path.startswith(("/dev", "/proc")):
            yield path

def application(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/fault":
        raise RuntimeError("planted")
    told = chr(10).join([str(len(body)), *sorted(set(held()))]).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(told)))])
    return [told]
"""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running gunicorn, its port and the file its log goes to."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def ask(self, request: bytes) -> bytes:
        """Send raw bytes and return the whole answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as client:
            client.sendall(request)
            return b"".join(iter(lambda: client.recv(65536), b""))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Start gunicorn with our settings and a small application that looks at its own open files."""
    (tmp_path / "probe.py").write_text(PROBE, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", str(CONFIG), "probe:application"]
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=tmp_path, env={**os.environ, "PORT": str(port)}, stdout=output, stderr=output
        )
    try:
        _wait_until_it_answers(port)
        yield Server(process=process, port=port, log=log)
    finally:
        process.kill()
        process.wait()


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise TimeoutError("gunicorn did not answer")


def config(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """Read the settings as gunicorn would, under this environment."""
    for name in ("PORT", "REDIS_URL", "WEB_CONCURRENCY", "WEB_THREADS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(CONFIG))


def test_embedded_default_is_one_process_with_eight_threads_for_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = config(monkeypatch, WEB_CONCURRENCY="4")

    assert (values["workers"], values["threads"], values["worker_class"]) == (
        1,
        8,
        "portal.serving.LaneWorker",
    )
    assert values["bind"] == "127.0.0.1:8000"


def test_redis_allows_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    values = config(
        monkeypatch, WEB_CONCURRENCY="4", REDIS_URL="redis://127.0.0.1/0", WEB_THREADS="2", PORT="9"
    )

    assert (values["workers"], values["threads"], values["bind"]) == (4, 2, "127.0.0.1:9")


def test_no_access_log_and_no_control_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    values = config(monkeypatch)

    assert values["accesslog"] is None
    assert values["control_socket_disable"] is True
    assert values["worker_tmp_dir"] == "/dev/shm"  # noqa: S108  memory, and only a heartbeat


def test_a_line_that_is_lost_prints_nothing_of_what_it_was_about(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", True)  # put back afterwards
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    stream.close()

    handler.emit(logging.makeLogRecord({"msg": MARKER.decode()}))
    before = capfd.readouterr().err
    runpy.run_path(str(CONFIG))["on_starting"](None)
    handler.emit(logging.makeLogRecord({"msg": MARKER.decode()}))

    assert MARKER.decode() in before
    assert capfd.readouterr().err == ""


def test_a_large_body_never_reaches_the_disk(server: Server) -> None:
    body = MARKER * 400_000
    head = f"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"

    answer = server.ask(head.encode() + body)

    length, *held = answer.split(b"\r\n\r\n", 1)[1].decode().splitlines()
    assert int(length) == len(body)
    assert held == [str(server.log)]


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /%s\x01 BAD\r\n\r\n" % MARKER,
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: %s\r\n\r\n" % MARKER,
        b"GET / HTTP/1.1\r\nHost: x\r\n%s Header\r\n\r\n" % MARKER,
        b"GET /fault?name=%s HTTP/1.1\r\nHost: x\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n"
        % (MARKER, MARKER),
        b"GET /?name=%s HTTP/1.1\r\nHost: x\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n"
        % (MARKER, MARKER),
    ],
)
def test_the_log_knows_no_visitor(server: Server, request_line: bytes) -> None:
    answer = server.ask(request_line)

    written = server.log.read_bytes().replace(f"http://127.0.0.1:{server.port}".encode(), b"")
    assert answer
    assert MARKER not in written
    assert b"127.0.0.1" not in written


def test_it_ends_cleanly_when_asked_to(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)

    assert server.process.wait(timeout=30) == 0
