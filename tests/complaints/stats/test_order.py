"""The order of published rows: by size where they may be compared, by code where not, the same on every engine."""

import itertools

import pytest

from complaints.rules.small_cells import Hidden
from complaints.stats.public import PublicCell, _ordered


def row(code: str, value: int | None) -> PublicCell:
    """Return a published row."""
    return PublicCell(code=code, name=code, value=value, hidden=None if value is not None else Hidden.FEW)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([("dust", 75), ("confined", 75), ("height", 90)], ["height", "confined", "dust"]),
        ([("b", 19), ("a", 7), ("c", 20)], ["c", "a", "b"]),
        ([("b", None), ("a", None), ("c", 6)], ["c", "a", "b"]),
        ([], []),
    ],
)
def test_rows_stand_in_one_order_however_they_were_stored(
    rows: list[tuple[str, int | None]], codes: list[str]
) -> None:
    for stored in itertools.permutations(rows):
        assert [one.code for one in _ordered([row(*facts) for facts in stored])] == codes
