"""Loads the sample cases; `demo` calls it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases_public.demo import load_sample_cases
from cases_public.demo_duty import load_sample_duty
from portal.shared.logs import quiet


class Command(BaseCommand):
    """`manage.py demo_cases`: what is already there stays as it is."""

    help = "Load sample cases with their pictures and collections. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how many cases are new."""
        with quiet():
            added = load_sample_cases(today=timezone.localdate())
            submitted = load_sample_duty(today=timezone.localdate())
        if options["verbosity"]:
            self.stdout.write(f"示例案例：新增 {added} 件，报送 {submitted} 件")
