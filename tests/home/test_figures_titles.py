"""Headlines of the figures name the most of something only where nothing hidden or small could be more."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from complaints.rules.small_cells import Hidden
from complaints.stats.public import PublicCell, PublicMonth
from home.figures import _district_title, _months_title, _operation_title, _share_headline
from tests.home.bulletin_reports import report as report_of


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
    said = _operation_title([cell(30 + 9 * place, name=name) for place, name in enumerate(reversed(names))])

    assert all(name in said for name in names[:2]) if title is None else said == title


@pytest.mark.parametrize(
    ("value", "is_ranked"), [(None, False), (5, False), (19, False), (20, True), (300, True)]
)
def test_a_number_under_twenty_is_no_rank(value: int | None, is_ranked: bool) -> None:
    assert cell(value).is_ranked is is_ranked


def test_nothing_is_called_the_most_where_a_number_that_is_not_listed_may_be_more() -> None:
    """The largest of what is left is not the largest: dust and confined space were hidden, ammonia was not."""
    unlisted = PublicCell(code="dust", name="粉尘", value=None, hidden=Hidden.APART)
    told = [cell(76, name="液氨"), cell(34, name="熔融"), cell(None, name="爆破")]

    assert _operation_title(told) == "液氨和熔融最集中"
    assert _operation_title([*told, unlisted]) == "按危险作业分"


@pytest.mark.parametrize(
    ("received", "title"),
    [(134, "雁塔、未央、莲湖报得最多"), (135, "各区县收到的举报"), (None, "各区县收到的举报")],
)
def test_what_all_districts_add_up_to_bounds_the_hidden_ones(received: int | None, title: str) -> None:
    unlisted = PublicCell(code="x", name="长安", value=None, hidden=Hidden.APART)
    rows = [
        cell(50, name="雁塔"),
        cell(30, name="未央"),
        cell(26, name="莲湖"),
        cell(3, name="高陵"),
        unlisted,
    ]
    told = SimpleNamespace(rows={"district": rows}, figure=lambda _code: cell(received))

    assert _district_title(told) == title  # type: ignore[arg-type]  # as much of a report as the headline reads


def test_districts_that_tie_are_all_named() -> None:
    rows = [
        cell(value, name=name)
        for name, value in (("雁塔", 50), ("未央", 40), ("临潼", 39), ("长安", 39), ("高陵", 9))
    ]
    told = SimpleNamespace(rows={"district": rows}, figure=lambda _code: cell(177))

    assert all(name in _district_title(told) for name in ("雁塔", "未央", "临潼", "长安"))  # type: ignore[arg-type]  # the same


@pytest.mark.parametrize(
    ("between", "number", "is_told"),
    [
        ((950, 990), "95.0–99.0", True),
        ((900, 1100), "90.0–100.0", True),
        ((800, 990), "不单列", False),
        (None, "不单列", False),
    ],
)
def test_a_share_that_is_not_told_says_between_what_it_lies(
    between: tuple[int, int] | None, number: str, is_told: bool
) -> None:
    rows = (
        PublicCell(code="on_time", name="", value=None, hidden=Hidden.APART, between=between),
        PublicCell(code="late", name="", value=None, hidden=Hidden.APART),
    )
    told = replace(report_of(concluded=1000), rows={"timing": rows})

    said = _share_headline(told, words="按期办结", parts=("on_time",), whole="concluded", table="timing")

    assert (said.number, said.is_told) == (number, is_told)
