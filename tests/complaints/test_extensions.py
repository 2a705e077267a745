"""More time: an extension once by the level above with the reason told, and pauses that do not count."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Clock, Problem, Role, TipStatus
from complaints.errors import ComplaintError, DraftInvalid, IllegalMove, NotAllowed, TipNotFound
from complaints.models import AuditRow, DeadlinePolicy, Extension, Period, Tip
from complaints.services.extensions import (
    ask_extension,
    grant_extension,
    pause_period,
    refuse_extension,
    resume_period,
)
from complaints.services.reporter import progress_for_receipt
from tests.factories import TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
D1 = date(2025, 3, 10)
WHY = "需等待检测机构出具报告"


@pytest.fixture
def tip(city: City, officer: User) -> Tip:
    """Return a tip accepted on the day of vector D1."""
    return TipFactory(district=YANTA, accepted=True, officer=officer, today=D1)


@pytest.fixture
def city_leader(city: City) -> User:
    return UserFactory(username="city-leader", roles=[(Role.LEADER, city.city)])


def ask(tip: Tip, actor: User, *, days: int = 30, memo: str = WHY, day: date = D1) -> Extension:
    return ask_extension(tip_id=tip.pk, actor=actor, at=noon(day), days=days, memo=memo)


def grant(tip: Tip, actor: User, *, note: str = "检测尚未完成", day: date = D1) -> Extension:
    return grant_extension(tip_id=tip.pk, actor=actor, at=noon(day), note=note)


def pause(tip: Tip, actor: User, *, day: date, note: str = "已请检测机构鉴定", memo: str = WHY) -> Period:
    return pause_period(tip_id=tip.pk, actor=actor, at=noon(day), memo=memo, note=note)


def resume(tip: Tip, actor: User, *, day: date, memo: str = "已收到报告") -> Period:
    return resume_period(tip_id=tip.pk, actor=actor, at=noon(day), memo=memo)


def due(tip: Tip) -> date | None:
    return Tip.objects.get(pk=tip.pk).due_date


def told(tip: Tip) -> list[str]:
    shown = progress_for_receipt(typed=tip.acknowledgement.receipt)
    return [line.text for line in shown.lines if not line.is_mine]


# --- extension --------------------------------------------------------------------------------------------------


def test_d2_thirty_days_more_count_from_the_original_start(
    tip: Tip, officer: User, city_leader: User
) -> None:
    ask(tip, officer)

    grant(tip, city_leader)

    assert due(tip) == date(2025, 6, 9)


def test_asking_alone_moves_nothing(tip: Tip, officer: User) -> None:
    ask(tip, officer)

    assert due(tip) == date(2025, 5, 9)


def test_the_reporter_is_told_how_much_longer_and_why_but_no_day_that_may_move(
    tip: Tip, officer: User, city_leader: User
) -> None:
    ask(tip, officer)

    grant(tip, city_leader, note="设备检测尚未完成")

    [text] = told(tip)
    assert text == "办理期限延长 30 日，新的期限见办理进度。\n\n设备检测尚未完成"
    way = progress_for_receipt(typed=tip.acknowledgement.receipt).milestones
    assert date(2025, 6, 9) in {one.due for one in way}
    assert "设备检测尚未完成" in text
    assert WHY not in text


def test_both_people_and_the_decision_are_kept(tip: Tip, officer: User, city_leader: User) -> None:
    ask(tip, officer, days=20)

    row = grant(tip, city_leader)

    row.refresh_from_db()
    assert (row.days, row.asked_by, row.decided_by, row.is_granted) == (20, officer, city_leader, True)


def test_extension_is_granted_once(tip: Tip, officer: User, city_leader: User) -> None:
    ask(tip, officer, days=5)
    grant(tip, city_leader)

    with pytest.raises(IllegalMove):
        ask(tip, officer, days=5)

    assert Extension.objects.count() == 1


def test_a_refused_request_may_be_made_again_and_tells_the_reporter_nothing(
    tip: Tip, officer: User, city_leader: User
) -> None:
    ask(tip, officer)

    refuse_extension(tip_id=tip.pk, actor=city_leader, at=noon(D1), memo="请先到现场")
    ask(tip, officer, days=10)

    assert told(tip) == []
    assert due(tip) == date(2025, 5, 9)
    assert list(Extension.objects.values_list("is_granted", flat=True)) == [False, None]


def test_the_units_own_leader_is_not_the_level_above(tip: Tip, officer: User, leader: User) -> None:
    ask(tip, officer)

    with pytest.raises(NotAllowed):
        grant(tip, leader)

    assert due(tip) == date(2025, 5, 9)


def test_an_officer_of_the_level_above_does_not_decide(tip: Tip, officer: User, city_officer: User) -> None:
    ask(tip, officer)

    with pytest.raises(NotAllowed):
        grant(tip, city_officer)


def test_nobody_grants_an_own_request(tip: Tip, city_leader: User) -> None:
    ask(tip, city_leader)

    for decide in (
        grant,
        lambda tip, actor: refuse_extension(tip_id=tip.pk, actor=actor, at=noon(D1), memo="x"),
    ):
        with pytest.raises(NotAllowed):
            decide(tip, city_leader)


def test_in_the_top_unit_another_leader_decides(city: City, city_leader: User) -> None:
    second = UserFactory(roles=[(Role.LEADER, city.city)])
    tip = TipFactory(accepted=True, officer=city_leader, today=D1)
    assert tip.handling_unit == city.city
    ask(tip, city_leader)

    grant(tip, second)

    assert due(tip) == date(2025, 6, 9)


@pytest.mark.parametrize("days", [0, -1, 31, 10_000])
def test_days_out_of_range_are_refused(tip: Tip, officer: User, days: int) -> None:
    with pytest.raises(DraftInvalid) as refused:
        ask(tip, officer, days=days)

    assert [(p.field, p.problem) for p in refused.value.problems] == [("days", Problem.BAD_EXTENSION)]
    assert not Extension.objects.exists()


def test_the_longest_extension_is_that_of_the_policy(tip: Tip, officer: User) -> None:
    DeadlinePolicy.objects.create(effective_from=D1, extension_days=15)

    with pytest.raises(DraftInvalid):
        ask(tip, officer, days=16)

    assert ask(tip, officer, days=15).days == 15


@pytest.mark.parametrize(("day", "is_late"), [(date(2025, 5, 9), False), (date(2025, 5, 10), True)])
def test_it_is_asked_for_while_the_period_runs(tip: Tip, officer: User, day: date, is_late: bool) -> None:
    problems: list[Problem] = []
    try:
        ask(tip, officer, day=day)
    except DraftInvalid as refused:
        problems = [problem.problem for problem in refused.problems]

    assert problems == ([Problem.PERIOD_OVER] if is_late else [])


def test_what_was_asked_in_time_may_be_granted_later(tip: Tip, officer: User, city_leader: User) -> None:
    ask(tip, officer, day=date(2025, 5, 9))

    grant(tip, city_leader, day=date(2025, 5, 12))

    assert due(tip) == date(2025, 6, 9)


def test_words_are_needed(tip: Tip, officer: User, city_leader: User) -> None:
    with pytest.raises(DraftInvalid) as unasked:
        ask(tip, officer, memo=" ")
    ask(tip, officer)
    with pytest.raises(DraftInvalid) as untold:
        grant(tip, city_leader, note="")

    assert [p.field for p in unasked.value.problems] == ["memo"]
    assert [p.field for p in untold.value.problems] == ["note"]


def test_a_registered_tip_has_no_period_to_extend(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, today=D1)

    with pytest.raises(IllegalMove):
        ask(tip, officer)


def test_a_foreign_tip_is_not_found(tip: Tip, foreign_officer: User) -> None:
    with pytest.raises(TipNotFound):
        ask(tip, foreign_officer)


def test_a_refusal_changes_nothing_and_leaves_one_audit_row(tip: Tip, officer: User, leader: User) -> None:
    ask(tip, officer)
    before = snapshot(tip)

    with pytest.raises(ComplaintError):
        grant(tip, leader)

    [row] = AuditRow.objects.filter(action="tip.refused", subject=tip.number)
    assert row.data == {"act": Action.GRANT_EXTENSION, "code": "not_allowed"}
    assert snapshot(tip) == before


def snapshot(tip: Tip) -> tuple[object, ...]:
    return (
        list(Tip.objects.filter(pk=tip.pk).values()),
        list(tip.periods.values()),
        list(tip.extensions.values()),
        tip.steps.count(),
        tip.messages.count(),
    )


def test_an_extension_in_a_year_without_a_calendar_is_counted_all_the_same(
    city: City, officer: User, city_leader: User
) -> None:
    tip = TipFactory(district=YANTA, accepted=True, officer=officer, today=date(2026, 11, 23))
    ask(tip, officer, day=date(2026, 11, 23))

    grant(tip, city_leader, day=date(2026, 11, 23))

    assert due(tip) == date(2027, 2, 22)  # 21 February is a Sunday


# --- pause ------------------------------------------------------------------------------------------------------


def test_a_paused_period_shows_no_day_and_cannot_run_out(tip: Tip, officer: User) -> None:
    period = pause(tip, officer, day=date(2025, 3, 20))

    stored = Tip.objects.get(pk=tip.pk)
    assert (stored.is_paused, stored.clock, stored.due_date) == (True, Clock.NONE, None)
    assert not Period.objects.overdue(today=date(2026, 1, 1)).filter(pk=period.pk).exists()


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, date(2025, 5, 9)), (1, date(2025, 5, 12)), (30, date(2025, 6, 9))],  # 10 May is a Saturday
)
def test_the_days_it_stood_still_are_added(tip: Tip, officer: User, days: int, expected: date) -> None:
    pause(tip, officer, day=date(2025, 3, 20))

    resume(tip, officer, day=date(2025, 3, 20) + timedelta(days=days))

    stored = Tip.objects.get(pk=tip.pk)
    assert (stored.is_paused, stored.clock, stored.due_date) == (False, Clock.CLOSE, expected)


def test_pauses_add_up_and_an_extension_comes_on_top(tip: Tip, officer: User, city_leader: User) -> None:
    for begin, end in ((date(2025, 3, 20), date(2025, 3, 25)), (date(2025, 4, 1), date(2025, 4, 6))):
        pause(tip, officer, day=begin)
        resume(tip, officer, day=end)
    ask(tip, officer, days=30)

    grant(tip, city_leader)

    assert due(tip) == date(2025, 6, 18)  # 60 + 5 + 5 + 30 days


def test_a_pause_does_not_mend_what_was_late(tip: Tip, officer: User) -> None:
    late = date(2025, 5, 20)
    pause(tip, officer, day=late)

    resume(tip, officer, day=late + timedelta(days=10))

    assert due(tip) == date(2025, 5, 19)
    assert due(tip) < late + timedelta(days=10)


def test_the_reporter_is_told_why_it_stands_still(tip: Tip, officer: User) -> None:
    pause(tip, officer, day=D1, note="已请检测机构鉴定，收到结果后继续办理")

    assert told(tip) == ["已请检测机构鉴定，收到结果后继续办理"]


@pytest.mark.parametrize(("missing", "field"), [({"memo": ""}, "memo"), ({"note": ""}, "note")])
def test_a_pause_needs_both_words(tip: Tip, officer: User, missing: dict[str, str], field: str) -> None:
    with pytest.raises(DraftInvalid) as refused:
        pause(tip, officer, day=D1, **missing)

    assert [p.field for p in refused.value.problems] == [field]
    assert not Tip.objects.get(pk=tip.pk).is_paused


def test_it_pauses_and_resumes_in_turn(tip: Tip, officer: User) -> None:
    with pytest.raises(IllegalMove):
        resume(tip, officer, day=D1)
    pause(tip, officer, day=D1)
    with pytest.raises(IllegalMove):
        pause(tip, officer, day=D1)

    assert resume(tip, officer, day=D1).paused_date is None


def test_a_paused_period_is_not_extended(tip: Tip, officer: User) -> None:
    pause(tip, officer, day=D1)

    with pytest.raises(IllegalMove):
        ask(tip, officer)


def test_a_paused_tip_is_not_concluded(tip: Tip, officer: User) -> None:
    step(tip=tip, action=Action.VERIFY, actor=officer, at=noon(D1))
    pause(tip, officer, day=D1)

    with pytest.raises(IllegalMove):
        step(tip=tip, action=Action.CONCLUDE, actor=officer, at=noon(D1))

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.VERIFYING


def test_a_registered_tip_is_not_paused(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, today=TODAY)

    with pytest.raises(IllegalMove):
        pause(tip, officer, day=TODAY)

    assert AuditRow.objects.filter(action="tip.refused", subject=tip.number).count() == 1
