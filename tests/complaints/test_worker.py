"""`manage.py worker`: works until it is told to end, and finishes what it is at."""

import os
import signal
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from complaints.management.commands import worker


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Give the signals back to the test run."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


class Timer:
    """Stands for the timer: it tells the process to end as soon as it runs."""

    said: list[str] = []
    number = signal.SIGTERM
    lives = True

    def __init__(self, *, first: float) -> None:
        self.said.append(f"first look after {first:.0f} s")

    def start(self) -> None:
        """Begin, and be told to end."""
        self.said.append("started")
        os.kill(os.getpid(), self.number)

    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self.lives

    def end(self) -> None:
        """Take no further look."""
        self.said.append("told to end")

    def join(self) -> None:
        """Wait for the look that is under way."""
        self.said.append("finished")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_looks_at_once_and_ends_when_told(number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "DailyTimer", Timer)
    monkeypatch.setattr(Timer, "said", [])
    monkeypatch.setattr(Timer, "number", number)
    out = StringIO()

    call_command("worker", stdout=out)

    assert Timer.said == ["first look after 0 s", "started", "told to end", "finished"]
    assert "✓ worker" in out.getvalue()


def test_a_worker_that_broke_off_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "DailyTimer", Timer)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(Timer, "lives", False)
    monkeypatch.setattr(Timer, "start", lambda _self: None)

    with pytest.raises(CommandError, match="broke off"):
        call_command("worker", stdout=StringIO())
