"""Answers kept in the memory of one process, the least used forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An answer as it left the view: headers in their order, the body, and the mark and second it belongs to."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    mark: str
    second: float

    @property
    def size(self) -> int:
        """Bytes it is counted with: the body and its headers, and a kilobyte for what Python adds."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + 1024


class Store:
    """A mapping of at most so many bytes, safe between threads."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, *, mark: str, oldest: float) -> Kept | None:
        """Return the answer of this key and mark, made at the second `oldest` or later; forget any other."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            if found.mark != mark or found.second < oldest:
                self._forget(key)
                return None
            self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, answer: Kept) -> None:
        """Keep an answer; one of more than an eighth of the whole is not worth what it would push out."""
        if answer.size > self._most // 8:
            return
        with self._lock:
            if key in self._kept:
                self._forget(key)
            self._kept[key] = answer
            self._bytes += answer.size
            while self._bytes > self._most:
                self._forget(next(iter(self._kept)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    @property
    def size(self) -> int:
        """Bytes kept now."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._kept)

    def _forget(self, key: Hashable) -> None:
        self._bytes -= self._kept.pop(key).size
