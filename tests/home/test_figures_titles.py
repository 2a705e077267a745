"""Headlines of the figures name the most of something only where nothing hidden or small could be more."""

from types import SimpleNamespace
from typing import Any

import pytest

from complaints.rules.small_cells import Hidden
from complaints.stats.public import PublicCell, PublicMonth
from home.figures import _months_title, _operation_title


def cell(value: int | None, *, name: str = "十月") -> PublicCell:
    """Return a published number, or one that is hidden."""
    hidden = None if value is not None else Hidden.FEW
    return PublicCell(code="x", name=name, value=value, hidden=hidden)


def report(*received: int | None) -> Any:
    """Return as much of a report as the headline reads."""
    months = [
        PublicMonth(name=f"{number} 月", short_name=str(number), received=cell(value), concluded=cell(5))
        for number, value in enumerate(received, start=1)
    ]
    return SimpleNamespace(months=months)


@pytest.mark.parametrize(
    ("received", "is_named"),
    [
        ((20, 30, 40), True),
        ((20, 30, 30), False),
        ((40, 30, 20), False),
        ((None, 30, 40), False),  # the hidden month may have had more
        ((20, 30, None), False),
        ((None, None), False),
        ((40,), False),
        ((), False),
    ],
)
def test_the_last_month_is_called_the_most_only_where_every_month_is_told(
    received: tuple[int | None, ...], is_named: bool
) -> None:
    title = _months_title(report(*received))

    assert (str(received[-1]) in title if is_named else title == "每月收到和办结的举报") is True


@pytest.mark.parametrize(
    ("names", "title"),
    [((), "按危险作业分"), (("动火",), "按危险作业分"), (("粉尘", "有限空间", "高处"), None)],
)
def test_operations_are_named_where_two_can_be_compared(names: tuple[str, ...], title: str | None) -> None:
    said = _operation_title([cell(30, name=name) for name in names])

    assert all(name in said for name in names[:2]) if title is None else said == title


@pytest.mark.parametrize(
    ("value", "is_ranked"), [(None, False), (5, False), (19, False), (20, True), (300, True)]
)
def test_a_number_under_twenty_is_no_rank(value: int | None, is_ranked: bool) -> None:
    assert cell(value).is_ranked is is_ranked
