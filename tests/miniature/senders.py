"""People who send tips at a steady rate and, like a phone that keeps its page open, try again with the same key."""

import http.client
import json
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import randrange
from secrets import token_hex

from benchmarks.requests import API, CONTENT_TYPE, api_body

TIMEOUT_SECONDS = 30
AGAIN_SECONDS = 0.5
# A tip that is not taken within this time counts as lost.
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: status 0 means that the connection broke."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.body.decode(errors="replace")


def ask(*, port: int, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
    """Ask the gateway once."""
    unchecked = ssl._create_unverified_context()  # noqa: S323  a certificate made for this run
    # Each from an address of its own: this machine has sixteen million of them.
    home = f"127.{randrange(1, 255)}.{randrange(1, 255)}.{randrange(1, 255)}"
    client = http.client.HTTPSConnection(
        "127.0.0.1", port, timeout=TIMEOUT_SECONDS, context=unchecked, source_address=(home, 0)
    )
    try:
        client.request(method, path, body or None, headers)
        answer = client.getresponse()
        return Answer(status=answer.status, body=answer.read(), headers=dict(answer.getheaders()))
    except (OSError, http.client.HTTPException):
        return Answer(status=0, body=b"")
    finally:
        client.close()


def send(*, port: int, photo: bytes, key: str) -> Answer:
    """Send one tip with one photo."""
    heads = {"Content-Type": CONTENT_TYPE, "Idempotency-Key": key}
    return ask(port=port, path=API, method="POST", body=api_body(photos=[photo]), **heads)


@dataclass(kw_only=True)
class Crowd:
    """Several senders; what became of each tip by its key, and what they were told in between."""

    port: int
    photo: bytes
    senders: int
    every_seconds: float
    acknowledged: dict[str, dict[str, str]] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    told: "Counter[tuple[str, int]]" = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)
    phase: str = "start"
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Let all of them begin."""
        for _ in range(self.senders):
            thread = threading.Thread(target=self._run, daemon=True)
            thread.start()
            self._threads.append(thread)

    def end(self) -> None:
        """Let all of them finish the tip they are at."""
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=PATIENCE_SECONDS + 60)

    def _run(self) -> None:
        while not self._ended.is_set():
            began = time.monotonic()
            self._send_until_taken(token_hex(16))
            self._ended.wait(max(0.0, self.every_seconds - (time.monotonic() - began)))

    def _send_until_taken(self, key: str) -> None:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_SECONDS:
            answer = send(port=self.port, photo=self.photo, key=key)
            self._note(key, answer, seconds=time.monotonic() - began)
            if answer.status in (200, 201):
                return
            time.sleep(AGAIN_SECONDS)
        with self._lock:
            self.given_up.append(key)

    def _note(self, key: str, answer: Answer, *, seconds: float) -> None:
        with self._lock:
            self.told[self.phase, answer.status] += 1
            if answer.status in (200, 201):
                self.acknowledged[key] = json.loads(answer.body)
                self.longest[self.phase] = max(self.longest.get(self.phase, 0.0), seconds)
