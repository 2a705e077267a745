"""Recovery sheets: two of three recover the key, and nothing less or else does; the official vectors of SLIP-39."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic import MnemonicError, combine_mnemonics

from complaints.crypto import sheets
from complaints.crypto.errors import SheetError
from tests.crypto.slip39 import VECTORS

SEED = bytes(range(32))


@pytest.fixture(scope="module")
def three() -> list[str]:
    return sheets.split(SEED)


def test_three_sheets_of_33_words(three: list[str]) -> None:
    assert [len(sheet.split()) for sheet in three] == [33, 33, 33]
    assert [sheets.number_of(sheet) for sheet in three] == [1, 2, 3]


@pytest.mark.parametrize("pair", list(itertools.permutations(range(3), 2)))
def test_any_two_recover_the_key(three: list[str], pair: tuple[int, int]) -> None:
    assert sheets.join([three[place] for place in pair]) == SEED


def test_a_sheet_may_be_typed_carelessly(three: list[str]) -> None:
    first = "\n".join(three[0].upper().split())
    second = ",  ".join(three[1].split()) + "."

    assert sheets.join([first, second]) == SEED


def test_one_sheet_never_suffices(three: list[str]) -> None:
    for given_sheets in ([three[0]], [three[0], three[0]], [three[0], f" {three[0].upper()} "], []):
        with pytest.raises(SheetError, match="two different sheets"):
            sheets.join(given_sheets)


def test_three_sheets_at_once_are_one_too_many(three: list[str]) -> None:
    with pytest.raises(SheetError):
        sheets.join(three)


def test_sheets_of_two_sets_do_not_mix(three: list[str]) -> None:
    other = sheets.split(SEED)

    with pytest.raises(SheetError):
        sheets.join([three[0], other[1]])


def test_a_sheet_of_another_secret_is_no_vault_key(three: list[str]) -> None:
    short = next(vector for vector in VECTORS if vector[0].startswith("4."))

    with pytest.raises(SheetError, match="no key of a vault"):
        sheets.join(short[1])


@given(place=st.integers(0, 32), word=st.sampled_from(["academic", "zero", "银行", ""]))
def test_a_mistyped_word_is_noticed(three: list[str], place: int, word: str) -> None:
    words = three[0].split()
    words[place] = word if words[place] != word else "acid"

    with pytest.raises(SheetError):
        sheets.number_of(" ".join(words))


def test_no_refusal_repeats_a_word(three: list[str]) -> None:
    with pytest.raises(SheetError) as caught:
        sheets.number_of(three[0] + " academic")

    assert not set(three[0].split()) & set(str(caught.value).split())


def test_an_endless_sheet_is_refused_unread() -> None:
    with pytest.raises(SheetError, match="too long"):
        sheets.number_of("academic " * 1000)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_only_a_seed_is_shared_out(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sheets.split(bytes(length))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector[0].split(".")[0])
def test_official_vectors(vector: list[Any]) -> None:
    _, mnemonics, secret, _ = vector

    if secret:
        assert combine_mnemonics(mnemonics, b"TREZOR").hex() == secret
    else:
        with pytest.raises(MnemonicError):
            combine_mnemonics(mnemonics, b"TREZOR")
