"""Makes a backup of everything but the keys, sealed to the identity vault, while the portal runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.errors import BackupRefused, VaultUnavailable
from complaints.services.backups.making import make_backup

FAULTS = {
    "not_empty": "目标文件夹里已经有东西，什么也没有写。请换一个空文件夹。",
    "under_way": "另一次备份正在进行，请等它结束。",
}


class Command(BaseCommand):
    """`manage.py backup DIR`: database, evidence, media and checkpoints; KEY_RING and SECRET_KEY are never in it."""

    help = "Write a backup into an empty folder, sealed to the identity vault. Tips may come in meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say what is in it; the exit code is not zero when photos were missing."""
        folder: Path = options["folder"]
        try:
            made = make_backup(folder=folder, pinned=settings.VAULT_FINGERPRINT, today=timezone.localdate())
        except BackupRefused as refused:
            raise CommandError(FAULTS[refused.fault]) from refused
        except VaultUnavailable as error:
            raise CommandError("数据库里的保险箱公钥与 VAULT_FINGERPRINT 不符，没有备份。") from error
        rows = sum(made.summary.counts.values())
        self.stdout.write(
            f"备份写到 {folder}：{rows} 行，{made.files} 个文件，封存给第 {made.manifest.vault} 版保险箱。"
        )
        self.stdout.write("KEY_RING 和 SECRET_KEY 不在备份里，请另行保管：没有它们，恢复后的内容打不开。")
        if made.missing:
            raise CommandError(f"有 {len(made.missing)} 个照片文件本来就不在：{'、'.join(made.missing[:20])}")
