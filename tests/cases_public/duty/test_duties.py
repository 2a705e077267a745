"""Periods begin once, closed units owe nothing, reminders go out twice, quotas are only ended."""

from datetime import date, timedelta
from typing import Any

import pytest

from cases_public.enums import DutyRhythm
from cases_public.models import Duty, DutyRule
from cases_public.models.duty import NeverChanged
from cases_public.services.duties import release_closed, remind
from cases_public.services.duty_rights import DutyRefused
from cases_public.services.duty_rules import add_rule, end_rule, ensure_shipped_rules
from complaints.enums import OfficeLevel
from complaints.models import AuditRow, Notice
from complaints.services.daily import run_daily
from tests.cases_public.duty.steps import Bureau, begun, bureau, duty_of, moment, submitted
from tests.factories import OfficeFactory
from tests.fixtures import evidence_root

__all__ = ["evidence_root"]
pytestmark = pytest.mark.django_db
NOV = date(2026, 11, 29)


def codes(unit: Any) -> list[str]:
    return list(Duty.objects.filter(office=unit).order_by("start_date").values_list("period", flat=True))


@pytest.fixture
def who(db: None) -> Bureau:
    return bureau()


def test_92_city_every_quarter_and_counties_every_two_months(who: Bureau) -> None:
    brigade = OfficeFactory(city=True, name="执法支队", parent=who.city)
    town = OfficeFactory(town=True, name="街道办", parent=who.east)

    made = begun(NOV)

    assert (made, codes(who.city), codes(who.east)) == (3, ["2026-Q4"], ["2026-B6"])
    assert codes(brigade) == codes(town) == []
    assert duty_of(who.east, "2026-B6").due_date == date(2026, 12, 31)
    assert begun(NOV) == 0


def test_a_run_after_days_off_begins_what_was_missed(who: Bureau) -> None:
    begun(date(2026, 8, 31))

    begun(date(2027, 1, 1))

    assert codes(who.east) == ["2026-B4", "2026-B5", "2026-B6", "2027-B1"]
    assert codes(who.city) == ["2026-Q3", "2026-Q4", "2027-Q1"]


def test_a_unit_made_within_a_period_owes_from_it_on(who: Bureau) -> None:
    begun(NOV)
    new = OfficeFactory(name="新区应急局", level=OfficeLevel.ZONE, parent=who.city)

    assert begun(NOV) == 1
    assert codes(new) == ["2026-B6"]


def test_leap_year_is_due_on_its_29th(who: Bureau) -> None:
    begun(date(2028, 2, 1))

    assert duty_of(who.east, "2028-B1").due_date == date(2028, 2, 29)


def test_a_unit_closed_within_the_period_owes_nothing_and_again_when_it_comes_back(who: Bureau) -> None:
    begun(NOV)
    who.east.is_active = False
    who.east.save()

    assert release_closed(NOV, moment(NOV)) == 1
    duty = duty_of(who.east, "2026-B6")
    assert (duty.owed(today=NOV - timedelta(days=1)), duty.owed(today=NOV)) == (1, 0)
    assert release_closed(NOV, moment(NOV)) == 0

    who.east.is_active = True
    who.east.save()
    release_closed(NOV, moment(NOV))
    assert duty_of(who.east, "2026-B6").owed(today=NOV) == 1


def test_a_unit_closed_after_the_last_day_still_owed(who: Bureau) -> None:
    begun(NOV)
    who.east.is_active = False
    who.east.save()
    after = date(2027, 1, 1)

    release_closed(after, moment(after))

    assert duty_of(who.east, "2026-B6").owed(today=after) == 1


@pytest.mark.parametrize(
    ("day", "reminders"),
    [("2026-12-20", 0), ("2026-12-21", 1), ("2026-12-30", 1), ("2026-12-31", 1), ("2027-01-09", 1)],
)
def test_reminder_ten_days_before_and_on_the_last_day(who: Bureau, day: str, reminders: int) -> None:
    begun(NOV)
    today = date.fromisoformat(day)

    told = remind(today, moment(today))

    assert told == 3 * reminders
    assert Notice.objects.filter(user=who.officer).count() == reminders
    assert remind(today, moment(today)) == 0


def test_reminders_are_two_and_say_nothing(who: Bureau) -> None:
    begun(NOV)
    before, due = date(2026, 12, 25), date(2026, 12, 31)

    assert [remind(day, moment(day)) for day in (before, before, due, due)] == [3, 0, 3, 0]

    notice = Notice.objects.get(user=who.officer)
    assert {field.name for field in notice._meta.fields} == {"id", "user", "raised_date", "sent_date"}
    assert AuditRow.objects.filter(action="duty.reminded").count() == 6


def test_who_has_submitted_is_not_reminded(who: Bureau) -> None:
    begun(NOV)
    submitted(who.officer, who.east, "2026-B6", NOV)
    Notice.objects.all().delete()

    remind(date(2026, 12, 31), moment(date(2026, 12, 31)))

    assert not Notice.objects.filter(user=who.officer).exists()
    assert Notice.objects.filter(user=who.other).exists()


def test_daily_task_begins_and_reminds_once(who: Bureau) -> None:
    today = date(2026, 12, 31)

    first = run_daily(today=today, now=moment(today)).counts
    second = run_daily(today=today, now=moment(today)).counts

    names = ("duty_begin_periods", "duty_remind", "duty_release_closed")
    assert [first[name] for name in names] == [3, 3, 0]
    assert [second[name] for name in names] == [0, 0, 0]


# --- quotas ---------------------------------------------------------------------------------------------------------


def quota(**values: Any) -> DutyRule:
    facts = {
        "rhythm": DutyRhythm.TWO_MONTHS,
        "quota": 2,
        "effective_from": date(2027, 1, 1),
        "source": "市局〔2026〕1号",
    }
    return DutyRule(**(facts | values))


def add(row: DutyRule, who: Bureau) -> DutyRule:
    return add_rule(row=row, user=who.machine, at=moment(NOV), today=NOV)


def test_own_quota_comes_before_that_of_the_level(who: Bureau) -> None:
    add(quota(office=who.east, quota=7), who)

    begun(date(2027, 1, 1))

    assert duty_of(who.east, "2027-B1").rule.quota == 7
    assert duty_of(who.west, "2027-B1").rule.quota == 1
    assert AuditRow.objects.filter(action="dutyrule.added", actor=who.machine).count() == 1


def test_a_quota_of_none_owes_none(who: Bureau) -> None:
    add(quota(office=who.east, quota=0), who)

    begun(date(2027, 1, 1))

    assert duty_of(who.east, "2027-B1").owed(today=date(2027, 1, 1)) == 0


def test_a_new_quota_changes_no_period_that_has_begun(who: Bureau) -> None:
    begun(NOV)
    level = DutyRule.objects.get(level=OfficeLevel.DISTRICT)
    end_rule(rule_id=level.pk, last_day=NOV, user=who.machine, at=moment(NOV), today=NOV)
    add(quota(level=OfficeLevel.DISTRICT, quota=5, effective_from=NOV + timedelta(days=1)), who)

    begun(date(2027, 1, 1))

    assert duty_of(who.east, "2026-B6").rule.quota == 1
    assert duty_of(who.east, "2027-B1").rule.quota == 5


@pytest.mark.parametrize("day", [NOV, NOV - timedelta(days=400)])
def test_no_quota_begins_today_or_before(who: Bureau, day: date) -> None:
    with pytest.raises(DutyRefused, match="明天"):
        add(quota(office=who.east, effective_from=day), who)


def test_two_quotas_of_one_unit_are_never_in_force_at_once(who: Bureau) -> None:
    add(quota(office=who.east), who)

    with pytest.raises(DutyRefused):
        add(quota(office=who.east, effective_from=date(2028, 1, 1)), who)
    with pytest.raises(DutyRefused):
        add(quota(level=OfficeLevel.DISTRICT), who)
    assert DutyRule.objects.count() == 4


def test_a_stored_quota_is_never_changed(who: Bureau) -> None:
    row = DutyRule.objects.get(level=OfficeLevel.DISTRICT)
    row.quota = 9

    with pytest.raises(NeverChanged):
        row.save()
    with pytest.raises(NeverChanged):
        row.save(update_fields=["quota"])


def test_only_the_system_administrator_keeps_quotas(who: Bureau) -> None:
    row = DutyRule.objects.get(level=OfficeLevel.DISTRICT)

    for person in (who.officer, who.editor, who.legal, who.leader, who.publisher, who.auditor):
        with pytest.raises(DutyRefused):
            add_rule(row=quota(office=who.east), user=person, at=moment(NOV), today=NOV)
        with pytest.raises(DutyRefused):
            end_rule(rule_id=row.pk, last_day=NOV, user=person, at=moment(NOV), today=NOV)


def test_what_ships_comes_once(who: Bureau) -> None:
    end_rule(
        rule_id=DutyRule.objects.get(level=OfficeLevel.CITY).pk,
        last_day=NOV,
        user=who.machine,
        at=moment(NOV),
        today=NOV,
    )

    ensure_shipped_rules()

    assert DutyRule.objects.count() == 3
