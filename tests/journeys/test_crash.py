"""`kill -9` at many moments of the real server: no acknowledged tip is lost, no half tip appears, orphans go once."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import pytest

from benchmarks import server
from benchmarks.requests import API, Sent, api_body, post
from tests.factories import jpeg

KILLS, SENDERS = 12, 3
# Starting again takes most of the time; a busy machine gets fewer kills instead of a longer test.
LONGEST_SECONDS = 45
PATIENCE_SECONDS = 20


@dataclass(kw_only=True)
class Senders:
    """Phones that send tips with photos one after the other and keep every receipt they are shown."""

    port: int
    sent: list[Sent] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    confirmed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def run(self) -> None:
        """Send until told to stop or until the connection breaks."""
        bodies = [api_body(photos=[jpeg(), jpeg(shade=10)]), api_body(photos=[jpeg(width=1600, height=1200)])]
        while not self.stop.is_set():
            key = token_hex(16)
            answer = post(port=self.port, path=API, body=bodies[len(self.sent) % 2], key=key)
            self.sent.append(answer)
            self.confirmed.release()
            if answer.status == 0:
                return

    def acknowledged(self) -> list[dict[str, str]]:
        """Return number and receipt of every tip that was confirmed."""
        return [json.loads(one.body) for one in self.sent if one.status == 201]

    def broken(self) -> list[Sent]:
        """Return the requests that the crash cut off."""
        return [one for one in self.sent if one.status == 0]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a city in it."""
    folder = tmp_path_factory.mktemp("crash")
    server.prepare(data_dir=folder)
    return folder


@pytest.fixture
def crashed(data_dir: Path, tmp_path: Path) -> list[Senders]:
    """Start, send, kill, and start again, until all moments or the time are used up."""
    rounds, moments, deadline = [], random.Random(7), time.monotonic() + LONGEST_SECONDS
    for number in range(KILLS):
        running = server.start(data_dir=data_dir, log=tmp_path / "server.log")
        try:
            rounds.append(crash(running, confirmed=number % 4, more=moments.uniform(0, 0.4)))
        finally:
            running.kill()
        if time.monotonic() > deadline:
            break
    return rounds


def crash(running: server.Server, *, confirmed: int, more: float) -> Senders:
    """Let the senders go, wait for so many confirmed tips and some more seconds, and kill the whole group."""
    senders = Senders(port=running.port)
    threads = [threading.Thread(target=senders.run) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for _ in range(confirmed):
        senders.confirmed.acquire(timeout=PATIENCE_SECONDS)
    senders.stop.wait(more)
    running.kill()
    senders.stop.set()
    for thread in threads:
        thread.join(timeout=30)
    return senders


@pytest.mark.journey
@pytest.mark.timeout(420)
def test_no_acknowledged_tip_is_lost_and_no_half_tip_appears(
    crashed: list[Senders], data_dir: Path, tmp_path: Path
) -> None:
    receipts = [one for senders in crashed for one in senders.acknowledged()]
    report = json.loads(server.run_module("tests.journeys.crash_report", data_dir=data_dir))
    with server.running(data_dir=data_dir, log=tmp_path / "server.log") as running:
        shown = [progress(running.port, one["receipt"]) for one in receipts[-20:]]
        retried = retry(running.port, crashed)

    assert len(crashed) >= 3
    assert len(receipts) >= 3
    assert any(senders.broken() for senders in crashed)
    assert {one["number"] for one in receipts} <= set(report["tips"])
    assert {number: missing for number, missing in report["tips"].items() if missing} == {}
    assert (report["audit"], report["database"], report["swept"][1]) == (None, "ok", 0)
    assert [one["number"] for one in shown] == [one["number"] for one in receipts[-20:]]
    assert retried == 201


def progress(port: int, receipt: str) -> dict[str, str]:
    """Read the progress of a tip with its receipt."""
    body = json.dumps({"receipt": receipt}).encode()
    found: dict[str, str] = json.loads(ask_json(port, "/api/v1/tips/status", body))
    return found


def ask_json(port: int, path: str, body: bytes) -> bytes:
    """Post JSON and return the answer."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        client.request("POST", path, body, {"Content-Type": "application/json"})
        return client.getresponse().read()
    finally:
        client.close()


def retry(port: int, crashed: list[Senders]) -> int:
    """Send once more what a crash cut off, with its key; the phone does this by itself."""
    cut = next(one for senders in crashed for one in senders.broken())
    bodies = [api_body(photos=[jpeg(), jpeg(shade=10)]), api_body(photos=[jpeg(width=1600, height=1200)])]
    answers = [post(port=port, path=API, body=body, key=cut.key).status for body in bodies]
    return min(answers)  # the other content is refused, its key belongs to the first
