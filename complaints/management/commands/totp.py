"""Shows the code of a demo account's authenticator, so that a demonstration needs no phone."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.errors import NotAllowed
from complaints.services.demo.people import code_now
from portal.devkeys import DEMO_VAULT_FINGERPRINT


class Command(BaseCommand):
    """`manage.py totp USERNAME`: for accounts of the demonstration only."""

    help = "Print the six digits a demo account's authenticator shows now. Refused for every other account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code on a line of its own, for scripts; the rest goes to standard error."""
        if settings.VAULT_FINGERPRINT != DEMO_VAULT_FINGERPRINT:
            raise CommandError("这里不是演示环境，拒绝显示动态码。")
        try:
            code, seconds = code_now(username=options["username"], at=timezone.now())
        except NotAllowed as refused:
            raise CommandError("这不是演示账号，拒绝显示动态码。") from refused
        self.stdout.write(code)
        self.stderr.write(f"还有 {seconds} 秒有效，只能用一次。")
