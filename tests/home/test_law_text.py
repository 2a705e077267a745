"""A pasted law is cut into its articles, however it was copied."""

import pytest

from home.article_numbers import ArticleNumber
from home.law_text import law_text, numbers_in_words

LAW = """第一章 总则
第一条 为了加强安全生产工作，制定本法。
第二条　本法适用于一切单位。
法律另有规定的，从其规定。

第二章　保障
第一节　一般规定
第三条 第一款
　　（一）甲；
　　（二）乙。
"""


def test_articles_chapters_and_paragraphs() -> None:
    found = law_text(text=LAW)

    assert [one.number.words for one in found.articles] == ["第一条", "第二条", "第三条"]
    assert [one.chapter for one in found.articles] == ["第一章 总则", "", "第二章 保障\n第一节 一般规定"]
    assert found.articles[1].paragraphs == ["本法适用于一切单位。", "法律另有规定的，从其规定。"]
    assert found.articles[2].paragraphs == ["第一款", "（一）甲；", "（二）乙。"]
    assert (found.stray, found.repeated, found.empty, found.is_in_order) == ("", [], [], True)


def test_article_put_in_later() -> None:
    found = law_text(text="第一百三十三条 甲\n第一百三十三条之一 乙")

    assert [one.number for one in found.articles] == [
        ArticleNumber(number=133),
        ArticleNumber(number=133, part=1),
    ]
    assert found.is_in_order


def test_article_with_a_number_in_digits() -> None:
    assert law_text(text="第 54 条 甲").articles[0].number == ArticleNumber(number=54)


def test_words_on_the_next_line_belong_to_the_article() -> None:
    assert law_text(text="第五条\n甲\n\n乙").articles[0].text == "甲\n乙"


def test_reference_at_the_beginning_of_a_line_begins_no_article() -> None:
    found = law_text(text="第五条 甲\n第三条规定的情形除外。")

    assert [one.text for one in found.articles] == ["甲\n第三条规定的情形除外。"]


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_no_article(text: str) -> None:
    assert law_text(text=text).articles == ()


def test_what_stands_before_the_first_article_is_told() -> None:
    assert law_text(text="（2021 年通过）\n第一条 甲").stray == "（2021 年通过）"


def test_repeated_empty_and_disordered_articles_are_told() -> None:
    found = law_text(text="第二条 甲\n第一条 乙\n第二条 丙\n第三条")

    assert numbers_in_words(numbers=found.repeated) == "第二条"
    assert numbers_in_words(numbers=found.empty) == "第三条"
    assert not found.is_in_order


def test_windows_line_ends_and_tabs() -> None:
    found = law_text(text="第一条\t甲\r\n第二条 乙\r\n")

    assert [one.text for one in found.articles] == ["甲", "乙"]


def test_long_text_is_cut_in_one_go() -> None:
    text = "\n".join(f"第 {number} 条 " + "安全" * 50 for number in range(1, 500))

    assert len(law_text(text=text).articles) == 499
