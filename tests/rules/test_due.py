"""What moved a last day, told day by day."""

from datetime import date

import pytest

from complaints.rules.deadlines import DayOverlay, calendar_is_official
from complaints.rules.due import Cause, due_day
from tests.rules.test_deadlines import d


def moved(start: str, days: int, **more: object) -> list[tuple[str, Cause]]:
    found = due_day(start=d(start), days=days, **more)  # type: ignore[arg-type]  # two kinds of options
    return [(note.day.isoformat(), note.cause) for note in found.moved_by]


def test_an_end_on_a_working_day_was_moved_by_nothing() -> None:
    found = due_day(start=d("2025-03-10"), days=60)

    assert (found.due, found.counted_to, found.moved_by) == (d("2025-05-09"), d("2025-05-09"), ())


def test_d2_the_sunday_moved_it() -> None:
    assert moved("2025-03-10", 90) == [("2025-06-08", Cause.WEEKEND)]


def test_d3_every_day_off_between_count_and_end_is_named() -> None:
    found = due_day(start=d("2025-08-05"), days=60)

    assert (found.counted_to, found.due) == (d("2025-10-04"), d("2025-10-09"))
    assert [note.day.day for note in found.moved_by] == [4, 5, 6, 7, 8]
    assert found.moved_by[2].name == "中秋节"


def test_d4_working_days_name_holidays_and_days_made_up_but_no_plain_weekend() -> None:
    causes = dict(moved("2025-09-26", 7, is_working=True))

    assert causes["2025-09-28"] == causes["2025-10-11"] == Cause.MADE_UP
    assert causes["2025-10-01"] == Cause.HOLIDAY
    assert "2025-09-27" not in causes
    assert "2025-10-12" not in causes


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        (DayOverlay(off=frozenset({date(2025, 3, 12)})), [("2025-03-12", Cause.ENTERED_OFF)]),
        (DayOverlay(working=frozenset({date(2025, 3, 15)})), [("2025-03-15", Cause.ENTERED_WORKING)]),
    ],
)
def test_days_entered_by_the_bureau_are_named(overlay: DayOverlay, expected: list[tuple[str, Cause]]) -> None:
    assert moved("2025-03-10", 7, is_working=True, overlay=overlay) == expected


def test_a_year_without_a_calendar_is_marked() -> None:
    assert due_day(start=date(2090, 3, 1), days=10).open_year == 2090
    assert due_day(start=d("2026-03-10"), days=10).open_year is None


def test_the_last_days_of_a_year_hang_on_the_next_one() -> None:
    year = next(year for year in range(2027, 2100) if not calendar_is_official(year=year))

    found = [due_day(start=date(year - 1, 12, day), days=0).open_year for day in (28, 30)]

    assert found == [None, year]


def test_negative_days_are_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        due_day(start=d("2026-03-10"), days=-1)
