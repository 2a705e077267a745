"""Prints what a true tip would be worth and why, for people who answer the telephone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from complaints.enums import RewardLevel, TipKind
from complaints.errors import ComplaintError, DraftInvalid
from complaints.rules.reward_question import read_question
from complaints.selectors.reward_words import Spoken, caveat, explained
from complaints.selectors.rewards import Estimate, estimate

TRUTHS = ("employee", "duty_related", "already_known", "not_first")
TEXTS = ("kind", "dead", "concealed", "level", "signatories", "chosen", "policy", "on")


class Command(BaseCommand):
    """`manage.py reward --kind violation --fine 100000`: changes nothing."""

    help = "Print what a tip would be worth if it is true, line by line, and by which rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the figures as they are typed; the rules say what is wrong with them."""
        parser.add_argument("--kind", required=True, help=f"One of: {', '.join(TipKind.values)}.")
        parser.add_argument(
            "--fine",
            nargs="+",
            action="extend",
            default=[],
            metavar="YUAN",
            help="Signed fines; one or more.",
        )
        parser.add_argument("--dead", metavar="N", help="All deaths of a concealed accident.")
        parser.add_argument("--concealed", metavar="N", help="Concealed deaths that are proven.")
        parser.add_argument("--employee", action="store_true", help="The reporter works there.")
        parser.add_argument("--level", help=f"One of: {', '.join(RewardLevel.values)}.")
        parser.add_argument("--signatories", metavar="N", help="How many people signed.")
        parser.add_argument("--chosen", metavar="YUAN", help="The amount, where the rule leaves a range.")
        parser.add_argument("--duty-related", action="store_true", help="A duty of safety supervision.")
        parser.add_argument("--already-known", action="store_true", help="The matter was found before.")
        parser.add_argument("--not-first", action="store_true", help="Somebody else reported it first.")
        parser.add_argument("--policy", help="Short name of a rule, such as national; else that of the city.")
        parser.add_argument("--on", metavar="DATE", help="Day of acceptance, such as 2026-03-10; else today.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the amount first, on a line of its own."""
        raw = {name: [options[name]] for name in TEXTS if options[name] is not None}
        raw |= {name: ["1"] for name in TRUTHS if options[name]} | {"fine": options["fine"]}
        with translation.override("zh-hans"):
            try:
                found = estimate(question=read_question(raw), today=timezone.localdate())
            except ComplaintError as error:
                raise CommandError(_said(error)) from error
            for line in _lines(found):
                self.stdout.write(line)


def _said(error: ComplaintError) -> str:
    if not isinstance(error, DraftInvalid):
        return str(error.public_message)
    return "\n".join(f"--{one.field.replace('_', '-')}：{one.problem.label}" for one in error.problems)


def _lines(found: Estimate) -> list[str]:
    row = found.policy
    ended = f"至 {row.effective_to.isoformat()}" if row.effective_to else "起"
    lines = [
        f"{found.reward.amount} 元",
        f"规则：{row.name}（{row.code}），{row.effective_from.isoformat()} {ended}，受理日 {found.day.isoformat()}",
        f"依据：{row.source}",
        *[f"  {_line(one)}" for one in explained(found.reward)],
    ]
    if len(found.reward.shares) > 1:
        lines.append("各人所得：" + "、".join(f"{share} 元" for share in found.reward.shares))
    if found.is_shipped:
        lines.append("注意：数据库读不到，按随程序提供的规则推算，后台改过的规则没有计入。")
    return [*lines, f"注意：{caveat()}"]


def _line(one: Spoken) -> str:
    source = f"（{one.source}）" if one.source else ""
    return f"{one.label}：{one.how} → {one.amount} 元{source}"
