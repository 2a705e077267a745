"""Cleaning of typed text: what is kept, what is refused, and that cleaning is stable and cheap."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Problem
from complaints.rules.texts import clean_text, showable, text_problem


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  冲床没有防护罩 \n", "冲床没有防护罩"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("e\u0301", "é"),
        ("\u3000全角空格\u3000", "全角空格"),
        ("", ""),
        (" \r\n\t ", ""),
        ("灭火器🧯过期", "灭火器🧯过期"),
        ("家庭👨‍👩‍👧", "家庭👨‍👩‍👧"),
        ("制表\t符", "制表\t符"),
        ("ＡＢＣ１２３，。", "ＡＢＣ１２３，。"),
    ],
)
def test_text_is_cleaned(typed: str, kept: str) -> None:
    cleaned = clean_text(typed)

    assert cleaned == kept
    assert text_problem(cleaned, longest=50) is None


@pytest.mark.parametrize(
    "character",
    [
        "\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f",
        "\ud800",
        "\u200e", "\u200f", "\u061c", "\u202a", "\u202e", "\u2066", "\u2069", "\ufff9",
    ],
)  # fmt: skip
def test_controls_surrogates_and_reordering_marks_are_refused(character: str) -> None:
    text = clean_text(f"金属{character}制品")

    problem = text_problem(text, longest=50)

    assert problem == Problem.BAD_CHARACTERS
    assert showable(text, longest=50) == "金属制品"


@pytest.mark.parametrize(("length", "problem"), [(49, None), (50, None), (51, Problem.TOO_LONG)])
def test_length_limit_is_inclusive(length: int, problem: Problem | None) -> None:
    text = "长" * length

    found = text_problem(text, longest=50)

    assert found == problem


def test_too_long_is_said_before_bad_characters() -> None:
    assert text_problem("\x00" * 51, longest=50) == Problem.TOO_LONG


def test_a_megabyte_of_accents_costs_nothing() -> None:
    text = "a" + "\u0315\u0300" * 500_000
    started = time.process_time()

    cleaned = clean_text(text)

    assert text_problem(cleaned, longest=5000) == Problem.TOO_LONG
    assert time.process_time() - started < 0.2


def test_what_can_be_shown_is_cut() -> None:
    assert showable("字" * 60, longest=50) == "字" * 50


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet=st.characters(), max_size=300))
def test_accepted_text_can_be_stored_as_utf8_without_nul(text: str) -> None:
    cleaned = clean_text(text)

    if text_problem(cleaned, longest=300) is None:
        assert "\x00" not in cleaned
        assert cleaned.encode().decode() == cleaned


@given(st.text(max_size=100))
def test_shown_text_is_never_refused(text: str) -> None:
    assert text_problem(showable(text, longest=40), longest=40) is None
