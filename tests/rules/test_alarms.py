"""Alarms of the dashboard: at, above and below each bound."""

import pytest

from complaints.rules.alarms import USUAL, LateShare, Thresholds, is_burst, is_rising


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


@pytest.mark.parametrize(
    ("at", "rises"),
    [
        (USUAL, True),
        (Thresholds(rise_points=6), False),
        (Thresholds(rise_points=5), True),
        (Thresholds(concluded_least=21), False),
        (Thresholds(concluded_least=1, rise_points=1), True),
    ],
)
def test_another_threshold_of_rising(at: Thresholds, rises: bool) -> None:
    now, before = LateShare(late=1, concluded=20), LateShare(late=0, concluded=60)

    assert is_rising(now=now, before=before, at=at) is rises


@pytest.mark.parametrize(
    ("at", "bursts"),
    [
        (USUAL, True),
        (Thresholds(burst_least=6), False),
        (Thresholds(burst_times=3), False),
        (Thresholds(before_days=60), False),
        (Thresholds(burst_days=30), False),  # as many tips in longer a time are fewer a day
    ],
)
def test_another_threshold_of_a_burst(at: Thresholds, bursts: bool) -> None:
    assert is_burst(recent=5, before=16, at=at) is bursts
