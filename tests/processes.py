"""Runs calls in processes of their own, each with a database connection of its own; some are killed on the way."""

import json
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections

from complaints.errors import ComplaintError

Call = Callable[[], Any]
DONE = "done"


def all_at_once(calls: Sequence[Call]) -> list[str]:
    """Run each call in a process; return for each `done`, the code of its refusal, or the fault it broke off by."""
    gate_out, gate_in = os.pipe()
    children = [_child(call, gate=gate_out, others=gate_in) for call in calls]
    os.close(gate_out)
    os.close(gate_in)  # the end of the pipe lets all of them go at the same moment
    return [_said(reader, child) for child, reader in children]


def killed_after(call: Call, *, seconds: float) -> bool:
    """Run a call in a process and kill it when its time is over; return whether it had not ended by then."""
    child, reader = _child(call)
    ready, _writing, _faults = select.select([reader], [], [], seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    return not ready


def killed_at(call: Call, *, statement: int) -> bool:
    """Run a call in a process that is killed right after so many statements; return whether it got that far."""

    def run() -> None:
        with connection.execute_wrapper(_Killer(statement)):
            call()

    child, reader = _child(run)
    os.close(reader)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


class _Killer:
    """Ends this process without a word after so many statements of its database."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        found = execute(*args)
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return found


def seconds_for(call: Call) -> float:
    """Return how long a call takes in a process of its own."""
    started = time.monotonic()
    child, reader = _child(call)
    _said(reader, child)
    return time.monotonic() - started


def _child(call: Call, *, gate: int | None = None, others: int | None = None) -> tuple[int, int]:
    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    if others is not None:
        os.close(others)
    if gate is not None:
        os.read(gate, 1)
    os.write(writer, json.dumps(_outcome(call)).encode())
    os._exit(0)


def _outcome(call: Call) -> str:
    try:
        call()
    except ComplaintError as error:
        return error.code
    except BaseException as error:  # noqa: BLE001  the process ends here; the test looks at what is said
        return f"{type(error).__name__}: {error}"
    return DONE


def _said(reader: int, child: int) -> str:
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return str(json.loads(text)) if text else "died"
