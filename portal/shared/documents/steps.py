"""Bounds the work of a library that knows no bounds: its steps are counted, and when they are used up it stops."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class OutOfSteps(BaseException):
    """The steps are used up. No Exception: a library that goes on after whatever goes wrong has to stop as well."""


@contextmanager
def at_most(steps: int) -> Iterator[None]:
    """Let this thread call at most so many functions, those written in C included, and raise OutOfSteps at the next.

    A clock would stop the same file today and not tomorrow, and a process of its own is more than a request may
    start. What calls nothing does nothing that grows, but for single calls, which are bounded by the size of the file.
    """
    left = steps

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal left
        if event in {"call", "c_call"}:
            left -= 1
            if left < 0:
                raise OutOfSteps

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
