"""Public numbers: shape, alphabet, and that they count nothing."""

import re
from itertools import pairwise

import pytest

from complaints.rules.numbers import ALPHABET, new_number


@pytest.mark.parametrize("year", [2026, 2031])
def test_number_has_year_and_six_characters(year: int) -> None:
    number = new_number(year=year)

    assert re.fullmatch(rf"AS-{year}-[{ALPHABET}]{{6}}", number)


def test_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_numbers_do_not_follow_each_other() -> None:
    numbers = [new_number(year=2026) for _ in range(2000)]

    rising = sum(one < other for one, other in pairwise(numbers))

    assert len(set(numbers)) > 1990
    assert 850 < rising < 1150


def test_every_character_of_the_alphabet_appears_in_every_place() -> None:
    numbers = [new_number(year=2026)[-6:] for _ in range(3000)]

    assert all({number[place] for number in numbers} == set(ALPHABET) for place in range(6))
