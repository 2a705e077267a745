"""Drawing case files: the same seed and stock give the same files; each unit gets its share; nobody moves another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.sampling import MOST_PER_UNIT, Size, drawn, stock_digest

NUMBERS = st.sets(st.from_regex(r"AS-2026-[A-F]{3}", fullmatch=True), max_size=30)
STOCK = st.dictionaries(st.integers(1, 6), NUMBERS, max_size=4)
SIZES = st.one_of(
    st.integers(1, 200).map(lambda n: Size(per_unit=n)), st.integers(1, 100).map(lambda n: Size(percent=n))
)
TEN = {1: [f"AS-2026-{n:06d}" for n in range(10)]}


@pytest.mark.parametrize(
    ("size", "of", "many"),
    [
        (Size(per_unit=3), 10, 3),
        (Size(per_unit=3), 2, 2),
        (Size(per_unit=200), 1000, 200),
        (Size(percent=10), 10, 1),
        (Size(percent=10), 11, 2),
        (Size(percent=1), 1, 1),
        (Size(percent=100), 7, 7),
        (Size(percent=100), 1000, MOST_PER_UNIT),
        (Size(percent=50), 0, 0),
    ],
)
def test_how_many(size: Size, of: int, many: int) -> None:
    assert size.of(of) == many


@pytest.mark.parametrize(
    "size",
    [
        Size(),
        Size(per_unit=1, percent=1),
        Size(per_unit=0),
        Size(per_unit=201),
        Size(percent=0),
        Size(percent=101),
        Size(per_unit=-3),
    ],
)
def test_sizes_that_cannot_be(size: Size) -> None:
    assert not size.is_possible()
    with pytest.raises(ValueError, match="Size"):
        drawn(stock=TEN, seed="a", size=size)


def test_a_known_draw() -> None:
    found = [number[-1] for _unit, number in drawn(stock=TEN, seed="2026Q3", size=Size(per_unit=4))]
    again = [number[-1] for _unit, number in drawn(stock=TEN, seed="2026Q4", size=Size(per_unit=4))]

    assert found == KNOWN
    assert again != found


KNOWN = ["1", "0", "4", "9"]


@given(STOCK, st.text(max_size=8), SIZES)
def test_again_and_in_another_order_the_same(stock: dict[int, set[str]], seed: str, size: Size) -> None:
    first = drawn(stock=stock, seed=seed, size=size)
    turned = {unit: sorted(stock[unit], reverse=True) * 2 for unit in reversed(list(stock))}

    assert drawn(stock=turned, seed=seed, size=size) == first
    assert stock_digest(turned) == stock_digest(stock)
    assert len(set(first)) == len(first)
    for unit, numbers in stock.items():
        assert sum(one == unit for one, _number in first) == size.of(len(numbers))
    assert all(number in stock[unit] for unit, number in first)


@given(NUMBERS.filter(lambda one: len(one) > 1), st.text(max_size=8), st.integers(1, 10))
def test_a_file_that_goes_moves_no_other(numbers: set[str], seed: str, many: int) -> None:
    whole = [number for _unit, number in drawn(stock={1: numbers}, seed=seed, size=Size(per_unit=200))]
    gone = sorted(numbers)[0]

    rest = drawn(stock={1: numbers - {gone}}, seed=seed, size=Size(per_unit=many))

    assert [number for _unit, number in rest] == [one for one in whole if one != gone][:many]


def test_every_file_comes_up_about_as_often() -> None:
    counts = dict.fromkeys(TEN[1], 0)
    for seed in range(2000):
        for _unit, number in drawn(stock=TEN, seed=str(seed), size=Size(per_unit=2)):
            counts[number] += 1

    # 400 expected each; five standard deviations are about 90.
    assert all(310 <= many <= 490 for many in counts.values()), counts


@pytest.mark.parametrize("changed", [{1: ["a"]}, {2: ["a", "b"]}, {1: ["a", "c"]}, {}])
def test_the_digest_tells_stocks_apart(changed: dict[int, list[str]]) -> None:
    assert stock_digest(changed) != stock_digest({1: ["a", "b"]})
