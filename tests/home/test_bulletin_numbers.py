"""Which numbers of a text are none of the public figures: by unit, in digits, in Chinese and in English words."""

from decimal import Decimal

import pytest

from home.bulletins.bound import Bound
from home.bulletins.numbers import Kind, foreign_numbers, han_number, told_by
from tests.home.bulletin_reports import FEW, report

BOUND = Bound(
    report=report(
        received=1162,
        late=6,
        orders=41,
        fine_amount=Decimal("353000.00"),
        stages={"verify": (15, 26)},
        districts={"雁塔区": 103, "临潼区": FEW},
    ),
    previous=report("2025Q4", received=1000),
)
TOLD = told_by(BOUND)


@pytest.mark.parametrize(
    "text",
    [
        "共收到举报 1,162 件，比上期（1000件）增加 16.2%。",
        "责令整改 41 次；雁塔区一百零三件。",
        "按期办结率 95%，核查用时 15 天，九成 26 日。",
        "罚款 353,000.00 元（35.3 万元，35 万元）。",
        "２０２６年第一季度收到１１６２件。",
        "2026 年 3 月 15 日，依据《安全生产法》第七十三条、第 65 条和应急〔2023〕106号。",
        "报表 2026Q1-1；2025Q4 与 2026-03 相比。",
        "请拨打 12350。60 日内办结，延期 30 日。",
        "少于 5 的不列出。一起来报告，进一次厂，十分重要，一一核实。",
        "1,162 tips were received in the first quarter of 2026, fewer than 5 in one district.",
        "百分之九十五按期办结。",
        "没有数字的一句话",
        "",
    ],
)
def test_what_is_told_passes(text: str) -> None:
    assert foreign_numbers(text=text, told=TOLD) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("共收到举报 1163 件。", ["1163 件"]),
        ("共收到举报 1,163 件。", ["1,163 件"]),
        ("临潼区只有 3 件。", ["3 件"]),
        ("临潼区只有三件。", ["三件"]),
        ("临潼区有两起。", ["两起"]),
        ("临潼区有１０２件", ["102件"]),
        ("只有一件。", ["一件"]),
        ("按期办结率 95.1%。", ["95.1%"]),
        ("百分之九十六按期。", ["百分之九十六"]),
        ("罚款 41 元。", ["41 元"]),
        ("用时 41 天。", ["41 天"]),
        ("增长 1162%。", ["1162%"]),
        ("只有 17 件。", ["17 件"]),
        ("罚款 36 万元。", ["36 万元"]),
        ("Three tips came from Lintong.", ["Three tips"]),
        ("2026 件。", ["2026 件"]),
        ("3 件和 3 件", ["3 件"]),
        ("3 件，4 件", ["3 件", "4 件"]),
    ],
)
def test_what_is_foreign_is_found(text: str, found: list[str]) -> None:
    assert foreign_numbers(text=text, told=TOLD) == found


def test_a_number_with_a_source_of_its_own_passes() -> None:
    text = "检查企业 125 家，收到 3 件。"

    assert foreign_numbers(text=text, told=TOLD, others=["125 家"]) == ["3 件"]
    assert foreign_numbers(text="1125 家", told=TOLD, others=["125 家"]) == ["1125 家"]
    assert foreign_numbers(text=text, told=TOLD, others=["", "  "]) == ["125 家", "3 件"]


def test_hidden_cells_are_not_told() -> None:
    assert not TOLD.has(Decimal(4), kind=Kind.COUNT)
    assert TOLD.has(Decimal(103), kind=Kind.COUNT)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("零", "0"), ("两", "2"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("一百零三", "103"),
        ("一千二百", "1200"), ("三万五千", "35000"), ("二〇二六", "2026"), ("二点五", "2.5"), ("九十六点二", "96.2"),
        ("一亿零二万", "100020000"),
    ],
)  # fmt: skip
def test_chinese_numerals(words: str, number: str) -> None:
    assert han_number(words) == Decimal(number)
