"""Somebody who opens the home page again and again while others send: what waiting feels like meanwhile."""

import http.client
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

EVERY_SECONDS = 0.2
TIMEOUT_SECONDS = 60
FEWEST = 2


@dataclass(kw_only=True)
class Watch:
    """How long each answer took (seconds), and how many were no page."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def p95_ms(self) -> float:
        """The 95th percentile in milliseconds; 0 where too few were asked for."""
        if len(self.seconds) < FEWEST:
            return 0.0
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[-1] * 1000


@contextmanager
def watching(*, port: int, path: str = "/") -> Iterator[Watch]:
    """Ask for a page at a steady pace while the block runs."""
    watch, ended = Watch(), threading.Event()

    def ask() -> None:
        while not ended.wait(EVERY_SECONDS):
            began = time.perf_counter()
            watch.failed += not _is_page(port=port, path=path)
            watch.seconds.append(time.perf_counter() - began)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        ended.set()
        thread.join(timeout=TIMEOUT_SECONDS)


def _is_page(*, port: int, path: str) -> bool:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        client.request("GET", path)
        answer = client.getresponse()
        answer.read()
        return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()
