"""Loads who answers for industries outside the remit: a city brings its own names and numbers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.services.routing_data import load_bodies, read_bodies


class Command(BaseCommand):
    """`manage.py load_bodies --csv FILE`: adds and changes, never deletes."""

    help = "Load competent bodies. CSV columns: industry,name,name_en,phone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("--csv", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, load it, say how many rows changed."""
        try:
            rows = read_bodies(path=options["csv"])
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"主管部门 {len(rows)} 个，新增或更新 {load_bodies(rows=rows)} 个")
