"""Deletes evidence files that belong to no tip, such as a power cut in the middle of a submission leaves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.errors import TooManyOrphans
from complaints.services.evidence_sweep import sweep_orphans


class Command(BaseCommand):
    """`manage.py sweep_orphans`: safe at any time, also while tips come in."""

    help = "Delete evidence files that no row knows. Submissions wait while it runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let an operator insist, after looking twice at DATABASE_URL and DATA_DIR."""
        parser.add_argument("--force", action="store_true", help="Delete even when most files have no row.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep and say how many files went."""
        try:
            count = sweep_orphans(force=options["force"])
        except TooManyOrphans as refused:
            raise CommandError(
                f"{refused}：多数证据文件不属于这个数据库，什么也没有删。"
                "请核对 DATABASE_URL 和 DATA_DIR；确认无误再加 --force。"
            ) from refused
        self.stdout.write(f"清除 {count} 个没有归属的证据文件")
