"""Checks the audit log: the chain itself, and the checkpoints kept outside the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.crypto import base64text, signature
from complaints.services.audit_check import AuditFault, Finding, verify
from complaints.services.checkpoints import checkpoint_file, checkpoint_seed, missing_file, verify_checkpoints

SAID = {
    AuditFault.EDITED: "审计日志第 {n} 行被改动过。",
    AuditFault.REMOVED: "审计日志缺第 {n} 行：这一行被删除了。",
    AuditFault.INSERTED: "审计日志第 {n} 行是后来插进去的。",
    AuditFault.RECHAINED: "审计日志从第 {n} 行起被重写过：有人拿着密钥重新连了链。",
    AuditFault.CUT_TAIL: "审计日志的结尾被截掉了：第 {n} 行起不在了。",
    AuditFault.HEAD: "审计日志的链尾封记被改动或删除，无法确认第 {n} 行起是否还有记录。",
    AuditFault.OLDER_KEY: "审计日志第 {n} 行是用换下来的旧密钥签的：旧密钥不该再签新的记录。",
    AuditFault.OLDER_DATABASE: "数据库被换成了较早的一份：签存时已有第 {n} 行，现在没有。",
    AuditFault.NO_FILE: "检查点文件不见了：审计日志第 {n} 行记着签存已经开始。",
    AuditFault.CHECKPOINT: "检查点文件第 {n} 行不对：被改动、缺行，或者不是这把钥匙签的。",
}


class Command(BaseCommand):
    """`manage.py audit_verify [--checkpoint FILE] [--public-key BASE64]`."""

    help = "Verify the audit log and compare it with the signed checkpoints; exit code 1 when something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a file and a key other than those of the settings."""
        parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="A copy kept elsewhere.")
        parser.add_argument(
            "--public-key",
            metavar="BASE64",
            help="Who must have signed; the key of the settings when left out.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say in one sentence what is wrong first, or that nothing is."""
        path: Path = options["checkpoint"] or checkpoint_file()
        finding = verify() or (None if options["checkpoint"] else missing_file(path=path))
        if finding is not None:
            raise CommandError(told(finding))
        if options["checkpoint"] is None and not path.exists():
            self.stdout.write(f"审计日志完整。还没有检查点（{path}），所以看不出数据库是否被换成较早的一份。")
            return
        try:
            finding = verify_checkpoints(path=path, public=_public_key(options["public_key"]))
        except OSError as error:
            raise CommandError(f"检查点文件读不了：{path}") from error
        if finding is not None:
            raise CommandError(told(finding))
        self.stdout.write("审计日志完整，和每个检查点都一致。")


def told(finding: Finding) -> str:
    """Return a finding as one sentence, with the day of the checkpoint that shows it."""
    text = SAID[finding.fault].format(n=finding.sequence)
    if finding.signed_at is None:
        return text
    signed = timezone.localtime(finding.signed_at)
    return f"{text}（检查点签于 {signed:%Y-%m-%d %H:%M}）"


def _public_key(text: str | None) -> bytes:
    try:
        return base64text.decode(text) if text else signature.public_key(seed=checkpoint_seed())
    except ValueError as error:
        raise CommandError("公钥或 CHECKPOINT_KEY 不是 32 字节的 base64。") from error
