"""Whole periods: every vector of the bureau, and the laws extensions and pauses obey, against a slow second opinion."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.enums import Clock
from complaints.rules.deadlines import (
    LEAST_ANNOUNCED_DAYS,
    NO_OVERLAY,
    DayOverlay,
    Light,
    calendar_digest,
    calendar_is_official,
    first_open_day,
    is_provisional,
    light,
    open_year,
    working_days_left,
)
from complaints.rules.periods import Length, last_day, length_of, stood_still
from tests.rules.test_deadlines import (
    DAY,
    FIRST,
    LAST,
    d,
    overlays,
    slow_add_calendar,
    slow_add_working,
    works,
)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The national defaults."""

    decide_working_days: int = 7
    pass_on_working_days: int = 3
    close_days: int = 60
    reply_days: int = 10
    review_days: int = 30


def ends(clock: Clock, start: str, **more: int) -> date:
    return last_day(start=d(start), length=length_of(clock=clock, terms=Figures()), **more)


# --- the vectors ------------------------------------------------------------------------------------------------


def test_d1_sixty_days_from_acceptance() -> None:
    assert ends(Clock.CLOSE, "2025-03-10") == d("2025-05-09")


def test_d2_thirty_days_more_roll_over_the_sunday() -> None:
    assert ends(Clock.CLOSE, "2025-03-10", extra=30) == d("2025-06-09")


def test_d3_an_end_inside_national_day_rolls_to_the_first_day_of_work() -> None:
    assert ends(Clock.CLOSE, "2025-08-05") == d("2025-10-09")


def test_d4_seven_working_days_count_the_days_made_up() -> None:
    assert ends(Clock.DECIDE, "2025-09-26") == d("2025-10-13")


def test_d5_seven_working_days_over_spring_festival() -> None:
    assert ends(Clock.DECIDE, "2026-02-12") == d("2026-02-28")


def test_d6_three_working_days_to_pass_on() -> None:
    assert ends(Clock.PASS_ON, "2025-09-29") == d("2025-10-10")


def test_d7_a_notice_of_sixty_days_is_over_on_the_tenth() -> None:
    due = last_day(start=d("2025-08-04"), length=Length(days=60))

    lights = [light(started=d("2025-08-04"), due=due, today=d(day)) for day in ("2025-10-09", "2025-10-10")]

    assert due == d("2025-10-09")
    assert lights == [Light.RED, Light.OVERDUE]


def test_d8_ten_days_for_an_objection() -> None:
    due = last_day(start=d("2025-09-25"), length=Length(days=10))

    left = [working_days_left(today=d(day), due=due) for day in ("2025-10-09", "2025-10-10")]

    assert due == d("2025-10-09")
    assert left == [0, -1]


def test_no_clock_has_no_length() -> None:
    with pytest.raises(ValueError, match="no period"):
        length_of(clock=Clock.NONE, terms=Figures())


@pytest.mark.parametrize("clock", [clock for clock in Clock if clock != Clock.NONE])
def test_every_clock_has_a_length(clock: Clock) -> None:
    assert length_of(clock=clock, terms=Figures()).days > 0


# --- laws -------------------------------------------------------------------------------------------------------

starts = st.dates(min_value=FIRST, max_value=date(2026, 5, 31))
few = st.integers(min_value=0, max_value=40)
LAWS = settings(deadline=None, max_examples=150)


def calendar_end(start: date, days: int, overlay: DayOverlay, **more: int) -> date:
    return last_day(start=start, length=Length(days=days), overlay=overlay, **more)


@LAWS
@given(start=starts, days=few, extra=few, paused=few, overlay=overlays)
def test_periods_agree_with_counting_day_by_day(
    start: date, days: int, extra: int, paused: int, overlay: DayOverlay
) -> None:
    calendar = calendar_end(start, days, overlay, extra=extra, paused=paused)
    working = last_day(start=start, length=Length(days=days, is_working=True), overlay=overlay)

    assert calendar == slow_add_calendar(start, days + extra + paused, overlay)
    assert working == slow_add_working(start, days, overlay)


@LAWS
@given(start=starts, days=few, later=few, overlay=overlays)
def test_a_later_start_never_ends_earlier(start: date, days: int, later: int, overlay: DayOverlay) -> None:
    for is_working in (False, True):
        length = Length(days=days, is_working=is_working)

        first, second = (
            last_day(start=begin, length=length, overlay=overlay) for begin in (start, start + DAY * later)
        )

        assert first <= second


@LAWS
@given(start=starts, days=few, more=few, overlay=overlays)
def test_a_longer_period_never_ends_earlier(start: date, days: int, more: int, overlay: DayOverlay) -> None:
    for is_working in (False, True):
        short, long = (
            last_day(start=start, length=Length(days=many, is_working=is_working), overlay=overlay)
            for many in (days, days + more)
        )

        assert short <= long


@LAWS
@given(start=starts, days=few, overlay=overlays)
def test_working_days_never_end_before_as_many_calendar_days(
    start: date, days: int, overlay: DayOverlay
) -> None:
    working = last_day(start=start, length=Length(days=days, is_working=True), overlay=overlay)

    assert working >= start + DAY * days
    assert works(working, overlay)


@LAWS
@given(start=starts, days=few, day=st.dates(min_value=FIRST, max_value=LAST), overlay=overlays)
def test_one_more_day_off_never_ends_a_period_earlier(
    start: date, days: int, day: date, overlay: DayOverlay
) -> None:
    longer = DayOverlay(off=overlay.off | {day}, working=overlay.working - {day})
    for is_working in (False, True):
        length = Length(days=days, is_working=is_working)

        assert last_day(start=start, length=length, overlay=overlay) <= last_day(
            start=start, length=length, overlay=longer
        )


@LAWS
@given(start=starts, days=few, extra=few, paused=few, overlay=overlays)
def test_an_extension_and_a_pause_come_to_the_same_as_a_longer_period(
    start: date, days: int, extra: int, paused: int, overlay: DayOverlay
) -> None:
    whole = calendar_end(start, days + extra + paused, overlay)

    assert calendar_end(start, days, overlay, extra=extra, paused=paused) == whole
    assert calendar_end(start, days, overlay, extra=paused, paused=extra) == whole


@LAWS
@given(start=starts, days=few, extra=st.integers(min_value=1, max_value=30), overlay=overlays)
def test_an_extension_never_gives_more_than_from_the_moved_end(
    start: date, days: int, extra: int, overlay: DayOverlay
) -> None:
    from_the_moved_end = calendar_end(calendar_end(start, days, overlay), extra, overlay)

    extended = calendar_end(start, days, overlay, extra=extra)

    assert calendar_end(start, days, overlay) <= extended <= from_the_moved_end


@LAWS
@given(start=starts, days=st.integers(min_value=1, max_value=60), first=few, second=few, overlay=overlays)
def test_two_pauses_count_as_one_of_their_sum(
    start: date, days: int, first: int, second: int, overlay: DayOverlay
) -> None:
    once = calendar_end(start, days, overlay, paused=first + second)

    assert once >= calendar_end(start, days, overlay, paused=first)
    assert once == slow_add_calendar(start + timedelta(days=first), days + second, overlay)


def resumed(
    start: date, days: int, overlay: DayOverlay, *, since: date, until: date, paused: int = 0
) -> date:
    """Return the last day after a pause from `since` to `until`."""
    more = stood_still(
        start=start,
        length=Length(days=days),
        extra=0,
        paused=paused,
        since=since,
        until=until,
        overlay=overlay,
    )
    return calendar_end(start, days, overlay, paused=paused + more)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2025-10-09", "2025-10-14", "2025-10-14"),  # on the last day: it is still left
        ("2025-10-06", "2025-10-14", "2025-10-17"),  # three days before it, in the holidays
        ("2025-10-04", "2025-10-14", "2025-10-14"),  # on the bare end
        ("2025-10-03", "2025-10-14", "2025-10-15"),  # a day before it
        ("2025-10-10", "2025-10-14", "2025-10-09"),  # too late
        ("2025-10-09", "2025-10-09", "2025-10-09"),
    ],
)
def test_a_pause_after_the_bare_end_keeps_what_is_left_of_the_moved_one(
    since: str, until: str, expected: str
) -> None:
    start = d("2025-08-05")

    assert resumed(start, 60, NO_OVERLAY, since=d(since), until=d(until)) == d(expected)


@LAWS
@given(start=starts, days=few, left=few, stood=few, paused=few, overlay=overlays)
def test_a_pause_begun_in_time_never_leaves_a_period_overdue(
    start: date, days: int, left: int, stood: int, paused: int, overlay: DayOverlay
) -> None:
    due = calendar_end(start, days, overlay, paused=paused)
    since = max(start, due - DAY * left)

    again = resumed(start, days, overlay, since=since, until=since + DAY * stood, paused=paused)

    assert again >= since + DAY * stood
    assert due <= again <= calendar_end(due, stood, overlay)


@pytest.mark.parametrize("more", [{"extra": 1}, {"paused": 1}])
def test_working_days_are_neither_extended_nor_paused(more: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="working days"):
        last_day(start=FIRST, length=Length(days=7, is_working=True), **more)


@pytest.mark.parametrize("today", [d("2025-05-09"), d("2025-05-06")])
def test_an_extension_turns_a_red_light_green_or_amber(today: date) -> None:
    lights = [
        light(started=d("2025-03-10"), due=ends(Clock.CLOSE, "2025-03-10", extra=extra), today=today)
        for extra in (0, 30)
    ]

    assert lights[0] is Light.RED
    assert lights[1] in {Light.GREEN, Light.AMBER}


# --- a year whose days off are not announced ----------------------------------------------------------------------


def unannounced() -> int:
    return next(year for year in range(2027, 2100) if not calendar_is_official(year=year))


@pytest.mark.parametrize(("year", "expected"), [(2025, False), (2026, False), (2090, True)])
def test_a_day_in_a_year_without_a_calendar_is_provisional(year: int, expected: bool) -> None:
    assert is_provisional(due=date(year, 6, 1)) is expected


@pytest.mark.parametrize(
    ("entered", "expected"), [(LEAST_ANNOUNCED_DAYS - 1, True), (LEAST_ANNOUNCED_DAYS, False)]
)
def test_the_days_entered_by_the_bureau_settle_a_year(entered: int, expected: bool) -> None:
    year = unannounced()
    off = frozenset(date(year, 2, 1) + DAY * number for number in range(entered))

    assert is_provisional(due=date(year, 6, 1), overlay=DayOverlay(off=off)) is expected
    assert is_provisional(due=date(year + 1, 6, 1), overlay=DayOverlay(off=off))


@pytest.mark.parametrize(
    ("day", "moved_by_next"), [((12, 28), False), ((12, 29), True), ((12, 31), True), ((1, 1), False)]
)
def test_the_last_days_of_a_year_wait_for_the_next_one(day: tuple[int, int], moved_by_next: bool) -> None:
    """The arrangement of 2019 moved 31 December 2018."""
    year = unannounced()
    due = date(year - 1, *day)
    known = DayOverlay(off=frozenset(date(year, 2, 1) + DAY * n for n in range(LEAST_ANNOUNCED_DAYS)))

    assert open_year(due=due) == (year if moved_by_next else None)
    assert open_year(due=due, overlay=known) is None


@pytest.mark.parametrize("today", [(3, 1), (12, 28), (12, 29), (12, 30)])
def test_the_first_day_that_may_move(today: tuple[int, int]) -> None:
    year = unannounced()
    day = date(year - 1, *today)

    first = first_open_day(today=day)

    assert first == max(day, date(year - 1, 12, 29))
    assert is_provisional(due=first)


def test_the_digest_of_the_calendar_follows_the_overlay() -> None:
    day = date(2026, 7, 8)
    variants = [NO_OVERLAY, DayOverlay(off=frozenset({day})), DayOverlay(working=frozenset({day}))]

    digests = [calendar_digest(overlay=overlay) for overlay in variants]

    assert len(set(digests)) == 3
    assert digests[1] == calendar_digest(overlay=DayOverlay(off=frozenset({day})))
