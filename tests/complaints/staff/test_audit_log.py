"""The audit log page: for auditors alone, within their units, to filter, to leaf through and to take along."""

import csv
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import User
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from complaints.enums import OpeningFault, Role, TipStatus
from complaints.models import AuditRow, Membership, Tip
from complaints.selectors import audit_log
from complaints.services import audit, retention
from complaints.services.roles import assign_role, remove_role
from complaints.staff.audit_words import Names, log_line
from portal.shared.plain_cells import plain_cell
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import LIANHU, YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/audit/"
AT = noon(TODAY)


def note(
    actor: User | None, action: str = "tip.view", subject: str = "AS-2026-AAAAAA", **data: object
) -> AuditRow:
    return audit.record(action=action, at=AT, actor=actor, subject=subject, data=data)


@pytest.fixture
def district_auditor(city: City) -> User:
    return staff(Role.AUDITOR, office=city.yanta, username="qushen")


def subjects(user: User) -> set[str]:
    return set(audit_log.log_rows(user=user).values_list("subject", flat=True))


# --- who --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "leader", "city_officer", "administrator", "editor"])
def test_for_others_the_log_is_not_there(people: People, who: str) -> None:
    desk = at_desk(getattr(people, who))

    assert [desk.get(PAGE).status_code, desk.get(f"{PAGE}?export=csv").status_code] == [404, 404]
    assert PAGE not in desk.get("/admin/").content.decode()


def test_an_auditor_finds_it_in_the_menu(people: People) -> None:
    assert PAGE in at_desk(people.auditor).get("/admin/").content.decode()


def test_nothing_is_changed_here(people: People) -> None:
    assert at_desk(people.auditor).post(PAGE).status_code == 405


# --- what ------------------------------------------------------------------------------------------------------


def test_the_top_reads_everything_a_district_its_own(
    city: City, people: People, district_auditor: User
) -> None:
    own, foreign = TipFactory(district=YANTA), TipFactory(district=LIANHU)
    note(people.officer, subject="by-own-person")
    note(people.foreign, subject="by-foreign-person")
    note(people.foreign, subject=own.number)
    note(people.foreign, subject=foreign.number)
    note(None, subject="by-machine")

    assert subjects(people.auditor) >= {
        "by-own-person",
        "by-foreign-person",
        own.number,
        foreign.number,
        "by-machine",
    }
    seen = subjects(district_auditor)
    assert {"by-own-person", own.number} <= seen
    assert not seen & {"by-foreign-person", foreign.number, "by-machine"}


def test_who_left_does_not_take_the_rows_along(city: City, people: People, district_auditor: User) -> None:
    note(people.officer, subject="before-leaving")
    held = Membership.objects.get(user=people.officer)

    remove_role(membership=held, at=AT, actor=people.administrator)

    assert "before-leaving" in subjects(district_auditor)
    assert people.officer in audit_log.audited_people(user=district_auditor)


def test_choices_stay_within_the_units(city: City, people: People, district_auditor: User) -> None:
    people_seen = set(audit_log.audited_people(user=district_auditor))

    assert people.officer in people_seen
    assert people.foreign not in people_seen
    assert set(audit_log.audited_units(user=district_auditor)) == {city.yanta, city.town}
    assert not audit_log.audited_people(user=people.officer).exists()


# --- the page -------------------------------------------------------------------------------------------------------


def test_rows_are_told_in_words_with_names(city: City, people: People) -> None:
    assign_role(user=people.colleague, office=city.yanta, role=Role.LEADER, at=AT, actor=people.administrator)
    note(people.officer, action="tip.refused", act="accept", code="not_allowed")
    note(None, action="tip.refused", act="object", code="objection_late")

    page = at_desk(people.auditor).get(PAGE).content.decode()

    assert "管维 (sysadmin)" in page
    assert "授予角色" in page
    assert "雁塔区应急管理局" in page
    assert "陈立 (chenli)" in page
    assert "受理 · 没有相应角色" in page
    assert "系统或举报人" in page


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("actor={officer}", {"AS-2026-AAAAAA"}),
        ("action=tip.file", {"AS-2026-BBBBBB"}),
        ("subject= as-2026-bbbbbb ", {"AS-2026-BBBBBB"}),
        ("unit={lianhu}", {"AS-2026-BBBBBB"}),
        ("taken_at_from={today}&taken_at_to={today}&action=tip.file", {"AS-2026-BBBBBB"}),
        ("taken_at_to=2001-01-01", set()),
    ],
)
def test_filters(city: City, people: People, query: str, wanted: set[str]) -> None:
    note(people.officer)
    note(people.foreign, action="tip.file", subject="AS-2026-BBBBBB")
    filled = query.format(officer=people.officer.pk, lianhu=city.lianhu.pk, today=TODAY.isoformat())

    page = at_desk(people.auditor).get(f"{PAGE}?{filled}")

    shown = {row.subject for row in page.context["object_list"] if row.subject.startswith("AS-")}
    assert shown == wanted


def test_it_paginates_and_says_how_many(people: People) -> None:
    for _ in range(60):
        note(people.officer)
    count = AuditRow.objects.count()

    first = at_desk(people.auditor).get(PAGE)
    second = at_desk(people.auditor).get(f"{PAGE}?p=2")

    assert len(first.context["object_list"]) == 50
    assert len(second.context["object_list"]) >= 10
    assert f"{count} 条" in first.content.decode()


def test_queries_do_not_grow_with_rows(
    people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = at_desk(people.auditor)
    desk.get(PAGE)
    for _ in range(40):
        note(people.officer)
        note(people.colleague, action="tip.handler", handler=people.officer.pk)

    with django_assert_max_num_queries(22):
        desk.get(PAGE)


def test_what_was_done_to_a_destroyed_tip_stays_with_its_district(
    city: City, people: People, district_auditor: User
) -> None:
    own, foreign = TipFactory(district=YANTA, declined=True), TipFactory(district=LIANHU, declined=True)
    for tip in (own, foreign):
        Tip.objects.get(pk=tip.pk).set_status(TipStatus.CLOSED)
        tip.steps.create(action="close", target=TipStatus.CLOSED, taken_date=TODAY)
        note(None, action="tip.transfer", subject=tip.number)
    late = TODAY.replace(year=TODAY.year + 40)

    done = retention.purge(as_of=late, at=noon(late))

    acts = set(audit_log.log_rows(user=district_auditor).values_list("action", "subject"))
    assert done.tips == 2
    assert {("tip.purged", own.number), ("tip.transfer", own.number)} <= acts
    assert foreign.number not in {subject for _action, subject in acts}


# --- taking it along --------------------------------------------------------------------------------------------


def test_csv_and_xlsx_hold_the_filtered_rows_and_no_formula(people: People) -> None:
    User.objects.filter(pk=people.officer.pk).update(first_name='=HYPERLINK("x")')
    note(people.officer, subject="+1234")
    note(people.foreign)
    query = f"{PAGE}?actor={people.officer.pk}&export="

    desk = at_desk(people.auditor)
    text = b"".join(desk.get(query + "csv").streaming_content).decode("utf-8-sig")
    book = load_workbook(BytesIO(b"".join(desk.get(query + "xlsx").streaming_content)))

    [_heading, row] = csv.reader(StringIO(text))
    assert row[2].startswith("'=HYPERLINK")
    assert row[4] == "'+1234"
    cells = [cell for line in book.active.iter_rows(min_row=2) for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert [cell.value for cell in cells][2].startswith("'=HYPERLINK")


def test_days_carry_their_year_on_the_page_and_in_the_file(people: People) -> None:
    note(people.officer, subject="AS-2026-YEAR01")
    desk = at_desk(people.auditor)
    query = f"{PAGE}?subject=AS-2026-YEAR01"

    shown = desk.get(query).content.decode()
    text = b"".join(desk.get(f"{query}&export=csv").streaming_content).decode("utf-8-sig")

    [_heading, row] = csv.reader(StringIO(text))
    assert row[1].startswith(f"{TODAY.year}年{TODAY.month}月{TODAY.day}日 ")
    assert row[1] in shown


def test_what_did_not_fit_is_said(people: People) -> None:
    row = note(people.officer, action="unseal.report_fault", detail="wrong_passphrase", step=1)

    line = log_line(row, names=Names(people={}, units={}), today=TODAY)

    assert line.note == str(OpeningFault.WRONG_PASSPHRASE.label)


@pytest.mark.parametrize(("most", "told"), [(2, True), (3, False)])
def test_a_file_that_ends_too_early_says_so(
    people: People, monkeypatch: pytest.MonkeyPatch, most: int, told: bool
) -> None:
    monkeypatch.setattr("complaints.staff.audit_log.EXPORT_MOST", most)
    for _ in range(3):
        note(people.officer)
    query = f"{PAGE}?actor={people.officer.pk}&action=tip.view&export="

    desk = at_desk(people.auditor)
    text = b"".join(desk.get(query + "csv").streaming_content).decode("utf-8-sig")
    book = load_workbook(BytesIO(b"".join(desk.get(query + "xlsx").streaming_content)))

    rows = list(csv.reader(StringIO(text)))
    assert ("文件到此为止" in rows[-1][3]) is told
    assert len(rows) == book.active.max_row == 1 + most + told


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("AS-2026-AAAAAA", "AS-2026-AAAAAA"),
        ("", ""),
        (7, 7),
        (None, None),
    ],
)
def test_a_cell_that_begins_like_a_formula_is_text(value: object, cell: object) -> None:
    assert plain_cell(value) == cell
