"""The clocks: legal vectors, tables, and a second opinion counted day by day."""

import timeit
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.rules import deadlines
from complaints.rules.deadlines import DayOverlay, Light, LightMarks

# The State Council's notices for three years, typed in by hand: the second opinion
# must not share a source with the library.
OFF_SPANS = (
    ("2024-01-01", "2024-01-01"),
    ("2024-02-10", "2024-02-17"),
    ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"),
    ("2024-06-10", "2024-06-10"),
    ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)
MADE_UP = frozenset(
    {
        date(2024, 2, 4),
        date(2024, 2, 18),
        date(2024, 4, 7),
        date(2024, 4, 28),
        date(2024, 5, 11),
        date(2024, 9, 14),
        date(2024, 9, 29),
        date(2024, 10, 12),
        date(2025, 1, 26),
        date(2025, 2, 8),
        date(2025, 4, 27),
        date(2025, 9, 28),
        date(2025, 10, 11),
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    }
)
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)


def d(text: str) -> date:
    return date.fromisoformat(text)


def days_between(first: date, last: date) -> list[date]:
    return [first + DAY * offset for offset in range((last - first).days + 1)]


OFF = frozenset(day for first, last in OFF_SPANS for day in days_between(d(first), d(last)))


def works(day: date, overlay: DayOverlay) -> bool:
    """Decide one day the slow and obvious way."""
    if day in overlay.off:
        return False
    if day in overlay.working or day in MADE_UP:
        return True
    return day.weekday() < 5 and day not in OFF


def slow_add_working(start: date, days: int, overlay: DayOverlay) -> date:
    day = start
    while days or not works(day, overlay):
        day += DAY
        days -= works(day, overlay) and days > 0
    return day


def slow_add_calendar(start: date, days: int, overlay: DayOverlay) -> date:
    day = start + DAY * days
    while not works(day, overlay):
        day += DAY
    return day


def slow_left(today: date, due: date, overlay: DayOverlay) -> int:
    if today <= due:
        return sum(works(day, overlay) for day in days_between(today + DAY, due))
    return -max(1, sum(works(day, overlay) for day in days_between(due + DAY, today)))


# Far enough from the edges that no count leaves the three years typed in above.
inner_days = st.dates(min_value=FIRST, max_value=date(2026, 8, 31))
overlays = st.builds(
    lambda off, working: DayOverlay(off=off - working, working=working),
    st.frozensets(st.dates(min_value=FIRST, max_value=LAST), max_size=6),
    st.frozensets(st.dates(min_value=FIRST, max_value=LAST), max_size=6),
)


# --- the legal vectors ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "start", "days", "expected"),
    [
        ("D1 close in 60 days", "2025-03-10", 60, "2025-05-09"),
        ("D2 with 30 more, Sunday rolls", "2025-03-10", 90, "2025-06-09"),
        ("D2 counted from the first end", "2025-05-09", 30, "2025-06-09"),
        ("D3 ends inside National Day", "2025-08-05", 60, "2025-10-09"),
        ("D7 claim in 60 days of the notice", "2025-08-04", 60, "2025-10-09"),
        ("D8 objection in 10 days", "2025-09-25", 10, "2025-10-09"),
    ],
)
def test_calendar_vectors(name: str, start: str, days: int, expected: str) -> None:
    assert deadlines.add_calendar_days(start=d(start), days=days) == d(expected), name


@pytest.mark.parametrize(
    ("name", "start", "days", "expected"),
    [
        ("D4 over a golden week with two make-up days", "2025-09-26", 7, "2025-10-13"),
        ("D5 over Spring Festival", "2026-02-12", 7, "2026-02-28"),
        ("D6 three days", "2025-09-29", 3, "2025-10-10"),
    ],
)
def test_working_vectors(name: str, start: str, days: int, expected: str) -> None:
    assert deadlines.add_working_days(start=d(start), days=days) == d(expected), name


def test_d7_claim_is_forfeited_from_the_next_day() -> None:
    due = deadlines.add_calendar_days(start=d("2025-08-04"), days=60)

    on_time = deadlines.light(started=d("2025-08-04"), due=due, today=d("2025-10-09"))
    late = deadlines.light(started=d("2025-08-04"), due=due, today=d("2025-10-10"))

    assert (on_time, late) == (Light.RED, Light.OVERDUE)


def test_d8_objection_on_the_ninth_is_in_time_and_on_the_tenth_late() -> None:
    due = deadlines.add_calendar_days(start=d("2025-09-25"), days=10)

    left = [deadlines.working_days_left(today=d(day), due=due) for day in ("2025-10-09", "2025-10-10")]

    assert left == [0, -1]


# --- single days ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-03-10", True),  # an ordinary Monday
        ("2025-03-15", False),  # an ordinary Saturday
        ("2025-09-28", True),  # Sunday worked for National Day
        ("2025-10-11", True),  # Saturday worked for National Day
        ("2025-10-08", False),  # Wednesday off in exchange
        ("2026-02-16", False),  # Spring Festival's eve
        ("2026-02-14", True),  # Saturday worked before it
        ("2026-02-23", False),  # Monday off in exchange
        ("2024-05-11", True),  # Saturday worked after Labour Day
        ("2024-02-09", True),  # the eve of 2024 was no statutory day off
    ],
)
def test_single_days(day: str, expected: bool) -> None:
    assert deadlines.is_working_day(day=d(day)) is expected


def test_every_day_of_three_years_agrees_with_the_notices() -> None:
    days = days_between(FIRST, LAST)

    wrong = [day for day in days if deadlines.is_working_day(day=day) != works(day, deadlines.NO_OVERLAY)]

    assert wrong == []


@pytest.mark.parametrize(
    ("year", "official"),
    [(2000, False), (2001, True), (2024, True), (2025, True), (2026, True), (2090, False)],
)
def test_official_years(year: int, official: bool) -> None:
    assert deadlines.calendar_is_official(year=year) is official


def test_unofficial_year_knows_statutory_days_only() -> None:
    year = next(year for year in range(2027, 2100) if not deadlines.calendar_is_official(year=year))

    off = not deadlines.is_working_day(day=date(year, 10, 1))
    worked_weekends = [
        day
        for day in days_between(date(year, 1, 1), date(year, 12, 31))
        if day.weekday() >= 5 and deadlines.is_working_day(day=day)
    ]

    assert off
    assert worked_weekends == []


# --- overlay -------------------------------------------------------------------------


def test_overlay_closes_a_working_day() -> None:
    overlay = DayOverlay(off=frozenset({d("2025-05-09")}))

    due = deadlines.add_calendar_days(start=d("2025-03-10"), days=60, overlay=overlay)

    assert due == d("2025-05-12")


def test_overlay_opens_a_day_off() -> None:
    overlay = DayOverlay(working=frozenset({d("2025-10-04")}))

    due = deadlines.add_calendar_days(start=d("2025-08-05"), days=60, overlay=overlay)

    assert due == d("2025-10-04")


def test_overlay_counts_in_working_days() -> None:
    overlay = DayOverlay(off=frozenset({d("2025-09-30")}), working=frozenset({d("2025-10-12")}))

    due = deadlines.add_working_days(start=d("2025-09-26"), days=7, overlay=overlay)

    assert due == d("2025-10-13")
    assert not deadlines.is_working_day(day=d("2025-09-30"), overlay=overlay)


def test_a_later_overlay_is_not_answered_from_memory() -> None:
    day = d("2026-07-08")
    before = deadlines.is_working_day(day=day)

    after = deadlines.is_working_day(day=day, overlay=DayOverlay(off=frozenset({day})))

    assert (before, after) == (True, False)


def test_overlay_refuses_a_day_that_is_both() -> None:
    both = frozenset({d("2026-07-08")})

    with pytest.raises(ValueError, match="2026"):
        DayOverlay(off=both, working=both)


# --- periods -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2025-03-10", "2025-03-10"), ("2025-03-15", "2025-03-17"), ("2025-10-01", "2025-10-09")],
)
def test_zero_days_end_at_once_or_on_the_next_working_day(start: str, expected: str) -> None:
    assert deadlines.add_working_days(start=d(start), days=0) == d(expected)
    assert deadlines.add_calendar_days(start=d(start), days=0) == d(expected)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2025-12-30", 1, "2025-12-31"),
        ("2025-12-31", 1, "2026-01-04"),  # the Sunday worked for New Year
        ("2025-12-27", 1, "2025-12-29"),  # from a Saturday
        ("2024-12-31", 248, "2025-12-31"),  # all working days of 2025
        ("2024-12-31", 249, "2026-01-04"),
    ],
)
def test_working_days_over_the_year_end(start: str, days: int, expected: str) -> None:
    assert deadlines.add_working_days(start=d(start), days=days) == d(expected)


@pytest.mark.parametrize("count", [deadlines.add_calendar_days, deadlines.add_working_days])
def test_negative_days_are_refused(count: object) -> None:
    with pytest.raises(ValueError, match="-1"):
        count(start=d("2025-03-10"), days=-1)  # type: ignore[operator]  # parametrised callables


@pytest.mark.parametrize(
    ("today", "due", "expected"),
    [
        ("2025-05-09", "2025-05-09", 0),  # the last day itself
        ("2025-05-08", "2025-05-09", 1),
        ("2025-09-30", "2025-10-09", 1),  # a golden week is no time
        ("2025-05-10", "2025-05-09", -1),  # Saturday after a Friday: late is late
        ("2025-05-11", "2025-05-09", -1),
        ("2025-05-12", "2025-05-09", -1),
        ("2025-05-13", "2025-05-09", -2),
        ("2025-12-30", "2026-01-05", 3),  # over the year end, 4 January worked
        ("2026-01-05", "2025-12-30", -3),
        ("2023-12-29", "2026-01-05", 501),
    ],
)
def test_working_days_left(today: str, due: str, expected: int) -> None:
    assert deadlines.working_days_left(today=d(today), due=d(due)) == expected


# --- light ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2025-03-10", Light.GREEN),  # the start itself
        ("2025-04-18", Light.GREEN),  # day 39 of 60
        ("2025-04-19", Light.AMBER),  # day 40 of 60: two thirds
        ("2025-04-30", Light.AMBER),  # four working days left: 6, 7, 8, 9 May
        ("2025-05-05", Light.AMBER),
        ("2025-05-06", Light.RED),  # three left
        ("2025-05-09", Light.RED),  # the last day
        ("2025-05-10", Light.OVERDUE),
        ("2026-05-10", Light.OVERDUE),
    ],
)
def test_light_of_a_sixty_day_clock(today: str, expected: Light) -> None:
    assert deadlines.light(started=d("2025-03-10"), due=d("2025-05-09"), today=d(today)) is expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2025-03-10", Light.GREEN),  # seven working days ahead
        ("2025-03-13", Light.GREEN),  # day 3 of 9, four left
        ("2025-03-14", Light.RED),  # three left before two thirds are gone
        ("2025-03-20", Light.OVERDUE),
    ],
)
def test_light_of_a_seven_working_day_clock(today: str, expected: Light) -> None:
    due = deadlines.add_working_days(start=d("2025-03-10"), days=7)

    shown = deadlines.light(started=d("2025-03-10"), due=due, today=d(today))

    assert due == d("2025-03-19")
    assert shown is expected


def test_a_three_day_clock_is_red_from_the_start() -> None:
    due = deadlines.add_working_days(start=d("2025-03-10"), days=3)

    shown = deadlines.light(started=d("2025-03-10"), due=due, today=d("2025-03-10"))

    assert shown is Light.RED


def test_light_follows_the_overlay() -> None:
    overlay = DayOverlay(off=frozenset({d("2025-05-08")}))

    shown = deadlines.light(
        started=d("2025-03-10"), due=d("2025-05-09"), today=d("2025-05-05"), overlay=overlay
    )

    assert shown is Light.RED


def test_light_follows_the_marks() -> None:
    marks = LightMarks(red_working_days=0, amber_part=1, amber_whole=2)

    shown = [
        deadlines.light(started=d("2025-03-10"), due=d("2025-05-09"), today=d(today), marks=marks)
        for today in ("2025-04-08", "2025-04-09", "2025-05-08", "2025-05-09")
    ]

    assert shown == [Light.GREEN, Light.AMBER, Light.AMBER, Light.RED]


# --- against the second opinion ------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(start=inner_days, days=st.integers(min_value=0, max_value=60), overlay=overlays)
def test_adding_agrees_with_counting_day_by_day(start: date, days: int, overlay: DayOverlay) -> None:
    working = deadlines.add_working_days(start=start, days=days, overlay=overlay)
    calendar = deadlines.add_calendar_days(start=start, days=days, overlay=overlay)

    assert working == slow_add_working(start, days, overlay)
    assert calendar == slow_add_calendar(start, days, overlay)


@settings(deadline=None, max_examples=150)
@given(
    today=st.dates(min_value=FIRST, max_value=LAST),
    due=st.dates(min_value=FIRST, max_value=LAST),
    overlay=overlays,
)
def test_days_left_agree_with_counting_day_by_day(today: date, due: date, overlay: DayOverlay) -> None:
    left = deadlines.working_days_left(today=today, due=due, overlay=overlay)

    assert left == slow_left(today, due, overlay)
    assert (left < 0) == (today > due)


@settings(deadline=None, max_examples=100)
@given(start=inner_days, days=st.integers(min_value=0, max_value=60), overlay=overlays)
def test_an_end_is_a_working_day_and_never_early(start: date, days: int, overlay: DayOverlay) -> None:
    due = deadlines.add_calendar_days(start=start, days=days, overlay=overlay)

    assert works(due, overlay)
    assert due >= start + DAY * days
    assert deadlines.working_days_left(today=start + DAY * days, due=due, overlay=overlay) <= 1


@settings(deadline=None, max_examples=100)
@given(start=inner_days, length=st.integers(min_value=1, max_value=90))
def test_a_light_never_turns_back(start: date, length: int) -> None:
    due = deadlines.add_calendar_days(start=start, days=length)
    order = [Light.GREEN, Light.AMBER, Light.RED, Light.OVERDUE]

    shown = [
        order.index(deadlines.light(started=start, due=due, today=day))
        for day in days_between(start, due + DAY * 3)
    ]

    assert shown == sorted(shown)


def test_an_inbox_of_clocks_costs_next_to_nothing() -> None:
    overlay = DayOverlay(off=frozenset({d("2026-08-03")}), working=frozenset({d("2026-08-08")}))

    def inbox() -> None:
        for row in range(25):
            deadlines.light(
                started=d("2026-06-01"),
                due=d("2026-09-01") + DAY * row,
                today=d("2026-07-15"),
                overlay=overlay,
            )

    inbox()
    best = min(timeit.repeat(inbox, number=10, repeat=5)) / 10

    assert best < 0.005
