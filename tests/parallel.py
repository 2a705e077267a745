"""Runs calls at the same moment, each in a thread with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def at_once(calls: Sequence[Callable[[], Any]], *, seconds: float = 60) -> list[Any]:
    """Return what each call returned, or the exception it raised, in their order."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=seconds)
            return call()
        except Exception as error:  # noqa: BLE001  the test looks at every outcome
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return [done.result(timeout=seconds) for done in [pool.submit(run, call) for call in calls]]
