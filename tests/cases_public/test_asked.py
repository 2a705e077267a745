"""What an address asks for: words, filters, order and page, and what is passed over."""

import pytest
from django.http import QueryDict

from cases_public.enums import CaseOrder
from cases_public.selectors.asked import LONGEST_SEARCH, MOST_WORDS, Asked, asked, is_code, page_number
from cases_public.selectors.listing import turns


def of(query: str) -> Asked:
    """Return what this query asks for."""
    return asked(QueryDict(query))


def test_an_empty_address_asks_for_everything() -> None:
    plain = of("")

    assert plain == Asked()
    assert plain.is_plain
    assert plain.query() == "?"


def test_filters_are_kept_in_the_order_of_the_list_and_once() -> None:
    found = of("year=2026&industry=chemical&industry=machinery&industry=chemical&operation=dust")

    assert found.chosen == {
        "operation": ("dust",), "industry": ("chemical", "machinery"), "year": ("2026",)
    }  # fmt: skip
    assert found.query() == "?operation=dust&industry=chemical&industry=machinery&year=2026"
    assert not found.is_plain


@pytest.mark.parametrize(
    "query",
    ["industry=nonsense", "year=20266", "year=二零二六", "district=6101", "district=", "kind=%00", "other=1",
     "value=<script>", "amount=-1", "operation="],
)  # fmt: skip
def test_what_makes_no_sense_is_passed_over(query: str) -> None:
    assert of(query).chosen == {}


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", 1), ("0", 1), ("-3", 1), ("x", 1), ("7", 7), ("٣", 1), ("9" * 40, 1), ("1.5", 1)],
)
def test_a_page_number_is_a_number(typed: str, number: int) -> None:
    assert page_number(typed) == number


def test_order_is_kept_where_it_is_not_the_usual_one() -> None:
    assert of("sort=amount").order == CaseOrder.AMOUNT
    assert of("sort=amount").query() == "?sort=amount"
    assert of("sort=newest").query() == "?"
    assert of("sort=nonsense").order == CaseOrder.NEWEST
    assert of("kind=accident").in_order(CaseOrder.OLDEST).query() == "?kind=accident&sort=oldest"


def test_words_are_folded_and_once() -> None:
    found = of("q=ＮＨ３ nh3  动火，监护")

    assert found.words == ("nh3", "动火", "监护")
    assert found.typed == "ＮＨ３ nh3 动火，监护"
    assert found.trouble == ""


def test_only_so_many_words_are_looked_for() -> None:
    assert len(of("q=" + "+".join(f"词{number}" for number in range(9))).words) == MOST_WORDS


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("火", "一个字查到的太多"),
        ("动火 a", "一个字查到的太多"),
        ("%", "只能查文字"),
        ("%25 * _ ?", "只能查文字"),
        ("焊" * 500, f"最多 {LONGEST_SEARCH} 个字"),
    ],
)
def test_a_search_that_cannot_be_made_says_why(typed: str, words: str) -> None:
    found = of(f"q={typed}")

    assert found.words == ()
    assert words in found.trouble
    assert len(found.typed) <= LONGEST_SEARCH


def test_a_filter_is_taken_away_by_itself() -> None:
    found = of("q=动火&industry=chemical&industry=machinery&year=2026")

    assert found.without(facet="industry", code="chemical").query() == (
        "?q=%E5%8A%A8%E7%81%AB&industry=machinery&year=2026"
    )
    assert found.without(facet="year", code="2026").chosen == {"industry": ("chemical", "machinery")}
    assert found.without_words().query() == "?industry=chemical&industry=machinery&year=2026"
    assert found.query(page=3).endswith("&page=3")


@pytest.mark.parametrize(
    ("facet", "code", "known"),
    [
        ("district", "610112", True),
        ("district", "61011２", False),
        ("year", "2026", True),
        ("kind", "x", False),
    ],
)
def test_codes_are_known_by_their_set_or_their_form(facet: str, code: str, known: bool) -> None:
    assert is_code(facet=facet, code=code) is known


@pytest.mark.parametrize(
    ("page", "pages", "expected"),
    [
        (1, 1, []),
        (1, 2, [1, 2]),
        (1, 16, [1, 2, 0, 16]),
        (2, 16, [1, 2, 3, 0, 16]),
        (8, 16, [1, 0, 7, 8, 9, 0, 16]),
        (16, 16, [1, 0, 15, 16]),
    ],
)
def test_pages_to_go_to_are_the_ends_and_those_around(page: int, pages: int, expected: list[int]) -> None:
    assert turns(page=page, pages=pages) == expected
