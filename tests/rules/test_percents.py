"""Percents: half up everywhere, nothing cut, nothing rounded to the even."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.alarms import LateShare
from complaints.rules.percents import percent, whole_percent
from complaints.rules.spans import span_of
from complaints.selectors.channels import DistrictChannels
from complaints.selectors.inside_figures import InsideFigures
from complaints.staff.statistics.panel import share_of
from complaints.staff.whistle_panel import figure_lines
from complaints.stats.report import Month
from complaints.stats.whistles import WhistleFigures


@pytest.mark.parametrize(
    ("part", "whole", "tenth", "full"),
    [
        (2, 3, "66.7", 67),
        (1, 3, "33.3", 33),
        (1, 8, "12.5", 13),
        (1, 200, "0.5", 1),
        (5, 200, "2.5", 3),
        (1, 2000, "0.1", 0),
        (199, 200, "99.5", 100),
        (0, 7, "0.0", 0),
    ],
)
def test_half_is_rounded_up(part: int, whole: int, tenth: str, full: int) -> None:
    assert percent(part, whole) == Decimal(tenth)
    assert whole_percent(part, whole) == full


def test_without_anything_to_divide_by_there_is_none() -> None:
    assert (percent(0, 0), whole_percent(3, 0)) == (None, None)


@given(part=st.integers(0, 10**9), whole=st.integers(1, 10**9))
def test_no_count_is_rounded_another_way(part: int, whole: int) -> None:
    assert whole_percent(part, whole) == floor(Fraction(part * 100, whole) + Fraction(1, 2))


@pytest.mark.parametrize(("part", "whole", "full"), [(2, 3, 67), (1, 8, 13), (5, 200, 3)])
def test_every_page_rounds_by_it(part: int, whole: int, full: int) -> None:
    channels = DistrictChannels(name="", owing=whole, there=part, missing=whole - part, late=0)
    whistles = WhistleFigures(
        raised=whole,
        judged=whole,
        answered=whole,
        answered_in_time=part,
        returned=0,
        arrived=0,
        late=0,
        median_hours_to_answer=None,
        median_hours_to_arrive=None,
    )

    assert channels.percent == full
    assert LateShare(late=part, concluded=whole).percent == full
    month = Month(span=span_of("2026-03"), received=0, concluded=whole, on_time=part)
    assert share_of(month) == full
    assert f"({full} %)" in dict(figure_lines(whistles))["按时应答"]
    inside = dict.fromkeys(
        ("untrue", "untrue_major", "turned", "overdue", "unpaid", "paid_count", "paid_yuan"), 0
    )
    assert (
        InsideFigures(until=span_of("2026-03").end, received=whole, fixed=part, **inside).fixed_percent
        == full
    )
