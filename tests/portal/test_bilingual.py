"""Sentences one behind the other: Chinese leaves no gap, English does."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from portal.shared.bilingual import in_a_row


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ([], ""),
        (["", "责令整改要写期限。"], "责令整改要写期限。"),
        (["责令整改要写期限。", "日期可能变动。"], "责令整改要写期限。日期可能变动。"),
        (["请写一句话", "最多 9 张"], "请写一句话 最多 9 张"),
        (["Needed with an order.", "", "It may still move."], "Needed with an order. It may still move."),
    ],
)
def test_a_gap_stands_only_where_the_language_writes_one(sentences: list[str], expected: str) -> None:
    assert in_a_row(sentences) == expected


@pytest.mark.parametrize(("language", "expected"), [("zh-hans", "ab"), ("en", "a b")])
def test_a_template_leaves_the_gap_of_its_language(language: str, expected: str) -> None:
    template = Template("{% load gap from face %}a{% gap %}b")

    with override(language):
        assert template.render(Context()) == expected
