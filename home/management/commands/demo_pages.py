"""Loads the sample content of the public pages; `demo` calls it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from home.demo import load_sample_content
from home.demo_outreach import load_outreach
from portal.shared.logs import quiet


class Command(BaseCommand):
    """`manage.py demo_pages`: what is already there stays as it is."""

    help = "Load sample texts and pictures into the public pages. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how many texts are new."""
        with quiet():
            added = load_sample_content(today=timezone.localdate())
            load_outreach(today=timezone.localdate())
        if options["verbosity"]:
            self.stdout.write(f"示例页面：新增 {added} 篇")
