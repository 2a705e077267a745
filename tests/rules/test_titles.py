"""Titles of tips, cut from what the reporter wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.titles import LONGEST, title_from


@pytest.mark.parametrize(
    ("description", "title"),
    [
        ("", ""),
        ("  \n ", ""),
        ("。！？", ""),
        ("粉尘很厚", "粉尘很厚"),
        ("粉尘很厚。除尘停用。", "粉尘很厚"),
        ("粉尘很厚！没人管？", "粉尘很厚"),
        ("粉尘很厚；除尘停用", "粉尘很厚"),
        ("第一行写这里\n第二行", "第一行写这里"),
        ("您好。焊工没有特种作业操作证。", "焊工没有特种作业操作证"),
        ("您好。", "您好"),
        (
            "厂区北侧液氨储罐旁，两名工人在割焊管道，没有看到监护的人。",
            "厂区北侧液氨储罐旁，两名工人在割焊管道…",
        ),
        ("一二三，" + "字" * 40, "一二三，" + "字" * 19 + "…"),
        ("字" * 24, "字" * 24),
        ("字" * 25, "字" * 23 + "…"),
        ("😀" * 30, "😀" * 23 + "…"),
    ],
)
def test_title(description: str, title: str) -> None:
    assert title_from(description) == title


@given(st.text(max_size=300))
def test_title_is_one_short_line(description: str) -> None:
    title = title_from(description)

    assert len(title) <= LONGEST
    assert "\n" not in title
    assert title == title.strip()
