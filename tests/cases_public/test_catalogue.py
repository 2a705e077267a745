"""The list in memory: bits of filters, orders, pages, and when it is made anew."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from cases_public.enums import AmountBand, CaseOrder, band_of
from cases_public.models import CaseIndexPage
from cases_public.selectors.catalogue import Catalogue, catalogue
from tests.cases_public.factories import add_case, days_ago

TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("amount", "band"),
    [
        (None, AmountBand.NONE),
        (0, AmountBand.NONE),
        ("0.01", AmountBand.BELOW_10K),
        ("9999.99", AmountBand.BELOW_10K),
        (10_000, AmountBand.BELOW_50K),
        (49_999, AmountBand.BELOW_50K),
        (50_000, AmountBand.BELOW_200K),
        (200_000, AmountBand.BELOW_1M),
        (999_999, AmountBand.BELOW_1M),
        (1_000_000, AmountBand.FROM_1M),
    ],
)
def test_lower_end_belongs_to_the_band(amount: object, band: AmountBand) -> None:
    assert band_of(None if amount is None else Decimal(str(amount))) == band


def plain(*, total: int, marked: int = 0) -> Catalogue:
    """Return a list of pages whose keys are 100 and up; the dearest is the last."""
    from array import array

    return Catalogue(
        mark="m",
        day=TODAY,
        keys=array("q", range(100, 100 + total)),
        places={100 + place: place for place in range(total)},
        bits={("kind", "x"): marked},
        by_amount=array("q", reversed(range(total))),
        collections={},
    )


@given(st.sets(st.integers(min_value=0, max_value=40)), st.integers(0, 45), st.integers(1, 12))
def test_pages_are_cut_from_the_places_in_every_order(places: set[int], first: int, most: int) -> None:
    known, found = plain(total=41), sum(1 << place for place in places)

    newest = known.page_keys(found, order=CaseOrder.NEWEST, first=first, most=most)
    oldest = known.page_keys(found, order=CaseOrder.OLDEST, first=first, most=most)
    dearest = known.page_keys(found, order=CaseOrder.AMOUNT, first=first, most=most)

    forwards = [100 + place for place in sorted(places)]
    assert newest == forwards[first : first + most]
    assert oldest == dearest == forwards[::-1][first : first + most]


def test_a_page_far_behind_is_found_without_walking_there() -> None:
    known = plain(total=100_000)

    keys = known.page_keys(known.everything, order=CaseOrder.NEWEST, first=99_990, most=20)

    assert keys == list(range(100_090, 100_100))


def test_unknown_codes_and_pages_have_no_bits() -> None:
    known = plain(total=3, marked=0b101)

    assert known.having(facet="kind", codes=["x", "y"]) == 0b101
    assert known.having(facet="kind", codes=[]) == 0
    assert known.of_pages([100, 102, 999]) == 0b101
    assert known.codes("kind") == ["x"]


@pytest.mark.django_db
def test_an_empty_list_is_a_list() -> None:
    known = catalogue(today=TODAY)

    assert (list(known.keys), known.everything, known.bits) == ([], 0, {})
    assert known.page_keys(0, order=CaseOrder.NEWEST, first=0, most=10) == []


@pytest.mark.django_db
def test_every_filter_knows_its_cases(index: CaseIndexPage) -> None:
    page = add_case(
        index,
        industry="chemical",
        district="610112",
        operations=["hot_work", "height"],
        values=["warning"],
        decided_month="2025-07",
        unit_penalty_amount=Decimal(60_000),
        person_penalty_amount=Decimal(20_000),
    )

    known = catalogue(today=TODAY)

    assert list(known.keys) == [page.pk]
    assert set(known.bits) == {
        ("kind", "enforcement"), ("industry", "chemical"), ("district", "610112"), ("year", "2025"),
        ("amount", "below_200k"), ("operation", "hot_work"), ("operation", "height"), ("value", "warning"),
    }  # fmt: skip


@pytest.mark.django_db
def test_without_a_month_the_year_is_that_of_publication(index: CaseIndexPage) -> None:
    add_case(index, published_at=days_ago(800))

    years = catalogue(today=TODAY).codes("year")

    assert years == [str(days_ago(800).year)]


@pytest.mark.django_db
def test_newest_come_first_and_dearest_in_their_order(index: CaseIndexPage) -> None:
    old = add_case(index, published_at=days_ago(9), unit_penalty_amount=Decimal(5))
    new = add_case(index, published_at=days_ago(1), unit_penalty_amount=None)
    middle = add_case(index, published_at=days_ago(5), person_penalty_amount=Decimal(7))

    known = catalogue(today=TODAY)
    dearest = known.page_keys(known.everything, order=CaseOrder.AMOUNT, first=0, most=9)

    assert list(known.keys) == [new.pk, middle.pk, old.pk]
    assert dearest == [middle.pk, old.pk, new.pk]


@pytest.mark.django_db
def test_it_is_made_anew_when_a_case_changes_and_not_before(index: CaseIndexPage) -> None:
    page = add_case(index)
    first = catalogue(today=TODAY)

    with CaptureQueriesContext(connection) as queries:
        again = catalogue(today=TODAY)
    page.title = "改过的标题"
    page.save_revision().publish()

    assert again is first
    assert len(queries) == 1
    assert catalogue(today=TODAY) is not first


@pytest.mark.django_db
def test_it_is_made_anew_on_the_next_day(index: CaseIndexPage) -> None:
    today = (
        timezone.localdate()
    )  # asked for anew: a run may go on past midnight, and a day that has passed is refused
    page = add_case(index, publish_until=today)

    assert list(catalogue(today=today).keys) == [page.pk]
    assert list(catalogue(today=date.fromordinal(today.toordinal() + 1)).keys) == []


@pytest.mark.django_db
def test_a_page_that_is_closed_to_the_public_is_not_in_it(index: CaseIndexPage) -> None:
    page = add_case(index)
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    closed = list(catalogue(today=TODAY).keys)
    restriction.delete()

    assert (closed, list(catalogue(today=TODAY).keys)) == ([], [page.pk])


@pytest.mark.django_db
def test_a_closed_list_closes_its_cases(index: CaseIndexPage) -> None:
    add_case(index)

    PageViewRestriction.objects.create(page=index, restriction_type=PageViewRestriction.LOGIN)

    assert list(catalogue(today=TODAY).keys) == []
