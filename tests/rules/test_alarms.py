"""Alarms of the dashboard: at, above and below each bound."""

import pytest

from complaints.rules.alarms import LateShare, is_burst, is_rising


@pytest.mark.parametrize(
    ("now", "before", "rises"),
    [
        ((1, 20), (0, 60), True),  # exactly 5 points
        ((1, 21), (0, 60), False),  # 4.8
        ((2, 20), (3, 60), True),  # 10 % after 5 %
        ((2, 20), (4, 60), False),  # 10 % after 6.7 %
        ((19, 19), (0, 60), False),  # too few now
        ((20, 20), (0, 19), False),  # too few before
        ((0, 100), (50, 100), False),
        ((0, 0), (0, 0), False),
    ],
)
def test_rising(now: tuple[int, int], before: tuple[int, int], rises: bool) -> None:
    found = is_rising(
        now=LateShare(late=now[0], concluded=now[1]), before=LateShare(late=before[0], concluded=before[1])
    )

    assert found is rises


@pytest.mark.parametrize(
    ("late", "concluded", "percent"), [(0, 0, 0), (1, 42, 2), (41, 42, 98), (5, 5, 100), (1, 3, 33)]
)
def test_percent(late: int, concluded: int, percent: int) -> None:
    assert LateShare(late=late, concluded=concluded).percent == percent


@pytest.mark.parametrize(
    ("recent", "before", "bursts"),
    [
        (5, 0, True),
        (4, 0, False),
        (5, 16, True),  # 450 against 448
        (5, 17, False),
        (40, 128, True),
        (40, 129, False),
        (0, 0, False),
    ],
)
def test_bursts(recent: int, before: int, bursts: bool) -> None:
    assert is_burst(recent=recent, before=before) is bursts
