"""Blanks of a template that nobody filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Problem
from complaints.rules.blanks import blank_problems, blanks_of, first_blank

CLEAN = "我局执法人员于11月20日到现场检查。"


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("于（日期）到现场检查", "（日期）"),
        ("于(日期)到现场检查", "(日期)"),
        ("限（几）日内整改", "（几）"),
        ("（问题一）属实，（问题二）没有发现", "（问题一）"),
        ("（检查情况和依据）", "（检查情况和依据）"),
        ("（请填写处理结果）", "（请填写处理结果）"),
        ("已由（　　）立案", "（　　）"),
        ("已由（……）立案", "（……）"),
        ("发现〔问题〕", "〔问题〕"),
        ("发现〔〕", "〔〕"),
        ("处理结果：……", "……"),
        ("处理结果：______", "______"),
        ("×月×日前", "×"),
        ("XX年", "XX"),
        (CLEAN, ""),
        ("依据陕应急〔2026〕12号文", ""),
        ("该公司（以下简称“当事人”）已停业", ""),
        ("《安全生产法》（2021年修正）", ""),
        ("一、（一）已整改；(二) 待复查", ""),
        ("3…5 天", ""),
        ("", ""),
    ],
)
def test_first_blank(text: str, blank: str) -> None:
    assert first_blank(text) == blank


@pytest.mark.parametrize(
    ("template", "blanks"),
    [
        ("于（日期）发现（冲床台数）台", {"（日期）", "（冲床台数）"}),
        ("依据陕应急〔2026〕12号，〔理由〕", {"〔理由〕"}),
        ("没有空的句子。", set()),
    ],
)
def test_blanks_of_a_template(template: str, blanks: set[str]) -> None:
    assert blanks_of(template) == blanks


def test_blank_of_a_template_in_use_is_found_whatever_it_says() -> None:
    known = blanks_of("发现（冲床台数）台冲床")

    assert first_blank("发现（冲床台数）台冲床", known=known) == "（冲床台数）"
    assert first_blank("发现（另有）三台冲床", known=known) == ""


@given(st.text(max_size=200))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    assert first_blank(text) in text


def test_problem_names_the_item_and_the_blank() -> None:
    words = {"conclusion": "属实。", "findings": "于（日期）到场", "decision": "限〔几〕日内整改"}

    found = blank_problems(words=words, known=())

    assert [(one.field, one.problem, one.detail) for one in found] == [
        ("findings", Problem.OPEN_BLANK, "（日期）"),
        ("decision", Problem.OPEN_BLANK, "〔几〕"),
    ]
