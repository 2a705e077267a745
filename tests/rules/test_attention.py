"""Where to look next: points are counts times weights, line by line; ties share a place; no other thing counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import AttentionLine
from complaints.rules.attention import DEFAULT_WEIGHTS, ranked, scored

V, M, C, D, R, O, T = AttentionLine  # noqa: E741  in the order of the table
COUNTS = st.dictionaries(st.sampled_from(list(AttentionLine)), st.integers(0, 50))


@pytest.mark.parametrize(
    ("counts", "points"),
    [
        ({}, 0),
        ({V: 1}, 10),
        ({V: 3, R: 2}, 40),
        ({V: 1, M: 1}, 20),
        ({V: 2, M: 1, R: 1}, 35),
        ({V: 1, C: 1, D: 1}, 50),
        ({O: 4}, 12),
        ({T: 2, O: 1}, 15),
        ({V: 0, M: 0}, 0),
    ],
)
def test_points_by_the_shipped_weights(counts: dict[AttentionLine, int], points: int) -> None:
    assert scored(key="a", counts=counts, weights=DEFAULT_WEIGHTS).points == points


def test_each_line_says_how_many_what_one_weighs_and_the_points() -> None:
    score = scored(key="a", counts={R: 2, V: 3, M: 0}, weights={**DEFAULT_WEIGHTS, V: 7})

    assert [(one.line, one.count, one.weight, one.points) for one in score.lines] == [
        (V, 3, 7, 21),
        (R, 2, 5, 10),
    ]


def test_a_weight_of_nothing_is_told_and_gives_nothing() -> None:
    score = scored(key="a", counts={O: 9}, weights={**DEFAULT_WEIGHTS, O: 0})

    assert [(one.count, one.points) for one in score.lines] == [(9, 0)]
    assert ranked([score]) == []


@pytest.mark.parametrize(("counts", "weight"), [({V: -1}, 10), ({V: 1}, -10)])
def test_less_than_nothing_is_refused(counts: dict[AttentionLine, int], weight: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        scored(key="a", counts=counts, weights={**DEFAULT_WEIGHTS, V: weight})


def test_equal_points_share_a_place_and_the_next_place_is_skipped() -> None:
    scores = [
        scored(key=key, counts={V: many}, weights=DEFAULT_WEIGHTS)
        for key, many in [("b", 2), ("a", 2), ("c", 3), ("d", 1), ("e", 0)]
    ]

    assert [(one.key, one.place) for one in ranked(scores)] == [("c", 1), ("a", 2), ("b", 2), ("d", 4)]


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), COUNTS, max_size=12))
def test_the_total_is_the_sum_of_what_is_shown_and_order_follows_it(
    subjects: dict[str, dict[AttentionLine, int]],
) -> None:
    scores = [scored(key=key, counts=one, weights=DEFAULT_WEIGHTS) for key, one in subjects.items()]
    found = ranked(scores)

    for one in found:
        assert one.points == sum(line.count * line.weight for line in one.lines) > 0
        assert one.place == 1 + sum(other.points > one.points for other in found)
    assert [one.points for one in found] == sorted((one.points for one in scores if one.points), reverse=True)


@given(COUNTS, st.sampled_from(list(AttentionLine)))
def test_one_more_never_lowers_a_score(counts: dict[AttentionLine, int], line: AttentionLine) -> None:
    more = {**counts, line: counts.get(line, 0) + 1}

    before = scored(key="a", counts=counts, weights=DEFAULT_WEIGHTS).points
    assert scored(key="a", counts=more, weights=DEFAULT_WEIGHTS).points == before + DEFAULT_WEIGHTS[line]
