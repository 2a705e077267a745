"""Ways around a rule that are shut: ending what is asked of oneself, granting oneself time, passing a tip in a circle,
blocking it for good, giving a death to nobody.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Clock, Problem, Role, SupervisionCause, TipStatus, UnitPart
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed
from complaints.models import Extension, Office, Rating, Tip
from complaints.policies import tips_visible_to
from complaints.selectors.signing import waits_for_signature
from complaints.services.reporter import progress_for_receipt
from complaints.stats.whistles import whistle_figures
from tests.factories import SIGNED, TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
LATER = NOON + timedelta(days=2)


@pytest.fixture
def city_leader(city: City) -> User:
    return UserFactory(username="city-leader", roles=[(Role.LEADER, city.city)])


@pytest.fixture
def tip(city: City, officer: User) -> Tip:
    """Return an accepted tip of the town's area that the district leads."""
    return TipFactory(district=YANTA, town=city.town_code, accepted=True, officer=officer)


def fresh(tip: Tip) -> Tip:
    return Tip.objects.select_related("handling_unit").get(pk=tip.pk)


def person(office: Office, role: Role = Role.OFFICER) -> User:
    return UserFactory(roles=[(role, office)])


def down(tip: Tip, officer: User, office: Office) -> None:
    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=office.pk)


def refused(problem: Problem, **act: object) -> None:
    with pytest.raises(DraftInvalid) as caught:
        step(**act)
    assert [one.problem for one in caught.value.problems] == [problem]


# --- a supervision ------------------------------------------------------------------------------------------------


def test_a_district_does_not_end_what_the_city_asks_by_passing_the_tip_down(
    city: City, tip: Tip, officer: User, leader: User, town_officer: User, city_leader: User
) -> None:
    row = step(tip=tip, action=Action.SUPERVISE, actor=city_leader)
    down(tip, officer, city.town)

    with pytest.raises(NotAllowed):
        step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=town_officer)
    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=officer)
    with pytest.raises(NotAllowed):
        step(tip=tip, action=Action.LIFT_SUPERVISION, actor=leader)
    step(tip=tip, action=Action.LIFT_SUPERVISION, actor=city_leader)

    assert (row.unit, row.office) == (city.yanta, city.city)
    assert not fresh(tip).is_supervised


def test_a_district_does_not_end_what_the_city_asks_of_its_town(
    city: City, tip: Tip, officer: User, leader: User, town_officer: User, city_leader: User
) -> None:
    down(tip, officer, city.town)
    step(tip=tip, action=Action.SUPERVISE, actor=city_leader)
    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=town_officer)

    with pytest.raises(NotAllowed):
        step(tip=tip, action=Action.LIFT_SUPERVISION, actor=leader)


def test_who_is_asked_sees_the_tip_until_it_has_answered_wherever_it_goes(
    city: City, officer: User, leader: User, foreign_officer: User, city_leader: User
) -> None:
    tip = TipFactory(district=YANTA)
    down(tip, officer, city.lianhu)
    step(tip=tip, action=Action.SUPERVISE, actor=city_leader)
    step(tip=tip, action=Action.HAND_BACK, actor=foreign_officer)

    assert tips_visible_to(User.objects.get(pk=foreign_officer.pk)).filter(pk=tip.pk).exists()
    assert [(row.office, row.part) for row in tip.units.filter(ended_date=None)] == [
        (city.lianhu, UnitPart.CO_UNIT)
    ]
    refused(Problem.UNIT_SUPERVISED, tip=tip, action=Action.LEAVE, actor=officer, office_id=city.lianhu.pk)
    step(tip=tip, action=Action.ANSWER_SUPERVISION, actor=foreign_officer)
    step(tip=tip, action=Action.LIFT_SUPERVISION, actor=city_leader)
    step(tip=tip, action=Action.LEAVE, actor=officer, office_id=city.lianhu.pk)


# --- more time ----------------------------------------------------------------------------------------------------


def test_who_asks_for_more_time_does_not_pass_the_tip_down_and_grant_it(
    city: City, tip: Tip, officer: User, leader: User, city_leader: User
) -> None:
    step(tip=tip, action=Action.ASK_EXTENSION, actor=officer)

    with pytest.raises(IllegalMove):
        down(tip, officer, city.town)
    with pytest.raises(NotAllowed):
        step(tip=tip, action=Action.GRANT_EXTENSION, actor=leader)

    signing = [
        Tip.objects.filter(waits_for_signature(user=one), pk=tip.pk).exists() for one in (leader, city_leader)
    ]
    assert signing == [False, True]


def test_who_asks_for_more_time_does_not_hand_the_tip_back_meanwhile(
    city: City, tip: Tip, officer: User, town_officer: User
) -> None:
    down(tip, officer, city.town)
    step(tip=tip, action=Action.ASK_EXTENSION, actor=town_officer)

    with pytest.raises(IllegalMove):
        step(tip=tip, action=Action.HAND_BACK, actor=town_officer)


def test_19_a_reopened_case_has_a_new_period_with_an_extension_of_its_own(
    city: City, tip: Tip, officer: User, leader: User, city_leader: User
) -> None:
    def extend() -> None:
        step(tip=tip, action=Action.ASK_EXTENSION, actor=officer)
        step(tip=tip, action=Action.GRANT_EXTENSION, actor=city_leader)

    extend()
    with pytest.raises(IllegalMove):
        step(tip=tip, action=Action.ASK_EXTENSION, actor=officer)
    for action in (
        Action.VERIFY,
        Action.CONCLUDE,
        Action.APPROVE_RESULT,
        Action.PROPOSE_MEASURE,
        Action.DISPOSE,
        Action.REPLY,
    ):
        step(tip=tip, action=action, actor=leader if action in SIGNED else officer)
    step(tip=tip, action=Action.OBJECT)
    step(tip=tip, action=Action.REOPEN, actor=city_leader)

    extend()

    periods = list(tip.periods.filter(clock=Clock.CLOSE).order_by("pk"))
    assert [row.period for row in Extension.objects.order_by("pk")] == periods
    assert [row.extra_days for row in periods] == [30, 30]
    with pytest.raises(IllegalMove):
        step(tip=tip, action=Action.ASK_EXTENSION, actor=officer)


# --- a rating -----------------------------------------------------------------------------------------------------


def test_106_the_answer_after_a_review_is_rated_anew_by_each_reporter(
    city: City, officer: User, leader: User, city_leader: User
) -> None:
    lead = TipFactory(district=YANTA)
    other = TipFactory(district=YANTA)
    step(tip=other, action=Action.MERGE, actor=officer, into_number=lead.number)
    way = (
        Action.ACCEPT,
        Action.VERIFY,
        Action.CONCLUDE,
        Action.APPROVE_RESULT,
        Action.PROPOSE_MEASURE,
        Action.DISPOSE,
        Action.REPLY,
    )
    for action in way:
        step(tip=lead, action=action, actor=leader if action in SIGNED else officer)
    for one in (lead, other):
        step(tip=one, action=Action.RATE, score=1)
    step(tip=lead, action=Action.OBJECT)
    step(tip=lead, action=Action.REOPEN, actor=city_leader)
    void = Rating.objects.count()
    for action in way[2:]:
        step(tip=lead, action=action, actor=leader if action in SIGNED else officer)

    offered = [progress_for_receipt(typed=one.acknowledgement.receipt).can_rate for one in (lead, other)]
    for one in (lead, other):
        step(tip=one, action=Action.RATE, score=5)

    assert (void, offered) == (0, [True, True])
    assert list(Rating.objects.values_list("score", flat=True)) == [5, 5]
    for one in (lead, other):
        with pytest.raises(IllegalMove):
            step(tip=one, action=Action.RATE, score=2)


# --- a whistle ----------------------------------------------------------------------------------------------------


def test_a_town_takes_a_mistaken_whistle_back_and_work_goes_on(
    city: City, tip: Tip, officer: User, town_officer: User
) -> None:
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)
    with pytest.raises(IllegalMove):
        down(tip, officer, city.town)

    row = step(tip=tip, action=Action.WITHDRAW_WHISTLE, actor=town_officer, at=LATER, memo="误吹")

    assert (row.answered_at, row.ended_at, fresh(tip).called_unit) == (None, LATER, None)
    figures = whistle_figures(user=officer, since=TODAY, until=TODAY, now=LATER + timedelta(days=9))
    assert (figures.raised, figures.answered, figures.late) == (1, 0, 1)
    down(tip, officer, city.town)


def test_a_town_lets_a_district_on_its_way_stay_at_home(tip: Tip, officer: User, town_officer: User) -> None:
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)
    step(tip=tip, action=Action.ANSWER_WHISTLE, actor=officer)

    step(tip=tip, action=Action.WITHDRAW_WHISTLE, actor=town_officer, at=LATER)

    assert [(row.answered_at, row.ended_at) for row in tip.whistles.all()] == [(NOON, LATER)]
    step(tip=tip, action=Action.VERIFY, actor=officer)
    step(tip=tip, action=Action.CONCLUDE, actor=officer)


def test_only_the_town_that_whistled_takes_it_back_and_says_why(
    city: City, tip: Tip, officer: User, town_officer: User
) -> None:
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)
    other = Office.objects.create(name="另一街道应急办", level="town", parent=city.yanta)
    Tip.objects.filter(pk=tip.pk).update(inspecting_unit=other)
    tip.units.create(office=other, part=UnitPart.INSPECTING, since_date=TODAY)

    for stranger in (officer, person(other)):
        with pytest.raises(NotAllowed):
            step(tip=tip, action=Action.WITHDRAW_WHISTLE, actor=stranger)
    refused(Problem.NEEDS_TEXT, tip=tip, action=Action.WITHDRAW_WHISTLE, actor=town_officer, memo="")


def test_the_level_above_answers_for_the_called_unit_which_then_leads_and_comes(
    city: City, tip: Tip, officer: User, town_officer: User, city_officer: User
) -> None:
    down(tip, officer, city.town)
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)

    step(tip=tip, action=Action.ANSWER_WHISTLE, actor=city_officer)

    assert (fresh(tip).handling_unit, fresh(tip).handler) == (city.yanta, None)
    with pytest.raises(NotAllowed):
        step(tip=tip, action=Action.ARRIVE, actor=city_officer)
    step(tip=tip, action=Action.ARRIVE, actor=officer)


def test_the_level_above_returns_a_whistle(tip: Tip, town_officer: User, city_officer: User) -> None:
    step(tip=tip, action=Action.WHISTLE, actor=town_officer)

    assert step(tip=tip, action=Action.RETURN_WHISTLE, actor=city_officer).is_returned


# --- circles ------------------------------------------------------------------------------------------------------


def test_a_town_that_gave_the_tip_away_by_whistle_does_not_get_it_again(
    city: City, tip: Tip, officer: User, town_officer: User
) -> None:
    down(tip, officer, city.town)
    for action, actor in (
        (Action.WHISTLE, town_officer),
        (Action.ANSWER_WHISTLE, officer),
        (Action.ARRIVE, officer),
    ):
        step(tip=tip, action=action, actor=actor)

    refused(Problem.UNIT_HAD_IT, tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)


def test_awsl73_the_city_leaves_a_death_to_the_district_that_told_it_once(
    city: City, tip: Tip, officer: User, city_officer: User
) -> None:
    step(tip=tip, action=Action.ESCALATE, actor=officer)
    down(tip, city_officer, city.yanta)
    step(tip=tip, action=Action.ESCALATE, actor=officer)

    refused(Problem.UNIT_HAD_IT, tip=tip, action=Action.DISPATCH, actor=city_officer, office_id=city.yanta.pk)


# --- a death ------------------------------------------------------------------------------------------------------

WAY = (
    Action.ACCEPT,
    Action.VERIFY,
    Action.CONCLUDE,
    Action.APPROVE_RESULT,
    Action.PROPOSE_MEASURE,
    Action.DISPOSE,
    Action.REPLY,
)


def found_by(city: City, office: Office, *, until: Action) -> Tip:
    """Return a tip that this unit led until after this act."""
    tip = TipFactory(district=YANTA)
    Tip.objects.filter(pk=tip.pk).update(handling_unit=office)
    officer, leader = person(office), person(office, Role.LEADER)
    for action in WAY[: WAY.index(until) + 1]:
        step(tip=tip, action=action, actor=leader if action in SIGNED else officer)
    return tip


@pytest.mark.parametrize(
    "until", [Action.APPROVE_RESULT, Action.PROPOSE_MEASURE, Action.DISPOSE, Action.REPLY]
)
def test_awsl73_a_death_learnt_after_a_town_signed_is_verified_anew_above(city: City, until: Action) -> None:
    tip = found_by(city, city.town, until=until)

    step(tip=tip, action=Action.ESCALATE, actor=person(city.town))

    found = fresh(tip)
    assert (found.handling_unit, found.status, found.result) == (city.yanta, TipStatus.VERIFYING, "")
    assert (found.answered_date, found.clock, found.due_date) == (
        None,
        Clock.CLOSE,
        TODAY + timedelta(days=60),
    )
    assert tip.supervisions.get().cause == SupervisionCause.DEATH
    told = [line.text for line in progress_for_receipt(typed=tip.acknowledgement.receipt).lines]
    assert any("重新核查" in text for text in told) is (until == Action.REPLY)


@pytest.mark.parametrize(
    ("until", "status"),
    [
        (Action.APPROVE_RESULT, TipStatus.VERIFIED),
        (Action.DISPOSE, TipStatus.DISPOSED),
        (Action.REPLY, TipStatus.REPLIED),
    ],
)
def test_awsl73_what_a_district_found_about_a_death_stands(
    city: City, until: Action, status: TipStatus
) -> None:
    tip = found_by(city, city.yanta, until=until)

    step(tip=tip, action=Action.ESCALATE, actor=person(city.yanta))

    found = fresh(tip)
    assert (found.handling_unit, found.status, found.involves_death) == (city.city, status, True)
    assert found.is_supervised


def test_awsl73_a_death_merged_into_a_tip_is_escalated_there(city: City, officer: User) -> None:
    lead = TipFactory(district=YANTA)
    death = TipFactory(district=YANTA, description="昨天死了一个工人")

    step(tip=death, action=Action.MERGE, actor=officer, into_number=lead.number)

    found, last = fresh(lead), lead.steps.filter(action=Action.ESCALATE).get()
    assert (found.involves_death, found.handling_unit, found.is_supervised) == (True, city.yanta, True)
    assert (last.actor, last.towards) == (officer, city.yanta)
    assert death.number in last.memo


def test_awsl73_a_death_merged_into_a_tip_of_a_town_goes_up(city: City) -> None:
    lead, death = TipFactory(district=YANTA), TipFactory(district=YANTA, description="昨天死了一个工人")
    Tip.objects.update(handling_unit=city.town)

    step(tip=death, action=Action.MERGE, actor=person(city.town), into_number=lead.number)

    assert {fresh(one).handling_unit for one in (lead, death)} == {city.yanta}


def test_awsl73_acting_on_a_death_in_a_town_makes_nobody_its_handler(city: City) -> None:
    tip = TipFactory(district=YANTA)
    Tip.objects.update(handling_unit=city.town, involves_death=True)

    step(tip=tip, action=Action.SCREEN, actor=person(city.town))

    assert fresh(tip).handler is None


# --- another body's industry --------------------------------------------------------------------------------------


def test_73_what_was_accepted_by_mistake_is_passed_on_with_words(tip: Tip, officer: User) -> None:
    refused(Problem.NEEDS_TEXT, tip=tip, action=Action.TRANSFER_OUT, actor=officer, note="")

    step(tip=tip, action=Action.TRANSFER_OUT, actor=officer, note="经核属住建部门职责")

    assert fresh(tip).status == TipStatus.TRANSFERRED_OUT
    assert not tip.periods.running().exists()
    told = progress_for_receipt(typed=tip.acknowledgement.receipt).replies[-1].text
    assert "经核属住建部门职责" in told


def test_73_once_a_result_is_proposed_the_bureau_keeps_it(tip: Tip, officer: User) -> None:
    step(tip=tip, action=Action.VERIFY, actor=officer)
    step(tip=tip, action=Action.CONCLUDE, actor=officer)

    with pytest.raises(IllegalMove):
        step(tip=tip, action=Action.TRANSFER_OUT, actor=officer)
