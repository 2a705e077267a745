"""Where a heading may break: between phrases, and never anything but what was written."""

import pytest
from django.utils.html import conditional_escape

from portal.shared.templatetags.face import phrases


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("上一级正在复查这次答复。", ["上一级正在复查", "这次答复。"]),
        ("与另一件举报一并办理。", ["与另一件举报", "一并", "办理。"]),
        ("已移送：西安市住房和城乡建设局", ["已移送：西安市", "住房", "和城乡建设局"]),
        ("已移送有权处理的部门。", ["已移送", "有权处理的部门。"]),
        ("已移送：市住建局", ["已移送：市住建局"]),
        ("Closed.", ["Closed."]),
    ],
)
def test_a_heading_breaks_between_phrases(text: str, parts: list[str]) -> None:
    assert phrases(text).split("<wbr>") == parts


def test_what_was_written_is_escaped() -> None:
    assert phrases("已移送：<b>局</b>") == conditional_escape("已移送：<b>局</b>")
