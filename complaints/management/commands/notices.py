"""Sends the letters that wait: to be run at hours the bureau sets, never at every submission."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.services.notices import send_waiting


class Command(BaseCommand):
    """Send a letter without content to everybody for whom work waits and who has not been told yet."""

    help = "Send the notices that wait; put it on a timer at set hours, such as 09:00 and 15:00."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print how many letters went out."""
        sent = send_waiting(today=timezone.localdate())
        self.stdout.write(f"{sent}")
