"""Sentences of bulletins: each rule with what it says, and when it says nothing. No database."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from home.bulletins.bound import Bound
from home.bulletins.drafts import PLANS
from home.bulletins.numbers import Kind, foreign_numbers, told_by
from home.bulletins.sentences import RULES, sentences
from home.findings import most_of
from tests.home.bulletin_reports import APART, FEW, cell, options, report

DISTRICTS = {"雁塔区": 96, "未央区": 66, "莲湖区": 51, "长安区": 30, "临潼区": FEW}


def said(rule: str, bound: Bound) -> str | None:
    found = sentences(bound=bound, rules=[rule])
    return found[0].text if found else None


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (options(received=1162), "〔2026Q1〕共收到举报 1,162 件。"),
        (options(received=FEW), "〔2026Q1〕收到举报的件数不公布（少于 5）。"),
        (options(received=APART), "〔2026Q1〕收到举报的件数不公布（不单列）。"),
    ],
)
def test_received(own: dict[str, Any], sentence: str) -> None:
    assert said("received", Bound(report=report(**own))) == sentence


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        (162, 144, "收到举报比上年同期（144 件）增加 12.5%。"),
        (90, 120, "收到举报比上年同期（120 件）减少 25.0%。"),
        (90, 90, "收到举报与上年同期（90 件）持平。"),
        (90, FEW, None),
        (FEW, 90, None),
        (90, APART, None),
    ],
)
def test_since_the_year_before(now: int | str, before: int | str, sentence: str | None) -> None:
    bound = Bound(report=report(received=now), year_before=report("2025Q1", received=before))

    assert said("since_year", bound) == sentence


def test_since_the_last_bulletin() -> None:
    own, last = report(received=110), report("2025Q4", received=100)

    assert said("since_last", Bound(report=own)) is None
    assert (
        said("since_last", Bound(report=own, previous=last))
        == "收到举报比上一次通报（〔2025Q4〕，100 件）增加 10.0%。"
    )


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        (DISTRICTS, ["雁塔区", "未央区", "莲湖区"]),
        ({"a": 30, "b": 20, "c": 19, "d": 5}, ["a", "b"]),
        ({"a": 19, "b": 18, "c": 5}, []),
        ({"a": 40, "b": 30, "c": 30, "d": 30, "e": 9}, ["a", "b", "c", "d"]),
        ({"a": 30, "b": 30, "c": 30, "d": 30, "e": 30, "f": 9}, []),
        ({"a": 30, "b": 25}, []),
        ({"a": 30}, []),
        ({"a": FEW, "b": APART}, []),
        ({}, []),
    ],
    ids=["three", "two may be compared", "none of 20", "a tie", "a wide tie", "all", "one", "hidden", "none"],
)
def test_what_is_called_the_most(cells: dict[str, int | str], named: list[str]) -> None:
    found = most_of([cell(code, told) for code, told in cells.items()])

    assert [one.name for one in found] == named


def test_a_number_that_is_known_about_is_said_so() -> None:
    about = replace(cell("received", APART), between=(213, 217))
    whole = report(received=APART)
    told = replace(
        whole, figures=tuple((one, about if one.code == "received" else own) for one, own in whole.figures)
    )

    assert "213 至 217" in (said("received", Bound(report=told)) or "")
    assert "不公布" not in (said("received", Bound(report=told)) or "")
    assert {213, 217} <= told_by(Bound(report=told)).by[Kind.COUNT]


def test_districts() -> None:
    bound = Bound(report=report(districts=DISTRICTS))

    assert said("districts", bound) == "举报较多的是雁塔区（96 件）、未央区（66 件）和莲湖区（51 件）。"


@pytest.mark.parametrize(
    ("operations", "sentence"),
    [
        (
            {"粉尘涉爆": 41, "有限空间": 33, "动火": 9},
            "查实的举报中，粉尘涉爆和有限空间最集中（41 件、33 件）。",
        ),
        ({"粉尘涉爆": 41, "有限空间": 19, "动火": 9}, "查实的举报中，粉尘涉爆最集中（41 件）。"),
        ({"粉尘涉爆": 19, "有限空间": 18}, None),
    ],
)
def test_operations(operations: dict[str, int | str], sentence: str | None) -> None:
    assert said("operations", Bound(report=report(operations=operations))) == sentence


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (options(), "签发核查结论 100 件，查实率 75.0%（属实和部分属实）。"),
        (options(results=(60, FEW, 20, APART)), None),
        (options(conclusions=APART), None),
    ],
)
def test_results(own: dict[str, Any], sentence: str | None) -> None:
    assert said("results", Bound(report=report(**own))) == sentence


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (options(concluded=120, late=6), "办结举报 120 件，按期办结率 95.0%。"),
        (options(concluded=120, late=FEW), "办结举报 120 件，按期办结率不低于 96.6%。"),
        (options(concluded=APART, late=FEW), None),
        (options(concluded=120, late=APART), None),
    ],
)
def test_timing(own: dict[str, Any], sentence: str | None) -> None:
    assert said("timing", Bound(report=report(**own))) == sentence


LAST, YEAR = "上一次通报（〔2025Q4〕）", "上年同期"


@pytest.mark.parametrize(
    ("last", "year", "sentence"),
    [
        (options(late=12), None, f"按期办结率比{LAST}提高 5.0 个百分点。"),
        (options(late=12), options(late=3), f"按期办结率比{LAST}提高 5.0 个百分点，比{YEAR}下降 2.5 个百分点。"),
        (None, options(late=6), f"按期办结率与{YEAR}持平。"),
        (options(late=FEW), options(late=12), f"按期办结率比{YEAR}提高 5.0 个百分点。"),
        (options(late=FEW), None, None),
        (options(concluded=19, late=5), None, None),
        (options(concluded=20, late=5), None, f"按期办结率比{LAST}提高 20.0 个百分点。"),
        (None, None, None),
    ],
    ids=[
        "since the last", "since both", "the same", "one is hidden", "all are hidden", "fewer than 20", "20",
        "nothing before",
    ],
)  # fmt: skip
def test_how_the_share_on_time_moved(
    last: dict[str, Any] | None, year: dict[str, Any] | None, sentence: str | None
) -> None:
    bound = Bound(
        report=report(late=6),
        previous=None if last is None else report("2025Q4", **last),
        year_before=None if year is None else report("2025Q1", **year),
    )

    assert said("timing_moved", bound) == sentence


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (options(results=(50, 10, 30, 10)), f"查实率比{LAST}提高 15.0 个百分点。"),
        (options(results=(70, 20, 5, 5)), f"查实率比{LAST}下降 15.0 个百分点。"),
        (options(results=(60, 15, 15, 10)), f"查实率与{LAST}持平。"),
        (options(results=(60, FEW, 15, APART)), None),
        (options(conclusions=19, results=(5, 5, 5, FEW)), None),
    ],
)
def test_how_the_verified_share_moved(last: dict[str, Any], sentence: str | None) -> None:
    assert said("verified_moved", Bound(report=report(), previous=report("2025Q4", **last))) == sentence


def test_a_share_of_fewer_than_twenty_now_is_not_compared() -> None:
    own = report(conclusions=18, results=(6, 6, 6, 0))

    assert said("verified_moved", Bound(report=own, previous=report("2025Q4"))) is None


@pytest.mark.parametrize("kind", ["month", "quarter", "half", "year"])
def test_every_kind_of_bulletin_tells_the_verified_share(kind: str) -> None:
    rules = [rule for section in PLANS[kind] for rule in section.rules]

    assert {"results", "timing", "verified_moved", "timing_moved"} <= set(rules)


@pytest.mark.parametrize(
    ("stages", "sentence"),
    [
        (
            {"verify": (15, 26), "dispose": (4, 9), "reply": (3, 8)},
            "受理以后用时最长的是核查：半数在 15 天以内，九成在 26 天以内。",
        ),
        (
            {"verify": (9, 26), "dispose": (9, 30), "reply": (3, 8)},
            "受理以后用时最长的是核查和处理：半数在 9 天以内，九成在 30 天以内。",
        ),
        ({"verify": (9, 26), "dispose": (9, 30)}, None),
        ({"verify": (9, 26)}, None),
        ({"verify": (9, 26), "decide": (30, 60)}, None),
        ({}, None),
    ],
    ids=["one", "a tie", "all alike", "nothing to compare", "working days compare with nothing", "none"],
)
def test_the_slowest_stage(stages: dict[str, tuple[int, int]], sentence: str | None) -> None:
    assert said("slowest", Bound(report=report(stages=stages))) == sentence


def test_the_whole_way() -> None:
    bound = Bound(report=report(stages={"whole": (28, 51)}))

    assert said("whole", bound) == "从受理到办结，半数在 28 天以内，九成在 51 天以内。"


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (options(orders=41, fines=FEW), "责令整改 41 次。"),
        (
            options(orders=41, hazards_removed=30, fines=12, fine_amount=Decimal("350000.00")),
            "责令整改 41 次、隐患消除 30 次、罚款 12 次、罚款金额 350,000.00 元。",
        ),
        (options(), None),
    ],
)
def test_measures(own: dict[str, Any], sentence: str | None) -> None:
    assert said("measures", Bound(report=report(**own))) == sentence


def full() -> Bound:
    """Return a binding about which every rule has something to say."""
    own: dict[str, Any] = {
        "districts": DISTRICTS,
        "operations": {"粉尘涉爆": 41, "有限空间": 33, "动火": 9},
        "late": 6,
        "stages": {"verify": (15, 26), "dispose": (4, 9), "reply": (3, 8), "whole": (28, 51)},
        "orders": 41,
        "fines": 12,
        "fine_amount": Decimal("350000.00"),
        "transferred": 8,
        "whistles": 11,
    }
    return Bound(
        report=report(**own),
        previous=report("2025Q4", received=150, late=12, results=(50, 10, 30, 10)),
        year_before=report("2025Q1", received=140, late=9, results=(40, 30, 20, 10)),
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sentence_passes_its_own_check(language: str) -> None:
    with translation.override(language):
        found = sentences(bound=full(), rules=list(RULES))

    assert [one.rule for one in found] == list(RULES)
    told = told_by(full())
    assert [foreign_numbers(text=one.text, told=told) for one in found] == [[]] * len(RULES)


def test_no_sentence_tells_a_number_under_five() -> None:
    hidden = Bound(report=report(received=FEW, concluded=FEW, conclusions=FEW, results=(FEW, FEW, FEW, FEW)))

    found = sentences(bound=hidden, rules=list(RULES))

    assert [one.rule for one in found] == ["received"]
