"""How many inspectors a line names."""

import pytest

from complaints.rules.inspections import are_enough, inspectors_named


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("赵敏、陈立", 2),
        ("赵敏，陈立，周文", 3),
        ("赵敏 陈立", 2),
        ("赵敏; 陈立", 2),
        ("赵敏\n陈立", 2),
        ("赵敏", 1),
        ("赵　敏", 1),
        ("赵 敏、陈 立", 2),
        ("赵敏、赵敏", 1),
        ("赵敏、", 1),
        (" ", 0),
    ],
)
def test_names_are_counted(text: str, count: int) -> None:
    assert inspectors_named(text) == count
    assert are_enough(text) == (count >= 2)
