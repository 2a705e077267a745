"""Cells to take along: numbers as a machine reads them, text that no spreadsheet runs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.plain_cells import STARTS, number_cell, written_cell


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1133, "1133"),
        (-17, "-17"),
        (Decimal("-17.4"), "-17.4"),
        (Decimal("1234567.80"), "1234567.80"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.0"), "0.0"),
        (0, "0"),
        (None, ""),
        ("", ""),
        ("-17.4", "'-17.4"),
        ("=1+1", "'=1+1"),
        (" +86", "' +86"),
        ("雁塔区", "雁塔区"),
    ],
)
def test_how_csv_writes_a_cell(value: object, written: str) -> None:
    assert written_cell(value) == written


@given(st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False, places=2)))
def test_a_number_comes_back_as_it_was(number: int | Decimal) -> None:
    text = written_cell(number)

    assert Decimal(text) == number
    assert not set(text) - set("-0123456789.")


@given(st.text())
def test_text_is_never_run(text: str) -> None:
    assert not written_cell(text).lstrip(" ").startswith(STARTS)
    assert written_cell(text).endswith(text)


@pytest.mark.parametrize(
    ("value", "cell"), [(Decimal("-17.4"), -17.4), (7, 7), (None, None), ("-x", "'-x"), ("7", "7")]
)
def test_what_a_workbook_gets(value: object, cell: object) -> None:
    assert number_cell(value) == cell
    assert type(number_cell(value)) is type(cell)
