"""Looks that leave a trace: once per person, thing and day, the day being the bureau's."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import AuditRow, Tip
from complaints.services.audit_check import first_fault
from complaints.services.viewing import note_photo_viewed, note_tip_viewed
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import City

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def tip(city: City) -> Tip:
    return TipFactory(photos=2)


def rows(action: str = "tip.view") -> int:
    return AuditRow.objects.filter(action=action).count()


@pytest.mark.parametrize(
    ("later", "count"),
    [
        (timedelta(0), 1),
        (timedelta(hours=11, minutes=59), 1),
        (timedelta(hours=12), 2),
        (timedelta(days=1), 2),
    ],
)
def test_tip_is_noted_once_a_day(tip: Tip, officer: User, later: timedelta, count: int) -> None:
    note_tip_viewed(tip=tip, viewer=officer, at=noon(TODAY))

    note_tip_viewed(tip=tip, viewer=officer, at=noon(TODAY) + later)

    assert rows() == count


def test_day_begins_at_midnight_of_the_bureau(tip: Tip, officer: User) -> None:
    before = datetime(2026, 3, 10, 23, 59, tzinfo=SHANGHAI)

    note_tip_viewed(tip=tip, viewer=officer, at=before)
    note_tip_viewed(tip=tip, viewer=officer, at=before + timedelta(minutes=2))

    assert rows() == 2


def test_people_and_photos_count_apart(tip: Tip, officer: User, leader: User) -> None:
    one, other = tip.photos.select_related("tip")

    for viewer, photo in ((officer, one), (officer, one), (officer, other), (leader, one)):
        note_photo_viewed(photo=photo, viewer=viewer, at=noon(TODAY))

    assert rows("photo.view") == 3


def test_second_look_writes_nothing_and_asks_once(tip: Tip, officer: User) -> None:
    note_tip_viewed(tip=tip, viewer=officer, at=noon(TODAY))

    with CaptureQueriesContext(connection) as captured:
        note_tip_viewed(tip=tip, viewer=officer, at=noon(TODAY))

    assert len(captured) == 1


def test_looks_keep_the_chain_whole(tip: Tip, officer: User, leader: User) -> None:
    for viewer in (officer, leader):
        note_tip_viewed(tip=tip, viewer=viewer, at=noon(TODAY))

    assert first_fault() is None
