"""The daily task: idempotent, catching up, one process at a time, one job never stopping the others."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries, Settings

from complaints import tasks
from complaints.models import DailyRun, Period, SpecialDay, Supervision, Tip
from complaints.services import daily
from complaints.services.daily import Job, run_daily, run_if_due
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
LATE = date(2026, 3, 20)  # the day after the last day to decide
NOTHING = {
    "take_down_cases": 0,
    "tidy_words": 0,
    "withdraw_cases": 0,
    "duty_begin_periods": 0,
    "duty_release_closed": 0,
    "duty_remind": 0,
    "recount_periods": 0,
    "raise_unanswered": 0,
    "supervise_deaths": 0,
    "supervise_overdue": 0,
    "supervise_whistles": 0,
    "supervise_arrivals": 0,
    "supervise_referrals": 0,
    "supervise_rectifications": 0,
    "remind_of_police": 0,
    "check_names": 0,
    "look_after_internal": 0,
    "recount_upheld": 0,
    "close_periods": 0,
    "purge_internal": 0,
    "purge": 0,
    "daily_sums": 0,
    "remind_of_claims": 0,
    "forfeit_claims": 0,
    "sweep": 0,
    "settle_evidence": 0,
    "clear_sessions": 0,
    "vault_alarm": 0,
    "expire_openings": 0,
    "refresh_planner": 0,
    "audit_checkpoint": 0,
    "send_notices": 0,
}


def run(day: date) -> dict[str, int]:
    return run_daily(today=day, now=noon(day)).counts


def fall_over(_today: date, _now: datetime) -> int:
    raise ValueError("13800001234")


# --- what it does -----------------------------------------------------------------------------------------------


def test_an_empty_portal_has_nothing_to_do() -> None:
    assert run(TODAY) == NOTHING


def test_a_second_run_finds_nothing_left(city: City) -> None:
    TipFactory(district=YANTA)

    counts = [run(LATE)["supervise_overdue"], run(LATE)["supervise_overdue"]]

    assert counts == [1, 0]
    assert Supervision.objects.count() == 1
    assert DailyRun.objects.get().counts["supervise_overdue"] == 1


def test_days_off_are_caught_up_with_in_one_run(city: City) -> None:
    run(TODAY)
    TipFactory(district=YANTA)
    TipFactory(district=YANTA, accepted=True)

    counts = run(date(2026, 7, 1))

    assert counts["supervise_overdue"] == 2
    assert list(DailyRun.objects.values_list("day", flat=True)) == [date(2026, 7, 1), TODAY]


def test_a_day_announced_late_moves_running_periods_on_the_next_run(city: City) -> None:
    tip = TipFactory(district=YANTA)
    run(TODAY)
    SpecialDay.objects.create(day=date(2026, 3, 19), is_working=False)

    counts = [run(TODAY)["recount_periods"], run(TODAY)["recount_periods"]]

    assert counts == [1, 0]
    assert Tip.objects.get(pk=tip.pk).due_date == LATE
    assert Period.objects.get(tip=tip).due_date == LATE


def test_periods_are_counted_again_before_anything_is_called_late(city: City) -> None:
    TipFactory(district=YANTA)
    SpecialDay.objects.create(day=date(2026, 3, 19), is_working=False)

    counts = run(LATE)

    assert (counts["recount_periods"], counts["supervise_overdue"]) == (1, 0)


def test_a_period_that_ended_is_not_counted_again(city: City) -> None:
    tip = TipFactory(district=YANTA, accepted=True)
    SpecialDay.objects.create(day=date(2026, 3, 19), is_working=False)

    run(TODAY)

    assert tip.periods.get(clock="decide").due_date == date(2026, 3, 19)


def test_an_unchanged_calendar_costs_no_look_at_the_periods(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    TipFactory.create_batch(3, district=YANTA)
    run(TODAY)

    with django_assert_num_queries(2):  # special days, the latest run
        moved = daily.JOBS[0].work(TODAY, noon(TODAY))

    assert moved == 0


# --- jobs -------------------------------------------------------------------------------------------------------


def test_a_job_that_breaks_off_does_not_stop_the_others(
    city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    TipFactory(district=YANTA)
    monkeypatch.setattr(daily, "JOBS", (Job(name="broken", work=fall_over), *daily.JOBS))

    report = run_daily(today=LATE, now=noon(LATE))

    assert report.failed == ("broken",)
    assert report.counts["supervise_overdue"] == 1
    assert "broken" in caplog.text
    assert "13800001234" not in caplog.text


def test_further_jobs_are_counted_by_their_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "JOBS", (*daily.JOBS, Job(name="purge", work=lambda _today, _now: 7)))

    assert run(TODAY) == {**NOTHING, "purge": 7}


# --- once a day by itself ---------------------------------------------------------------------------------------


def test_by_itself_it_runs_once_a_day() -> None:
    reports = [run_if_due(today=day, now=noon(day)) for day in (TODAY, TODAY, LATE)]

    assert [report.day if report else None for report in reports] == [TODAY, None, LATE]


def test_a_run_left_behind_is_taken_over_after_an_hour() -> None:
    DailyRun.objects.create(day=TODAY, started_at=noon(TODAY))

    soon = run_if_due(today=TODAY, now=noon(TODAY) + timedelta(minutes=59))
    later = run_if_due(today=TODAY, now=noon(TODAY) + timedelta(minutes=61))

    assert soon is None
    assert later is not None


def test_a_day_with_a_broken_job_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(daily, "JOBS", (Job(name="broken", work=fall_over),))
        run_if_due(today=TODAY, now=noon(TODAY))

    again = run_if_due(today=TODAY, now=noon(TODAY) + timedelta(hours=2))

    assert again is not None
    assert again.failed == ()
    assert DailyRun.objects.get().finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_one_works(city: City) -> None:
    both = at_once([lambda: run_if_due(today=TODAY, now=noon(TODAY))] * 2)

    assert [report is None for report in both].count(True) == 1


# --- command and timer ------------------------------------------------------------------------------------------


def test_the_command_prints_what_was_done(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    TipFactory(district=YANTA, today=date(2025, 3, 10))
    out = StringIO()

    call_command("daily", stdout=out)

    assert "逾期督办：1" in out.getvalue()
    assert "吹哨逾时督办：0" in out.getvalue()


def test_the_command_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "JOBS", (Job(name="broken", work=fall_over),))

    with pytest.raises(CommandError, match="broken"):
        call_command("daily", stdout=StringIO())


def test_the_timer_starts_only_where_the_settings_ask_for_it(settings: Settings) -> None:
    settings.DAILY_IN_SERVER = False
    without = tasks.start_timer()
    settings.DAILY_IN_SERVER = True

    timer = tasks.start_timer()

    assert without is None
    assert timer is not None
    timer.end()
    timer.join(timeout=10)
    assert not timer.is_alive()


def test_the_timer_looks_again_and_again_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    timer, looks = tasks.DailyTimer(first=0.0, every=0.0), []

    def look() -> None:
        looks.append(1)
        if len(looks) == 3:
            timer.end()

    monkeypatch.setattr(tasks, "look", look)
    timer.start()
    timer.join(timeout=10)

    assert len(looks) == 3


def test_a_look_does_the_work_of_the_day_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.connections, "close_all", lambda: None)

    first, second = tasks.look(), tasks.look()

    assert first is not None
    assert second is None


def test_a_database_that_is_away_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_values: object) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr(tasks, "run_if_due", away)
    monkeypatch.setattr(tasks.connections, "close_all", lambda: None)

    assert tasks.look() is None


def test_expired_sessions_go(db: None) -> None:
    now = noon(TODAY)
    for days in (-1, 1):
        Session.objects.create(
            session_key=f"key{days}", session_data="", expire_date=now + timedelta(days=days)
        )

    counts = [run(TODAY)["clear_sessions"] for _ in range(2)]

    assert counts == [1, 0]
    assert Session.objects.get().session_key == "key1"


def test_daily_sums_are_brought_up_after_the_purge(city: City) -> None:
    TipFactory(district=YANTA)

    assert run(TODAY)["daily_sums"] == 1
    assert run(TODAY)["daily_sums"] == 0
    names = [job.name for job in daily.JOBS]
    assert names.index("purge") < names.index("daily_sums")
