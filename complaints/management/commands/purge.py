"""Destroys tips whose period of keeping is over, with their files and traces; a count and the number stay."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.selectors.database_file import rebuild
from complaints.services import retention
from portal.devkeys import DEMO_VAULT_FINGERPRINT

MIB = 1024 * 1024


class Command(BaseCommand):
    """`manage.py purge --as-of DATE`: also part of the daily task; a second run finds nothing left."""

    help = "Destroy tips whose period of keeping ended before a day, today unless told otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day, and offer a look without touching anything."""
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="Today if left out."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say how many matters are due; change nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge and say what went; the exit code is not zero while traces are left."""
        day = options["as_of"] or timezone.localdate()
        if options["dry_run"]:
            due = retention.due_count(as_of=day)
            self.stdout.write(f"{day.isoformat()} 期满：{due} 件（含暂缓销毁的），没有改动。")
            return
        _check(day)
        done = retention.purge(as_of=day, at=timezone.now())
        self.stdout.write(
            f"{day.isoformat()} 期满销毁：举报 {done.tips} 件，证据文件 {done.files} 个；另有 {done.kept} 件期满暂留。"
        )
        found = rebuild()
        if found is not None and not found.fits:
            self.stdout.write(
                f"数据库 {found.size_bytes // MIB} MB，磁盘余量 {found.free_bytes // MIB} MB，不够重建文件："
                "已删除的内容已被覆写（secure_delete），日志已截断，但文件不会变小。腾出约 2.2 倍空间后再运行一次。"
            )
        if not done.is_clean:
            raise CommandError("数据库正忙，文件里的残留还没有清除。请再运行一次；每日任务也会再试。")


def _check(day: date) -> None:
    """A day that has not come destroys what must still be kept: only a demonstration may look ahead."""
    is_demo = settings.VAULT_FINGERPRINT == DEMO_VAULT_FINGERPRINT
    if day > timezone.localdate() and not is_demo:
        raise CommandError(
            f"{day.isoformat()} 还没有到，什么也没有销毁。要看届时有多少件到期，请加 --dry-run。"
        )
