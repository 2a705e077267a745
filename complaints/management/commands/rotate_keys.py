"""Encrypts all content anew under the active key of KEY_RING, and says what the older keys are still needed for."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.errors import LogAtFault
from complaints.models.sealed import active_keyring
from complaints.services import rotation


class Command(BaseCommand):
    """`manage.py rotate_keys`: safe while tips come in, and when it is killed: start it again."""

    help = "Encrypt everything under the first key of KEY_RING. May be killed and started again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the entry that is left of an older key; it goes to standard output alone."""
        parser.add_argument(
            "--remnant",
            metavar="ID",
            help="Change nothing; print the KEY_RING entry that is left of this older key: its marks alone.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, then say what is left; the exit code is not zero when something is."""
        if options["remnant"]:
            self._print_remnant(options["remnant"])
            return
        ring, today = active_keyring(), timezone.localdate()
        self.stdout.write(f"现用密钥 {ring.active_id}（{ring.suite_name}）")
        done = rotation.rotate(today=today)
        self.stdout.write(f"  重新加密：{done.rows} 条记录，{done.files} 个照片文件（检查 {done.looks} 遍）")
        if done.is_done:
            self._vouch()
        for needs in rotation.key_needs(today=today):
            self._say_needs(needs, is_done=done.is_done)
        if done.unreadable:
            names = "、".join(done.unreadable[:20])
            raise CommandError(f"有 {len(done.unreadable)} 项用现有的钥匙都打不开：{names}。旧钥匙请勿移除。")
        if not done.is_done:
            raise CommandError("还有程序在用旧钥匙写入。请先用新的 KEY_RING 重启全部服务，再运行一次。")

    def _vouch(self) -> None:
        try:
            if rotation.vouch_for_log(at=timezone.now()):
                self.stdout.write("  审计日志：旧密钥签的记录已由现用密钥担保")
        except LogAtFault as fault:
            raise CommandError("审计日志核对不上，没有担保。请先运行 audit_verify。") from fault

    def _print_remnant(self, key_id: str) -> None:
        try:
            self.stdout.write(rotation.remnant_of(key_id=key_id))
        except rotation.StillNeeded as needed:
            raise CommandError(f"不能缩减：{needed}。请先运行 rotate_keys。") from needed

    def _say_needs(self, needs: rotation.KeyNeeds, *, is_done: bool) -> None:
        self.stdout.write(f"旧密钥 {needs.key_id}：")
        self.stdout.write("  内容：" + ("不再需要" if is_done else "仍然需要，先不要移除"))
        self.stdout.write(f"  查询码：{needs.receipts} 个仍靠它识别")
        self.stdout.write(f"  审计记录：{needs.audit_rows} 条仍靠它验证")
        self.stdout.write(f"  断线重发：{needs.retries_until.isoformat()} 以前靠它识别")
        if is_done and needs.is_free:
            self.stdout.write(f"  {needs.retries_until.isoformat()} 之后可以从 KEY_RING 移除。")
        elif is_done and needs.is_unbounded:
            self.stdout.write(
                "  这个残余条目没有写明最后一条审计记录（until），旧密钥外泄时可用来伪造日志，请换成："
                f"manage.py rotate_keys --remnant {needs.key_id}"
            )
        elif is_done and needs.is_whole:
            self.stdout.write(
                f"  {needs.retries_until.isoformat()} 之后可以缩减为只留标记的条目，旧内容从此打不开："
                f"manage.py rotate_keys --remnant {needs.key_id}"
            )
