"""督办: raised by the level above or by the machine, once for each thing that is late; answered; ended."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Clock, Role, SupervisionCause, TipStatus
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, TipNotFound
from complaints.models import AuditRow, HandlingStep, Period, Supervision, Tip, Whistle
from complaints.services.late import raise_for_late_whistles, raise_for_overdue
from complaints.services.supervision import answer_supervision, lift_supervision, supervise
from tests.factories import TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
DECIDE_BY = date(2026, 3, 19)  # seven working days after TODAY
LATE = noon(date(2026, 3, 20))


@pytest.fixture
def tip(city: City) -> Tip:
    return TipFactory(district=YANTA)


@pytest.fixture
def city_leader(city: City) -> User:
    return UserFactory(username="city-leader", roles=[(Role.LEADER, city.city)])


def look_in(tip: Tip, actor: User, *, at: datetime = LATE, memo: str = "请说明原因") -> Supervision:
    return supervise(tip_id=tip.pk, actor=actor, at=at, memo=memo)


def answer(tip: Tip, actor: User, *, at: datetime = LATE, memo: str = "本周内受理") -> Supervision:
    return answer_supervision(tip_id=tip.pk, actor=actor, at=at, memo=memo)


def lift(tip: Tip, actor: User, *, at: datetime = LATE, memo: str = "同意") -> Supervision:
    return lift_supervision(tip_id=tip.pk, actor=actor, at=at, memo=memo)


def whistle_on(tip: Tip, city: City, *, answer_by: datetime) -> Whistle:
    return Whistle.objects.create(
        tip=tip,
        town=city.town,
        called=city.yanta,
        raised_at=answer_by - timedelta(days=1),
        answer_by=answer_by,
    )


# --- by the level above -----------------------------------------------------------------------------------------


def test_the_level_above_looks_in_and_sets_a_day(tip: Tip, city: City, city_leader: User) -> None:
    row = look_in(tip, city_leader, at=noon(TODAY))

    assert (row.cause, row.office, row.raised_by) == (SupervisionCause.ORDERED, city.city, city_leader)
    assert (row.raised_date, row.answer_by) == (TODAY, date(2026, 3, 17))  # five working days
    assert Tip.objects.get(pk=tip.pk).is_supervised


def test_the_unit_answers_and_the_level_above_ends_it(tip: Tip, officer: User, city_leader: User) -> None:
    look_in(tip, city_leader)
    answer(tip, officer)

    row = lift(tip, city_leader)

    row.refresh_from_db()
    assert (row.answered_date, row.ended_date) == (date(2026, 3, 20), date(2026, 3, 20))
    assert not Tip.objects.get(pk=tip.pk).is_supervised


def test_what_is_asked_and_answered_stands_in_the_history(tip: Tip, officer: User, city_leader: User) -> None:
    look_in(tip, city_leader, memo="请说明原因")

    answer(tip, officer, memo="明日现场核查")

    assert [row.memo for row in HandlingStep.objects.filter(tip=tip)][-2:] == ["请说明原因", "明日现场核查"]


def test_one_supervision_at_a_time(tip: Tip, officer: User, city_leader: User) -> None:
    look_in(tip, city_leader)
    for _stage in ("open", "answered"):
        with pytest.raises(IllegalMove):
            look_in(tip, city_leader)
        if _stage == "open":
            answer(tip, officer)
    lift(tip, city_leader)

    look_in(tip, city_leader)

    assert Supervision.objects.count() == 2


def test_only_leaders_above_look_in(tip: Tip, officer: User, leader: User, city_officer: User) -> None:
    for person in (officer, leader, city_officer):
        with pytest.raises(NotAllowed):
            look_in(tip, person)

    assert not Supervision.objects.exists()


def test_a_foreign_tip_is_not_found(tip: Tip, foreign_officer: User) -> None:
    with pytest.raises(TipNotFound):
        look_in(tip, foreign_officer)


def test_it_is_ended_after_an_answer_only(tip: Tip, city_leader: User) -> None:
    look_in(tip, city_leader)

    with pytest.raises(IllegalMove):
        lift(tip, city_leader)


def test_whoever_answered_does_not_end_it(tip: Tip, city: City, city_leader: User) -> None:
    both = UserFactory(roles=[(Role.LEADER, city.city), (Role.OFFICER, city.yanta)])
    look_in(tip, city_leader)
    answer(tip, both)

    with pytest.raises(NotAllowed):
        lift(tip, both)


def test_the_level_above_does_not_answer_its_own_question(tip: Tip, city_leader: User) -> None:
    look_in(tip, city_leader)

    with pytest.raises(NotAllowed):
        answer(tip, city_leader)


def test_every_act_needs_its_words(tip: Tip, officer: User, city_leader: User) -> None:
    with pytest.raises(DraftInvalid):
        look_in(tip, city_leader, memo="")
    look_in(tip, city_leader)
    with pytest.raises(DraftInvalid):
        answer(tip, officer, memo=" ")
    answer(tip, officer)
    with pytest.raises(DraftInvalid):
        lift(tip, city_leader, memo="")

    refused = AuditRow.objects.filter(action="tip.refused").order_by("sequence")
    assert [row.data["act"] for row in refused] == [
        Action.SUPERVISE, Action.ANSWER_SUPERVISION, Action.LIFT_SUPERVISION,
    ]  # fmt: skip


# --- by the machine ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "raised"), [(DECIDE_BY, 0), (DECIDE_BY + timedelta(days=1), 1)])
def test_the_machine_looks_in_from_the_day_after_the_last(tip: Tip, day: date, raised: int) -> None:
    assert raise_for_overdue(now=noon(day)) == raised

    assert Tip.objects.get(pk=tip.pk).is_supervised is bool(raised)


def test_the_machines_supervision_says_what_ran_out(tip: Tip, city: City) -> None:
    raise_for_overdue(now=LATE)

    row, last = Supervision.objects.get(), tip.steps.last()
    assert (row.cause, row.office, row.raised_by) == (SupervisionCause.OVERDUE, city.city, None)
    assert row.period == tip.periods.get()
    assert last is not None
    assert (last.action, last.actor) == (Action.SUPERVISE, None)
    assert "2026年3月19日" in last.memo


def test_it_is_raised_once_for_each_period(tip: Tip, officer: User, city_leader: User) -> None:
    raise_for_overdue(now=LATE)
    answer(tip, officer)
    lift(tip, city_leader)

    again = raise_for_overdue(now=LATE + timedelta(days=30))

    assert again == 0
    assert Supervision.objects.count() == 1


def test_the_next_period_that_runs_out_is_another_matter(tip: Tip, officer: User, city_leader: User) -> None:
    raise_for_overdue(now=LATE)
    step(tip=tip, action=Action.ACCEPT, actor=officer, at=LATE)
    much_later = LATE + timedelta(days=100)
    while_open = raise_for_overdue(now=much_later)
    answer(tip, officer, at=much_later)
    lift(tip, city_leader, at=much_later)

    after = raise_for_overdue(now=much_later)

    assert (while_open, after) == (0, 1)
    assert [row.period.clock for row in Supervision.objects.all() if row.period] == [
        Clock.DECIDE,
        Clock.CLOSE,
    ]


def test_looking_in_by_hand_covers_the_period_that_ran_out(
    tip: Tip, officer: User, city_leader: User
) -> None:
    look_in(tip, city_leader)
    answer(tip, officer)
    lift(tip, city_leader)

    assert raise_for_overdue(now=LATE) == 0


def test_a_paused_period_is_not_late(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, accepted=True, officer=officer)
    Period.objects.filter(tip=tip, clock=Clock.CLOSE).update(paused_date=TODAY)

    assert raise_for_overdue(now=noon(date(2027, 1, 4))) == 0


@pytest.mark.parametrize("status", [TipStatus.DECLINED, TipStatus.CLOSED])
def test_nothing_is_late_that_was_done(city: City, status: TipStatus) -> None:
    TipFactory(status=status)

    assert raise_for_overdue(now=noon(date(2027, 1, 4))) == 0


def test_the_top_unit_is_looked_into_by_itself(city: City) -> None:
    TipFactory()

    raise_for_overdue(now=LATE)

    assert Supervision.objects.get().office == city.city


def test_a_whistle_left_unanswered_is_raised_once_and_the_next_one_again(
    tip: Tip, city: City, officer: User, city_leader: User
) -> None:
    first = whistle_on(tip, city, answer_by=noon(TODAY))
    early = raise_for_late_whistles(now=noon(TODAY))
    raised = raise_for_late_whistles(now=noon(TODAY) + timedelta(minutes=1))
    answer(tip, officer, at=noon(TODAY))
    lift(tip, city_leader, at=noon(TODAY))
    again = raise_for_late_whistles(now=noon(TODAY) + timedelta(days=1))
    Whistle.objects.filter(pk=first.pk).update(ended_at=noon(TODAY), is_returned=True)
    whistle_on(tip, city, answer_by=noon(TODAY) + timedelta(hours=1))

    second = raise_for_late_whistles(now=noon(TODAY) + timedelta(hours=2))

    assert (early, raised, again, second) == (0, 1, 0, 1)
    assert {row.cause for row in Supervision.objects.all()} == {SupervisionCause.WHISTLE_LATE}
    assert {row.office for row in Supervision.objects.all()} == {city.city}


def test_the_level_above_has_nothing_to_do_for_tips_in_time(city: City) -> None:
    TipFactory.create_batch(3, district=YANTA)

    assert raise_for_overdue(now=noon(TODAY)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_processes_raise_one(tip: Tip) -> None:
    results = at_once([lambda: raise_for_overdue(now=LATE)] * 2)

    assert sorted(results) == [0, 1]
    assert Supervision.objects.count() == 1
