"""Invitations of safety managers: a code shown once, good once and for 72 hours; nobody else knows the password."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.enterprise_errors import EnterpriseNotFound, InviteRefused, PasswordRefused
from complaints.enums import InviteFault, Role
from complaints.errors import AccountHasActed, DraftInvalid
from complaints.models import AuditRow, Enterprise, EnterpriseManager, GivenPassword, ManagerInvite, Message
from complaints.selectors.internal import has_managers
from complaints.services.accounts import delete_account
from complaints.services.backups.aftermath import close_doors
from complaints.services.invitations import Issued, issue_anew, join
from complaints.services.managers import end_manager, invite_manager
from portal.shared import throttle
from tests.enterprise_steps import act, enterprise, manager, tell_inside
from tests.factories import PASSWORD, TODAY, UserFactory, noon
from tests.fixtures import LIANHU, City
from tests.parallel import at_once
from tests.signin import SECRET, code_at, enter, give_app, staff

pytestmark = pytest.mark.django_db
OWN = "雨后的行车不能站人啊啊啊"
NOW = noon(TODAY)
JOIN = "/workplace/join/"


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> None:
    cache.clear()


@pytest.fixture
def officer(city: City) -> User:
    user = staff(Role.OFFICER, office=city.yanta, username="yanta-officer")
    give_app(user)
    return user


@pytest.fixture
def invited(entry: Enterprise, officer: User) -> Issued:
    return invite(entry, officer)


def invite(entry: Enterprise, officer: User, *, username: str = "aqy", days_ago: int = 0) -> Issued:
    at = timezone.now() - timedelta(days=days_ago)
    return invite_manager(enterprise_id=entry.pk, username=username, name="秦安全", actor=officer, at=at)


def again(row: EnterpriseManager, officer: User) -> Issued:
    return issue_anew(manager_id=row.pk, enterprise_id=row.enterprise_id, actor=officer, at=timezone.now())


def fault(code: str) -> InviteFault:
    with pytest.raises(InviteRefused) as caught:
        join(typed=code, password=OWN, at=timezone.now())
    return caught.value.fault


# --- the code ---------------------------------------------------------------------------------------------------


def test_an_invited_person_has_no_password_and_the_code_is_kept_nowhere(invited: Issued) -> None:
    row = ManagerInvite.objects.get()
    stored = "".join(str(value) for value in ManagerInvite.objects.values().get().values())

    assert not invited.manager.user.has_usable_password()
    assert invited.code.replace("-", "") not in stored
    assert row.expires_at - row.issued_at == timedelta(hours=72)
    assert invited.code not in "".join(str(one.data) for one in AuditRow.objects.all())


def test_the_holder_chooses_the_password_once(entry: Enterprise, invited: Issued) -> None:
    assert not has_managers(entry)

    user = join(typed=invited.code.upper().replace("-", " "), password=OWN, at=timezone.now())

    assert user.check_password(OWN)
    assert has_managers(entry)
    assert AuditRow.objects.get(action="manager.joined").actor == user
    assert fault(invited.code) == InviteFault.USED


def test_a_code_runs_out_after_72_hours(entry: Enterprise, officer: User) -> None:
    old = invite(entry, officer, days_ago=3)
    young = invite(entry, officer, username="b", days_ago=2)

    assert fault(old.code) == InviteFault.EXPIRED
    assert join(typed=young.code, password=OWN, at=timezone.now()).username == "b"


def test_a_new_code_kills_the_old_one(invited: Issued, officer: User) -> None:
    fresh = again(invited.manager, officer)

    assert fault(invited.code) == InviteFault.REPLACED
    assert join(typed=fresh.code, password=OWN, at=timezone.now()) == invited.manager.user
    assert AuditRow.objects.get(action="manager.code_issued").actor == officer


def test_the_end_of_the_work_kills_the_code(invited: Issued, officer: User) -> None:
    row = invited.manager
    end_manager(manager_id=row.pk, enterprise_id=row.enterprise_id, actor=officer, at=timezone.now())

    assert fault(invited.code) == InviteFault.WITHDRAWN
    assert not User.objects.get(pk=row.user_id).has_usable_password()


@pytest.mark.parametrize("how", ["closed account", "enterprise out of business"])
def test_who_has_nothing_to_read_cannot_join(entry: Enterprise, invited: Issued, how: str) -> None:
    if how == "closed account":
        User.objects.filter(pk=invited.manager.user_id).update(is_active=False)
    else:
        Enterprise.objects.filter(pk=entry.pk).update(is_active=False)

    assert fault(invited.code) == InviteFault.WITHDRAWN


@pytest.mark.parametrize("code", ["", "abcde", "abcde-fghjk-mnpqr-stuvw", "x" * 500])
def test_an_unknown_code_opens_nothing_and_leaves_no_row(invited: Issued, code: str) -> None:
    assert fault(code) == InviteFault.UNKNOWN
    assert not AuditRow.objects.filter(action="manager.join_refused").exists()


def test_a_dead_code_that_is_tried_leaves_a_row(invited: Issued) -> None:
    join(typed=invited.code, password=OWN, at=timezone.now())

    fault(invited.code)

    row = AuditRow.objects.get(action="manager.join_refused")
    assert (row.subject, row.data["code"], row.actor) == (f"user:{invited.manager.user_id}", "used", None)


@pytest.mark.parametrize("password", ["short", "", "password1234", "安全生产安全生产安全生产"])
def test_a_poor_password_is_refused_and_the_code_stays_good(invited: Issued, password: str) -> None:
    with pytest.raises(PasswordRefused) as caught:
        join(typed=invited.code, password=password, at=timezone.now())

    assert caught.value.messages
    assert join(typed=invited.code, password=OWN, at=timezone.now()).check_password(OWN)


def test_what_others_set_up_is_forgotten(invited: Issued, officer: User) -> None:
    """An account of the time when first passwords were given: whoever knew it may have set an app up."""
    user = invited.manager.user
    give_app(user)
    enter(Client(), user)

    fresh = again(invited.manager, officer)

    assert not Authenticator.objects.filter(user=user).exists()
    assert str(user.pk) not in {one.get_decoded().get("_auth_user_id") for one in Session.objects.all()}
    assert join(typed=fresh.code, password=OWN, at=timezone.now()) == user


# --- who gives it -----------------------------------------------------------------------------------------------


def test_who_has_joined_gets_no_new_code(invited: Issued, officer: User) -> None:
    join(typed=invited.code, password=OWN, at=timezone.now())

    with pytest.raises(EnterpriseNotFound):
        again(invited.manager, officer)

    assert User.objects.get(pk=invited.manager.user_id).check_password(OWN)


def test_a_code_is_not_given_by_others(city: City, invited: Issued) -> None:
    for office, role in ((city.lianhu, Role.OFFICER), (city.town, Role.OFFICER), (city.city, Role.AUDITOR)):
        with pytest.raises(EnterpriseNotFound):
            again(invited.manager, staff(role, office=office))

    assert ManagerInvite.objects.filter(end="").count() == 1


def test_who_would_read_elsewhere_gets_no_code_from_here(city: City, invited: Issued, officer: User) -> None:
    other = enterprise(city, number=2, office=city.lianhu, district_id=LIANHU)
    neighbour = staff(Role.OFFICER, office=city.lianhu, username="lianhu-officer")

    second = invite(other, neighbour)

    assert second.code == ""
    for row, person in ((invited.manager, officer), (second.manager, neighbour)):
        with pytest.raises(EnterpriseNotFound):
            again(row, person)
    assert again(invited.manager, staff(Role.OFFICER, office=city.city)).code


def test_who_was_ended_before_joining_is_invited_anew_with_a_code(
    entry: Enterprise, invited: Issued, officer: User
) -> None:
    row = invited.manager
    end_manager(manager_id=row.pk, enterprise_id=entry.pk, actor=officer, at=timezone.now())

    fresh = invite(entry, officer)

    assert join(typed=fresh.code, password=OWN, at=timezone.now()) == row.user


def test_a_restored_backup_opens_nothing_that_was_used_since(invited: Issued) -> None:
    close_doors(backup="x", made_on=TODAY.isoformat(), at=timezone.now())

    assert fault(invited.code) == InviteFault.WITHDRAWN


def test_an_invited_account_is_closed_not_deleted(invited: Issued, city: City) -> None:
    with pytest.raises(AccountHasActed):
        delete_account(user=invited.manager.user, at=timezone.now(), actor=staff(Role.SYSTEM_ADMINISTRATOR))

    assert User.objects.filter(username="aqy").exists()


# --- at the desk ------------------------------------------------------------------------------------------------


def stale(user: User) -> Client:
    """Return a desk whose password and code were shown an hour ago."""
    client = enter(Client(), user)
    session = client.session
    records = [{**one, "at": time.time() - 3600} for one in session["account_authentication_methods"]]
    session["account_authentication_methods"] = records
    session.save()
    return client


def test_password_and_second_step_are_asked_before_a_code_is_given(entry: Enterprise, officer: User) -> None:
    client, address = stale(officer), reverse("enterprises:invite", args=[entry.pk])
    typed = {"username": "aqy", "name": "秦安全"}

    asked = client.post(address, typed)
    assert asked.status_code == 401
    assert not EnterpriseManager.objects.exists()
    wrong = client.post(
        address, {**typed, "reauth_password": "no", "reauth_code": "000000", "reauth_after": "POST"}
    )
    assert wrong.status_code == 401
    assert not EnterpriseManager.objects.exists()
    right = {"reauth_password": PASSWORD, "reauth_code": code_at(now=time.time()), "reauth_after": "POST"}
    page = client.post(address, {**typed, **right}).content.decode()

    assert EnterpriseManager.objects.get().user.username == "aqy"
    code = page.split("<b><code>")[1].split("</code>")[0]
    assert join(typed=code, password=OWN, at=timezone.now()).username == "aqy"
    assert PASSWORD not in page


def test_a_new_code_is_asked_for_likewise(invited: Issued, officer: User) -> None:
    row = invited.manager
    address = reverse("enterprises:manager_code", args=[row.enterprise_id, row.pk])

    assert stale(officer).post(address).status_code == 401
    assert fault_free(invited.code)
    page = enter(Client(), officer).post(address)

    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert fault(invited.code) == InviteFault.REPLACED


def fault_free(code: str) -> bool:
    """Whether the door would take a code; nothing is used up."""
    return Client().post(JOIN, {"code": code}).status_code == 200


def test_the_enterprise_shows_who_has_not_joined(entry: Enterprise, invited: Issued, officer: User) -> None:
    address = reverse("enterprises:inspect", args=[entry.pk])
    client = enter(Client(), officer)
    again_address = reverse("enterprises:manager_code", args=[entry.pk, invited.manager.pk])

    before = client.get(address).content.decode()
    join(typed=invited.code, password=OWN, at=timezone.now())
    after = client.get(address).content.decode()

    assert "已邀请，邀请码有效至" in before
    assert again_address in before
    assert again_address not in after
    assert client.post(again_address).status_code == 404


# --- the door ---------------------------------------------------------------------------------------------------


def test_from_the_code_to_the_workspace(invited: Issued) -> None:
    client = Client()

    asked = client.post(JOIN, {"code": invited.code})
    assert 'value="aqy"' in asked.content.decode()
    assert GivenPassword.objects.exists()
    done = client.post(JOIN, {"code": invited.code, "password1": OWN, "password2": OWN})
    assert (done.status_code, done["Location"]) == (302, reverse("second_factor"))
    assert client.get("/workplace/")["Location"] == reverse("second_factor")
    setup = client.get(reverse("second_factor"), follow=True)

    assert setup.redirect_chain[-1][0] == reverse("mfa_activate_totp")
    assert setup.status_code == 200
    assert SECRET not in setup.content.decode()


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        ("used", 410, "这个邀请码已经用过"),
        ("expired", 410, "这个邀请码已过期"),
        ("replaced", 410, "已有更新的邀请码"),
        ("withdrawn", 410, "这个邀请已撤回"),
        ("unknown", 422, "没有这个邀请码"),
    ],
)
def test_each_dead_code_has_a_page_of_its_own(
    invited: Issued, officer: User, how: str, status: int, words: str
) -> None:
    row, code = invited.manager, invited.code
    if how == "used":
        join(typed=code, password=OWN, at=timezone.now())
    elif how == "expired":
        ManagerInvite.objects.update(expires_at=timezone.now())
    elif how == "replaced":
        again(row, officer)
    elif how == "withdrawn":
        end_manager(manager_id=row.pk, enterprise_id=row.enterprise_id, actor=officer, at=timezone.now())
    else:
        code = "abcde-fghjk-mnpqr-stuvw"

    for sent in ({"code": code}, {"code": code, "password1": OWN, "password2": OWN}):
        answer = Client().post(JOIN, sent)
        assert answer.status_code == status
        assert words in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_dead_code_typed_at_the_door_leaves_a_row(invited: Issued) -> None:
    join(typed=invited.code, password=OWN, at=timezone.now())

    Client().post(JOIN, {"code": invited.code})
    Client().post(JOIN, {"code": "abcde-fghjk-mnpqr-stuvw"})

    assert AuditRow.objects.get(action="manager.join_refused").data["code"] == "used"


def test_two_passwords_that_differ_use_nothing_up(invited: Issued) -> None:
    answer = Client().post(JOIN, {"code": invited.code, "password1": OWN, "password2": OWN + "。"})

    assert answer.status_code == 422
    assert "两次输入的密码不一样" in answer.content.decode()
    assert OWN not in answer.content.decode()
    assert fault_free(invited.code)


def test_a_poor_password_is_told_at_the_form(invited: Issued) -> None:
    answer = Client().post(JOIN, {"code": invited.code, "password1": "abc", "password2": "abc"})

    assert answer.status_code == 422
    assert "至少 12 个字符" in answer.content.decode()


def test_guessing_ends(invited: Issued) -> None:
    client = Client()

    answers = [client.post(JOIN, {"code": "abcde"}).status_code for _ in range(throttle.JOIN.most + 1)]

    assert set(answers[:-1]) == {422}
    assert answers[-1] == 429


def test_the_workspace_says_who_has_not_joined(entry: Enterprise, invited: Issued) -> None:
    desk = enter(Client(), manager(entry, username="boss"))

    before = desk.get("/workplace/").content.decode()
    join(typed=invited.code, password=OWN, at=timezone.now())
    after = desk.get("/workplace/").content.decode()

    assert before.count("还没有开通") == 1
    assert "还没有开通" not in after


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_under_one_name_at_the_same_moment(city: City, officer: User) -> None:
    entries = [enterprise(city, number=1), enterprise(city, number=2)]

    done = at_once([partial(invite, one, officer) for one in entries])

    made = [one for one in done if isinstance(one, Issued)]
    assert {type(one) for one in done} <= {Issued, DraftInvalid}
    assert made
    assert User.objects.filter(username="aqy").count() == 1
    assert ManagerInvite.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_code_used_twice_at_the_same_moment_opens_once(invited: Issued) -> None:
    passwords = [OWN + "一", OWN + "二"]

    done = at_once([partial(join, typed=invited.code, password=one, at=timezone.now()) for one in passwords])

    refused = [one for one in done if isinstance(one, InviteRefused)]
    user = User.objects.get(pk=invited.manager.user_id)
    assert [one.fault for one in refused] == [InviteFault.USED]
    assert [user.check_password(one) for one in passwords] == [isinstance(one, User) for one in done]


def test_words_of_managers_stored_before_are_marked(entry: Enterprise) -> None:
    boss = manager(entry, username="boss")
    done = tell_inside(entry)
    act(done.number, "reply", boss)
    Message.objects.update(is_inside=False)

    import_module("complaints.migrations.0030_enterprise_mends").mark_words_of_companies(apps, None)

    assert Message.objects.get().is_inside


# --- given passwords --------------------------------------------------------------------------------------------


@pytest.fixture
def given() -> Callable[[timedelta], User]:
    def make(age: timedelta) -> User:
        user = UserFactory(username="zhaomin")
        GivenPassword.objects.create(user=user, given_at=timezone.now() - age)
        return user

    return make


@pytest.mark.parametrize(("age", "status"), [(timedelta(hours=71), 302), (timedelta(hours=72), 200)])
def test_a_given_password_is_good_for_72_hours(
    given: Callable[[timedelta], User], age: timedelta, status: int
) -> None:
    given(age)

    answer = Client().post("/accounts/login/", {"login": "zhaomin", "password": PASSWORD})

    assert answer.status_code == status
    assert ("有效 72 小时" in answer.content.decode()) == (status == 200)


def test_only_who_knows_it_is_told_that_it_ran_out(given: Callable[[timedelta], User]) -> None:
    given(timedelta(days=30))

    answer = Client().post("/accounts/login/", {"login": "zhaomin", "password": "something-else-1"})

    assert "有效 72 小时" not in answer.content.decode()
    assert "账号或密码" in answer.content.decode()
