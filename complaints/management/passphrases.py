"""Passphrases of key files on the command line: from the first line of a file, or typed without an echo."""

import getpass
from pathlib import Path

from django.core.management.base import CommandError

from portal.shared.passwords import is_breached


def passphrase_from(path: Path | None, *, prompt: str, again: bool = False) -> str:
    """Return a passphrase from a file, or typed; a new one is typed twice.

    Raises:
        CommandError: both times something else was typed, or a new one is on the list of breached passwords.
        OSError: the file cannot be read.
    """
    if path is not None:
        typed = next(iter(path.read_text(encoding="utf-8").splitlines()), "")
    else:
        typed = getpass.getpass(prompt)
        if again and getpass.getpass("再输一遍：") != typed:
            raise CommandError("两次输入的口令不一样。")
    if again and is_breached(typed):
        raise CommandError("这个口令在已泄露口令的名单上，攻击者会最先试它。请换一个。")
    return typed
