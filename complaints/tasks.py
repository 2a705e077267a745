"""The embedded default has no timer beside it: a thread of the server sees to the daily work."""

import logging
from threading import Event, Thread

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

from complaints.services.checkpoints import APART, sign_quietly
from complaints.services.daily import DailyReport, run_if_due
from complaints.services.day_cells import refresh
from complaints.services.vault_alarm import raise_if_swapped

# The first look waits until the server has answered its first visitors.
FIRST_LOOK_SECONDS = 30.0
LOOK_EVERY_SECONDS = 600.0
logger = logging.getLogger(__name__)


class DailyTimer(Thread):
    """Looks every ten minutes whether the work of the day was done; ends with the process."""

    def __init__(self, *, first: float = FIRST_LOOK_SECONDS, every: float = LOOK_EVERY_SECONDS) -> None:
        super().__init__(name="daily", daemon=True)
        self._first, self._every = first, every
        self._ended = Event()

    def run(self) -> None:
        """Look, wait, look again."""
        wait = self._first
        while not self._ended.wait(wait):
            look()
            wait = self._every

    def end(self) -> None:
        """Let the thread end at its next look."""
        self._ended.set()


def look() -> DailyReport | None:
    """Do the work of the day if it is still to be done; look at the vault's key, bring daily sums up, sign the log.

    A database that is away is asked again later.
    """
    try:
        report = run_if_due(today=timezone.localdate(), now=timezone.now())
        raise_if_swapped(today=timezone.localdate(), pinned=settings.VAULT_FINGERPRINT)
        refresh()
        sign_quietly(at=timezone.now(), apart=APART)
        return report
    except Error as error:
        logger.warning("the daily work has to wait: %s", type(error).__name__)
        return None
    finally:
        connections.close_all()


def start_timer() -> DailyTimer | None:
    """Start the thread where the settings ask for it; production has a timer of its own instead."""
    if not settings.DAILY_IN_SERVER:
        return None
    timer = DailyTimer()
    timer.start()
    return timer
