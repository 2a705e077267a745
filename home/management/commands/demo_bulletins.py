"""Publishes the bulletins of the demonstration; `demo` calls it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from home.demo_bulletins import load_bulletins
from portal.shared.logs import quiet


class Command(BaseCommand):
    """`manage.py demo_bulletins`: what is already there stays as it is."""

    help = "Publish sample bulletins of the closed periods. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, and say how many bulletins are new."""
        with quiet():
            added = load_bulletins(today=timezone.localdate())
        if options["verbosity"]:
            self.stdout.write(f"示例通报：新增 {added} 篇")
