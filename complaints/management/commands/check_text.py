"""Checks texts for what must not be published, line by line, so that years of old notices can go through it."""

import json
import sys
from argparse import ArgumentParser
from io import TextIOWrapper
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.enums import NamePolicy
from complaints.rules.redaction import Finding, findings


class Command(BaseCommand):
    """`manage.py check_text < texts.jsonl`: changes nothing and needs no database."""

    help = (
        "Read texts as JSON strings in UTF-8, one a line, and print for each a JSON list of what must not be "
        "published: kind, start, end (in characters), suggestion. An empty line is refused: every line has its answer."
    )
    requires_system_checks: list[str] = []  # nothing here needs the keys or the database they look at

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how enterprises may be called."""
        parser.add_argument(
            "--policy",
            choices=NamePolicy.values,
            default=NamePolicy.DEIDENTIFIED.value,
            help="deidentified: no names.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer each line before the next one is read; the first line that is no JSON string ends it."""
        policy = NamePolicy(options["policy"])
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as what is read, whatever the machine speaks
        for number, line in enumerate(sys.stdin.buffer, start=1):
            found = findings(_text(line, number=number), policy=policy)
            self.stdout.write(json.dumps([_facts(one) for one in found], ensure_ascii=False))
            self.stdout.flush()


def _text(line: bytes, *, number: int) -> str:
    try:
        text = json.loads(line.decode("utf-8-sig"))  # files of some editors begin with a mark
    except (ValueError, RecursionError) as error:
        raise CommandError(f"第 {number} 行不是 JSON 字符串，前面各行已经输出。") from error
    if not isinstance(text, str):
        raise CommandError(f"第 {number} 行不是 JSON 字符串，前面各行已经输出。")
    return text


def _facts(found: Finding) -> dict[str, str | int]:
    return {"kind": found.kind.value, "start": found.start, "end": found.end, "suggestion": found.suggestion}
