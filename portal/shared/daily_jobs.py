"""Daily work of apps that lie above the one that runs it: they register it when the process starts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Job:
    """One piece of the daily work; `work` takes the day and the moment and returns how many things it changed."""

    name: str
    work: Callable[[date, datetime], int]


_registered: dict[str, Job] = {}


def register(job: Job) -> None:
    """Add a job; one of the same name takes its place."""
    _registered[job.name] = job


def registered() -> tuple[Job, ...]:
    """Return the jobs in the order in which they were registered."""
    return tuple(_registered.values())
