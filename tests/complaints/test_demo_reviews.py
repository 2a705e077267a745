"""The review of case files in the demonstration: begun by the rules, once, and only where something was concluded."""

from datetime import date

import pytest

from complaints.enums import ReviewState, Role
from complaints.models import FileFinding, FileSample, SampledFile
from complaints.policies import units_below
from complaints.selectors import file_review as selectors
from complaints.services.demo.reviews import load_reviews
from complaints.services.file_review import redraw
from tests.complaints.stats.rows import conclude, tips
from tests.factories import MembershipFactory, noon
from tests.fixtures import City

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 6)


@pytest.fixture
def work(city: City) -> City:
    """Return a city with a leader, an officer in each district, and cases concluded in April."""
    MembershipFactory(office=city.city, role=Role.LEADER)
    for unit in (city.yanta, city.lianhu):
        MembershipFactory(office=unit)
        conclude(tips(3, unit=unit, day=date(2026, 4, 1)), started=date(2026, 4, 1), days=9)
    return city


def load() -> int:
    return load_reviews(today=TODAY, at=noon(TODAY))


def test_one_file_is_scored_one_with_its_reviewer_the_others_wait(work: City) -> None:
    assert load() == 4

    states = SampledFile.objects.order_by("place").values_list("state", flat=True)
    assert list(states) == [
        ReviewState.CORRECTION, ReviewState.ASSIGNED, ReviewState.DRAWN, ReviewState.DRAWN,
    ]  # fmt: skip
    finding = FileFinding.objects.get()
    assert (finding.wants_correction, finding.minus) == (True, 3)
    assert "签名" in finding.words


def test_reviewers_come_from_other_units(work: City) -> None:
    load()

    for row in SampledFile.objects.exclude(reviewer=None):
        own = selectors.units_of(user_id=row.reviewer_id or 0)
        assert own.isdisjoint({row.unit_id, *units_below(row.unit_id)})


def test_it_can_be_drawn_again(work: City) -> None:
    load()

    again = redraw(sample=FileSample.objects.get())
    assert (again.same_stock, again.same_files) == (True, True)


def test_a_second_loading_changes_nothing(work: City) -> None:
    assert [load(), load()] == [4, 0]
    assert FileSample.objects.count() == 1


def test_without_a_leader_or_anything_concluded_there_is_none(city: City) -> None:
    assert load() == 0
    MembershipFactory(office=city.city, role=Role.LEADER)
    assert load() == 0


def test_where_nobody_else_handles_tips_the_files_wait(city: City) -> None:
    MembershipFactory(office=city.city, role=Role.LEADER)
    MembershipFactory(office=city.yanta)
    conclude(tips(1, unit=city.yanta, day=date(2026, 4, 1)), started=date(2026, 4, 1), days=9)

    assert load() == 1
    row = SampledFile.objects.get()
    # The leader above handles tips as well and may review what lies below.
    assert row.reviewer_id is None or row.reviewer.memberships.filter(office=city.city).exists()  # type: ignore[union-attr]  # set
