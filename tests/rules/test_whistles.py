"""The clocks of a whistle: hours that run through the night, a last day off that rolls, lights in hours."""

from datetime import date, datetime, timedelta, timezone

import pytest

from complaints.rules.deadlines import DayOverlay, Light
from complaints.rules.whistles import answer_deadline, answer_light, arrival_light

SHANGHAI = timezone(timedelta(hours=8))


def moment(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("raised", "hours", "expected"),
    [
        (moment(10, 9), 24, moment(11, 9)),
        (moment(10, 23, 30), 2, moment(11, 1, 30)),
        (moment(12, 16), 24, moment(13, 16)),
        (moment(13, 16), 24, moment(16, 16)),  # Friday: the Saturday rolls to Monday, same hour
        (moment(14, 8), 24, moment(16, 8)),  # raised on a Saturday
        (moment(13, 16), 72, moment(16, 16)),  # the weekend in between counts
        (moment(13, 16, month=2), 24, moment(14, 16, month=2)),  # 14 February is made up
        (moment(14, 16, month=2), 24, moment(24, 16, month=2)),  # the spring festival
        (moment(10, 9), 0, moment(10, 9)),
    ],
)
def test_hours_run_and_a_last_day_off_rolls(raised: datetime, hours: int, expected: datetime) -> None:
    assert answer_deadline(raised=raised, hours=hours) == expected


def test_a_day_announced_late_rolls_the_answer_as_well() -> None:
    overlay = DayOverlay(off=frozenset({date(2026, 3, 11)}))

    assert answer_deadline(raised=moment(10, 9), hours=24, overlay=overlay) == moment(12, 9)


def test_negative_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        answer_deadline(raised=moment(10, 9), hours=-1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (moment(10, 9), Light.GREEN),
        (moment(11, 0, 59), Light.GREEN),
        (moment(11, 1), Light.AMBER),
        (moment(11, 4, 59), Light.AMBER),
        (moment(11, 5), Light.RED),
        (moment(11, 9), Light.RED),
        (moment(11, 9, 1), Light.OVERDUE),
    ],
)
def test_the_light_of_an_answer(now: datetime, expected: Light) -> None:
    assert answer_light(raised=moment(10, 9), due=moment(11, 9), now=now) == expected


@pytest.mark.parametrize(
    ("day", "expected"), [(10, Light.GREEN), (11, Light.GREEN), (12, Light.RED), (13, Light.OVERDUE)]
)
def test_the_light_of_an_arrival(day: int, expected: Light) -> None:
    today = date(2026, 3, day)

    assert arrival_light(answered=date(2026, 3, 10), due=date(2026, 3, 12), today=today) == expected
