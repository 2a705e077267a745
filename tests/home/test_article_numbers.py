"""Numbers of articles, read as people type them and written as laws write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.article_numbers import LARGEST, ArticleNumber, article_number, in_words

TYPED = [
    ("第五十四条", 54, 0),
    ("五十四", 54, 0),
    ("五十四条", 54, 0),
    ("第54条", 54, 0),
    ("54", 54, 0),
    ("54条", 54, 0),
    ("５４", 54, 0),
    (" 第 54 条 ", 54, 0),
    ("第一百三十三条之一", 133, 1),
    ("133条之一", 133, 1),
    ("第133条之2", 133, 2),
    ("十", 10, 0),
    ("第十一条", 11, 0),
    ("一百零三条", 103, 0),
    ("一百一十条", 110, 0),
    ("百二十条", 120, 0),
    ("第二〇条", None, None),
    ("两百条", 200, 0),
    ("一千零一条", 1001, 0),
]


@pytest.mark.parametrize(("text", "number", "part"), TYPED)
def test_what_people_type(text: str, number: int | None, part: int) -> None:
    expected = None if number is None else ArticleNumber(number=number, part=part)

    assert article_number(text=text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "条",
        "第条",
        "0",
        "零",
        "第零条",
        "2000",
        "99999",
        "五四",
        "十十",
        "百千",
        "五十四款",
        "动火",
        "54a",
        "-5",
        "5.4",
        "第五十四条之",
        "二十百",
    ],
)
def test_what_is_no_article(text: str) -> None:
    assert article_number(text=text) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (54, "五十四"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (119, "一百一十九"),
        (133, "一百三十三"),
        (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1999, "一千九百九十九"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1])
def test_numbers_beyond_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no number of an article"):
        in_words(number)


@given(number=st.integers(1, LARGEST), part=st.integers(0, 20))
def test_what_is_written_is_read_back(number: int, part: int) -> None:
    one = ArticleNumber(number=number, part=part)

    assert article_number(text=one.words) == one


def test_anchor_and_words() -> None:
    plain, later = ArticleNumber(number=54), ArticleNumber(number=133, part=1)

    assert (plain.anchor, later.anchor) == ("art-54", "art-133-1")
    assert (plain.words, later.words) == ("第五十四条", "第一百三十三条之一")
    assert plain < later
