"""Rates: nothing owed, nothing submitted, small units, surplus, rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cases_public.duty.rates import Counted, percent, rates


def one(owed: int, submitted: int = 0, qualified: int = 0, *, scored: int | None = None) -> Counted:
    return Counted(
        owed=owed,
        submitted=submitted,
        scored=submitted if scored is None else scored,
        qualified=qualified,
    )


@pytest.mark.parametrize(
    ("rows", "reported", "qualified"),
    [
        # Nothing at all: no rate, and no division by zero.
        ([], None, None),
        ([one(0)], None, None),
        ([one(0), one(0)], None, None),
        # Owed and nothing sent: 0 %, and no rate of quality.
        ([one(1)], "0.0", None),
        # Owed nothing, sent one: no rate of reporting.
        ([one(0, 1, 1)], None, "100.0"),
        ([one(0, 1, 0)], None, "0.0"),
        # The smallest unit.
        ([one(1, 1, 1)], "100.0", "100.0"),
        ([one(1, 1, 0)], "0.0", "0.0"),
        # A failing one and its replacement.
        ([one(1, 2, 1)], "100.0", "50.0"),
        # Surplus of one hides no gap of another.
        ([one(1, 5, 5), one(1)], "50.0", "100.0"),
        ([one(2, 3, 3)], "100.0", "100.0"),
        ([one(3, 2, 2)], "66.7", "100.0"),
        ([one(76, 76, 75)], "98.7", "98.7"),
        ([one(2000, 2000, 1999)], "99.9", "99.9"),
    ],
)
def test_92_rates(rows: list[Counted], reported: str | None, qualified: str | None) -> None:
    found = rates(rows)

    assert found.reported_percent == (Decimal(reported) if reported else None)
    assert found.qualified_percent == (Decimal(qualified) if qualified else None)


def test_sums_add_up() -> None:
    rows = [
        Counted(owed=2, submitted=3, late=1, scored=2, qualified=1),
        Counted(owed=1, submitted=1, late=0, scored=1, qualified=1),
    ]

    found = rates(rows)

    assert (found.owed, found.submitted, found.late, found.waiting) == (3, 4, 1, 1)
    assert (found.qualified, found.fulfilled) == (2, 2)
    assert (found.reported_share, found.qualified_share) == (Fraction(2, 3), Fraction(1, 2))


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, None),
        (Fraction(0), "0.0"),
        (Fraction(1, 2000), "0.1"),
        (Fraction(1, 3), "33.3"),
        (Fraction(2, 3), "66.7"),
        (Fraction(9999, 10000), "99.9"),
        (Fraction(1), "100.0"),
    ],
)
def test_what_is_not_whole_is_not_shown_as_whole(share: Fraction | None, shown: str | None) -> None:
    assert percent(share) == (Decimal(shown) if shown else None)
