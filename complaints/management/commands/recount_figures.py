"""Counts the daily sums of figures anew from every record, or says whether they are what the records say."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.errors import ComplaintError
from complaints.services.day_cells import differing_months, rebuild


class Command(BaseCommand):
    """`manage.py recount_figures [--check]`: the portal goes on meanwhile."""

    help = "Count the daily sums of figures anew from the records; --check compares and changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to compare alone."""
        parser.add_argument("--check", action="store_true", help="Compare with the records; change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count or compare, a month at a time; the exit code is not zero when a month differs."""
        if options["check"]:
            self._check()
            return
        try:
            months = rebuild(at=timezone.now(), told=self._tell)
        except ComplaintError as error:
            raise CommandError(str(error.public_message)) from error
        self.stdout.write(f"已重算 {months} 个月的每日汇总")

    def _check(self) -> None:
        months = list(differing_months(told=self._tell))
        if months:
            raise CommandError("与记录不一致的月份：" + "、".join(f"{month:%Y-%m}" for month in months))
        self.stdout.write("每日汇总与记录一致")

    def _tell(self, month: date, done: int, of: int) -> None:
        self.stdout.write(f"  {month:%Y-%m}（{done}/{of}）")
