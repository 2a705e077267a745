"""The worker of a city: one process beside the nodes that does what nobody has to press a button for."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.tasks import DailyTimer

LOOK_SECONDS = 5.0


class Command(BaseCommand):
    """`manage.py worker`: several may run; a row in the database lets one of them work."""

    help = "Do the daily work when it is due, until told to end (SIGTERM)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the timer until a signal comes; what is being done is finished first."""
        ended = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_caught: ended.set())
        timer = DailyTimer(first=0.0)
        timer.start()
        self.stdout.write("✓ worker")
        while not ended.wait(LOOK_SECONDS):
            if not timer.is_alive():
                raise CommandError("the worker broke off; its supervisor starts it again")
        timer.end()
        timer.join()
