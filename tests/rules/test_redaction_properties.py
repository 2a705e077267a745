"""What holds for every text: places are right, suggestions clear it, nothing invisible hides, time grows evenly."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from complaints.rules.redaction import Finding, findings, replaced
from tests.rules.redaction_sentences import sentences

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
PLANTED = [one.text for one in sentences() if one.expected]
PARTS = [
    *(
        "张三",
        "李",
        "某",
        "、",
        "，",
        "工人",
        "法定代表人：",
        "（男，",
        "称",
        "13800001234",
        "一三八",
        "有限公司",
        "西安",
        "厂",
    ),
    *(
        "路12号",
        "村3组",
        "2025年3月10日",
        "车间",
        "电焊工",
        "陕A",
        "12345",
        "34.1234,",
        "108.5",
        "°1′",
        "@a.cn",
        "微信",
    ),
    *(
        "·",
        "（",
        "）",
        "-",
        "。",
        "A",
        "对",
        "的行为",
        "某某",
        "12",
        "号",
        "０",
        "和",
        "区",
        "身份证",
        " ",
        "\n",
        "\u200b",
    ),
]
hostile = st.lists(st.sampled_from(PARTS), max_size=30).map("".join) | st.text(max_size=80)
MODULES = ("addresses", "companies", "days", "handles", "lexicon", "names", "persons", "runs")
# One run of one class of characters: matched in one go, given up in one go.
UNBOUNDED = {r"[^。!?;\n]+", r"[^0-9A-Za-z]+"}
WIDEST = 420


@given(hostile)
def test_finds_stand_in_the_text_in_order_and_apart(text: str) -> None:
    ends = 0
    for found in findings(text):
        assert ends <= found.start < found.end <= len(text)
        assert found.reason
        ends = found.end


@given(hostile)
def test_the_same_text_has_the_same_finds(text: str) -> None:
    assert findings(text) == findings(text)


def test_suggestions_clear_every_sentence() -> None:
    for one in sentences():
        cleared = replaced(one.text, findings(one.text, policy=one.policy))

        assert findings(cleared, policy=one.policy) == [], one.text


@given(st.lists(st.sampled_from(PLANTED), min_size=1, max_size=5), st.sampled_from(["。", "\n", " ", "　"]))
@example(["联系方式：１３８－００００－６６７７", "长安区子午大道１８号的院子里堆满油桶。"], "")
def test_suggestions_clear_a_text_of_its_kinds(parts: list[str], between: str) -> None:
    text = between.join(parts)
    found = findings(text)

    left = findings(replaced(text, found))

    assert {one.kind for one in left} & {one.kind for one in found} == set()
    assert replaced(text, []) == text


@given(st.sampled_from(PLANTED), st.data())
def test_invisible_characters_hide_nothing(text: str, data: st.DataObject) -> None:
    marks = data.draw(st.lists(st.sampled_from(["", *INVISIBLE]), min_size=len(text), max_size=len(text)))
    hidden = "".join(letter + mark for letter, mark in zip(text, marks, strict=True))

    assert seen(hidden, findings(hidden)) == seen(text, findings(text))


@given(st.sampled_from(PLANTED))
def test_wide_digits_hide_nothing(text: str) -> None:
    wide = text.translate({ord("0") + n: 0xFF10 + n for n in range(10)})

    assert [(one.kind, one.start, one.end) for one in findings(wide)] == [
        (one.kind, one.start, one.end) for one in findings(text)
    ]


def seen(text: str, found: list[Finding]) -> list[tuple[str, str, str]]:
    """Return kind, text and suggestion of each find as a reader sees them."""
    return [
        (one.kind.value, re.sub(f"[{INVISIBLE}]", "", text[one.start : one.end]), one.suggestion)
        for one in found
    ]


# --- time ------------------------------------------------------------------------------------------------------


def steps(text: str) -> int:
    """Return how many lines of our own code are run to check a text; patterns are looked at below."""
    counted = 0

    def local(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal counted
        counted += event == "line"
        return local

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        return local(frame, event, arg) if "/complaints/rules/" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        findings(text)
    finally:
        sys.settrace(before)
    return counted


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join))
def test_twice_the_text_takes_twice_the_steps(part: str) -> None:
    findings(part)  # the word lists are read once

    short, long = steps(part * 200), steps(part * 400)

    assert long <= 2.3 * short + 200


@pytest.mark.parametrize(
    "part", ["，张三", "，张三称", "李四、", "张三和", "张三 ", "，张三等", "王五，对", "有限公司，", "厂、"]
)
def test_long_lists_take_no_longer_for_each_name(part: str) -> None:
    findings(part)

    short, long = steps(part * 200), steps(part * 400)

    assert long <= 2.3 * short + 200


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    names = [f"complaints.rules.redaction.{name}" for name in MODULES] + ["complaints.rules.personal_numbers"]
    for name in names:
        for key, value in vars(import_module(name)).items():
            if isinstance(value, re.Pattern):
                yield f"{name}.{key}", value


def test_no_pattern_reads_without_end() -> None:
    wide = {
        name for name, pattern in patterns() if widest(pattern) > WIDEST and pattern.pattern not in UNBOUNDED
    }

    assert wide == set()
    assert widest(re.compile("(a+)+b")) > WIDEST


def widest(pattern: re.Pattern[str]) -> int:
    """Return the greatest number of characters a pattern can match."""
    parser = import_module("re._parser")
    return int(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE).getwidth()[1])


@pytest.mark.parametrize(
    "part",
    ["1", "一 ", "0-", "张三、", "，张三", "有限公司", "路1号", "阿·", "a@", "(", "陕A", "\u200b", "对"],
)
def test_a_hundred_thousand_characters_work(part: str) -> None:
    text = (part * 100_000)[:99_989] + "13800001234"

    found = findings("。".join([text[:-11], text[-11:]]))

    assert found[-1].kind.value == "phone"
