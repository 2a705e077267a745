"""Fills an empty installation with a demonstration city and prints the accounts, in Chinese for its operators."""

import unicodedata
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from complaints.enums import TipStatus
from complaints.errors import DemoRefused
from complaints.services.demo.load import Demonstration, load_demo
from complaints.services.demo.reports import load_reports
from complaints.services.demo.reviews import load_reviews
from portal.devkeys import DEMO_VAULT_FINGERPRINT
from portal.shared.logs import quiet

WARNING = "！以下账号、密码、口令和密钥人人都能查到，只用于演示数据；生产环境拒绝使用它们。"
LINE = "─" * 100


class Command(BaseCommand):
    """`manage.py demo`: safe to run again; it then only prints the accounts."""

    help = "Load the demonstration: units, accounts, the demo vault, tips at work, two years of finished ones, pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let tests leave out the pages."""
        parser.add_argument("--no-pages", action="store_true", help="Load no sample pages.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything, then print what one needs to sign in."""
        try:
            with quiet(), override("zh-hans"):
                loaded = load_demo(
                    today=timezone.localdate(),
                    now=timezone.now(),
                    folder=Path(settings.DATA_DIR) / "demo",
                    pinned=settings.VAULT_FINGERPRINT,
                    demo_fingerprint=DEMO_VAULT_FINGERPRINT,
                )
        except DemoRefused as refused:
            raise CommandError(
                "VAULT_FINGERPRINT 不是演示保险箱：这里可能有真实举报，拒绝载入演示数据。"
            ) from refused
        if not options["no_pages"]:
            # By their names: the pages lie above this app and must not be imported here.
            with quiet():
                # The past first: the sample of files is drawn from what was concluded last month.
                load_reports(today=timezone.localdate(), at=timezone.now())
                load_reviews(today=timezone.localdate(), at=timezone.now())
            for name in ("demo_pages", "demo_cases", "demo_bulletins"):
                call_command(name, verbosity=0)
        with override("zh-hans"):
            self.stdout.write("\n".join(self._report(loaded)))

    def _report(self, loaded: Demonstration) -> list[str]:
        return [
            "",
            LINE,
            WARNING,
            LINE,
            *_accounts(loaded),
            "",
            "登录：打开 /admin/ ，输入账号和密码；动态码用手机验证器扫描或手工输入上面的“验证器密钥”，",
            "      或者运行  .venv/bin/python manage.py totp 账号  （一个动态码只能用一次，30 秒换一个）。",
            "",
            f"保密专员的密钥文件：{loaded.key_file}",
            f"密钥文件的口令：    {loaded.passphrase}",
            *_receipts(loaded),
            *_enterprises(loaded),
            LINE,
        ]


def _accounts(loaded: Demonstration) -> list[str]:
    rows = [
        (
            account.username,
            account.name,
            "、".join(str(role.label) for role in account.roles) or account.duty,
            account.office,
            account.totp_secret,
        )
        for account in loaded.accounts
    ]
    return [
        f"演示账号（密码都是 {loaded.accounts[0].password} ）",
        "",
        *table(("账号", "姓名", "角色", "单位", "验证器密钥"), rows),
    ]


def _receipts(loaded: Demonstration) -> list[str]:
    if not loaded.receipts:
        return ["", "演示举报已经在库里，查询码不能再次显示。"]
    rows = [(shown.number, shown.receipt, _status(shown.status)) for shown in loaded.receipts]
    return [
        "",
        f"新增 {loaded.new_tips} 件演示举报。下面三件的查询码只显示这一次，可在“查进度”页使用：",
        "",
        *table(("举报编号", "查询码", "状态"), rows),
    ]


def _enterprises(loaded: Demonstration) -> list[str]:
    """Return where the posters lead, and the receipts of two tips inside a company."""
    lines = ["", "企业海报上的码（打开 /e/码/ ），企业安全管理员登录后进入 /workplace/ ：", ""]
    lines += table(("企业", "码"), loaded.codes)
    if loaded.internal:
        rows = [(shown.number, shown.receipt) for shown in loaded.internal]
        lines += ["", "企业内部报告的查询码，只显示这一次（一件待确认奖金，一件已超期可转交）：", ""]
        lines += table(("编号", "查询码"), rows)
    return lines


def _status(value: str) -> str:
    return str(TipStatus(value).label)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines whose columns stand under each other, a Chinese character counted as two columns."""
    lines = [head, *rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    return ["  ".join(map(_padded, line, widths)).rstrip() for line in lines]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
