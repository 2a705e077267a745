"""The way out of a company stays open: no long plan and no fix that is none shuts it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.enums import InsideState, Problem
from complaints.errors import DraftInvalid, IllegalMove
from complaints.models import Enterprise, Tip
from complaints.selectors.inside_figures import figures_of_year
from complaints.services.fix_answers import answer_fix
from complaints.services.inside_progress import inside_progress
from complaints.services.managers import set_scale
from complaints.services.turning import confirm_reward, remind_and_turn, turn_outside
from tests.enterprise_steps import LATE, act, inside, lead_to, tell_inside
from tests.factories import TODAY, noon
from tests.signin import enter

pytestmark = pytest.mark.django_db
USUAL_END = TODAY + timedelta(days=30)
AFTER = USUAL_END + timedelta(days=7)
FAR = TODAY + timedelta(days=300)


def planned(entry: Enterprise, by: User, *, kind: str = "", grade: str = "general") -> tuple[str, str]:
    """Return number and receipt of a tip whose plan takes most of a year."""
    done = tell_inside(entry, kind=kind)
    act(done.number, "acknowledge", by)
    act(done.number, "verify", by, grade=grade)
    act(done.number, "plan", by, deadline=FAR)
    return done.number, done.receipt


# --- a plan of a year ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "grade"), [("", "major"), ("major_hazard", "general")])
def test_a_long_plan_keeps_no_major_hazard_from_the_district(
    entry: Enterprise, boss: User, kind: str, grade: str
) -> None:
    number, _receipt = planned(entry, boss, kind=kind, grade=grade)

    remind_and_turn(today=TODAY + timedelta(days=20), now=noon(TODAY))
    assert inside(number).state == "planned"
    remind_and_turn(today=AFTER, now=noon(AFTER))

    assert inside(number).state == "turned"
    assert Tip.objects.get().number == number


def test_a_long_plan_does_not_shut_the_reporters_way_outside(entry: Enterprise, boss: User) -> None:
    number, receipt = planned(entry, boss)

    before = inside_progress(typed=receipt, today=TODAY)
    with pytest.raises(IllegalMove):
        turn_outside(typed=receipt, today=TODAY + timedelta(days=20))
    after = inside_progress(typed=receipt, today=AFTER)

    assert (before.due_date, before.usual_end, before.may_turn) == (FAR, USUAL_END, False)
    assert (after.is_overdue, after.may_turn) == (False, True)
    assert turn_outside(typed=receipt, today=AFTER) == number


def test_a_plan_within_the_usual_period_is_waited_for(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    act(done.number, "acknowledge", boss)
    act(done.number, "verify", boss)
    act(done.number, "plan", boss, deadline=TODAY + timedelta(days=10))

    found = inside_progress(typed=done.receipt, today=TODAY + timedelta(days=10))

    assert (found.state, found.usual_end, found.may_turn) == (InsideState.PLANNED, None, False)


def test_the_reporter_reads_that_a_long_plan_need_not_be_waited_for(entry: Enterprise, boss: User) -> None:
    today = timezone.localdate()
    done = tell_inside(entry, today=today)
    act(done.number, "acknowledge", boss, day=today)
    act(done.number, "verify", boss, day=today)
    act(done.number, "plan", boss, day=today, deadline=today + timedelta(days=300))

    page = Client().post(reverse("status"), {"receipt": done.receipt}).content.decode()

    assert "您不用等到那一天" in page
    assert 'value="turn"' not in page


# --- a fix that is none -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["accepted", "paid"])
def test_two_managers_of_one_mind_do_not_end_it_against_what_its_reporter_sees(
    entry: Enterprise, boss: User, other: User, state: str
) -> None:
    done = tell_inside(entry)
    lead_to(done.number, state, boss, other=other)

    page = Client().post(reverse("status"), {"receipt": done.receipt}).content.decode()

    assert "只有单位说整改好了" in page
    assert turn_outside(typed=done.receipt, today=TODAY) == done.number
    assert Tip.objects.get().received_date == TODAY


def test_what_the_reporter_accepted_or_closed_is_not_contested(
    entry: Enterprise, boss: User, other: User
) -> None:
    closed, seen = tell_inside(entry), tell_inside(entry)
    lead_to(closed.number, "paid", boss, other=other)
    confirm_reward(typed=closed.receipt, is_received=True, today=TODAY)
    assert not inside_progress(typed=closed.receipt, today=TODAY).may_turn

    entry.managers.filter(user=other).update(ended_at=noon(TODAY))
    lead_to(seen.number, "fixed", boss)
    answer_fix(typed=seen.receipt, is_fixed=True, today=TODAY)
    found = inside_progress(typed=seen.receipt, today=TODAY)

    assert (found.state, found.is_contestable, found.may_turn) == (InsideState.ACCEPTED, False, False)


# --- a reward that is none ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("has_scale", "yuan", "is_taken"),
    [(False, 0, False), (False, 1, True), (True, 299, False), (True, 300, True), (True, 600, True)],
)
def test_less_than_the_own_scale_is_no_reward(
    entry: Enterprise, boss: User, other: User, has_scale: bool, yuan: int, is_taken: bool
) -> None:
    if has_scale:
        scale = {"general": (300, 600), "larger": (400, 800), "major": (500, 1000)}
        set_scale(enterprise_id=entry.pk, amounts=scale, actor=boss, at=noon(TODAY))
    done = tell_inside(entry)
    lead_to(done.number, "accepted", boss, other=other)

    if is_taken:
        act(done.number, "pay", boss, reward_yuan=yuan)
    else:
        with pytest.raises(DraftInvalid) as caught:
            act(done.number, "pay", boss, reward_yuan=yuan)
        assert [(one.field, one.problem) for one in caught.value.problems] == [
            ("reward_yuan", Problem.BELOW_SCALE)
        ]

    assert inside(done.number).state == ("paid" if is_taken else "accepted")
    assert figures_of_year(entry, today=LATE).unpaid == (0 if is_taken else 1)


def test_a_scale_that_is_lowered_takes_back_no_promise(entry: Enterprise, boss: User, other: User) -> None:
    before = {"general": (300, 600), "larger": (400, 800), "major": (500, 1000)}
    set_scale(enterprise_id=entry.pk, amounts=before, actor=boss, at=noon(TODAY))
    early = tell_inside(entry)
    set_scale(enterprise_id=entry.pk, amounts=dict.fromkeys(before, (0, 1)), actor=boss, at=noon(TODAY))
    late = tell_inside(entry)
    for one in (early, late):
        lead_to(one.number, "accepted", boss, other=other)

    with pytest.raises(DraftInvalid) as caught:
        act(early.number, "pay", boss, reward_yuan=1)
    act(late.number, "pay", boss, reward_yuan=1)

    assert caught.value.problems[0].problem == Problem.BELOW_SCALE
    assert inside(early.number).promised == {grade: list(pair) for grade, pair in before.items()}
    page = enter(Client(), boss).get(reverse("workplace:tip", args=[early.number])).content.decode()
    assert 'inputmode="numeric" value="600"' in page
