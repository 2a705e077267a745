"""Signs the end of the audit log into the file outside the database; the daily task does the same."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.crypto import base64text, signature
from complaints.errors import LogAtFault
from complaints.management.commands.audit_verify import told
from complaints.services.checkpoints import checkpoint_file, checkpoint_seed, sign_now


class Command(BaseCommand):
    """`manage.py audit_checkpoint`."""

    help = "Sign the end of the audit log and append it to CHECKPOINT_DIR/audit.jsonl. Safe at any time, also twice."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign, and say which public key checks it."""
        path = checkpoint_file()
        try:
            seed = checkpoint_seed()
            is_new = sign_now(at=timezone.now())
        except LogAtFault as error:
            raise CommandError(f"没有签：{told(error.finding)}") from error
        except ValueError as error:
            raise CommandError("没有签：CHECKPOINT_KEY 不是 32 字节的 base64。") from error
        except OSError as error:
            raise CommandError(f"没有签：写不了 {path}。") from error
        said = f"已签存到 {path}。" if is_new else f"上次签存以后没有新的记录（{path}）。"
        self.stdout.write(f"{said}\n公钥：{base64text.encode(signature.public_key(seed=seed))}")
