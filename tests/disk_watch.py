"""Watches which files this process opens for writing; the hook stays installed and sleeps between watches."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_watching: list[set[Path]] = []


def _hear(event: str, args: tuple[object, ...]) -> None:
    if not _watching or event != "open" or not isinstance(args[0], str | bytes | os.PathLike):
        return
    mode, flags = args[1], args[2]
    for_writing = any(letter in str(mode or "") for letter in "wxa+") or (
        isinstance(flags, int) and flags & _WRITES
    )
    if for_writing:
        for seen in _watching:
            seen.add(Path(os.fsdecode(args[0])))


sys.addaudithook(_hear)


@contextmanager
def opened_for_writing() -> Iterator[set[Path]]:
    """Collect every path that is opened for writing, by whatever Python code, while the block runs."""
    seen: set[Path] = set()
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching.remove(seen)
