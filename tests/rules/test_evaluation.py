"""The yearly evaluation: share times weight, scaled to what could be worked out; small units have no place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import EvaluationLine
from complaints.rules.evaluation import DEFAULT_WEIGHTS, LEAST_PLACED, Evaluation, Rate, evaluated, placed

ON_TIME, WHISTLES, HAZARDS, SATISFACTION, OBJECTIONS, FILES, CORRECTIONS = EvaluationLine
NUMBERS = st.integers(0, 500)
RATES = st.dictionaries(
    st.sampled_from(list(EvaluationLine)),
    st.builds(lambda part, rest: Rate(part=Decimal(part), whole=Decimal(part + rest)), NUMBERS, NUMBERS),
)


def of(part: int, whole: int, cases: int | None = 100) -> Rate:
    return Rate(part=Decimal(part), whole=Decimal(whole), cases=cases)


def sheet(key: str = "1", concluded: int = 100, **rates: Rate) -> Evaluation:
    return evaluated(
        key=key,
        rates={EvaluationLine(name): rate for name, rate in rates.items()},
        weights=DEFAULT_WEIGHTS,
        concluded=concluded,
    )


def test_the_shipped_weights_are_a_hundred() -> None:
    assert sum(DEFAULT_WEIGHTS.values()) == 100


@pytest.mark.parametrize(
    ("rates", "total"),
    [
        ({}, None),
        ({"on_time": of(0, 0)}, None),
        ({"on_time": of(41, 42)}, "97.6"),
        ({"on_time": of(1, 2), "whistles": of(1, 1)}, "62.5"),
        ({"on_time": of(0, 9)}, "0.0"),
        ({"satisfaction": of(22, 25), "files": of(189, 200)}, "92.3"),
        ({line.value: of(3, 4) for line in EvaluationLine}, "75.0"),
    ],
)
def test_totals(rates: dict[str, Rate], total: str | None) -> None:
    assert sheet(**rates).total == (None if total is None else Decimal(total))


def test_a_line_says_its_rate_and_its_points_or_that_there_is_nothing() -> None:
    lines = {one.line: one for one in sheet(on_time=of(41, 42), whistles=of(0, 0)).lines}

    assert (lines[ON_TIME].percent, lines[ON_TIME].points) == (Decimal("97.6"), Decimal("29.3"))
    assert (lines[WHISTLES].percent, lines[WHISTLES].points) == (None, None)
    assert lines[HAZARDS].rate is None
    assert [one.line for one in sheet().lines] == list(EvaluationLine)


def test_a_line_without_weight_is_not_on_the_sheet() -> None:
    found = evaluated(key="1", rates={}, weights={**DEFAULT_WEIGHTS, FILES: 0}, concluded=0)

    assert FILES not in {one.line for one in found.lines}


@pytest.mark.parametrize(
    ("rate", "counts"),
    [
        (of(0, 19, None), False),
        (of(19, 19, None), False),
        (of(20, 20, None), True),
        (of(45, 50, 1), False),  # points of one file
        (of(95, 100, 20), True),
        (of(0, 0, 0), False),
    ],
)
def test_a_line_of_few_cases_is_left_out_as_an_empty_one(rate: Rate, counts: bool) -> None:
    """DOMAIN 7: nothing under 20 is compared, be it good or bad."""
    with_it, without = sheet(on_time=of(1, 2), files=rate), sheet(on_time=of(1, 2))

    line = next(one for one in with_it.lines if one.line == FILES)
    assert (line.points is not None) == counts
    assert line.is_few == (not counts and bool(rate.whole))
    assert (with_it.total == without.total) == (not counts)
    assert (with_it.judged, with_it.of) == ((2, 50) if counts else (1, 30))


def test_a_part_larger_than_its_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than its whole"):
        sheet(hazards=of(127, 126))


@pytest.mark.parametrize(("rate", "weight"), [(of(-1, 2), 30), (of(1, -2), 30), (of(1, 2), -30)])
def test_less_than_nothing_is_refused(rate: Rate, weight: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        evaluated(key="1", rates={ON_TIME: rate}, weights={**DEFAULT_WEIGHTS, ON_TIME: weight}, concluded=1)


def test_the_best_first_the_small_last_and_without_a_place() -> None:
    found = placed(
        [
            sheet("1", 19, on_time=of(19, 19)),
            sheet("2", 20, on_time=of(10, 20)),
            sheet("3", 400, on_time=of(390, 400)),
            sheet("4", 40, on_time=of(39, 40)),
            sheet("5", 50, on_time=of(0, 50)),
            sheet("6", 0),
        ]
    )

    assert [(one.key, one.place) for one in found] == [
        ("3", 1),
        ("4", 1),
        ("2", 3),
        ("5", 4),
        ("1", 0),
        ("6", 0),
    ]


@given(RATES)
def test_a_total_lies_between_nothing_and_a_hundred(rates: dict[EvaluationLine, Rate]) -> None:
    found = evaluated(key="1", rates=rates, weights=DEFAULT_WEIGHTS, concluded=30)

    assert (found.total is None) == (not any(rate.whole >= LEAST_PLACED for rate in rates.values()))
    assert found.total is None or 0 <= found.total <= 100
    assert found.of == sum(DEFAULT_WEIGHTS[line] for line, rate in rates.items() if rate.whole >= 20)


@given(RATES, st.sampled_from(list(EvaluationLine)))
def test_doing_better_never_costs_points(rates: dict[EvaluationLine, Rate], line: EvaluationLine) -> None:
    whole = {one: Rate(part=min(rate.part, rate.whole), whole=rate.whole) for one, rate in rates.items()}
    if line not in whole or whole[line].part == whole[line].whole:
        return
    better = {**whole, line: Rate(part=whole[line].part + 1, whole=whole[line].whole)}

    before = evaluated(key="1", rates=whole, weights=DEFAULT_WEIGHTS, concluded=30).total
    after = evaluated(key="1", rates=better, weights=DEFAULT_WEIGHTS, concluded=30).total
    assert (before is None) == (after is None)
    assert before is None or after is None or after >= before
