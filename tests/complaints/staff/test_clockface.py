"""The clock of a tip in words and as a ring."""

from datetime import date

import pytest

from complaints.enums import Clock
from complaints.models import Tip
from complaints.rules.deadlines import NO_OVERLAY, DayOverlay
from complaints.staff.clockface import clock_face, day_text

TODAY = date(2026, 11, 23)  # a Monday
ENTERED = DayOverlay(off=frozenset(date(2031, 1, day) for day in range(1, 21)))


def face(*, due: date | None, started: date = date(2026, 11, 12), clock: Clock = Clock.DECIDE):
    tip = Tip(clock=clock, clock_started=started, due_date=due, received_date=started)
    return clock_face(tip=tip, today=TODAY, overlay=NO_OVERLAY)


@pytest.mark.parametrize(
    ("due", "tone", "headline", "is_marked"),
    [
        (date(2027, 1, 21), "green", "余 42 个工作日", False),
        (date(2026, 11, 27), "amber", "余 4 个工作日", False),
        (date(2026, 11, 26), "red", "余 3 个工作日", True),
        (date(2026, 11, 24), "red", "余 1 个工作日", True),
        (date(2026, 11, 23), "red", "今日到期", True),
        (date(2026, 11, 20), "overdue", "超 1 个工作日", True),
        (date(2026, 11, 16), "overdue", "超 5 个工作日", True),
    ],
)
def test_words_and_tone(due: date, tone: str, headline: str, is_marked: bool) -> None:
    shown = face(due=due, started=date(2026, 11, 12))

    assert shown is not None
    assert (shown.tone, shown.headline, shown.is_marked) == (tone, headline, is_marked)


@pytest.mark.parametrize(
    ("clock", "subline"),
    [
        (Clock.DECIDE, "11月27日前受理决定"),
        (Clock.PASS_ON, "11月27日前移送"),
        (Clock.CLOSE, "11月27日前办结"),
        (Clock.REPLY, "11月27日前答复"),
        (Clock.REVIEW, "11月27日前复查完"),
    ],
)
def test_what_must_happen_by_then(clock: Clock, subline: str) -> None:
    shown = face(due=date(2026, 11, 27), clock=clock)

    assert shown is not None
    assert shown.subline == subline


@pytest.mark.parametrize(
    ("clock", "due"), [(Clock.NONE, None), (Clock.NONE, date(2026, 12, 1)), (Clock.DECIDE, None)]
)
def test_no_period_no_clock(clock: Clock, due: date | None) -> None:
    assert face(due=due, clock=clock) is None


@pytest.mark.parametrize(
    ("started", "due", "arc"),
    [
        (date(2026, 11, 23), date(2026, 12, 3), 4),
        (date(2026, 11, 18), date(2026, 11, 28), 50),
        (date(2026, 11, 13), date(2026, 11, 23), 100),
        (date(2026, 11, 1), date(2026, 11, 20), 100),
        (date(2026, 11, 23), date(2026, 11, 23), 100),
    ],
)
def test_ring_fills_as_the_period_goes_by(started: date, due: date, arc: int) -> None:
    shown = face(started=started, due=due)

    assert shown is not None
    assert shown.arc == arc


def test_another_year_is_named() -> None:
    assert (day_text(date(2026, 12, 31), today=TODAY), day_text(date(2027, 1, 1), today=TODAY)) == (
        "12月31日", "2027年1月1日",
    )  # fmt: skip


def test_no_zero_stands_before_a_month() -> None:
    assert day_text(date(2026, 3, 5), today=TODAY) == "3月5日"


@pytest.mark.parametrize(
    ("due", "overlay", "is_warned"),
    [
        (date(2026, 12, 28), NO_OVERLAY, False),
        (date(2026, 12, 31), NO_OVERLAY, True),  # the next year's days off may begin here
        (date(2031, 1, 21), NO_OVERLAY, True),
        (date(2031, 1, 21), ENTERED, False),
    ],
)
def test_day_in_a_year_without_a_calendar_is_provisional(
    due: date, overlay: DayOverlay, is_warned: bool
) -> None:
    tip = Tip(clock=Clock.CLOSE, clock_started=TODAY, due_date=due, received_date=TODAY)

    shown = clock_face(tip=tip, today=TODAY, overlay=overlay)

    assert shown is not None
    assert bool(shown.warning) is is_warned


def test_paused_period_stands_still() -> None:
    tip = Tip(clock=Clock.NONE, due_date=None, received_date=TODAY, is_paused=True)

    shown = clock_face(tip=tip, today=TODAY, overlay=NO_OVERLAY)

    assert shown is not None
    assert (shown.tone, shown.headline, shown.is_marked) == ("paused", "期限中止", False)
