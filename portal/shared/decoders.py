"""Places for decoders of pictures: few at once, together within a bound of memory, and first come, first served.

Whoever decodes beside others shares processor and memory with the pages; a picture that unpacks beyond the bound is
decoded alone.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Condition

from django.conf import settings


class Places:
    """So many places, and so many bytes that what is decoded there may take together."""

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self.most, self.most_bytes = most, most_bytes
        self.taken = self.taken_bytes = 0
        self.change = Condition()
        self.waiting: deque[object] = deque()

    @contextmanager
    def place(self, *, weight: int, patience: float) -> Iterator[None]:
        """Hold a place while the block runs.

        Args:
            weight: bytes that decoding takes, as far as one can tell.
            patience: seconds to wait for it.

        Raises:
            TimeoutError: none got free in time.
        """
        ticket = object()
        with self.change:
            self.waiting.append(ticket)
            try:
                if not self._wait(ticket, weight=weight, patience=patience):
                    raise TimeoutError
                self.taken, self.taken_bytes = self.taken + 1, self.taken_bytes + weight
            finally:
                self.waiting.remove(ticket)
                self.change.notify_all()
        try:
            yield
        finally:
            with self.change:
                self.taken, self.taken_bytes = self.taken - 1, self.taken_bytes - weight
                self.change.notify_all()

    def _wait(self, ticket: object, *, weight: int, patience: float) -> bool:
        until = time.monotonic() + patience
        while self.waiting[0] is not ticket or not self._has_room(weight):
            left = until - time.monotonic()
            if left <= 0:
                return False
            self.change.wait(left)
        return True

    def _has_room(self, weight: int) -> bool:
        if not self.taken:
            return True
        return self.taken < self.most and self.taken_bytes + weight <= self.most_bytes


@lru_cache(maxsize=1)
def places() -> Places:
    """Return the places of this process (PHOTO_WORKERS, PHOTO_MEMORY_BYTES)."""
    return Places(most=settings.PHOTO_WORKERS, most_bytes=settings.PHOTO_MEMORY_BYTES)
