"""How wide words are: a square for each Chinese character, less for others, never less than what they take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.lettering import width_of


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("雁塔区", 42), ("1,133", 42), ("雁塔区 96", 67.2), ("Hot work", 67.2)]
)
def test_width(text: str, width: float) -> None:
    assert width_of(text) == pytest.approx(width)


@given(st.text(), st.text(), st.floats(1, 99))
def test_widths_add_up_and_grow_with_the_font(one: str, other: str, size: float) -> None:
    assert width_of(one + other, size=size) == pytest.approx(
        width_of(one, size=size) + width_of(other, size=size)
    )
    assert width_of(one, size=2 * size) == pytest.approx(2 * width_of(one, size=size))
