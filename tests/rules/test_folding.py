"""Folding a text to what is read, with the way back to where each character stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.folding import folded


@pytest.mark.parametrize(
    ("text", "read", "digits"),
    [
        ("１３８：ＡＢ", "138:AB", "138:AB"),
        ("一三八〇○零", "一三八〇○零", "138000"),
        ("壹叁捌", "壹叁捌", "138"),
        ("1\u200b3\ufeff8", "138", "138"),
        ("张\u2060三\u00ad", "张三", "张3"),
        ("a\u202eb\x00c", "abc", "abc"),
        ("①㈡", "1(二)", "1(2)"),
        ("١٣٨", "138", "138"),
        ("é", "é", "é"),
        ("e\u0301", "e", "e"),
        ("行\n列\t格", "行\n列\t格", "行\n列\t格"),
        ("１　２", "1 2", "1 2"),
        ("", "", ""),
    ],
)
def test_folds(text: str, read: str, digits: str) -> None:
    one = folded(text)

    assert (one.text, one.digits) == (read, digits)


def test_span_leads_back_over_what_was_left_out() -> None:
    text = "\ufeff电\u200b话１\u200b３\u200b"

    one = folded(text)

    assert one.span(2, 4) == (4, 7)
    assert text[4:7] == "１\u200b３"


@given(st.text(max_size=100))
def test_every_character_knows_its_place(text: str) -> None:
    one = folded(text)

    assert len(one.text) == len(one.digits) == len(one.places)
    assert one.places == sorted(one.places)
    assert all(0 <= place < len(text) for place in one.places)
