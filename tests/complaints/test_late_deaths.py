"""A death that becomes known during a review, or after a tip had ended, is verified at county level or above."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Clock, Fact, Phase, Role, SupervisionCause, TipStatus
from complaints.errors import IllegalMove
from complaints.models import Office, Rating, Tip
from complaints.selectors.history import history_of
from complaints.services.reporter import progress_for_receipt
from tests.factories import TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
LATER = noon(TODAY + timedelta(days=20))
ENDED = ["declined", "transferred_out", "closed"]


def person(office: Office, role: Role = Role.OFFICER) -> User:
    return UserFactory(roles=[(role, office)])


def fresh(tip: Tip) -> Tip:
    return Tip.objects.select_related("handling_unit").get(pk=tip.pk)


def ended(city: City, status: str, *, at: Office | None = None) -> Tip:
    """Return a tip in this state whose unit in charge is a town, or the one given."""
    tip = TipFactory(**{status: True, "district": YANTA, "town": city.town_code})
    Tip.objects.filter(pk=tip.pk).update(handling_unit=at or city.town)
    return tip


def words_to(tip: Tip) -> str:
    shown = progress_for_receipt(typed=tip.acknowledgement.receipt)
    return repr([line.text for line in shown.lines])


def test_awsl73_in_a_review_what_a_town_signed_is_void_and_the_review_ends(city: City) -> None:
    tip = ended(city, "review")

    step(tip=tip, action=Action.ESCALATE, actor=person(city.town), at=LATER)

    found, objection = fresh(tip), tip.objections.get()
    assert (found.handling_unit, found.status, found.involves_death) == (
        city.yanta,
        TipStatus.VERIFYING,
        True,
    )
    assert (found.answered_date, found.result, found.clock) == (None, "", Clock.CLOSE)
    assert (objection.reviewed_date, objection.is_upheld, objection.reviewed_by) == (
        LATER.date(),
        False,
        None,
    )
    assert not tip.periods.running().filter(clock=Clock.REVIEW).exists()
    assert tip.supervisions.get().cause == SupervisionCause.DEATH
    assert "重新核查" in words_to(tip)


def test_awsl73_a_review_of_what_a_district_signed_goes_on_above(city: City) -> None:
    tip = ended(city, "review", at=city.yanta)
    boss = person(city.city, Role.LEADER)

    step(tip=tip, action=Action.ESCALATE, actor=person(city.yanta), at=LATER)

    found = fresh(tip)
    assert (found.handling_unit, found.status, found.involves_death) == (city.city, TipStatus.REVIEW, True)
    assert (tip.objections.get().office, found.is_supervised) == (city.city, True)
    step(tip=tip, action=Action.REOPEN, actor=boss, at=LATER)
    assert fresh(tip).status == TipStatus.VERIFYING


@pytest.mark.parametrize("status", ENDED)
@pytest.mark.parametrize("level", ["town", "yanta"])
def test_awsl73_a_tip_that_had_ended_is_verified_anew_above(city: City, status: str, level: str) -> None:
    office = getattr(city, level)
    tip = ended(city, status, at=office)

    step(tip=tip, action=Action.ESCALATE, actor=person(office), at=LATER)

    found, acts = fresh(tip), list(tip.steps.order_by("-pk").values_list("action", "target")[:3])
    assert found.handling_unit == (city.yanta if level == "town" else city.city)
    assert (found.status, found.phase, found.clock) == (TipStatus.VERIFYING, Phase.OPEN, Clock.CLOSE)
    assert (found.due_date, found.accepted_date is not None) == (LATER.date() + timedelta(days=60), True)
    assert acts[::-1] == [
        ("escalate", status), ("verify_again", "verifying"), ("supervise", "verifying"),
    ]  # fmt: skip
    assert "已经办结" in tip.steps.get(action=Action.VERIFY_AGAIN).memo
    assert tip.supervisions.get().cause == SupervisionCause.DEATH
    assert "重新核查" in words_to(tip)
    assert not history_of(tip=found, today=TODAY).facts & {Fact.WAS_CLOSED, Fact.WAS_DECLINED}


def test_the_reporter_sees_that_the_case_goes_on(city: City) -> None:
    tip = ended(city, "closed")
    step(tip=tip, action=Action.RATE, score=5)

    step(tip=tip, action=Action.ESCALATE, actor=person(city.town), at=LATER)

    shown = progress_for_receipt(typed=tip.acknowledgement.receipt)
    assert (shown.status, shown.objection_until, shown.can_rate) == (TipStatus.VERIFYING, None, False)
    assert [one.action for one in shown.milestones if one.is_done] == ["register", "accept", "reopen"]
    assert not Rating.objects.exists()


def test_a_tip_that_was_passed_on_is_shown_as_ours_again(city: City) -> None:
    tip = ended(city, "transferred_out")

    step(tip=tip, action=Action.ESCALATE, actor=person(city.town), at=LATER)

    shown = progress_for_receipt(typed=tip.acknowledgement.receipt)
    assert (shown.transferred_to, shown.status) == ("", TipStatus.VERIFYING)


def test_a_case_closed_with_its_death_known_is_not_taken_up_for_it_again(
    city: City, city_officer: User
) -> None:
    tip = TipFactory(replied=True)
    step(tip=tip, action=Action.ESCALATE, actor=city_officer)
    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=city_officer)
    step(tip=tip, action=Action.LIFT_SUPERVISION, actor=person(city.city, Role.LEADER))
    step(tip=tip, action=Action.CLOSE, actor=city_officer)

    with pytest.raises(IllegalMove):
        step(tip=tip, action=Action.ESCALATE, actor=city_officer)

    assert fresh(tip).status == TipStatus.CLOSED


@pytest.mark.parametrize("status", ["merged", "archived"])
def test_a_merged_or_archived_tip_is_not_escalated(city: City, status: str) -> None:
    tip = ended(city, status)

    with pytest.raises(IllegalMove):
        step(tip=tip, action=Action.ESCALATE, actor=person(city.town), at=LATER + timedelta(days=90))
