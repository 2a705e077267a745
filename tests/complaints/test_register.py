"""The register of enterprises: entries scoped by unit, files all or nothing, codes, visits, matters found true."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection

from complaints.enterprise_errors import (
    CeilingReached,
    EnterpriseNotFound,
    RegisterFileRefused,
    RegisterRowsRefused,
    RegisterRowsTaken,
)
from complaints.enums import FileFault, Problem, RowFault
from complaints.errors import DraftInvalid, NotAllowed
from complaints.models import AuditRow, Enterprise, EnterpriseCode, InspectionCeiling, SiteVisit
from complaints.rules.register import RegisterRow
from complaints.selectors.enterprises import by_priority, enterprises_visible_to, visits_done
from complaints.services import register_import
from complaints.services.register import add_enterprise, change_enterprise, recount_upheld, reissue_code
from complaints.services.register_import import (
    Imported,
    check_file,
    faults_of_checked,
    rows_at_fault,
    store_checked,
)
from complaints.services.site_visits import record_visit
from tests.enterprise_steps import code_of, credit_code, csv_file, enterprise, row, wrong_code, xlsx_file
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import LIANHU, YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
NOW = noon(TODAY)


def entry_row(number: int = 1, **values: str) -> RegisterRow:
    usual = {
        "name": f"西安第{number}机械制造有限公司",
        "credit_code": credit_code(number),
        "industry": "machinery",
        "district": YANTA,
        "town": "",
        "address": "",
        "risk_class": "general",
    }
    return RegisterRow(**(usual | values))


# --- one entry --------------------------------------------------------------------------------------------------


def test_an_entry_gets_unit_code_and_log_row(city: City, officer: User) -> None:
    made = add_enterprise(row=entry_row(), actor=officer, at=NOW)

    assert made.office == city.yanta
    assert len(code_of(made)) == 10
    assert AuditRow.objects.filter(action="enterprise.added", subject=f"enterprise:{made.pk}").count() == 1


def test_two_enterprises_with_one_code_are_refused(city: City, officer: User) -> None:
    enterprise(city)

    with pytest.raises(DraftInvalid) as caught:
        add_enterprise(row=entry_row(name="另一家公司"), actor=officer, at=NOW)

    assert caught.value.problems[0].problem == Problem.CODE_KNOWN
    assert Enterprise.objects.count() == 1


def test_an_entry_of_a_foreign_district_is_refused(city: City, officer: User) -> None:
    with pytest.raises(NotAllowed):
        add_enterprise(row=entry_row(district=LIANHU), actor=officer, at=NOW)

    assert not Enterprise.objects.exists()


def test_an_auditor_changes_nothing(city: City, auditor: User) -> None:
    made = enterprise(city)

    with pytest.raises(EnterpriseNotFound):
        change_enterprise(pk=made.pk, row=entry_row(), is_active=False, actor=auditor, at=NOW)
    with pytest.raises(NotAllowed):
        add_enterprise(row=entry_row(2), actor=auditor, at=NOW)


def test_an_entry_cannot_be_moved_out_of_ones_reach(city: City, officer: User) -> None:
    made = enterprise(city)

    with pytest.raises(NotAllowed):
        change_enterprise(pk=made.pk, row=entry_row(district=LIANHU), is_active=True, actor=officer, at=NOW)

    made.refresh_from_db()
    assert made.district_id == YANTA


def test_a_change_names_its_fields_and_a_second_one_leaves_no_row(city: City, officer: User) -> None:
    made = enterprise(city)

    for _ in range(2):
        change_enterprise(
            pk=made.pk, row=entry_row(risk_class="major"), is_active=True, actor=officer, at=NOW
        )

    assert AuditRow.objects.get(action="enterprise.changed").data == {"fields": ["risk_class"]}


def test_each_person_sees_the_enterprises_of_the_own_units(
    city: City,
    officer: User,
    foreign_officer: User,
    city_officer: User,
    town_officer: User,
    administrator: User,
) -> None:
    own = enterprise(city, number=1, town_id=city.town_code)
    other = enterprise(city, number=2, office=city.lianhu, district_id=LIANHU)

    seen = {
        user.username: [one.pk for one in enterprises_visible_to(user).order_by("pk")]
        for user in (officer, foreign_officer, city_officer, town_officer, administrator)
    }

    assert seen == {
        "yanta-officer": [own.pk],
        "lianhu-officer": [other.pk],
        "city-officer": [own.pk, other.pk],
        "town-officer": [own.pk],
        "sysadmin": [],
    }


# --- codes ------------------------------------------------------------------------------------------------------


def test_a_new_code_retires_the_old_one(city: City, officer: User) -> None:
    made = enterprise(city)
    before = code_of(made)

    fresh = reissue_code(pk=made.pk, actor=officer, at=NOW)

    assert fresh.code != before
    assert EnterpriseCode.objects.get(code=before).retired_date == TODAY
    assert code_of(made) == fresh.code
    assert AuditRow.objects.filter(action="enterprise.code_issued").count() == 1


def test_a_foreign_officer_issues_no_code(city: City, foreign_officer: User) -> None:
    made = enterprise(city)

    with pytest.raises(EnterpriseNotFound):
        reissue_code(pk=made.pk, actor=foreign_officer, at=NOW)

    assert made.codes.count() == 1


def test_a_town_issues_codes_where_it_supervises_alone(
    city: City, officer: User, town_officer: User, foreign_officer: User
) -> None:
    kept = enterprise(city, number=1, town_id=city.town_code)
    own = enterprise(city, number=2, office=city.town, town_id=city.town_code)
    old = code_of(kept)

    for person in (town_officer, foreign_officer):
        with pytest.raises(EnterpriseNotFound):
            reissue_code(pk=kept.pk, actor=person, at=NOW)
    assert code_of(kept) == old

    assert reissue_code(pk=own.pk, actor=town_officer, at=NOW).code == code_of(own)
    assert reissue_code(pk=own.pk, actor=officer, at=NOW).code == code_of(own)
    assert reissue_code(pk=kept.pk, actor=officer, at=NOW).code != old


# --- files ------------------------------------------------------------------------------------------------------


def test_a_dry_run_stores_nothing_and_names_each_row(city: City, officer: User) -> None:
    rows = [row(1), row(2, credit_code=wrong_code(2)), row(3), row(4, district="莲湖区"), row(3)]

    checked = check_file(data=csv_file(rows), actor=officer)

    assert (checked.rows, checked.new, checked.bad_rows) == (5, 2, 3)
    assert [(one.line, one.fault) for one in checked.faults] == [
        (3, RowFault.BAD_CODE),
        (5, RowFault.FOREIGN),
        (6, RowFault.TWICE),
    ]
    assert not Enterprise.objects.exists()
    assert not AuditRow.objects.exists()


def test_every_error_of_a_row_is_named_at_once(city: City, officer: User) -> None:
    rows = [
        row(1),
        row(1, name="", industry="炼金", district="莲湖区", risk_class="随便"),
        row(2, name="=A1", credit_code=wrong_code(2), district="莲湖区", town="某街道"),
    ]

    checked = check_file(data=csv_file(rows), actor=officer)

    assert (checked.rows, checked.bad_rows, checked.fault_count) == (3, 3, 10)
    assert [
        (line, [one.fault for one in found]) for line, found in rows_at_fault(checked.faults, most=9)
    ] == [
        (2, [RowFault.DISPUTED]),
        (3, [RowFault.NO_NAME, RowFault.TWICE, RowFault.INDUSTRY, RowFault.FOREIGN, RowFault.RISK]),
        (4, [RowFault.FORMULA, RowFault.BAD_CODE, RowFault.FOREIGN, RowFault.TOWN]),
    ]
    assert [line for line, _found in rows_at_fault(checked.faults, most=1)] == [2]


def test_of_two_enterprises_with_one_code_neither_is_stored(city: City, officer: User) -> None:
    rows = [row(1), row(2), row(2, name="另一家公司", risk_class="重大"), row(3), row(3)]

    checked = check_file(data=csv_file(rows), actor=officer)
    done = store_checked(token=checked.token, leave_out=True, actor=officer, at=NOW)

    assert [(one.line, one.fault) for one in checked.faults] == [
        (3, RowFault.DISPUTED),
        (4, RowFault.TWICE),
        (6, RowFault.TWICE),
    ]
    assert (checked.new, done.new, done.left_out) == (2, 2, 3)
    assert not Enterprise.objects.filter(credit_code=credit_code(2)).exists()


def test_all_errors_are_kept_for_whoever_checked_and_nobody_else(
    city: City, officer: User, leader: User
) -> None:
    checked = check_file(data=csv_file([row(1, name="", industry="炼金")]), actor=officer)

    assert faults_of_checked(token=checked.token, actor=officer) == list(checked.faults)
    for token, person in ((checked.token, leader), ("0" * 32, officer)):
        with pytest.raises(RegisterFileRefused):
            faults_of_checked(token=token, actor=person)


def test_rows_that_are_wrong_keep_a_file_out_until_somebody_leaves_them_out(
    city: City, officer: User
) -> None:
    checked = check_file(data=csv_file([row(1), row(2, name="")]), actor=officer)

    with pytest.raises(RegisterRowsRefused):
        store_checked(token=checked.token, leave_out=False, actor=officer, at=NOW)
    assert not Enterprise.objects.exists()
    done = store_checked(token=checked.token, leave_out=True, actor=officer, at=NOW)

    assert (done.new, done.changed, done.same, done.left_out) == (1, 0, 0, 1)
    assert Enterprise.objects.count() == EnterpriseCode.objects.count() == 1
    assert AuditRow.objects.get(action="enterprise.imported").data["left_out"] == 1


def test_a_file_changes_known_enterprises_and_counts_exactly(city: City, officer: User) -> None:
    enterprise(city, number=1, address="科技路1号")
    enterprise(city, number=2, address="旧址")

    checked = check_file(data=xlsx_file([row(1), row(2), row(3)]), actor=officer)
    done = store_checked(token=checked.token, leave_out=False, actor=officer, at=NOW)

    assert (checked.new, checked.changed, checked.same) == (1, 1, 1)
    assert (done.new, done.changed, done.same) == (1, 1, 1)
    assert Enterprise.objects.get(credit_code=credit_code(2)).address == "科技路2号"


def test_a_file_takes_no_enterprise_away_from_another_unit(city: City, officer: User) -> None:
    enterprise(city, number=1, office=city.lianhu, district_id=LIANHU)

    checked = check_file(data=csv_file([row(1)]), actor=officer)

    assert [one.fault for one in checked.faults] == [RowFault.FOREIGN]


def test_nothing_is_stored_when_the_run_breaks_off(
    city: City, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_import, "BATCH", 2)
    checked = check_file(data=csv_file([row(number) for number in range(6)]), actor=officer)

    def break_off(done: int, _total: int) -> None:
        if done == 4:
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011  the very one
        store_checked(token=checked.token, leave_out=False, actor=officer, at=NOW, progress=break_off)

    assert not Enterprise.objects.exists()
    assert store_checked(token=checked.token, leave_out=False, actor=officer, at=NOW).new == 6


def test_progress_is_told_in_rows(city: City, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_import, "BATCH", 2)
    checked = check_file(data=csv_file([row(number) for number in range(5)]), actor=officer)
    told: list[tuple[int, int]] = []

    store_checked(
        token=checked.token,
        leave_out=False,
        actor=officer,
        at=NOW,
        progress=lambda done, total: told.append((done, total)),
    )

    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_checked_file_is_stored_once_and_by_the_person_who_checked_it(
    city: City, officer: User, leader: User
) -> None:
    checked = check_file(data=csv_file([row(1)]), actor=officer)

    with pytest.raises(RegisterFileRefused):
        store_checked(token=checked.token, leave_out=False, actor=leader, at=NOW)
    store_checked(token=checked.token, leave_out=False, actor=officer, at=NOW)
    with pytest.raises(RegisterFileRefused) as caught:
        store_checked(token=checked.token, leave_out=False, actor=officer, at=NOW)

    assert caught.value.fault == FileFault.GONE


def test_what_was_checked_is_gone_after_an_hour(city: City, officer: User) -> None:
    checked = check_file(data=csv_file([row(1)]), actor=officer)
    cache.clear()

    with pytest.raises(RegisterFileRefused):
        store_checked(token=checked.token, leave_out=False, actor=officer, at=NOW)

    assert not Enterprise.objects.exists()


# --- two at the same moment -------------------------------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let something happen between the look into the register and the storing of a file."""

    def arrange(happens: Callable[[], object]) -> None:
        look = register_import._against_register

        def look_then(good: Any) -> Any:
            found = look(good)
            happens()
            return found

        monkeypatch.setattr(register_import, "_against_register", look_then)

    return arrange


def test_a_file_says_which_row_somebody_else_has_just_added(
    city: City, officer: User, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    enterprise(city, number=1)
    checked = check_file(data=csv_file([row(1), row(2), row(3)]), actor=officer)
    meanwhile(lambda: enterprise(city, number=3))

    with pytest.raises(RegisterRowsTaken) as caught:
        store_checked(token=checked.token, leave_out=False, actor=officer, at=NOW)

    # In one transaction of a test the other's row is undone as well; on two connections it stays (below).
    assert caught.value.status == 409
    assert not Enterprise.objects.filter(credit_code=credit_code(2)).exists()
    assert not AuditRow.objects.filter(action="enterprise.imported").exists()


@pytest.mark.django_db(transaction=True)
def test_two_files_with_one_enterprise_at_the_same_moment(city: City, officer: User, leader: User) -> None:
    files = [
        (officer, check_file(data=csv_file([row(2), row(1)]), actor=officer)),
        (leader, check_file(data=csv_file([row(1), row(3)]), actor=leader)),
    ]

    done = at_once(
        [
            partial(store_checked, token=checked.token, leave_out=False, actor=person, at=NOW)
            for person, checked in files
        ]
    )

    refused = [one for one in done if isinstance(one, RegisterRowsTaken)]
    stored = [one for one in done if isinstance(one, Imported)]
    assert len(refused) + len(stored) == 2
    assert stored
    assert all(credit_code(1) in str(one.public_message) for one in refused)
    assert Enterprise.objects.filter(credit_code=credit_code(1)).count() == 1
    assert Enterprise.objects.count() == EnterpriseCode.objects.count() == (2 if refused else 3)


@pytest.mark.django_db(transaction=True)
def test_a_file_and_somebody_who_types_the_same_enterprise(
    city: City, officer: User, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file has looked into the register and stored nothing yet; then the other one is faster."""
    checked = check_file(data=csv_file([row(1), row(2)]), actor=officer)
    look, looked, typed = register_import._against_register, Event(), Event()

    def look_then_wait(good: Any) -> Any:
        found = look(good)
        looked.set()
        # SQLite lets one write at a time: the other one waits for this file, and is refused.
        if connection.vendor == "postgresql":
            assert typed.wait(timeout=20)
        return found

    def type_it() -> None:
        assert looked.wait(timeout=20)
        try:
            add_enterprise(row=entry_row(2), actor=leader, at=NOW)
        finally:
            typed.set()

    monkeypatch.setattr(register_import, "_against_register", look_then_wait)
    file = partial(store_checked, token=checked.token, leave_out=False, actor=officer, at=NOW)
    stored, added = at_once([file, type_it])

    if connection.vendor == "postgresql":
        assert isinstance(stored, RegisterRowsTaken)
        assert stored.rows == [(3, credit_code(2))]
        assert (added, Enterprise.objects.count()) == (None, 1)
    else:
        assert isinstance(added, DraftInvalid)
        assert Enterprise.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_type_one_credit_code_at_the_same_moment(city: City, officer: User, leader: User) -> None:
    done = at_once(
        [partial(add_enterprise, row=entry_row(1), actor=one, at=NOW) for one in (officer, leader)]
    )

    assert sorted(type(one).__name__ for one in done) == ["DraftInvalid", "Enterprise"]
    assert Enterprise.objects.count() == EnterpriseCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_files_that_change_the_same_rows_both_come_through(
    city: City, officer: User, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_import, "BATCH", 3)
    numbers = range(12)
    for number in numbers:
        enterprise(city, number=number)
    ways = [(officer, list(numbers), "甲路"), (leader, list(numbers)[::-1], "乙路")]
    checks = [
        (who, check_file(data=csv_file([row(n, address=f"{where}{n}号") for n in order]), actor=who))
        for who, order, where in ways
    ]

    done = at_once(
        [partial(store_checked, token=one.token, leave_out=False, actor=who, at=NOW) for who, one in checks]
    )

    assert [one.changed for one in done] == [12, 12]
    assert len({address[:2] for address in Enterprise.objects.values_list("address", flat=True)}) == 1


# --- visits -----------------------------------------------------------------------------------------------------


def ceiling(per_year: int) -> None:
    InspectionCeiling.objects.create(
        risk_class="general", per_year=per_year, effective_from=TODAY - timedelta(days=400), source="试行"
    )


def test_cl8_a_visit_beyond_the_ceiling_wants_a_reason(city: City, officer: User) -> None:
    made = enterprise(city)
    ceiling(1)
    record_visit(enterprise_id=made.pk, purpose="planned", note="", actor=officer, at=NOW)

    with pytest.raises(CeilingReached):
        record_visit(enterprise_id=made.pk, purpose="spot", note=" ", actor=officer, at=NOW)
    visit = record_visit(enterprise_id=made.pk, purpose="spot", note="专项部署", actor=officer, at=NOW)

    assert (visit.counts, visit.passed_ceiling) == (True, True)
    assert visits_done(enterprise=made, year=TODAY.year) == 2


def test_cl8_tips_and_accidents_are_exempt(city: City, officer: User) -> None:
    made = enterprise(city)
    ceiling(0)

    visits = [
        record_visit(enterprise_id=made.pk, purpose=purpose, note="", actor=officer, at=NOW)
        for purpose in ("tip", "accident", "recheck")
    ]

    assert [(one.counts, one.passed_ceiling) for one in visits] == [(False, False)] * 3
    assert visits_done(enterprise=made, year=TODAY.year) == 0


@pytest.mark.parametrize("values", [{"purpose": "tea"}, {"purpose": ""}, {"note": "甲" * 201}])
def test_a_visit_that_cannot_be_read_is_refused(city: City, officer: User, values: dict[str, str]) -> None:
    made = enterprise(city)

    with pytest.raises(DraftInvalid):
        record_visit(
            **{
                "enterprise_id": made.pk,
                "purpose": "planned",
                "note": "",
                "actor": officer,
                "at": NOW,
                **values,
            }
        )  # type: ignore[arg-type]  # one value replaced

    assert not SiteVisit.objects.exists()


def test_nobody_visits_an_enterprise_of_another_unit_or_out_of_business(
    city: City, officer: User, foreign_officer: User
) -> None:
    made, closed = enterprise(city), enterprise(city, number=2, is_active=False)

    for user, one in ((foreign_officer, made), (officer, closed)):
        with pytest.raises(EnterpriseNotFound):
            record_visit(enterprise_id=one.pk, purpose="planned", note="", actor=user, at=NOW)

    assert not SiteVisit.objects.exists()


def test_the_ceiling_of_the_day_counts(city: City, officer: User) -> None:
    made = enterprise(city)
    ceiling(5)
    InspectionCeiling.objects.create(
        risk_class="general", per_year=0, effective_from=TODAY + timedelta(days=1), source="新规定"
    )

    visit = record_visit(enterprise_id=made.pk, purpose="planned", note="", actor=officer, at=NOW)

    assert not visit.passed_ceiling


# --- priority ---------------------------------------------------------------------------------------------------


def test_cl8_upheld_tips_raise_the_priority_and_repeats_do_not(city: City) -> None:
    quiet = enterprise(city, number=1)
    loud = enterprise(city, number=2)
    named = enterprise(city, number=3)
    lead = TipFactory(district=YANTA, entity_name=loud.name)
    repeats = TipFactory.create_batch(3, district=YANTA, entity_name=loud.name)
    false = TipFactory(district=YANTA, entity_name=quiet.name)
    by_code = TipFactory(district=YANTA, entity_code=named.credit_code)
    for tip, result, into in [
        (lead, "true", None),
        (false, "false", None),
        (by_code, "partly_true", None),
    ] + [(one, "true", lead) for one in repeats]:
        tip.result, tip.merged_into = result, into
        tip.save()

    changed = recount_upheld(today=TODAY)

    counts = {one.pk: one.upheld_count for one in Enterprise.objects.all()}
    assert (changed, counts) == (2, {quiet.pk: 0, loud.pk: 1, named.pk: 1})
    assert list(by_priority(Enterprise.objects.all()))[-1] == quiet
    assert recount_upheld(today=TODAY) == 0


def test_matters_of_longer_than_a_year_ago_no_longer_count(city: City) -> None:
    made = enterprise(city)
    tip = TipFactory(district=YANTA, entity_name=made.name)
    tip.result = "true"
    tip.save()
    recount_upheld(today=TODAY)

    recount_upheld(today=TODAY + timedelta(days=366))

    made.refresh_from_db()
    assert made.upheld_count == 0
