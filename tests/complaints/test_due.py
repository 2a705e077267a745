"""`manage.py due` and the warning in a year whose days off are not announced."""

import os
import subprocess
import sys
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, ProgrammingError
from pytest_django import DjangoAssertNumQueries

from complaints.models import SpecialDay
from complaints.rules.deadlines import LEAST_ANNOUNCED_DAYS, DayOverlay, calendar_is_official
from complaints.selectors.deadlines import provisional

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def printed(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("due", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("start", "days", "options", "expected"),
    [
        ("2025-03-10", "60", (), "2025-05-09 星期五"),
        ("2025-03-10", "90", (), "2025-06-09 星期一"),
        ("2025-08-05", "60", (), "2025-10-09 星期四"),
        ("2025-09-26", "7", ("--working",), "2025-10-13 星期一"),
        ("2026-02-12", "7", ("--working",), "2026-02-28 星期六"),
        ("2025-09-29", "3", ("--working",), "2025-10-10 星期五"),
        ("2025-08-04", "60", (), "2025-10-09 星期四"),
        ("2025-09-25", "10", (), "2025-10-09 星期四"),
    ],
    ids=["D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"],
)
def test_the_first_line_is_the_last_day(
    start: str, days: str, options: tuple[str, ...], expected: str
) -> None:
    assert printed("--from", start, "--days", days, *options)[0] == expected


def test_it_says_what_moved_the_day() -> None:
    lines = printed("--from", "2025-08-05", "--days", "60")

    assert "2025-10-04 星期六" in lines[2]
    assert any("中秋节" in line for line in lines)
    assert not any("注意" in line for line in lines)


def test_a_special_day_entered_by_the_bureau_counts_and_is_named() -> None:
    SpecialDay.objects.create(day=date(2025, 5, 9), is_working=False)

    lines = printed("--from", "2025-03-10", "--days", "60")

    assert lines[0] == "2025-05-12 星期一"
    assert any("后台录入的休息日" in line for line in lines)


def test_a_year_without_a_calendar_is_warned_about() -> None:
    lines = printed("--from", "2090-01-02", "--days", "5")

    assert any(line.startswith("注意：2090 年") for line in lines)


def test_at_the_turn_of_the_year_the_next_one_is_named_whose_days_off_are_open() -> None:
    year = next(year for year in range(2027, 2100) if not calendar_is_official(year=year))

    lines = printed("--from", f"{year - 1}-12-30", "--days", "0")

    assert lines[-1].startswith(f"注意：{year} 年")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2026-02-30", "--days", "7"),
        ("--from", "10.3.2026", "--days", "7"),
        ("--from", "2026-03-10", "--days", "-1"),
        ("--from", "2026-03-10", "--days", "七"),
        ("--from", "2026-03-10", "--days", "100000"),
        ("--from", "9999-12-31", "--days", "7"),
        ("--from", "9999-12-20", "--days", "30", "--working"),
    ],
)
def test_bad_input_is_refused_in_words(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        printed(*arguments)


# --- without a database -----------------------------------------------------------------------------------------

NOT_READ = "注意：数据库读不到"


def test_a_fresh_clone_counts_by_the_library_and_says_what_it_could_not_read(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "due", "--from", "2025-08-05", "--days", "60"]
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
    }
    environment.pop("DATABASE_URL", None)

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )

    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0]) == (0, "2025-10-09 星期四"), done.stderr
    assert lines[-1].startswith(NOT_READ)


@pytest.mark.parametrize("error", [OperationalError, ProgrammingError])
def test_a_database_that_cannot_be_read_stops_no_answer(
    error: type[DatabaseError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> DayOverlay:
        raise error("no such table: complaints_specialday")

    monkeypatch.setattr("complaints.selectors.deadlines.day_overlay", away)

    lines = printed("--from", "2026-02-12", "--days", "7", "--working")

    assert (lines[0], lines[-1][: len(NOT_READ)]) == ("2026-02-28 星期六", NOT_READ)


def test_with_a_database_nothing_is_said_of_it() -> None:
    assert not any(NOT_READ in line for line in printed("--from", "2025-03-10", "--days", "60"))


# --- the warning ------------------------------------------------------------------------------------------------


def test_a_known_year_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        shown = provisional(due=date(2026, 6, 1))

    assert not shown


def test_an_unknown_year_is_provisional_until_its_days_are_entered() -> None:
    before = provisional(due=date(2090, 6, 1))
    for number in range(LEAST_ANNOUNCED_DAYS):
        SpecialDay.objects.create(day=date(2090, 2, 1) + timedelta(days=number), is_working=False)

    assert before
    assert not provisional(due=date(2090, 6, 1))
