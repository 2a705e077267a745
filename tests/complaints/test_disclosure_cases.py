"""What other apps learn of roles and periods through the door, and nothing of tips."""

from datetime import date

import pytest
from django.contrib.auth.models import User

from complaints.disclosure import may_check_for_unit, roles_held, working_days_after
from complaints.enums import Role
from complaints.models import SpecialDay
from tests.factories import OfficeFactory
from tests.fixtures import City
from tests.signin import staff

pytestmark = pytest.mark.django_db


def test_roles_count_in_units_in_use_and_for_people_in_office() -> None:
    closed, unit = OfficeFactory(is_active=False), OfficeFactory()
    person = staff(Role.EDITOR, office=unit)
    gone = staff(Role.PUBLISHER, office=unit, is_active=False)

    assert roles_held(person) == {Role.EDITOR}
    assert roles_held(gone) == frozenset()
    assert roles_held(staff(Role.PUBLISHER, office=closed)) == frozenset()
    assert roles_held(User.objects.create_superuser("root", password="x")) == frozenset()


def test_unit_is_checked_by_its_leader_or_one_above(city: City) -> None:
    own, above = staff(Role.LEADER, office=city.yanta), staff(Role.LEADER, office=city.city)
    other, officer = staff(Role.LEADER, office=city.lianhu), staff(Role.OFFICER, office=city.yanta)

    allowed = [may_check_for_unit(person, unit=city.yanta.name) for person in (own, above, other, officer)]

    assert allowed == [True, True, False, False]
    assert may_check_for_unit(other, unit="已撤并的单位")
    assert not may_check_for_unit(officer, unit="")


def test_working_days_follow_days_announced_late() -> None:
    friday = date(2026, 3, 13)
    SpecialDay.objects.create(day=date(2026, 3, 16), is_working=False)

    assert working_days_after(periods=[(friday, 1), (friday, 3)]) == [date(2026, 3, 17), date(2026, 3, 19)]
