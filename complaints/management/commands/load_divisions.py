"""Loads a city's divisions and outlines from two files: any city can do it without a change of code."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.services.divisions import load_divisions, read_divisions, read_outlines


class Command(BaseCommand):
    """`manage.py load_divisions --csv FILE --geojson FILE`: adds and changes, never deletes."""

    help = (
        "Load administrative divisions. CSV columns: code,name,level,parent_code (level: city, district, town), "
        "and name_en for pages in English if wanted. "
        "GeoJSON: one feature per district, property `name` as in the CSV, coordinates in GCJ-02."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the two files."""
        parser.add_argument("--csv", required=True, type=Path, metavar="FILE")
        parser.add_argument(
            "--geojson", type=Path, metavar="FILE", help="Without it no point can be located."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read both files, load them, say how many rows changed."""
        try:
            rows = read_divisions(path=options["csv"])
            outlines = read_outlines(path=options["geojson"], divisions=rows) if options["geojson"] else {}
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        loaded = load_divisions(divisions=rows, outlines=outlines)
        self.stdout.write(
            f"区划 {loaded.total} 个，新增或更新 {loaded.changed} 个，轮廓 {loaded.outlines} 个"
        )
