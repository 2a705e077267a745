"""Accounts: roles kept apart, nothing for oneself, closed at once, and what is left behind goes to a colleague."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from complaints.enums import Action, Role
from complaints.errors import AccountHasActed, NotAllowed, NotToOneself, RolesApart
from complaints.models import AuditRow, HandlingStep, Membership, Tip
from complaints.selectors.handovers import holders_under
from complaints.services.accounts import delete_account, note_changed
from complaints.services.audit_check import first_fault
from complaints.services.handovers import hand_over
from complaints.services.roles import assign_role, forget_second_factor, remove_role
from tests.factories import TODAY, UserFactory, noon, tip_of
from tests.fixtures import LIANHU, YANTA, City
from tests.parallel import at_once
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
AT = noon(TODAY)


@pytest.fixture
def chief() -> User:
    return UserFactory(username="chief")


def refusals() -> list[dict[str, object]]:
    return list(
        AuditRow.objects.filter(action="setting.refused").order_by("sequence").values_list("data", flat=True)
    )


# --- roles kept apart -----------------------------------------------------------------------------------------


def test_a_role_kept_apart_is_refused_with_a_row(city: City, chief: User) -> None:
    person = staff(Role.LEADER, office=city.city)

    with pytest.raises(RolesApart) as caught:
        assign_role(user=person, office=city.yanta, role=Role.CUSTODIAN, at=AT, actor=chief)

    assert "市应急管理局" in str(caught.value.public_message)
    assert Membership.objects.filter(user=person).count() == 1
    [row] = refusals()
    assert row == {
        "act": "role.given", "code": "roles_apart", "user": person.pk, "office": city.yanta.pk, "role": "custodian",
    }  # fmt: skip


def test_beside_each_other_it_is_given(city: City, chief: User) -> None:
    person = staff(Role.OFFICER, office=city.yanta)

    assign_role(user=person, office=city.lianhu, role=Role.AUDITOR, at=AT, actor=chief)

    assert Membership.objects.filter(user=person).count() == 2
    assert refusals() == []


def test_a_superuser_is_held_for_an_administrator(city: City, chief: User) -> None:
    machine = UserFactory(is_superuser=True)

    with pytest.raises(RolesApart):
        assign_role(user=machine, office=city.yanta, role=Role.OFFICER, at=AT, actor=chief)

    assert not machine.groups.exists()


@pytest.mark.django_db(transaction=True)
def test_two_halves_given_at_the_same_moment_do_not_both_arrive(city: City) -> None:
    person = UserFactory()
    one, other = UserFactory(), UserFactory()

    results = at_once(
        [
            lambda: assign_role(user=person, office=city.yanta, role=Role.LEADER, at=AT, actor=one),
            lambda: assign_role(user=person, office=city.yanta, role=Role.CUSTODIAN, at=AT, actor=other),
        ]
    )

    assert sum(isinstance(result, RolesApart) for result in results) == 1
    assert Membership.objects.filter(user=person).count() == 1


# --- nothing for oneself --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_changes_an_own_role_or_factor(city: City, is_superuser: bool) -> None:
    person = staff(Role.SYSTEM_ADMINISTRATOR, office=city.city)
    person.is_superuser = is_superuser
    person.save()
    held = Membership.objects.get(user=person)

    for call in (
        lambda: assign_role(user=person, office=city.yanta, role=Role.EDITOR, at=AT, actor=person),
        lambda: remove_role(membership=held, at=AT, actor=person),
        lambda: forget_second_factor(user=person, at=AT, actor=person),
    ):
        with pytest.raises(NotToOneself):
            call()

    assert [row["act"] for row in refusals()] == ["role.given", "role.taken", "second_factor.reset"]
    assert {row["code"] for row in refusals()} == {"not_to_oneself"}
    assert Membership.objects.get(user=person) == held


def test_nobody_closes_the_own_account(chief: User) -> None:
    chief.is_active = False

    with pytest.raises(NotToOneself):
        note_changed(user=chief, fields=["is_active"], at=AT, actor=chief)


# --- leaving ------------------------------------------------------------------------------------------------------


def test_closing_an_account_ends_its_sessions_and_no_others(
    city: City, chief: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    leaving, staying = staff(Role.OFFICER, office=city.yanta), staff(Role.OFFICER, office=city.yanta)
    browsers = [enter(Client(), person) for person in (leaving, leaving, staying)]
    before = [browser.get("/admin/").status_code for browser in browsers]
    leaving.is_active = False
    leaving.save()

    with django_capture_on_commit_callbacks() as after_commit:
        note_changed(user=leaving, fields=["is_active"], at=AT, actor=chief)
    after = [browser.get("/admin/").status_code for browser in browsers]
    for follow in after_commit:
        follow()

    # Nobody from the commit on, before any session row is gone.
    assert (before, after) == ([200, 200, 200], [302, 302, 200])
    assert Session.objects.count() == 1


def test_switching_an_account_on_again_ends_nothing(city: City, chief: User) -> None:
    person = staff(Role.OFFICER, office=city.yanta)
    enter(Client(), person)

    note_changed(user=person, fields=["is_active"], at=AT, actor=chief)

    assert Session.objects.count() == 1


# --- handing over ---------------------------------------------------------------------------------------------------


@pytest.fixture
def left_behind(city: City) -> list[Tip]:
    """Three open tips of one officer in the first district, one closed, one of a colleague."""
    holder = staff(Role.OFFICER, office=city.yanta, username="holder", first_name="王五")
    other = staff(Role.OFFICER, office=city.yanta, username="other", first_name="赵六")
    tips = [tip_of(holder, district=YANTA) for _ in range(3)]
    tip_of(other, district=YANTA)
    return tips


def give(city: City, actor: User, *, taker: User, memo: str = "调离"):
    holder = User.objects.get(username="holder")
    return hand_over(
        holder_id=holder.pk, office_id=city.yanta.pk, taker_id=taker.pk, actor=actor, at=AT, memo=memo
    )


def test_every_open_tip_goes_to_the_colleague_with_a_row_each(
    city: City, left_behind: list[Tip], leader: User
) -> None:
    taker = staff(Role.OFFICER, office=city.yanta, username="taker")
    User.objects.filter(username="holder").update(is_active=False)

    came = give(city, leader, taker=taker)

    assert list(came.done) == [tip.number for tip in left_behind]
    assert came.refused == ()
    assert Tip.objects.filter(handler=taker).count() == 3
    rows = AuditRow.objects.filter(action="tip.handler", actor=leader)
    assert {row.subject for row in rows} == {tip.number for tip in left_behind}
    assert {row.data["handler"] for row in rows} == {taker.pk}
    assert [step.memo for step in HandlingStep.objects.filter(action=Action.ASSIGN)] == ["调离"] * 3
    assert first_fault() is None


def test_a_second_time_finds_nothing_left(city: City, left_behind: list[Tip], leader: User) -> None:
    taker = staff(Role.OFFICER, office=city.yanta)
    give(city, leader, taker=taker)

    assert give(city, leader, taker=taker).done == ()


def test_somebody_of_another_unit_cannot_take_them(
    city: City, left_behind: list[Tip], leader: User, foreign_officer: User
) -> None:
    came = give(city, leader, taker=foreign_officer)

    assert came.done == ()
    assert [number for number, _error in came.refused] == [tip.number for tip in left_behind]
    assert not Tip.objects.filter(handler=foreign_officer).exists()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_only_leaders_hand_over_and_the_attempt_is_logged(
    city: City, left_behind: list[Tip], role: Role
) -> None:
    actor, taker = staff(role, office=city.yanta), staff(Role.OFFICER, office=city.yanta)

    with pytest.raises(NotAllowed):
        give(city, actor, taker=taker)

    assert AuditRow.objects.get(action="tip.refused").data["act"] == "tip.handover"
    assert not Tip.objects.filter(handler=taker).exists()


def test_a_leader_of_another_district_reaches_nothing(city: City, left_behind: list[Tip]) -> None:
    foreign = staff(Role.LEADER, office=city.lianhu)
    tip_of(foreign, district=LIANHU)

    assert [(one.name, one.open_count) for one in holders_under(user=foreign)] == [(foreign.first_name, 1)]
    with pytest.raises(NotAllowed):
        give(city, foreign, taker=foreign)


def test_who_is_gone_stands_first(city: City, left_behind: list[Tip], leader: User) -> None:
    User.objects.filter(username="holder").update(is_active=False)

    found = holders_under(user=leader)

    assert [(one.name, one.open_count, one.is_gone) for one in found] == [
        ("王五", 3, True),
        ("赵六", 1, False),
    ]


# --- refused with a row -------------------------------------------------------------------------------------------


def test_deleting_an_account_that_has_acted_leaves_a_row(city: City, chief: User) -> None:
    person = staff(Role.OFFICER, office=city.yanta)
    forget_second_factor(user=UserFactory(), at=AT, actor=person)

    with pytest.raises(AccountHasActed):
        delete_account(user=person, at=AT, actor=chief)

    assert User.objects.filter(pk=person.pk).exists()
    assert refusals() == [{"act": "user.delete", "code": "account_has_acted"}]


def test_a_desk_without_a_role_is_refused_with_a_row(client: Client, city: City) -> None:
    nobody = UserFactory(username="nobody")
    enter(client, nobody)

    answer = client.get("/admin/")

    row = AuditRow.objects.get(action="desk.refused")
    assert (answer.status_code, row.actor, row.data["page"]) == (403, nobody, "wagtailadmin_home")
