"""Prints the last day of a period and what moved it, for people who answer the telephone."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from complaints.rules.due import Cause, DayNote, DueDay
from complaints.selectors.deadlines import last_day_of

MOST_DAYS = 3660
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
CAUSES = {
    Cause.WEEKEND: "周末",
    Cause.HOLIDAY: "节假日",
    Cause.MADE_UP: "调休上班",
    Cause.ENTERED_OFF: "后台录入的休息日",
    Cause.ENTERED_WORKING: "后台录入的工作日",
}


class Command(BaseCommand):
    """`manage.py due --from 2025-08-05 --days 60`: changes nothing."""

    help = "Print the last day of a period, its weekday and what moved it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the first day (not counted), the length, and how to count."""
        parser.add_argument("--from", dest="start", required=True, type=_day, metavar="DATE")
        parser.add_argument("--days", required=True, type=_length, metavar="N")
        parser.add_argument("--working", action="store_true", help="Count working days, not calendar days.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the day first, on a line of its own."""
        asked = {name: options[name] for name in ("start", "days")} | {"is_working": options["working"]}
        try:
            found, is_overlaid = _found(**asked)
        except (OverflowError, ValueError) as error:
            raise CommandError("这个日期太远，算不出来。") from error
        unit = "个工作日" if options["working"] else "日"
        self.stdout.write(_spoken(found.due))
        self.stdout.write(f"自 {_spoken(options['start'])} 起 {options['days']} {unit}，当日不计。")
        for line in _reasons(found, is_working=options["working"]):
            self.stdout.write(line)
        if found.open_year is not None:
            self.stdout.write(f"注意：{found.open_year} 年的放假安排尚未公布，这个日期还可能变。")
        if not is_overlaid:
            self.stdout.write(
                "注意：数据库读不到，后台录入的休息日和工作日没有计入，只按公布的放假安排推算。"
            )


def _found(**asked: Any) -> tuple[DueDay, bool]:
    """Return the day and whether special days count in it: a machine without a database knows the library alone."""
    try:
        return last_day_of(**asked), True
    except DatabaseError:
        return last_day_of(**asked, is_overlaid=False), False


def _reasons(found: DueDay, *, is_working: bool) -> list[str]:
    if not found.moved_by:
        return []
    head = (
        "期间的节假日和调休：" if is_working else f"按日数到 {_spoken(found.counted_to)}，不是工作日，顺延："
    )
    return [head, *(f"  {_spoken(note.day)} {_cause(note)}" for note in found.moved_by)]


def _cause(note: DayNote) -> str:
    # A day off in exchange for another one carries its explanation in its name.
    return note.name if "（" in note.name else f"{CAUSES[note.cause]}（{note.name}）".removesuffix("（）")


def _spoken(day: date) -> str:
    return f"{day.isoformat()} {WEEKDAYS[day.weekday()]}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"日期请写成 2026-03-10：{text}") from error


def _length(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MOST_DAYS:
        raise ArgumentTypeError(f"天数请写 0 到 {MOST_DAYS} 的整数：{text}")
    return int(text)
