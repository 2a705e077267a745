"""Closes the report of a period: a month, a quarter, a half-year or a year that is over."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.errors import ComplaintError
from complaints.rules.spans import Span, span_of
from complaints.services.freezing import LONGEST_REASON, freeze


class Command(BaseCommand):
    """`manage.py freeze_period 2026Q1 [--reason TEXT]`: a closed period stays as it is unless a reason is given."""

    help = "Close the report of a period, or correct a closed one by a new version with a reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the code of the period and, for a correction, the reason."""
        parser.add_argument("period", type=_span, metavar="PERIOD", help="2026-03, 2026Q1, 2026H1 or 2026")
        parser.add_argument(
            "--reason",
            default="",
            help=f"Why a closed period is corrected, at most {LONGEST_REASON} characters.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Close it and print its number and fingerprint; the exit code is not zero when it was refused."""
        try:
            row = freeze(span=options["period"], at=timezone.now(), reason=options["reason"], told=self._tell)
        except ComplaintError as error:
            raise CommandError(str(error.public_message)) from error
        self.stdout.write(f"已定稿 {row.number}，数据指纹 {row.inputs_digest[:16]}")

    def _tell(self, code: str, done: int, of: int) -> None:
        """Say how far it is where more than one period is closed: a year of a large city takes minutes."""
        if of > 1:
            self.stdout.write(f"  {code}（{done}/{of}）")


def _span(code: str) -> Span:
    try:
        return span_of(code)
    except ValueError as error:
        raise ArgumentTypeError("use 2026-03, 2026Q1, 2026H1 or 2026") from error
