"""Loads outlines of development zones: points inside go to the zone instead of the district."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.services.routing_data import load_zones, read_zones


class Command(BaseCommand):
    """`manage.py load_zones --geojson FILE`: safe to run again."""

    help = (
        "Load outlines of zones. GeoJSON: one feature per zone, `name` as of its unit, coordinates in GCJ-02."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("--geojson", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, load it, say how many zones changed."""
        try:
            outlines = read_zones(path=options["geojson"])
            changed = load_zones(outlines=outlines)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"开发区 {len(outlines)} 个，更新轮廓 {changed} 个")
