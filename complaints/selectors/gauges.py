"""Figures for whoever watches the machine: about the machine and about whole days, never about a person or a moment.

A number that moves with every submission, asked for every few seconds, would tell the second of each of them. So what
is counted here is counted to the end of yesterday, and sizes are rounded until one submission does not move them.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from complaints.models import DailyRun, Period, Tip

from .machine import opens_content
from .vaults import is_pinned

GIB = 2**30
# A file of tips of a quiet day is small enough to be somebody's.
ROUNDED_TO = 10


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """One figure: its name, what it says, and how much it is."""

    name: str
    help: str
    value: int


def gauges(*, now: datetime, today: date, pinned: str, folder: Path) -> list[Gauge]:
    """Return what there is to watch; a fixed number of queries.

    Args:
        pinned: fingerprint of the vault key as settings name it.
        folder: the folder of photos, or one above it that exists.
    """
    opens = opens_content()
    found = [
        Gauge(name="anshao_up", help="The database answers.", value=1),
        Gauge(name="anshao_vault_pinned", help="The vault is the pinned one.", value=_is_pinned(pinned)),
        Gauge(
            name="anshao_photo_disk_free_gibibytes",
            help="Room on the disk of photos, rounded down.",
            value=shutil.disk_usage(folder).free // GIB,
        ),
        *_daily(now=now),
        *_tips(today=today),
    ]
    if opens is not None:
        found.append(
            Gauge(name="anshao_key_ring_opens", help="The key ring opens the newest tip.", value=int(opens))
        )
    return found


def _daily(*, now: datetime) -> Iterator[Gauge]:
    run = DailyRun.objects.exclude(finished_at=None).first()
    if run is None or run.finished_at is None:
        return
    hours = int((now - run.finished_at) // timedelta(hours=1))
    yield Gauge(
        name="anshao_daily_age_hours", help="Whole hours since the daily task ended.", value=max(hours, 0)
    )
    yield Gauge(name="anshao_daily_jobs_failed", help="Jobs of it that broke off.", value=len(run.failed))


def _tips(*, today: date) -> Iterator[Gauge]:
    yesterday = Tip.objects.filter(received_date=today - timedelta(days=1)).count()
    yield Gauge(
        name="anshao_tips_received_yesterday",
        help="Tips of the day before, rounded down to tens.",
        value=yesterday // ROUNDED_TO * ROUNDED_TO,
    )
    overdue = Period.objects.overdue(today=today).count()
    yield Gauge(name="anshao_periods_overdue", help="Legal periods past their last day.", value=overdue)


def _is_pinned(pinned: str) -> int:
    return int(is_pinned(pinned=pinned))
