"""Internal tips: unseen by the bureau, acted on by the own managers alone, and never buried."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count
from pytest_django import Settings

from complaints.crypto.errors import DecryptionError
from complaints.enterprise_errors import EnterpriseNotFound, InsideTip, ManagerApart
from complaints.enums import InsideAct, InsideState, Problem, Role, TipKind, TipStatus
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, ReceiptUnknown, TipNotFound
from complaints.models import (
    AuditRow,
    Enterprise,
    Evidence,
    GivenPassword,
    HandlingStep,
    InternalStep,
    InternalTip,
    Period,
    PurgedNumber,
    RoutingDecision,
    SealedIdentity,
    Tip,
    TipReceipt,
)
from complaints.models.sealed import is_bound
from complaints.policies import tips_visible_to
from complaints.selectors.inside_figures import figures_of_year
from complaints.selectors.internal import (
    has_managers,
    inside_for,
    inside_of_workplaces,
    workplaces_of,
)
from complaints.services import internal
from complaints.services.accounts import note_own_password
from complaints.services.daily import run_daily
from complaints.services.inside_progress import inside_progress
from complaints.services.intake import submit_tip
from complaints.services.internal_purge import purge_internal
from complaints.services.managers import end_manager, invite_manager, set_scale
from complaints.services.reporter import progress_for_receipt, send_message, withdraw
from complaints.services.retention import purge
from complaints.services.roles import assign_role
from complaints.services.turning import confirm_reward, remind_and_turn, turn_outside
from tests.enterprise_steps import LATE, act, enterprise, inside, lead_to, manager, tell_inside
from tests.factories import TODAY, VAULT_FINGERPRINT, UserFactory, draft, noon
from tests.fixtures import City

pytestmark = pytest.mark.django_db


# --- intake -----------------------------------------------------------------------------------------------------


def test_an_internal_tip_is_stored_sealed_with_its_receipt(entry: Enterprise) -> None:
    done = tell_inside(
        entry, photos=2, head="equipment", workshop="三车间", post="行车工", suggestion="装护栏", on_duty=True
    )

    row = inside(done.number)
    assert (row.tip.is_internal, row.state, row.head, row.on_duty) == (True, "received", "equipment", True)
    assert (row.workshop, row.post, row.suggestion) == ("三车间", "行车工", "装护栏")
    assert b"\xe4\xb8\x89" not in bytes(row.workshop_sealed)
    assert row.tip.photos.count() == 2
    assert inside_progress(typed=done.receipt, today=TODAY).number == done.number


def test_nothing_of_the_legal_way_begins(entry: Enterprise) -> None:
    tell_inside(entry)

    models = (Period, HandlingStep, RoutingDecision, AuditRow)
    assert {model.__name__: model.objects.count() for model in models} == dict.fromkeys(
        (model.__name__ for model in models), 0
    )


def test_the_same_key_twice_is_one_internal_tip(entry: Enterprise) -> None:
    key = "a" * 32
    first = tell_inside(entry, idempotency_key=key)
    again = tell_inside(entry, idempotency_key=key)

    assert first.number == again.number
    assert (InternalTip.objects.count(), TipReceipt.objects.count()) == (1, 2)
    with pytest.raises(DraftInvalid) as caught:
        tell_inside(entry, idempotency_key=key, workshop="别处")
    assert caught.value.problems[0].problem == Problem.KEY_USED


def test_a_key_of_an_internal_tip_makes_no_outside_one(entry: Enterprise) -> None:
    key = "b" * 32
    tell_inside(entry, idempotency_key=key)

    with pytest.raises(DraftInvalid):
        submit_tip(
            draft=draft(idempotency_key=key), uploads=[], today=TODAY, vault_fingerprint=VAULT_FINGERPRINT
        )


# --- who sees what ----------------------------------------------------------------------------------------------


def test_the_bureau_sees_no_internal_tip_anywhere(
    city: City, entry: Enterprise, officer: User, leader: User, city_officer: User, auditor: User
) -> None:
    done = tell_inside(entry)

    assert not Tip.objects.exists()
    assert not Tip.objects.filter(number=done.number).exists()
    assert Tip.objects.aggregate(n=Count("pk"))["n"] == 0
    assert city.yanta.tips.count() == 0
    for user in (officer, leader, city_officer, auditor):
        assert not tips_visible_to(user).exists()


def test_a_manager_sees_the_own_enterprises_alone(city: City, entry: Enterprise, boss: User) -> None:
    foreign = enterprise(city, number=2)
    own, alien = tell_inside(entry), tell_inside(foreign)
    outside = submit_tip(
        draft=draft(entity_name=entry.name), uploads=[], today=TODAY, vault_fingerprint=VAULT_FINGERPRINT
    )

    assert [row.tip.number for row in inside_of_workplaces(boss)] == [own.number]
    for number in (alien.number, outside.number, "no-such"):
        assert inside_for(boss, number=number) is None
        with pytest.raises(TipNotFound):
            act(number, "acknowledge", boss)


def test_a_manager_of_two_sees_both_and_an_ended_one_nothing(
    city: City, entry: Enterprise, officer: User
) -> None:
    second = enterprise(city, number=2)
    both = manager(entry, second, username="both")
    tell_inside(entry)
    tell_inside(second)
    assert inside_of_workplaces(both).count() == 2

    for row in both.workplaces.all():
        end_manager(manager_id=row.pk, enterprise_id=row.enterprise_id, actor=officer, at=noon(TODAY))

    assert workplaces_of(both) == []
    assert inside_of_workplaces(both).count() == 0


def test_a_closed_account_sees_nothing(entry: Enterprise, boss: User) -> None:
    tell_inside(entry)
    boss.is_active = False
    boss.save()

    assert inside_of_workplaces(boss).count() == 0


def test_a_manager_reads_no_tip_of_the_bureau(entry: Enterprise, boss: User) -> None:
    submit_tip(
        draft=draft(entity_name=entry.name), uploads=[], today=TODAY, vault_fingerprint=VAULT_FINGERPRINT
    )

    assert not tips_visible_to(boss).exists()


# --- the acts of managers ---------------------------------------------------------------------------------------


def test_the_whole_way_with_a_plan(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry, photos=1)

    act(done.number, "acknowledge", boss)
    act(done.number, "verify", boss, grade="major", averted=True, memo="属实，已停机。")
    act(done.number, "plan", boss)
    act(done.number, "fix", boss, photos=1)
    act(done.number, "accept", other)
    act(done.number, "pay", boss, reward_yuan=5000)
    act(done.number, "circulate", boss)
    seen = confirm_reward(typed=done.receipt, is_received=True, today=TODAY)

    row = inside(done.number)
    assert (row.state, row.grade, row.averted, row.reward_yuan) == ("closed", "major", True, 5000)
    assert (row.person, row.funds_yuan, row.due_date, row.circulated_date) == ("机修班长", 3000, None, TODAY)
    assert (row.confirmed_date, seen.state) == (TODAY, InsideState.CLOSED)
    assert [step.act for step in row.steps.all()] == [
        "acknowledge", "verify", "plan", "fix", "accept", "pay", "circulate", "confirm",
    ]  # fmt: skip
    assert Evidence.objects.filter(internal_step__act="fix").count() == 1
    assert [line.text for line in seen.lines] == ["属实，已停机。", "护栏已装好。", "到安全科报编号领取。"]
    # Those of the managers: what the reporter did stands in the history alone.
    assert AuditRow.objects.filter(subject=done.number, action__startswith="inside.").count() == 7


def test_acceptance_is_by_another_person(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)

    with pytest.raises(NotAllowed):
        act(done.number, "accept", boss)
    with pytest.raises(NotAllowed):
        act(done.number, "send_back", boss)
    act(done.number, "send_back", other)
    act(done.number, "fix", other)
    act(done.number, "accept", boss)

    assert inside(done.number).state == "accepted"


@pytest.mark.parametrize(
    ("state", "name", "values", "field", "problem"),
    [
        ("acknowledged", "verify", {"grade": ""}, "grade", Problem.MISSING),
        ("acknowledged", "verify", {"grade": "huge"}, "grade", Problem.UNKNOWN_CODE),
        ("acknowledged", "refute", {"memo": " "}, "memo", Problem.MISSING),
        ("acknowledged", "refute", {"memo": "甲" * 1001}, "memo", Problem.TOO_LONG),
        ("verified", "plan", {"person": ""}, "person", Problem.MISSING),
        ("verified", "plan", {"measures": ""}, "measures", Problem.MISSING),
        ("verified", "plan", {"emergency": ""}, "emergency", Problem.MISSING),
        ("verified", "plan", {"funds_yuan": None}, "funds_yuan", Problem.MISSING),
        ("verified", "plan", {"funds_yuan": -1}, "funds_yuan", Problem.BAD_NUMBER),
        ("verified", "plan", {"deadline": None}, "deadline", Problem.MISSING),
        ("verified", "plan", {"deadline": TODAY - timedelta(days=1)}, "deadline", Problem.BAD_DEADLINE),
        ("accepted", "pay", {"reward_yuan": None}, "reward_yuan", Problem.MISSING),
        ("accepted", "pay", {"reward_yuan": 2_000_000}, "reward_yuan", Problem.BAD_NUMBER),
        ("accepted", "pay", {"paid_date": TODAY + timedelta(days=1)}, "paid_date", Problem.FUTURE_DATE),
        ("accepted", "pay", {"paid_date": TODAY - timedelta(days=9)}, "paid_date", Problem.BEFORE_TIP),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_stored(
    entry: Enterprise,
    boss: User,
    other: User,
    state: str,
    name: str,
    values: dict[str, Any],
    field: str,
    problem: Problem,
) -> None:
    done = tell_inside(entry)
    lead_to(done.number, state, boss, other=other)
    before, logged = InternalStep.objects.count(), set(AuditRow.objects.values_list("pk", flat=True))

    with pytest.raises(DraftInvalid) as caught:
        act(done.number, name, boss, **values)

    assert [(one.field, one.problem) for one in caught.value.problems] == [(field, problem)]
    assert inside(done.number).state == state
    assert InternalStep.objects.count() == before
    assert [row.action for row in AuditRow.objects.exclude(pk__in=logged)] == ["inside.refused"]


@pytest.mark.parametrize(
    ("name", "photos", "problem"),
    [("reply", 1, Problem.UNKNOWN_FIELD), ("verify", 3, Problem.TIP_IS_FULL)],
)
def test_a_company_fills_no_disk(
    entry: Enterprise, boss: User, settings: Settings, name: str, photos: int, problem: Problem
) -> None:
    settings.PHOTOS_PER_TIP = 2
    done = tell_inside(entry)
    act(done.number, "acknowledge", boss)

    with pytest.raises(DraftInvalid) as caught:
        act(done.number, name, boss, photos=photos)

    assert [(one.field, one.problem) for one in caught.value.problems] == [("photos", problem)]
    assert not Evidence.objects.exists()


def test_a_company_writes_so_many_times_a_day(
    entry: Enterprise, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(internal, "REPLIES_PER_DAY", 1)
    done = tell_inside(entry)
    act(done.number, "reply", boss)

    with pytest.raises(DraftInvalid) as caught:
        act(done.number, "reply", boss)

    assert caught.value.problems[0].problem == Problem.TOO_MANY_TODAY


def test_a_larger_hazard_is_not_put_right_without_a_photo(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    act(done.number, "acknowledge", boss)
    act(done.number, "verify", boss, grade="larger")

    with pytest.raises(DraftInvalid) as caught:
        act(done.number, "fix", boss)

    assert caught.value.problems[0].problem == Problem.NEEDS_PHOTO_OF_FIX
    assert inside(done.number).state == "verified"
    act(done.number, "fix", boss, photos=1)
    assert inside(done.number).state == "fixed"


def test_acts_out_of_order_are_refused(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)

    for name in ("verify", "plan", "fix", "pay", "circulate", "confirm", "turn", "remind", "turn_by_itself"):
        with pytest.raises(IllegalMove):
            act(done.number, name, boss)

    assert inside(done.number).state == "received"


@pytest.mark.parametrize(("name", "code"), [("fix", "illegal_move"), ("verify", "invalid")])
def test_a_refused_act_leaves_one_row(entry: Enterprise, boss: User, name: str, code: str) -> None:
    done = tell_inside(entry)
    if name == "verify":
        act(done.number, "acknowledge", boss)

    with pytest.raises((IllegalMove, DraftInvalid)):
        act(done.number, name, boss, grade="none")

    row = AuditRow.objects.get(action="inside.refused")
    assert (row.subject, row.actor, row.data) == (done.number, boss, {"act": name, "code": code})


# --- the reporter's side ----------------------------------------------------------------------------------------


def test_acts_of_the_bureaus_way_are_refused_with_a_word(entry: Enterprise) -> None:
    done = tell_inside(entry)

    with pytest.raises(InsideTip):
        progress_for_receipt(typed=done.receipt)
    with pytest.raises(InsideTip):
        withdraw(typed=done.receipt, today=TODAY)
    with pytest.raises(InsideTip):
        send_message(
            typed=done.receipt, text="甲", uploads=[], today=TODAY, vault_fingerprint=VAULT_FINGERPRINT
        )


def test_a_reward_that_did_not_come_opens_the_way_outside(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "paid", boss, other=other)

    seen = confirm_reward(typed=done.receipt, is_received=False, today=TODAY + timedelta(days=1))

    assert (seen.state, seen.may_turn, seen.reward_yuan) == (InsideState.ACCEPTED, True, None)
    with pytest.raises(IllegalMove):
        confirm_reward(typed=done.receipt, is_received=True, today=TODAY)


def test_a_denied_reward_is_overdue_the_same_day(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "paid", boss, other=other)

    assert confirm_reward(typed=done.receipt, is_received=False, today=TODAY).may_turn


@pytest.mark.parametrize("is_received", [True, False])
def test_the_log_never_tells_when_the_reporter_answered(
    entry: Enterprise, boss: User, other: User, is_received: bool
) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "paid", boss, other=other)
    before = AuditRow.objects.count()

    confirm_reward(typed=done.receipt, is_received=is_received, today=TODAY)

    assert AuditRow.objects.count() == before


def test_the_log_never_tells_when_the_reporter_turned_it(entry: Enterprise) -> None:
    done = tell_inside(entry)

    turn_outside(typed=done.receipt, today=LATE)

    assert not AuditRow.objects.filter(subject=done.number).exists()


def test_a_refused_turn_leaves_a_row_that_names_no_tip(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)

    with pytest.raises(IllegalMove):
        turn_outside(typed=done.receipt, today=TODAY)

    row = AuditRow.objects.get(action="tip.refused")
    assert (row.subject, row.actor, row.data) == ("", None, {"act": "turn", "code": "illegal_move"})


def test_a_tip_that_cannot_be_read_keeps_no_other_waiting(entry: Enterprise) -> None:
    broken = tell_inside(entry, kind="major_hazard")
    Tip.everywhere.filter(number=broken.number).update(description_sealed=b"no token")
    whole = tell_inside(entry, kind="major_hazard")

    with pytest.raises(DecryptionError):
        remind_and_turn(today=LATE, now=noon(LATE))

    assert [tip.number for tip in Tip.objects.all()] == [whole.number]


def test_the_reporter_turns_an_overdue_tip_with_the_same_receipt(
    city: City, entry: Enterprise, boss: User, officer: User
) -> None:
    done = tell_inside(
        entry, photos=1, workshop="三车间", suggestion="装护栏", identity_mode="anonymous_with_code"
    )
    with pytest.raises(IllegalMove):
        turn_outside(typed=done.receipt, today=TODAY)

    number = turn_outside(typed=done.receipt, today=LATE)

    tip = Tip.objects.get(number=number)
    assert number == done.number
    assert (tip.received_date, tip.status, tip.handling_unit) == (LATE, TipStatus.REGISTERED, city.yanta)
    assert "行车下面站人" in tip.description
    assert "三车间" in tip.description
    assert progress_for_receipt(typed=done.receipt).number == number
    assert tips_visible_to(officer).filter(pk=tip.pk).exists()
    assert tip.periods.count() == 1
    assert tip.steps.get().action == "register"
    assert inside(number).received_date == TODAY
    # The company sees it no more.
    assert inside_for(boss, number=number) is None
    with pytest.raises(TipNotFound):
        act(number, "acknowledge", boss)
    with pytest.raises(IllegalMove):
        turn_outside(typed=done.receipt, today=LATE)


def test_the_sealed_name_of_a_turned_tip_still_opens(entry: Enterprise) -> None:
    done = tell_inside(
        entry,
        identity_mode="real_name",
        identity={"name": "李某", "phone": "13800000000", "is_employee": "1"},
    )
    turn_outside(typed=done.receipt, today=LATE)

    row = SealedIdentity.objects.select_related("tip").get()
    assert row.tip.number == done.number
    assert is_bound(row)


def test_what_was_found_untrue_may_be_turned_at_once(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    act(done.number, "acknowledge", boss)
    act(done.number, "refute", boss)

    assert inside_progress(typed=done.receipt, today=TODAY).may_turn
    assert turn_outside(typed=done.receipt, today=TODAY) == done.number


# --- clocks -----------------------------------------------------------------------------------------------------


def test_an_overdue_tip_is_reminded_once(entry: Enterprise) -> None:
    done = tell_inside(entry)

    assert remind_and_turn(today=TODAY, now=noon(TODAY)) == 0
    assert remind_and_turn(today=LATE, now=noon(LATE)) == 1
    assert remind_and_turn(today=LATE + timedelta(days=1), now=noon(LATE)) == 0

    assert [step.act for step in inside(done.number).steps.all()] == ["remind"]


def test_each_period_is_reminded_of_anew(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    remind_and_turn(today=LATE, now=noon(LATE))

    act(done.number, "acknowledge", boss, day=LATE)
    later = LATE + timedelta(days=30)

    assert remind_and_turn(today=later, now=noon(later)) == 1


def test_an_overdue_major_hazard_goes_to_the_district_by_itself(
    city: City, entry: Enterprise, boss: User, officer: User
) -> None:
    done = tell_inside(entry)
    act(done.number, "acknowledge", boss)
    act(done.number, "verify", boss, grade="major")

    run_daily(today=LATE, now=noon(LATE))

    tip = tips_visible_to(officer).get(number=done.number)
    assert (tip.kind, tip.handling_unit) == (TipKind.MAJOR_HAZARD, city.yanta)
    assert inside(done.number).state == "turned"
    assert inside(done.number).steps.last().act == InsideAct.TURN_BY_ITSELF
    assert run_daily(today=LATE, now=noon(LATE)).counts["look_after_internal"] == 0


@pytest.mark.parametrize("grade", ["general", "larger"])
def test_a_lower_grade_does_not_keep_a_marked_hazard_from_the_district(
    entry: Enterprise, boss: User, officer: User, grade: str
) -> None:
    done = tell_inside(entry, kind="major_hazard")
    act(done.number, "acknowledge", boss)
    act(done.number, "verify", boss, grade=grade)

    run_daily(today=LATE, now=noon(LATE))

    assert tips_visible_to(officer).get(number=done.number).kind == TipKind.MAJOR_HAZARD
    assert inside(done.number).steps.last().act == InsideAct.TURN_BY_ITSELF


def test_accepted_by_another_person_a_marked_hazard_stays_inside(
    entry: Enterprise, boss: User, other: User
) -> None:
    done = tell_inside(entry, kind="major_hazard")
    act(done.number, "acknowledge", boss)
    act(done.number, "verify", boss, grade="general")
    with pytest.raises(DraftInvalid) as caught:
        act(done.number, "fix", boss)
    act(done.number, "fix", boss, photos=1)
    act(done.number, "accept", other)

    run_daily(today=LATE, now=noon(LATE))

    assert {one.problem for one in caught.value.problems} == {Problem.NEEDS_PHOTO_OF_FIX}
    assert inside(done.number).state == "accepted"


# --- figures ----------------------------------------------------------------------------------------------------


def test_the_bureau_sees_counts(entry: Enterprise, boss: User, other: User) -> None:
    numbers = [tell_inside(entry).number for _ in range(4)]
    lead_to(numbers[0], "paid", boss, other=other)
    lead_to(numbers[1], "accepted", boss, other=other)
    act(numbers[2], "acknowledge", boss)
    act(numbers[2], "refute", boss)

    found = figures_of_year(entry, today=LATE)

    assert (found.received, found.fixed, found.untrue, found.turned) == (4, 2, 1, 0)
    assert (found.overdue, found.unpaid, found.paid_count, found.paid_yuan) == (2, 1, 1, 100)
    assert found.fixed_percent == 67


# --- managers ---------------------------------------------------------------------------------------------------


def invite(entry: Enterprise, actor: User, username: str = "aqy", name: str = "秦安全") -> Any:
    return invite_manager(enterprise_id=entry.pk, username=username, name=name, actor=actor, at=noon(TODAY))


def test_an_invited_manager_must_choose_an_own_password(entry: Enterprise, officer: User) -> None:
    invited = invite(entry, officer)

    user = invited.manager.user
    assert not user.has_usable_password()
    assert len(invited.code) == 23
    assert not user.is_staff
    assert not user.groups.exists()
    assert GivenPassword.objects.filter(user=user).exists()
    assert AuditRow.objects.filter(action="manager.invited", actor=officer).count() == 1


def test_who_was_invited_and_never_signed_in_reads_nothing(entry: Enterprise, officer: User) -> None:
    made = invite_manager(
        enterprise_id=entry.pk, username="qinanquan", name="秦安全", actor=officer, at=noon(TODAY)
    )
    assert not has_managers(entry)

    note_own_password(user=made.manager.user, at=noon(TODAY))

    assert has_managers(entry)


def test_the_same_account_takes_a_second_enterprise(city: City, entry: Enterprise, officer: User) -> None:
    second = enterprise(city, number=2)
    invite(entry, officer)

    again = invite(second, officer)

    assert again.code == ""
    assert [one.pk for one in workplaces_of(again.manager.user)] == [entry.pk, second.pk]


@pytest.mark.parametrize(
    ("username", "name", "field"),
    [("yanta-officer", "某", "username"), ("free", "某", "username"), ("", "某", "username"), ("a b", "某", "username"),
     ("aqy", "", "name"), ("甲" * 41, "某", "username")],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused(
    entry: Enterprise, officer: User, username: str, name: str, field: str
) -> None:
    UserFactory(username="free")
    before = User.objects.count()

    with pytest.raises(DraftInvalid) as caught:
        invite(entry, officer, username, name)

    assert {one.field for one in caught.value.problems} == {field}
    assert User.objects.count() == before


def test_a_town_invites_nobody_to_an_enterprise_the_district_supervises(
    city: City, officer: User, town_officer: User
) -> None:
    entry = enterprise(city, number=3, town_id=city.town_code)
    row = invite(entry, officer).manager

    with pytest.raises(EnterpriseNotFound):
        invite(entry, town_officer, "other")
    with pytest.raises(EnterpriseNotFound):
        end_manager(manager_id=row.pk, enterprise_id=entry.pk, actor=town_officer, at=noon(TODAY))


def test_twice_and_from_outside_is_refused(entry: Enterprise, officer: User, foreign_officer: User) -> None:
    invite(entry, officer)

    with pytest.raises(DraftInvalid) as caught:
        invite(entry, officer)
    with pytest.raises(EnterpriseNotFound):
        invite(entry, foreign_officer, "other")

    assert caught.value.problems[0].problem == Problem.MANAGER_ALREADY


def test_the_scale_is_the_enterprises_own(city: City, entry: Enterprise, boss: User) -> None:
    amounts = {"general": (50, 100), "larger": (300, 600), "major": (2000, 5000)}
    set_scale(enterprise_id=entry.pk, amounts=amounts, actor=boss, at=noon(TODAY))

    assert {one.grade: (one.inside_yuan, one.outside_yuan) for one in entry.scale.all()} == amounts
    with pytest.raises(DraftInvalid):
        set_scale(
            enterprise_id=entry.pk, amounts={**amounts, "major": (5000, 2000)}, actor=boss, at=noon(TODAY)
        )
    with pytest.raises(EnterpriseNotFound):
        set_scale(enterprise_id=enterprise(city, number=2).pk, amounts=amounts, actor=boss, at=noon(TODAY))


def test_no_page_of_the_bureau_joins_past_the_manager() -> None:
    """The guard of the guard: the default manager of tips is the one that leaves internal ones out."""
    assert Tip._default_manager is Tip.objects
    assert "is_internal" in str(Tip.objects.all().query)
    assert "is_internal" not in str(Tip.everywhere.filter(pk=1).query).split("WHERE")[1]
    assert connection.vendor in ("sqlite", "postgresql")


def test_roles_of_the_bureau_and_of_a_company_stay_apart(
    city: City, entry: Enterprise, officer: User
) -> None:
    user = invite(entry, officer).manager.user

    with pytest.raises(ManagerApart):
        assign_role(user=user, office=city.yanta, role=Role.OFFICER, at=noon(TODAY))


# --- keeping ------------------------------------------------------------------------------------------------------


def test_an_internal_tip_is_destroyed_after_its_period_with_its_files(
    entry: Enterprise, boss: User, evidence_root: Path
) -> None:
    done, open_one = tell_inside(entry, photos=1), tell_inside(entry)
    act(done.number, "acknowledge", boss)
    act(done.number, "refute", boss)
    last, after = date(2029, 3, 10), date(2029, 3, 11)  # TODAY and the three years of an unfounded one

    assert purge_internal(as_of=last, at=noon(last)) == 0
    assert purge_internal(as_of=after, at=noon(after)) == 1
    purge(as_of=after, at=noon(after))

    assert [row.tip.number for row in InternalTip.objects.all()] == [open_one.number]
    assert not [path for path in evidence_root.rglob("*") if path.is_file() and path.name != ".lock"]
    assert PurgedNumber.objects.get().number == done.number
    with pytest.raises(ReceiptUnknown):
        inside_progress(typed=done.receipt, today=after)
