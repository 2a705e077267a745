"""Parts that many public pages have in common, kept in the process until something shown changes.

A page that is made anew asks for the site, the settings of the bureau, the menu, the page above it: the same answers as
a moment ago for another page. `part` keeps such an answer under the mark of what is shown (`home.page_cache.mark`),
read before the data: any change leaves another mark behind, so a part is as fresh as a whole page from memory.
Nothing is kept outside `reading`, which the page cache opens for requests that anybody may have sent.
"""

import time
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import TypeVar

Part = TypeVar("Part")
Name = TypeVar("Name", bound=Hashable)
Key = tuple[Hashable, ...]
# Together a few megabytes at most: parts are what many pages share, addresses of articles among them.
MOST = 2_000
# What the mark cannot see: nothing is older than this.
MOST_SECONDS = 600
_NOTHING = object()


class _Reading:
    """One request: the mark is read for the first part that is asked for, and then holds to its end."""

    def __init__(self, read_mark: Callable[[], str]) -> None:
        self._read_mark = read_mark
        self._mark: str | None = None

    @property
    def mark(self) -> str:
        if self._mark is None:
            self._mark = self._read_mark()
        return self._mark


class _Shelf:
    """The parts of one mark."""

    def __init__(self, mark: str = "") -> None:
        self.mark = mark
        self.parts: dict[Key, object] = {}
        self.since = time.monotonic()

    def holds(self, mark: str) -> bool:
        return self.mark == mark and time.monotonic() - self.since < MOST_SECONDS


class _Shelves:
    """The shelf in use; it is put in place whole, so that threads need not wait for each other."""

    now = _Shelf()


_reading: ContextVar[_Reading | None] = ContextVar("kept_parts", default=None)


@contextmanager
def reading(read_mark: Callable[[], str]) -> Iterator[None]:
    """Let parts be kept while this lasts; `read_mark` returns an empty word where nothing may be."""
    token = _reading.set(_Reading(read_mark))
    try:
        yield
    finally:
        _reading.reset(token)


def part(make: Callable[[], Part], *key: Hashable) -> Part:
    """Return what `make` returns, from memory where it was made under this mark already.

    None is not kept. What is kept is shared by all threads: give it on as it is, or as a copy of its own (`own_copy`),
    and never change it.

    Args:
        key: names the part, with everything it is made from besides the database; the language, for example.
    """
    now = _reading.get()
    mark = now.mark if now is not None else ""
    if not mark:
        return make()
    shelf = _Shelves.now
    if shelf.holds(mark) and key in shelf.parts:
        found: Part = shelf.parts[key]  # type: ignore[assignment]  # what was put under this key
        return found
    made = make()
    # Anybody may ask for what is not there, and by as many names as they like.
    if made is not None:
        _put(mark, key, made)
    return made


def parts(
    make: Callable[[Collection[Name]], Mapping[Name, Part]], *, names: Iterable[Name], of: str
) -> dict[Name, Part]:
    """Return what `make` returns for these names; it is only asked for those not made under this mark yet.

    A name it leaves out is left out here as well.

    Args:
        of: names the kind of part.
    """
    now = _reading.get()
    mark = now.mark if now is not None else ""
    wanted, shelf = list(dict.fromkeys(names)), _Shelves.now
    known = shelf.parts if mark and shelf.holds(mark) else {}
    missing = [name for name in wanted if (of, name) not in known]
    made = make(missing) if missing else {}
    found: dict[Name, Part] = {}
    for name in wanted:
        thing = known.get((of, name), _NOTHING) if name not in missing else made.get(name, _NOTHING)
        if mark and name in missing:
            _put(mark, (of, name), thing)
        if thing is not _NOTHING:
            found[name] = thing  # type: ignore[assignment]  # what was put under this key
    return found


def own_copy(thing: Part) -> Part:
    """Return a copy for one request: rows remember other rows, and pages those above them."""
    return copy(thing)


def clear() -> None:
    """Forget all parts."""
    _Shelves.now = _Shelf()


def _put(mark: str, key: Key, made: object) -> None:
    shelf = _Shelves.now
    if not shelf.holds(mark) or len(shelf.parts) >= MOST:
        shelf = _Shelf(mark)
        _Shelves.now = shelf
    shelf.parts[key] = made
