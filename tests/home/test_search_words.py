"""The words of a search field: two characters and more, marked where they stand, nothing obeyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.search_words import AROUND, MOST_CHARS, MOST_WORDS, excerpt, marked, words_of


def test_words_are_parted_at_any_space() -> None:
    assert words_of(text="  有限空间　通风\t检测 ").usable == ("有限空间", "通风", "检测")


def test_words_of_one_character_are_told_apart() -> None:
    words = words_of(text="火 动火")

    assert (words.usable, words.too_short, words.typed) == (("动火",), ("火",), "火 动火")


def test_a_word_counts_once() -> None:
    assert words_of(text="动火 动火").parts == ("动火",)


@pytest.mark.parametrize("text", ["", "   ", "\n", "\x00", "\x00\x01 \t"])
def test_nothing_typed(text: str) -> None:
    words = words_of(text=text)

    assert (words.typed, words.parts) == ("", ())


def test_long_searches_are_cut() -> None:
    assert len(words_of(text="动" * 500).typed) == MOST_CHARS
    assert len(words_of(text=" ".join(f"词{n}" for n in range(40))).parts) == MOST_WORDS


@given(st.text())
def test_no_control_sign_is_left(text: str) -> None:
    assert words_of(text=text).typed.isprintable()


def test_every_place_is_marked() -> None:
    assert marked(text="动火前，动火后", words=["动火"]) == "<mark>动火</mark>前，<mark>动火</mark>后"


def test_letters_match_in_either_case() -> None:
    assert marked(text="NH3 与 nh3", words=["Nh3"]) == "<mark>NH3</mark> 与 <mark>nh3</mark>"


def test_text_and_words_are_escaped() -> None:
    found = marked(text="<b>动火</b> & <script>", words=["<script>"])

    assert found == "&lt;b&gt;动火&lt;/b&gt; &amp; <mark>&lt;script&gt;</mark>"


@pytest.mark.parametrize("words", [[], [""]])
def test_without_words_the_text_is_escaped_all_the_same(words: list[str]) -> None:
    assert marked(text="<i>", words=words) == "&lt;i&gt;"


@pytest.mark.parametrize("word", ["(", "a+", "[甲", "\\", ".*", "%", "_"])
def test_signs_of_patterns_are_signs(word: str) -> None:
    assert marked(text=f"x{word}y", words=[word]).count("<mark>") == 1


@pytest.mark.parametrize(
    ("typed", "is_of_signs"), [("%%", True), ("—— 《》", True), ("", False), ("5%", False), ("动火", False)]
)
def test_signs_alone_are_told_apart(typed: str, is_of_signs: bool) -> None:
    assert words_of(text=typed).is_of_signs is is_of_signs


def test_short_texts_stay_whole() -> None:
    assert excerpt(text="先通风\n再检测", words=["检测"]) == "先通风 再检测"


def test_long_texts_are_cut_around_the_word() -> None:
    found = excerpt(text="甲" * 200 + "动火" + "乙" * 200, words=["没有", "动火"])

    assert found.startswith("…")
    assert found.endswith("…")
    assert "动火" in found
    assert len(found) <= 3 * AROUND + 2
