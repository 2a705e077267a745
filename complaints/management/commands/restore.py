"""Puts a backup back into an empty installation; a custodian brings the key file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.crypto import keyfile
from complaints.crypto.errors import KeyFileError, WrongPassphrase
from complaints.errors import BackupRefused
from complaints.management.passphrases import passphrase_from
from complaints.services.backups.restoring import restore_backup

FAULTS = {
    "no_manifest": "这里没有完整的备份（缺 manifest.json 或者它已损坏）。",
    "other_keys": "KEY_RING 不是做备份时的那一套，或者清单被改动过。请先放好原来的 KEY_RING（演示环境是 keys.env）。",
    "not_empty": "这里已经有数据，什么也没有恢复。请换一个空的 DATA_DIR（或空的数据库）。",
    "damaged": "备份与校验值不符，没有恢复。请换另一份备份。",
    "other_vault": "这个密钥文件打不开这份备份：保险箱不对，或者文件被改动过。",
    "other_database": "备份来自另一种数据库，不能恢复到这里。",
    "other_version": "备份与程序版本不合。SQLite 请用同一版或更新的程序；PostgreSQL 请用当时的程序先 migrate。",
    "other_layout": "这份备份的格式属于另一个版本的程序，请用做备份时的程序恢复。",
    "finished": "这份备份已经恢复完了，上一次只差收尾。可以启动服务。",
    "under_way": "另一次备份或恢复正在进行，请等它结束。",
}


class Command(BaseCommand):
    """`manage.py restore DIR --key FILE`: refuses where anything is; checks every hash and every count."""

    help = "Put a backup back into an empty DATA_DIR (and an empty database), with a custodian's key file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup and the key file."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--key", required=True, type=Path, metavar="FILE", help="The custodian's key file."
        )
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="First line; asked for when left out."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the key file, restore, say what to do next."""
        try:
            text = options["key"].read_text(encoding="utf-8")
            typed = passphrase_from(options["passphrase_file"], prompt="密钥文件的口令：")
            seed = keyfile.unwrap(text=text, passphrase=typed).seed
            done = restore_backup(folder=options["folder"], seed=seed, at=timezone.now())
        except BackupRefused as refused:
            raise CommandError(FAULTS[refused.fault]) from refused
        except WrongPassphrase as error:
            raise CommandError("没有恢复：口令不对，或者密钥文件被改动过。") from error
        except (KeyFileError, OSError, ValueError) as error:
            raise CommandError(f"没有恢复：{error}") from error
        self.stdout.write(
            f"已恢复 {done.made_on} 的备份：{done.rows} 行，{done.files} 个文件，校验值全部相符。"
        )
        self.stdout.write(
            "备份里的登录状态、未读的密函、未完成的启封和换钥搬迁已全部作废，审计日志记下了这次恢复。"
        )
        self.stdout.write(
            f"备份之后停用的账号、收回的角色、换过的口令又回到了备份当天的样子。"
            f"请逐一核对下列 {len(done.accounts)} 个可以登录的账号，再启动服务："
        )
        self.stdout.write("、".join(done.accounts))
        self.stdout.write("接着运行：migrate、check --database default、sweep_orphans、purge，然后启动服务。")
