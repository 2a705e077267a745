"""Closed periods: counted once, numbered, never edited, corrected by a new version, equal to the export of the page."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from complaints.enums import Role
from complaints.errors import ComplaintError, NotAllowed, PeriodClosed, PeriodNotOver
from complaints.models import AuditRow, PeriodReport, ReportDamaged, ReportIsFixed, Tip
from complaints.rules.deadlines import NO_OVERLAY
from complaints.rules.spans import span_of
from complaints.services import freezing
from complaints.services.freezing import freeze, freeze_due
from complaints.stats.counting import By
from complaints.stats.frozen import closed_report, closed_reports, unpacked
from complaints.stats.inputs import inputs_digest
from complaints.stats.report import report
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City
from tests.parallel import at_once
from tests.signin import staff

pytestmark = pytest.mark.django_db
MARCH = span_of("2026-03")
APRIL_10 = noon(date(2026, 4, 10))


def some_work(city: City) -> None:
    """Store a first quarter with enough of everything to be shown."""
    for month in (1, 2, 3):
        rows = tips(
            30 + month, unit=city.yanta, day=date(2026, month, 9), district_id=YANTA, operations=["dust"]
        )
        tips(20 + month, unit=city.lianhu, day=date(2026, month, 20), district_id=LIANHU)
        conclude(rows[:25], started=date(2026, month, 9), days=12)


@pytest.fixture
def begun(city: City) -> City:
    """Return a city whose first tip came in long ago."""
    tips(1, unit=city.yanta, day=date(2024, 1, 9))
    return city


def test_a_month_is_closed_with_its_number(city: City) -> None:
    some_work(city)

    row = freeze(span=MARCH, at=APRIL_10)

    assert (row.number, row.version, row.reason, row.kind) == ("2026-03-1", 1, "", "month")
    assert (row.start_date, row.end_date) == (date(2026, 3, 1), date(2026, 3, 31))
    assert row.figures["whole"]["received"] == 33 + 23
    assert len(row.inputs_digest) == len(row.digest) == 64


@pytest.mark.parametrize("by", list(By))
def test_a_closed_period_equals_the_figures_of_the_page(city: City, by: By) -> None:
    some_work(city)
    row = freeze(span=span_of("2026Q1"), at=APRIL_10)

    live = report(span=span_of("2026Q1"), units=None, by=by, overlay=NO_OVERLAY)

    assert unpacked(row=PeriodReport.objects.get(pk=row.pk), by=by) == live


def test_it_stays_what_it_was_when_tips_change(city: City) -> None:
    some_work(city)
    row = freeze(span=MARCH, at=APRIL_10)
    tips(40, unit=city.yanta, day=date(2026, 3, 30))
    Tip.objects.filter(received_date=date(2026, 3, 9)).delete()

    kept = closed_report(code="2026-03")

    assert kept is not None
    assert (kept.figures, kept.shown) == (row.figures, row.shown)


def test_the_fingerprint_tells_late_entries(city: City) -> None:
    some_work(city)
    first = freeze(span=MARCH, at=APRIL_10)
    same = freeze(span=MARCH, at=APRIL_10, reason="核对无误，重新出具")
    tips(1, unit=city.yanta, day=date(2026, 3, 30))
    late = freeze(span=MARCH, at=APRIL_10, reason="补录一件")

    assert first.inputs_digest == same.inputs_digest != late.inputs_digest
    assert [row.version for row in (first, same, late)] == [1, 2, 3]
    assert late.reason == "补录一件"


def test_a_quarter_closes_its_months_first(city: City) -> None:
    some_work(city)

    freeze(span=span_of("2026Q1"), at=APRIL_10)

    assert [row.code for row in closed_reports()] == ["2026Q1", "2026-03", "2026-02", "2026-01"]


def test_a_month_without_tips(begun: City) -> None:
    row = freeze(span=MARCH, at=APRIL_10)

    assert set(row.figures["whole"].values()) == {0, "0"}
    assert row.shown["cells"]["district"]["total"] == "few"
    assert row.shown["stages"] == {}


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 31)])
def test_a_period_that_still_runs_is_not_closed(city: City, day: date) -> None:
    with pytest.raises(PeriodNotOver):
        freeze(span=MARCH, at=noon(day))

    assert not PeriodReport.objects.exists()


def test_the_day_after_it_can_be_closed(begun: City) -> None:
    assert freeze(span=MARCH, at=noon(date(2026, 4, 1))).number == "2026-03-1"


def test_twice_is_refused(begun: City) -> None:
    freeze(span=MARCH, at=APRIL_10)

    with pytest.raises(PeriodClosed):
        freeze(span=MARCH, at=APRIL_10)
    with pytest.raises(PeriodClosed):
        freeze(span=MARCH, at=APRIL_10, reason="  ")

    assert PeriodReport.objects.count() == 1


def test_two_at_once_make_one(begun: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one has read that nothing is closed yet when the first one stores its report."""
    monkeypatch.setattr(freezing.frozen, "versions_of", lambda *, code: [])
    freeze(span=MARCH, at=APRIL_10)

    with pytest.raises(PeriodClosed):
        freezing._close(MARCH, at=APRIL_10, actor=None, reason="")

    assert PeriodReport.objects.count() == 1


def test_only_leaders_at_the_top_close(begun: City) -> None:
    for person in (
        staff(Role.LEADER, office=begun.yanta, username="a1"),
        staff(Role.OFFICER, office=begun.city, username="a2"),
        staff(Role.SYSTEM_ADMINISTRATOR, office=begun.city, username="a3"),
    ):
        with pytest.raises(NotAllowed):
            freeze(span=MARCH, at=APRIL_10, actor=person)

    boss = staff(Role.LEADER, office=begun.city, username="a4")
    assert freeze(span=MARCH, at=APRIL_10, actor=boss).frozen_by == boss


def test_a_refused_closing_is_in_the_log(city: City) -> None:
    officer = staff(Role.OFFICER, office=city.city, username="a5")
    boss = staff(Role.LEADER, office=city.city, username="a6")

    for person, at in ((officer, APRIL_10), (boss, noon(MARCH.end))):
        with pytest.raises(ComplaintError):
            freeze(span=MARCH, at=at, actor=person)

    rows = AuditRow.objects.filter(action="setting.refused").order_by("pk")
    assert [(row.actor, row.subject, row.data["act"], row.data["code"]) for row in rows] == [
        (officer, "2026-03", "report.closed", NotAllowed.code),
        (boss, "2026-03", "report.closed", PeriodNotOver.code),
    ]


def test_a_reason_holds_no_signs_that_no_database_takes(begun: City) -> None:
    freeze(span=MARCH, at=APRIL_10)

    assert freeze(span=MARCH, at=APRIL_10, reason="补录\x00一件\u202e").reason == "补录一件"


def closing(code: str) -> Callable[[], Any]:
    return lambda: freeze(span=span_of(code), at=APRIL_10)


@pytest.mark.django_db(transaction=True)
def test_periods_closed_at_once_see_each_other(city: City) -> None:
    """A quarter and its month: one after the other, so that each is guarded beside the other; and no deadlock."""
    some_work(city)

    outcomes = at_once([closing("2026Q1"), closing("2026-02"), closing("2026-03")])

    assert [one for one in outcomes if not isinstance(one, PeriodReport | PeriodClosed)] == []
    assert {row.number for row in closed_reports()} == {"2026Q1-1", "2026-01-1", "2026-02-1", "2026-03-1"}


@pytest.mark.django_db(transaction=True)
def test_a_period_waits_for_the_one_that_is_being_closed(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is public of February is told to whoever closes March, also when both began at the same moment."""
    some_work(city)
    seen: list[set[str]] = []
    latest = freezing.frozen.latest_of_year

    def told(*, year: int) -> list[PeriodReport]:
        rows = latest(year=year)
        seen.append({row.code for row in rows})
        return rows

    monkeypatch.setattr(freezing.frozen, "latest_of_year", told)

    at_once([closing("2026-02"), closing("2026-03")])

    assert sorted(map(len, seen)) == [0, 1]


def test_closing_is_in_the_log(begun: City) -> None:
    row = freeze(span=MARCH, at=APRIL_10)

    logged = AuditRow.objects.get(action="report.closed")
    assert (logged.subject, logged.data) == ("2026-03-1", {"digest": row.digest})


def test_nobody_edits_a_report(begun: City) -> None:
    row = freeze(span=MARCH, at=APRIL_10)
    row.figures = {}
    ways: list[Any] = [
        row.save,
        row.delete,
        PeriodReport.objects.all().delete,
        lambda: PeriodReport.objects.update(version=9),
        lambda: PeriodReport.objects.filter(pk=row.pk).update(figures={}),
        lambda: PeriodReport.objects.bulk_update([row], ["figures"]),
    ]

    for way in ways:
        with pytest.raises(ReportIsFixed):
            way()

    assert PeriodReport.objects.get().figures["whole"]["received"] == 0


def test_a_change_past_the_portal_is_found_out(begun: City) -> None:
    freeze(span=MARCH, at=APRIL_10)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE complaints_periodreport SET reason = '', shown = '{}'")

    with pytest.raises(ReportDamaged):
        closed_report(code="2026-03")


@pytest.mark.parametrize(
    "values",
    [
        {"version": 0},
        {"version": 2, "reason": ""},
        {"version": 1, "reason": "为什么"},
        {"end_date": date(2026, 3, 1)},
    ],
)
def test_the_database_refuses_reports_out_of_order(city: City, values: dict[str, Any]) -> None:
    plain = {
        "code": "2026-03", "kind": "month", "start_date": date(2026, 3, 1), "end_date": date(2026, 3, 31),
        "frozen_at": APRIL_10, "figures": {}, "shown": {}, "inputs_digest": "", "digest": "",
    }  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodReport(**{**plain, **values}).save()


def test_the_daily_task_closes_what_is_due(city: City) -> None:
    tips(6, unit=city.yanta, day=date(2026, 1, 15))

    assert freeze_due(today=date(2026, 2, 9), at=noon(date(2026, 2, 9))) == 0
    assert freeze_due(today=date(2026, 2, 10), at=noon(date(2026, 2, 10))) == 1
    assert freeze_due(today=date(2026, 2, 10), at=noon(date(2026, 2, 10))) == 0
    assert freeze_due(today=date(2026, 4, 10), at=APRIL_10) == 3

    assert {row.code for row in closed_reports()} == {"2026-01", "2026-02", "2026-03", "2026Q1"}


def test_the_daily_task_of_an_empty_house_closes_nothing(city: City) -> None:
    assert freeze_due(today=date(2026, 4, 10), at=APRIL_10) == 0


def test_money_keeps_its_cents(city: City) -> None:
    from complaints.models import Disposal

    row = tips(1, unit=city.yanta, day=date(2026, 3, 9))[0]
    Disposal.objects.create(
        tip=row,
        measure="penalty",
        decided_date=date(2026, 3, 9),
        recorded_at=APRIL_10,
        fine_amount=Decimal("0.10"),
        decided_at=APRIL_10,
        is_confirmed=True,
    )

    freeze(span=MARCH, at=APRIL_10)

    assert unpacked(row=PeriodReport.objects.get(), by=None).table.whole["fine_amount"] == Decimal("0.10")


def test_the_months_before_are_those_closed_before(city: City) -> None:
    some_work(city)

    row = freeze(span=span_of("2026Q1"), at=APRIL_10)

    assert [month[0] for month in row.shown["months"]] == ["2026-01", "2026-02", "2026-03"]
    assert row.shown["months"][2][1] == 56


def test_a_correction_does_not_show_what_was_hidden(city: City) -> None:
    some_work(city)
    tips(3, unit=city.city, day=date(2026, 3, 2))
    first = freeze(span=MARCH, at=APRIL_10)
    hidden = {key for key, cell in first.shown["cells"]["district"].items() if isinstance(cell, str)}
    tips(30, unit=city.city, day=date(2026, 3, 2))

    second = freeze(span=MARCH, at=APRIL_10, reason="补录")

    assert hidden
    assert all(isinstance(second.shown["cells"]["district"][key], str) for key in hidden)


def test_as_many_queries_for_few_tips_as_for_many(city: City) -> None:
    def cost(code: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            freeze(span=span_of(code), at=APRIL_10)
        return len(asked)

    tips(1, unit=city.yanta, day=date(2025, 12, 9))
    cost("2025-12")  # the first row of the log begins it
    conclude(tips(1, unit=city.yanta, day=date(2026, 1, 5)), started=date(2026, 1, 5), days=3)
    few = cost("2026-01")
    for day in range(28):
        conclude(tips(9, unit=city.yanta, day=date(2026, 2, 1)), started=date(2026, 2, 1), days=day)

    assert cost("2026-02") == few
    # Of what a month holds nothing, it is not asked in every way.
    assert cost("2026-03") < few


def test_what_changes_while_it_is_counted_is_counted_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fingerprint is that of the records the figures rest on, though counting locks nobody out."""
    some_work(city)
    plain, turns = freezing._figures, []

    def slow(span: Any) -> Any:
        found = plain(span)
        if not turns:
            tips(1, unit=city.yanta, day=date(2026, 3, 9))
        turns.append(found["whole"]["received"])
        return found

    monkeypatch.setattr(freezing, "_figures", slow)

    row = freeze(span=MARCH, at=APRIL_10)

    assert turns == [56, 57]
    assert row.figures["whole"]["received"] == 57
    assert row.inputs_digest == inputs_digest(span=MARCH)


def test_progress_names_every_period_that_is_closed(begun: City) -> None:
    freeze(span=span_of("2026-02"), at=APRIL_10)
    told: list[tuple[str, int, int]] = []

    freeze(span=span_of("2026Q1"), at=APRIL_10, told=lambda *one: told.append(one))

    assert told == [("2026-01", 1, 3), ("2026-03", 2, 3), ("2026Q1", 3, 3)]


def test_the_command_tells_how_far_a_quarter_is(begun: City) -> None:
    out = StringIO()

    call_command("freeze_period", "2025Q4", stdout=out)

    assert [line.strip() for line in out.getvalue().splitlines()[:4]] == [
        "2025-10（1/4）", "2025-11（2/4）", "2025-12（3/4）", "2025Q4（4/4）",
    ]  # fmt: skip


def test_the_command(begun: City) -> None:
    out = StringIO()

    call_command("freeze_period", "2026-01", stdout=out)

    assert out.getvalue().startswith("已定稿 2026-01-1，数据指纹 ")


@pytest.mark.parametrize("code", ["2026-13", "2026Q9", "einmal", "2199"])
def test_the_command_refuses_in_words(city: City, code: str) -> None:
    with pytest.raises(CommandError):
        call_command("freeze_period", code)

    assert not PeriodReport.objects.exists()


def test_the_command_does_not_close_twice(begun: City) -> None:
    call_command("freeze_period", "2026-01", stdout=StringIO())

    with pytest.raises(CommandError, match="已经定稿"):
        call_command("freeze_period", "2026-01")
    call_command("freeze_period", "2026-01", "--reason", "补录", stdout=StringIO())
    assert PeriodReport.objects.latest_versions().get().version == 2


def test_a_year_of_days_lies_in_its_year(city: City) -> None:
    """31 December and 1 January are two years."""
    for day in (date(2025, 12, 31), date(2026, 1, 1)):
        tips(1, unit=city.yanta, day=day)
    at = noon(date(2026, 12, 31) + timedelta(days=1))

    row = freeze(span=span_of("2026"), at=at)

    assert row.figures["whole"]["received"] == 1
    assert row.figures["year_before"]["received"] == 1


# --- before the portal began -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["2026-02", "2025Q4", "2025"])
def test_what_was_over_before_the_first_tip_is_refused(city: City, code: str) -> None:
    tips(1, unit=city.yanta, day=date(2026, 3, 2))

    with pytest.raises(freezing.PeriodBeforeStart):
        freeze(span=span_of(code), at=APRIL_10)

    assert not PeriodReport.objects.exists()


def test_before_there_is_any_tip_nothing_is_closed(city: City) -> None:
    with pytest.raises(freezing.PeriodBeforeStart):
        freeze(span=MARCH, at=APRIL_10)
    with pytest.raises(CommandError, match="第一件举报"):
        call_command("freeze_period", "2026-03")

    assert not PeriodReport.objects.exists()


def test_the_refusal_is_in_the_log(city: City) -> None:
    boss = staff(Role.LEADER, office=city.city)

    with pytest.raises(freezing.PeriodBeforeStart):
        freeze(span=MARCH, at=APRIL_10, actor=boss)

    assert AuditRow.objects.get(action="setting.refused").data["code"] == freezing.PeriodBeforeStart.code


def test_a_quiet_month_after_the_first_tip_is_closed(city: City) -> None:
    tips(1, unit=city.yanta, day=date(2026, 2, 2))

    assert freeze(span=MARCH, at=APRIL_10).figures["whole"]["received"] == 0


def test_the_quarter_of_the_first_tip_is_closed_with_its_parts(city: City) -> None:
    tips(30, unit=city.yanta, day=date(2026, 3, 2))

    freeze(span=span_of("2026Q1"), at=APRIL_10)

    assert [row.code for row in closed_reports()] == ["2026Q1", "2026-03", "2026-02", "2026-01"]


def test_once_the_first_tips_are_destroyed_their_periods_still_exist(city: City) -> None:
    tips(30, unit=city.yanta, day=date(2026, 1, 9))
    freeze(span=span_of("2026-01"), at=APRIL_10)
    Tip.objects.all().delete()

    assert freeze(span=span_of("2026-02"), at=APRIL_10).number == "2026-02-1"
