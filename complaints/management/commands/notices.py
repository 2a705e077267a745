"""Sends the letters that wait: to be run at hours the bureau sets, never at every submission."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.services.notices import send_waiting
from complaints.services.vault_alarm import raise_if_swapped


class Command(BaseCommand):
    """Send a letter without content to everybody for whom work waits and who has not been told yet."""

    help = "Send the notices that wait; put it on a timer at set hours, such as 09:00 and 15:00."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print how many letters went out."""
        today = timezone.localdate()
        raise_if_swapped(today=today, pinned=settings.VAULT_FINGERPRINT)
        sent = send_waiting(today=today)
        self.stdout.write(f"{sent}")
