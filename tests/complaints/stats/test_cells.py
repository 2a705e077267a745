"""Daily sums: always what a plain count says, whoever wrote the records and however; counted anew by a command."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from complaints.enums import Action, ClaimState, Clock, Measure, Result, TipStatus
from complaints.models import (
    CELL_COLUMNS,
    CellState,
    Conclusion,
    DayCell,
    Disposal,
    Extension,
    HandlingStep,
    Objection,
    Period,
    Rating,
    Referral,
    Supervision,
    Tip,
    TouchedDay,
    Whistle,
)
from complaints.rules.spans import Span, span_of
from complaints.services import day_cells, retention
from complaints.services.day_cells import RecountOvertaken, keep_up, rebuild, refresh
from complaints.stats import cells, touching
from complaints.stats.cells import CODES, columns_of, count_kept, daily_sums
from complaints.stats.counting import By, Table, count
from complaints.stats.sources import SOURCES, Source
from tests.claim_steps import approved
from tests.complaints.stats.rows import conclude, sign, tips
from tests.factories import TODAY, MembershipFactory, TipFactory, noon, step
from tests.fixtures import City
from tests.reward_steps import three

pytestmark = pytest.mark.django_db
SPANS = ("2026-03", "2026Q1", "2025", "2026")
SPLITS = (None, By.UNIT, By.MONTH)
DAY = date(2026, 3, 9)


def told(table: Table) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a table without rows of nothing: a plain count has them where a record is no figure's."""
    return dict(table.whole), {key: dict(row) for key, row in table.rows.items() if any(row.values())}


def differences(
    units: list[int] | None = None, *, spans: tuple[str, ...] = SPANS, splits: tuple[By | None, ...] = SPLITS
) -> list[tuple[str, By | None]]:
    """Return the spans and splits of which the sums and a plain count say different things."""
    return [
        (code, by)
        for code in spans
        for by in splits
        if told(count_kept(span=span_of(code), units=units, by=by))
        != told(count(span=span_of(code), units=units, by=by))
    ]


def touched() -> set[date]:
    return set(TouchedDay.objects.values_list("day", flat=True))


def plain_queries(span: Span) -> bool:
    """Whether counting a span reads its records."""
    with CaptureQueriesContext(connection) as asked:
        count_kept(span=span)
    return any('FROM "complaints_tip"' in query["sql"] for query in asked.captured_queries)


# --- what is watched --------------------------------------------------------------------------------------------


def test_a_new_city_has_every_trigger_and_its_sums_hold(city: City) -> None:
    assert set(touching.installed()) == set(touching.triggers())
    assert (
        len(touching.triggers()) == 3 * len(touching.WATCHED) - 2
    )  # what a reward is worth is only ever changed
    assert CellState.objects.get().digest == cells.digest_in_use()


def test_a_cell_holds_every_count_there_is() -> None:
    assert sorted(columns_of(dict.fromkeys(CODES, 0))) == sorted(CELL_COLUMNS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: f"{one.model.__name__}.{one.day}")
def test_every_column_a_figure_reads_is_watched(source: Source, db: None) -> None:
    rows = source.rows(span=span_of("2026")).values(f"{source.tip}handling_unit").annotate(**source.counts)
    watched = {
        (one.table, column) for one in touching.WATCHED for column in (*one.columns, "id")
    }  # the key joins
    aliases = {"U0": HandlingStep._meta.db_table}
    read = {
        (aliases.get(table, table), column)
        for table, column in re.findall(r'"?(\w+)"?\."(\w+)"', str(rows.query))
    }

    # What is joined in is a tip; everything else of a source is of its own table.
    assert read, "the question names columns"
    assert read - watched - {(Tip._meta.db_table, "is_internal")} == set()


# --- which days a change touches --------------------------------------------------------------------------------


def of(kind: str, tip: Tip, day: date, city: City) -> Any:
    """Store one record of a kind that counts on a day."""
    at = noon(day)
    makers: dict[str, Any] = {
        "step": lambda: HandlingStep.objects.create(
            tip=tip, action=Action.ACCEPT, target=TipStatus.ACCEPTED, taken_date=day
        ),
        "period": lambda: Period.objects.create(
            tip=tip, clock=Clock.CLOSE, started_date=day, days=60, due_date=day, ended_date=day
        ),
        "conclusion": lambda: Conclusion.objects.create(
            tip=tip, result=Result.TRUE, proposed_at=at, decided_at=at, is_confirmed=True
        ),
        "disposal": lambda: Disposal.objects.create(
            tip=tip, measure=Measure.RECTIFY, decided_date=day, recorded_at=at, decided_at=at,
            is_confirmed=True, fine_amount=Decimal("0.05"),
        ),
        "referral": lambda: Referral.objects.create(
            tip=tip, proposed_date=day, decide_by=day, transferred_at=at
        ),
        "whistle": lambda: Whistle.objects.create(
            tip=tip, town=city.town, called=city.yanta, raised_at=at, answer_by=at, ended_at=at
        ),
        "supervision": lambda: Supervision.objects.create(
            tip=tip, office=city.city, unit=city.yanta, cause="overdue", raised_date=day, answer_by=day
        ),
        "extension": lambda: Extension.objects.create(
            tip=tip, asked_at=at, decided_at=at, is_granted=True, days=10,
            period=Period.objects.create(
                tip=tip, clock=Clock.REPLY, started_date=day, days=60, due_date=day, ended_date=day
            ),
        ),
        "objection": lambda: Objection.objects.create(
            tip=tip, office=city.city, filed_date=day, review_by=day
        ),
        "rating": lambda: Rating.objects.create(tip=tip, score=3, rated_date=day),
    }  # fmt: skip
    return makers[kind]()


# A change of each that some figure reads.
CHANGES: dict[str, dict[str, Any]] = {
    "step": {"action": Action.DECLINE},
    "period": {"due_date": DAY - timedelta(days=1)},
    "conclusion": {"result": Result.FALSE},
    "disposal": {"fine_amount": Decimal("7.10")},
    "referral": {"transferred_at": noon(DAY + timedelta(days=2))},
    "whistle": {"answered_at": noon(DAY)},
    "supervision": {"raised_date": DAY + timedelta(days=1)},
    "extension": {"is_granted": False},
    "objection": {"reviewed_date": DAY + timedelta(days=1), "is_upheld": True},
    "rating": {"score": 5},
}


@pytest.mark.parametrize("kind", CHANGES)
def test_every_record_touches_its_days_when_it_comes_changes_and_goes(city: City, kind: str) -> None:
    (tip,) = tips(1, unit=city.yanta, day=TODAY)
    refresh()

    row = of(kind, tip, DAY, city)
    assert (touched(), differences()) == ({DAY}, [])
    refresh()
    type(row).objects.filter(pk=row.pk).update(**CHANGES[kind])
    assert DAY in touched()
    assert differences() == []
    refresh()
    type(row).objects.filter(pk=row.pk).delete()
    assert touched()
    assert differences() == []
    refresh()
    assert (touched(), differences()) == (set(), [])


def test_a_day_is_the_day_of_the_bureau(city: City) -> None:
    """Four in the afternoon in London is midnight here: the sum of the old year has nothing of it."""
    rows = tips(2, unit=city.yanta, day=TODAY)
    refresh()

    sign(rows[:1], at=datetime(2025, 12, 31, 16, 0, tzinfo=UTC), result=Result.TRUE)
    sign(rows[1:], at=datetime(2025, 12, 31, 15, 59, 59, 999999, tzinfo=UTC), result=Result.TRUE)

    assert touched() == {date(2026, 1, 1), date(2025, 12, 31)}
    refresh()
    assert differences() == []
    assert count_kept(span=span_of("2025")).whole["conclusions"] == 1


def test_what_no_figure_reads_touches_nothing(city: City) -> None:
    (tip,) = tips(1, unit=city.yanta, day=DAY)
    refresh()

    Tip.objects.filter(pk=tip.pk).update(unread_count=3, received_date=F("received_date"))
    tip.refresh_from_db()
    tip.save()  # every column is written, none is another

    assert touched() == set()


def test_what_is_rolled_back_touches_nothing(city: City) -> None:
    refresh()

    with transaction.atomic():
        tips(1, unit=city.yanta, day=DAY)
        transaction.set_rollback(True)

    assert touched() == set()


def test_a_tip_that_gets_another_unit_takes_all_its_days_along(city: City) -> None:
    (tip,) = tips(1, unit=city.yanta, day=date(2026, 1, 5))
    for number, kind in enumerate(CHANGES):
        of(kind, tip, date(2026, 2, 1) + timedelta(days=number), city)
    refresh()

    Tip.objects.filter(pk=tip.pk).update(handling_unit=city.lianhu)

    assert touched() == {date(2026, 1, 5), *(date(2026, 2, 1) + timedelta(days=n) for n in range(10))}
    assert differences() == []
    refresh()
    rows = count_kept(span=span_of("2026"), by=By.UNIT).rows
    assert set(rows) == {str(city.lianhu.pk)}


def test_a_record_that_moves_to_another_tip_counts_for_the_other_unit(city: City) -> None:
    one, other = tips(1, unit=city.yanta, day=DAY) + tips(1, unit=city.lianhu, day=DAY)
    row = of("objection", one, DAY, city)
    refresh()

    Objection.objects.filter(pk=row.pk).update(tip=other)

    assert differences() == []
    refresh()
    assert count_kept(span=span_of("2026-03"), units=[city.lianhu.pk]).whole["objections"] == 1


def test_a_reward_counts_with_its_tip_and_its_amount(city: City) -> None:
    reward = approved(city, three(city))
    claim = type(reward.claim).objects.filter(pk=reward.claim.pk)
    refresh()

    claim.update(state=ClaimState.PAID, paid_date=DAY, reply_days=4, way="bank")
    assert (DAY in touched(), differences()) == (True, [])
    refresh()
    assert count_kept(span=span_of("2026-03")).whole["rewards_paid"] == 1
    type(reward.row).objects.filter(pk=reward.row.pk).update(proposed_cents=1234567)
    assert (touched(), differences()) == ({DAY}, [])
    refresh()
    assert count_kept(span=span_of("2026-03")).whole["reward_amount"] == Decimal("12345.67")
    type(reward.row).objects.filter(pk=reward.row.pk).update(tip=None)
    assert (touched(), differences()) == ({DAY}, [])
    refresh()
    assert count_kept(span=span_of("2026-03")).whole["rewards_paid"] == 0


def test_a_lapsed_reward_is_counted_on_its_day(city: City) -> None:
    reward = approved(city, three(city))
    refresh()

    type(reward.claim).objects.update(state=ClaimState.FORFEITED, ended_date=DAY)

    assert (touched(), differences()) == ({DAY}, [])
    assert count_kept(span=span_of("2026-03"), by=By.UNIT).whole["rewards_forfeited"] == 1
    refresh()
    Tip.objects.filter(pk=reward.tip.pk).update(handling_unit=city.lianhu)
    assert DAY in touched()
    assert count_kept(span=span_of("2026-03"), units=[city.lianhu.pk]).whole["rewards_forfeited"] == 1


# --- the same as a plain count ----------------------------------------------------------------------------------

ACTS = ("come", *CHANGES, "change", "drop", "transfer", "merge", "reopen", "purge", "refresh", "rebuild")
DAYS = st.integers(0, 150).map(lambda n: date(2025, 11, 20) + timedelta(days=n))
HISTORIES = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7), DAYS), min_size=4, max_size=30)


class History:
    """A city in which anything happens, in any order, as services, cascades and corrections by hand would leave it."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.units = [city.yanta, city.lianhu, city.town, city.city]
        self.rows: list[tuple[str, Any]] = []
        self.tips = tips(2, unit=city.yanta, day=DAY)

    def act(self, what: str, number: int, day: date) -> None:
        own = {name: getattr(self, f"_{name}") for name in ACTS if hasattr(self, f"_{name}")}
        if what in own:
            own[what](number, day)
        elif self.tips and not self._has_its_only_one(what, self._tip(number)):
            self.rows.append((what, of(what, self._tip(number), day, self.city)))

    def _has_its_only_one(self, what: str, tip: Tip) -> bool:
        """A tip is rated once."""
        return what == "rating" and Rating.objects.filter(tip=tip).exists()

    def _tip(self, number: int) -> Tip:
        return self.tips[number % len(self.tips)]

    def _come(self, number: int, day: date) -> None:
        self.tips += tips(1, unit=self.units[number % 4], day=day)

    def _change(self, number: int, day: date) -> None:
        if self.rows:
            kind, row = self.rows[number % len(self.rows)]
            type(row).objects.filter(pk=row.pk).update(**CHANGES[kind])

    def _drop(self, number: int, day: date) -> None:
        if self.rows:
            _kind, row = self.rows.pop(number % len(self.rows))
            type(row).objects.filter(pk=row.pk).delete()

    def _transfer(self, number: int, day: date) -> None:
        if self.tips:
            Tip.objects.filter(pk=self._tip(number).pk).update(handling_unit=self.units[number % 4])

    def _merge(self, number: int, day: date) -> None:
        """Two become one: periods end without a conclusion, objections move to the lead."""
        if len(self.tips) < 2:
            return
        lead, later = self._tip(number), self._tip(number + 1)
        Objection.objects.filter(tip=later).update(tip=lead)
        Period.objects.filter(tip=later).update(ended_date=day)
        HandlingStep.objects.create(tip=later, action=Action.MERGE, target=TipStatus.MERGED, taken_date=day)

    def _reopen(self, number: int, day: date) -> None:
        if self.tips:
            Objection.objects.filter(tip=self._tip(number)).update(reviewed_date=day, is_upheld=False)
            self.rows.append(("period", of("period", self._tip(number), day, self.city)))

    def _purge(self, number: int, day: date) -> None:
        if self.tips:
            tip = self.tips.pop(number % len(self.tips))
            Tip.objects.filter(pk=tip.pk).delete()
            self.rows = [(kind, row) for kind, row in self.rows if row.tip_id != tip.pk]

    def _refresh(self, number: int, day: date) -> None:
        refresh()

    def _rebuild(self, number: int, day: date) -> None:
        rebuild(at=noon(TODAY))


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=HISTORIES)
def test_after_any_history_the_sums_are_what_a_recount_says(
    city: City, history: list[tuple[str, int, date]]
) -> None:
    with transaction.atomic():
        story = History(city)
        for what, number, day in history:
            story.act(what, number, day)
        years, two = ("2025", "2026"), [city.yanta.pk, city.town.pk]
        assert differences(spans=years, splits=(By.UNIT,)) == [], "while days wait for their recount"
        assert differences(two, spans=years, splits=(By.MONTH,)) == [], "within two units"
        refresh()
        assert touched() == set()
        assert differences(spans=years, splits=(By.UNIT,)) == [], "once they were counted again"
        assert list(day_cells.differing_months()) == []
        transaction.set_rollback(True)


def test_the_services_leave_the_sums_right(city: City) -> None:
    """Merged, objected to, reopened, closed again: as people do it."""
    lead = TipFactory(accepted=True, today=TODAY - timedelta(days=1))
    later = TipFactory(accepted=True)
    officer = MembershipFactory(office=later.handling_unit).user
    refresh()
    step(tip=later, action=Action.MERGE, actor=officer, into_number=lead.number)
    assert differences() == []
    tip = TipFactory(review=True)
    refresh()
    above = MembershipFactory(office=city.city, role="leader").user

    step(tip=tip, action=Action.REOPEN, actor=above)

    assert differences() == []
    refresh()
    assert differences() == []
    assert count_kept(span=span_of("2026-03")).whole["objections_reopened"] == 1


def test_of_a_purged_tip_no_sum_is_left(city: City) -> None:
    tip = TipFactory(closed=True)
    refresh()
    assert count_kept(span=span_of("2026")).whole["received"] == 1

    assert retention.purge(as_of=date(2099, 1, 1), at=noon(date(2099, 1, 1))).tips == 1

    assert not Tip.objects.filter(pk=tip.pk).exists()
    assert differences() == []
    refresh()
    assert not DayCell.objects.exists()


# --- keeping up and counting anew -------------------------------------------------------------------------------


def test_untouched_days_are_read_from_their_sums_alone(city: City) -> None:
    conclude(tips(30, unit=city.yanta, day=DAY), started=DAY, days=3)
    assert plain_queries(span_of("2026-03"))

    assert refresh() == 2

    assert not plain_queries(span_of("2026-03"))
    assert count_kept(span=span_of("2026-03")).whole["concluded"] == 30
    assert refresh() == 0


def test_a_split_no_cell_tells_is_counted_from_the_records(city: City) -> None:
    tips(3, unit=city.yanta, day=DAY, kind="violation")
    refresh()

    assert told(count_kept(span=span_of("2026"), by=By.KIND)) == told(count(span=span_of("2026"), by=By.KIND))


def test_a_part_of_the_codes_is_the_same_part_of_the_counts(city: City) -> None:
    conclude(tips(4, unit=city.yanta, day=DAY), started=DAY, days=1)
    span = span_of("2026-03")
    sums = daily_sums(first=span.start, last=span.end)

    table = sums.count(first=span.start, last=span.end, by=By.UNIT, codes=("concluded",))

    assert table.rows == {str(city.yanta.pk): {"concluded": 4, "on_time": 4}}


def test_another_definition_is_another_figure(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an update that counts differently nothing is told from old sums; the daily task makes them anew."""
    tips(3, unit=city.yanta, day=DAY)
    refresh()
    monkeypatch.setattr(cells, "digest_in_use", lambda: "new" * 10)
    monkeypatch.setattr(day_cells, "digest_in_use", lambda: "new" * 10)

    assert plain_queries(span_of("2026-03"))
    tips(1, unit=city.yanta, day=DAY)
    assert refresh() == 0
    assert touched() == {DAY}
    assert keep_up(at=noon(TODAY)) == 1
    assert not plain_queries(span_of("2026-03"))
    assert count_kept(span=span_of("2026-03")).whole["received"] == 4


def test_without_triggers_nothing_is_relied_on_until_all_was_counted(city: City) -> None:
    refresh()
    day_cells.stop_watching()
    tips(2, unit=city.yanta, day=DAY)
    assert touched() == set()

    day_cells.watch(at=noon(TODAY))

    assert plain_queries(span_of("2026-03"))
    assert keep_up(at=noon(TODAY)) == 1
    assert (differences(), CellState.objects.get().built_at) == ([], noon(TODAY))


def test_a_recount_takes_away_what_no_record_says(city: City) -> None:
    tips(2, unit=city.yanta, day=DAY)
    refresh()
    DayCell.objects.create(day=date(2019, 5, 1), unit=city.lianhu, received=9)
    DayCell.objects.filter(day=DAY).update(received=7)
    assert list(day_cells.differing_months()) == [date(2026, 3, 1)]

    months = []
    assert rebuild(at=noon(TODAY), told=lambda month, done, of: months.append((month, done, of))) == 1

    assert months == [(date(2026, 3, 1), 1, 1)]
    assert [(row.day, row.received) for row in DayCell.objects.all()] == [(DAY, 2)]


def test_of_two_recounts_the_later_one_goes_on(city: City) -> None:
    tips(1, unit=city.yanta, day=DAY)

    def another(_month: date, _done: int, _of: int) -> None:
        rebuild(at=noon(TODAY))

    with pytest.raises(RecountOvertaken):
        rebuild(at=noon(DAY), told=another)
    assert CellState.objects.get().built_at == noon(TODAY)
    assert differences() == []


def test_a_change_while_all_is_counted_anew_is_not_lost(city: City) -> None:
    tips(1, unit=city.yanta, day=DAY)
    tips(1, unit=city.yanta, day=date(2026, 4, 9))

    def late(month: date, done: int, _of: int) -> None:
        if done == 1:
            tips(1, unit=city.lianhu, day=DAY)

    rebuild(at=noon(TODAY), told=late)

    assert (touched(), differences()) == ({DAY}, [])


def test_marks_written_while_days_are_counted_stay(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a writer who commits between the reading of the marks and the end of the recount."""
    tips(1, unit=city.yanta, day=DAY)
    plain = day_cells._count_anew

    def slow(stretches: Any) -> None:
        plain(stretches)
        tips(1, unit=city.yanta, day=DAY)

    monkeypatch.setattr(day_cells, "_count_anew", slow)
    refresh()

    assert (touched(), differences()) == ({DAY}, [])


def test_the_command_counts_and_compares(city: City) -> None:
    tips(2, unit=city.yanta, day=DAY)
    out = StringIO()

    call_command("recount_figures", stdout=out)
    call_command("recount_figures", "--check", stdout=out)

    assert out.getvalue().splitlines() == [
        "  2026-03（1/1）", "已重算 1 个月的每日汇总", "  2026-03（1/1）", "每日汇总与记录一致",
    ]  # fmt: skip
    DayCell.objects.update(received=1)
    with pytest.raises(CommandError, match="2026-03"):
        call_command("recount_figures", "--check", stdout=StringIO())


def test_a_city_without_tips_has_nothing_to_count(city: City) -> None:
    out = StringIO()

    call_command("recount_figures", stdout=out)

    assert out.getvalue() == "已重算 0 个月的每日汇总\n"
    assert set(count_kept(span=span_of("2026")).whole.values()) == {0}


def test_units_see_their_own(city: City) -> None:
    tips(4, unit=city.yanta, day=DAY)
    tips(7, unit=city.lianhu, day=DAY)
    refresh()

    assert count_kept(span=span_of("2026"), units=[city.yanta.pk]).whole["received"] == 4
    assert count_kept(span=span_of("2026"), units=[]).whole["received"] == 0
