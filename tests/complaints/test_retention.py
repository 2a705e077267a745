"""Destroying what is past its period: all of it and nothing else, on the day and not before, killed or not."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from pytest_django import Settings

from complaints.crypto import receipt as codes
from complaints.enums import KeepFrom, KeepUnit, Outcome, TipStatus
from complaints.errors import ReceiptUnknown
from complaints.models import (
    AuditRow,
    Leftover,
    LegalHold,
    PurgedNumber,
    RetentionRule,
    Tip,
    Tombstone,
)
from complaints.services import intake, retention, traces
from complaints.services.audit_check import first_fault
from complaints.services.daily import run_daily
from complaints.services.evidence_sweep import sweep_orphans
from complaints.services.holds import lift_hold, place_hold
from complaints.services.merging import merge
from complaints.services.reporter import progress_for_receipt
from tests import database_bytes
from tests.factories import TODAY, TipFactory, move_to, noon, submit
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
# Closed on TODAY, an unfounded or declined tip is kept for three years, a founded one for ten.
LAST, AFTER = date(2029, 3, 10), date(2029, 3, 11)
LATE = date(2036, 3, 11)


def purge(day: date) -> retention.Purge:
    return retention.purge(as_of=day, at=noon(day))


def declined(**values: object) -> Tip:
    """Return a tip that was declined and closed on TODAY."""
    tip: Tip = TipFactory(district=YANTA, declined=True, **values)
    close(tip)
    return tip


def close(tip: Tip) -> None:
    Tip.objects.get(pk=tip.pk).set_status(TipStatus.CLOSED)
    tip.steps.create(action="close", target=TipStatus.CLOSED, taken_date=TODAY)


def closed(**values: object) -> Tip:
    tip: Tip = TipFactory(district=YANTA, closed=True, **values)
    return tip


def rows_left(tip: Tip) -> list[str]:
    """Return the tables in which the row of a tip is still spoken of."""
    related = [one for one in Tip._meta.related_objects if one.field.model._meta.managed]
    return [
        one.field.model.__name__
        for one in related
        if one.field.model._base_manager.filter(**{one.field.attname: tip.pk}).exists()
    ]


# --- the day ----------------------------------------------------------------------------------------------------


def test_on_the_last_day_nothing_changes(city: City, evidence_root: Path) -> None:
    declined(photos=1)
    before = (database_bytes.dumped(), database_bytes.folder(evidence_root))

    done = purge(LAST)

    assert done == retention.Purge(tips=0, files=0, kept=0, is_clean=True)
    assert (database_bytes.dumped(), database_bytes.folder(evidence_root)) == before


def test_the_day_after_everything_goes(city: City, evidence_root: Path) -> None:
    tip = declined(photos=2, real_name=True)

    done = purge(AFTER)

    assert (done.tips, done.files) == (1, 6)
    assert not Tip.objects.exists()
    assert rows_left(tip) == []
    assert [path for path in evidence_root.rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_each_outcome_has_its_period(city: City) -> None:
    short, long = closed(unfounded=True), closed()

    purge(AFTER)
    first = set(Tip.objects.values_list("pk", flat=True))
    purge(LATE)

    assert first == {long.pk}
    assert short.pk not in first
    assert not Tip.objects.exists()


def test_an_open_tip_is_never_destroyed(city: City) -> None:
    TipFactory(district=YANTA)
    TipFactory(district=YANTA, accepted=True)
    TipFactory(district=YANTA, replied=True)

    assert purge(date(2099, 1, 1)).tips == 0


def test_an_outcome_without_a_rule_is_kept_for_ever(city: City) -> None:
    declined()
    RetentionRule.objects.filter(outcome=Outcome.DECLINED).delete()

    assert purge(date(2099, 1, 1)).tips == 0


def test_a_longer_period_saves_what_was_closed_before_it(city: City) -> None:
    declined()
    RetentionRule.objects.create(
        outcome=Outcome.DECLINED, keep_count=5, effective_from=date(2028, 1, 1), source="市档案局"
    )

    assert [purge(day).tips for day in (AFTER, date(2031, 3, 10), date(2031, 3, 11))] == [0, 0, 1]


def test_a_period_may_count_from_the_archive(city: City) -> None:
    tip = closed()
    RetentionRule.objects.update(keep_from=KeepFrom.ARCHIVED, keep_unit=KeepUnit.DAYS, keep_count=60)
    untouched = purge(LATE).tips
    tip.steps.create(action="archive", target=TipStatus.ARCHIVED, taken_date=LATE)

    assert [untouched, purge(LATE + timedelta(days=60)).tips, purge(LATE + timedelta(days=61)).tips] == [
        0,
        0,
        1,
    ]


@pytest.mark.parametrize(("count", "unit"), [(59, KeepUnit.DAYS), (0, KeepUnit.YEARS)])
def test_no_rule_destroys_what_may_still_be_objected_to(db: None, count: int, unit: KeepUnit) -> None:
    with pytest.raises(IntegrityError):
        RetentionRule.objects.create(
            outcome=Outcome.FOUNDED, keep_count=count, keep_unit=unit, effective_from=TODAY, source="x"
        )


def test_unverified_defaults_say_so(db: None) -> None:
    rows = RetentionRule.objects.all()

    assert {row.outcome for row in rows} == set(Outcome)
    assert all(row.source.startswith("待核实") for row in rows)


# --- what keeps a file longer ----------------------------------------------------------------------------------


def test_a_hold_keeps_the_file_until_it_is_lifted(city: City, leader: User) -> None:
    tip = declined(photos=1)
    place_hold(tip_id=tip.pk, actor=leader, at=noon(TODAY), memo="法院调取案卷")

    held = purge(LATE)
    lift_hold(tip_id=tip.pk, actor=leader, at=noon(LATE), memo="案卷已退回")
    free = purge(LATE)

    assert (held.tips, held.files, held.kept) == (0, 0, 1)
    assert (free.tips, free.files, free.kept) == (1, 3, 0)
    assert not LegalHold.objects.exists()


def test_a_hold_on_a_merged_tip_keeps_the_whole_matter(city: City, officer: User, leader: User) -> None:
    lead = TipFactory(district=YANTA)
    other = TipFactory(district=YANTA)
    merge(tip_id=other.pk, into_number=lead.number, actor=officer, at=noon(TODAY))
    move_to(tip=lead, status=TipStatus.CLOSED, officer=officer, leader=leader, at=noon(TODAY))
    place_hold(tip_id=other.pk, actor=leader, at=noon(TODAY), memo="审计")

    assert purge(LATE).tips == 0
    lift_hold(tip_id=other.pk, actor=leader, at=noon(LATE), memo="审计结束")
    assert purge(LATE).tips == 2


def test_a_case_before_the_police_stays(city: City) -> None:
    tip = closed()
    tip.steps.create(action="hand_to_police", target=TipStatus.VERIFIED, taken_date=TODAY)

    assert purge(date(2099, 1, 1)).kept == 1
    tip.steps.create(action="police_files", target=TipStatus.CLOSED, taken_date=TODAY)
    assert purge(date(2099, 1, 1)).tips == 1


# --- what is left ------------------------------------------------------------------------------------------------


def test_an_anonymous_count_and_the_number_are_left(city: City) -> None:
    numbers = {declined(kind="general_hazard").number, declined(kind="general_hazard").number}

    purge(AFTER)

    stone = Tombstone.objects.get()
    assert (stone.month, stone.office, stone.kind, stone.outcome, stone.tips_count) == (
        date(2026, 3, 1),
        city.yanta,
        "general_hazard",
        Outcome.DECLINED,
        2,
    )
    assert set(PurgedNumber.objects.values_list("number", flat=True)) == numbers


def test_a_count_names_no_tip() -> None:
    assert {field.name for field in Tombstone._meta.get_fields()} == {
        "id", "month", "office", "kind", "outcome", "tips_count",
    }  # fmt: skip
    assert [field.name for field in PurgedNumber._meta.get_fields()] == ["number"]


def test_a_destroyed_number_is_never_given_out_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = declined().number
    purge(AFTER)
    drawn = iter([gone, "AS-2026-ZZZZZZ"])
    monkeypatch.setattr(intake, "new_number", lambda **_values: next(drawn))

    assert submit(district=YANTA).number == "AS-2026-ZZZZZZ"


def test_the_log_stays_whole_and_says_that_it_was_destroyed(city: City) -> None:
    tip = closed()
    before = AuditRow.objects.count()

    purge(LATE)

    assert first_fault() is None
    assert AuditRow.objects.count() == before + 1
    assert AuditRow.objects.order_by("-sequence")[0].subject == tip.number


def test_a_destroyed_receipt_answers_like_an_unknown_one(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = declined().acknowledgement.receipt
    purge(AFTER)
    slow, hashes = codes.slow_hash, []
    monkeypatch.setattr(codes, "slow_hash", lambda **values: hashes.append(1) or slow(**values))

    def counted(run: Callable[..., object], sql: str, *rest: object) -> object:
        hashes.append(sql)
        return run(sql, *rest)

    seen = []
    for typed in (receipt, codes.generate()):
        hashes.clear()
        with connection.execute_wrapper(counted), pytest.raises(ReceiptUnknown) as refusal:
            progress_for_receipt(typed=typed)
        seen.append((str(refusal.value), str(refusal.value.public_message), list(hashes)))

    assert seen[0] == seen[1]
    assert seen[0][2].count(1) == 1


# --- again, and after a kill ------------------------------------------------------------------------------------


def test_a_second_purge_changes_nothing(city: City) -> None:
    declined(photos=1)
    purge(AFTER)
    before = database_bytes.dumped()

    again = purge(AFTER)

    assert (again.tips, again.files) == (0, 0)
    assert database_bytes.dumped() == before


class Killed(BaseException):
    """Stands for `kill -9`: nothing may catch it and tidy up."""


@pytest.mark.parametrize("moment", ["rows", "between", "files", "traces"])
def test_a_killed_purge_is_finished_by_the_next(
    city: City, evidence_root: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    declined(photos=1)
    declined(photos=1)
    cut = {
        "rows": (retention, "_bury"),
        "between": (retention, "_remove_files"),
        "files": (retention.evidence, "remove_files"),
        "traces": (traces, "wipe"),
    }[moment]

    def die(*_args: object, **_values: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(*cut, die)
        with pytest.raises(Killed):
            purge(AFTER)
    purge(AFTER)

    assert not Tip.objects.exists()
    assert sum(Tombstone.objects.values_list("tips_count", flat=True)) == PurgedNumber.objects.count() == 2
    assert [path for path in evidence_root.rglob("*") if path.is_file() and path.name != ".lock"] == []
    assert not Leftover.objects.exclude(name="").exists()
    assert sweep_orphans() == 0


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_tip_is_left_in_the_database_files(city: City) -> None:
    tip = declined(photos=1, real_name=True, entity_name="西安某化工有限公司")
    stays = TipFactory(district=YANTA)
    row = Tip.objects.get(pk=tip.pk)
    marks = [bytes(row.description_sealed), bytes(row.entity_name_sealed), row.idempotency_key.encode()]
    marks += [tip.sealed_identity.envelope.encode()[:200], bytes(tip.receipts.get().slow_hash)]
    before = [mark in database_bytes.files() for mark in marks]

    done = purge(AFTER)

    assert done.is_clean
    assert not Leftover.objects.exists()
    assert [mark in database_bytes.dumped() for mark in marks] == [False] * len(marks)
    if connection.vendor == "sqlite":
        assert before == [True] * len(marks)
        assert [mark in database_bytes.files() for mark in marks] == [False] * len(marks)
        assert bytes(Tip.objects.get(pk=stays.pk).description_sealed) in database_bytes.files()


# --- the command and the daily task ------------------------------------------------------------------------------


def test_the_command_looks_without_touching(city: City) -> None:
    declined()
    out = StringIO()

    call_command("purge", "--as-of", LATE.isoformat(), "--dry-run", stdout=out)

    assert "期满：1 件" in out.getvalue()
    assert Tip.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_command_destroys_and_says_how_much(city: City) -> None:
    declined(photos=1, today=date(2020, 3, 10))
    Tip.objects.get().steps.filter(action="close").update(taken_date=date(2020, 5, 10))
    out = StringIO()

    call_command("purge", "--as-of", "2026-11-28", stdout=out)

    assert "举报 1 件，证据文件 3 个" in out.getvalue()
    assert not Tip.objects.exists()


def test_the_command_refuses_a_day_that_has_not_come(city: City, settings: Settings) -> None:
    declined()

    with pytest.raises(CommandError, match="还没有到"):
        call_command("purge", "--as-of", "2099-01-01", stdout=StringIO())

    assert Tip.objects.count() == 1


def test_the_command_says_that_traces_are_left(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "wipe", lambda: False)
    declined(today=date(2020, 3, 10))
    Tip.objects.get().steps.filter(action="close").update(taken_date=date(2020, 5, 10))

    with pytest.raises(CommandError, match="残留"):
        call_command("purge", stdout=StringIO())


def test_the_daily_task_destroys_what_is_due(city: City) -> None:
    declined()

    counts = [run_daily(today=day, now=noon(day)).counts["purge"] for day in (LAST, AFTER, AFTER)]

    assert counts == [0, 1, 0]
