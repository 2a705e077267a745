"""Lists of the system administrator: roles through the service, periods in force untouched, accounts without rights."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from wagtail.users.models import UserProfile

from complaints.enums import Action, Role
from complaints.models import (
    AuditRow,
    DeadlinePolicy,
    Division,
    Membership,
    Office,
    ReplyTemplate,
    SpecialDay,
    Tip,
)
from complaints.services.roles import assign_role
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import PASSWORD, TipFactory, UserFactory, step
from tests.fixtures import YANTA, City
from tests.signin import give_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(people: People) -> Client:
    """Return the system administrator's session, without the powers of a superuser."""
    people.administrator.is_superuser = False
    people.administrator.save()
    return at_desk(people.administrator)


# --- roles -------------------------------------------------------------------------------------------------


def test_role_is_given_through_the_service(desk: Client, people: People, city: City) -> None:
    person = UserFactory()

    desk.post("/admin/roles/new/", {"user": person.pk, "office": city.lianhu.pk, "role": Role.LEADER})

    assert [group.name for group in person.groups.all()] == ["role:leader"]
    assert AuditRow.objects.filter(action="role.given", actor=people.administrator).count() == 1


def test_nobody_gives_oneself_a_role(desk: Client, people: People, city: City) -> None:
    answer = desk.post(
        "/admin/roles/new/", {"user": people.administrator.pk, "office": city.yanta.pk, "role": Role.OFFICER}
    )

    assert answer.status_code == 200
    assert "不能由本人自己改" in answer.content.decode()
    assert not Membership.objects.filter(user=people.administrator, role=Role.OFFICER).exists()


def test_same_role_twice_is_told(desk: Client, people: People, city: City) -> None:
    answer = desk.post(
        "/admin/roles/new/", {"user": people.officer.pk, "office": city.yanta.pk, "role": Role.OFFICER}
    )

    assert answer.status_code == 200
    assert Membership.objects.filter(user=people.officer).count() == 1


def test_role_is_taken_through_the_service(desk: Client, people: People) -> None:
    membership = people.officer.memberships.get()

    desk.post(f"/admin/roles/delete/{membership.pk}/")

    assert not people.officer.groups.exists()
    assert AuditRow.objects.filter(action="role.taken", actor=people.administrator).count() == 1


def test_people_are_listed_by_name(desk: Client, people: People) -> None:
    assert "赵敏 (zhaomin)" in desk.get("/admin/roles/new/").content.decode()


# --- legal periods -----------------------------------------------------------------------------------------


FIGURES = sorted(
    field.name
    for field in DeadlinePolicy._meta.get_fields()
    if field.name not in {"id", "effective_from", "source"}
)


def tomorrow() -> dict[str, str]:
    """Return the first day a new row may begin on; asked for anew each time, as a run may go on past midnight."""
    return {"effective_from": (timezone.localdate() + timedelta(days=1)).isoformat()}


def terms(**values: object) -> dict[str, object]:
    return {**dict.fromkeys(FIGURES, 12), "close_days": 45, "source": "地方规定", **values}


def test_new_periods_begin_later(desk: Client) -> None:
    today = timezone.localdate()

    now = desk.post("/admin/periods/new/", terms(effective_from=today.isoformat()))
    later = desk.post("/admin/periods/new/", terms(effective_from=(today + timedelta(days=1)).isoformat()))

    assert (now.status_code, later.status_code) == (200, 302)
    assert "最早从明天起生效" in now.content.decode()
    assert DeadlinePolicy.objects.get().close_days == 45


def test_a_new_row_starts_from_the_one_in_force_and_shows_every_figure(desk: Client) -> None:
    today, local = timezone.localdate(), dict.fromkeys(FIGURES, 9) | {"referral_in_working_days": False}
    DeadlinePolicy.objects.create(effective_from=today - timedelta(days=9), source="地方规定", **local)
    DeadlinePolicy.objects.create(effective_from=today + timedelta(days=9), close_days=50)

    form = desk.get("/admin/periods/new/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in shown.items() if value} | tomorrow()
    desk.post("/admin/periods/new/", {**sent, "close_days": 55})

    row = DeadlinePolicy.objects.get(effective_from=today + timedelta(days=1))
    assert {name: getattr(row, name) for name in FIGURES} == {**local, "close_days": 55}
    assert row.source == "地方规定"
    assert AuditRow.objects.get(action="deadlinepolicy.added").data["fields"] == [
        "close_days",
        "effective_from",
    ]


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "referral_in_working_days"])
def test_no_period_is_nothing(desk: Client, name: str) -> None:
    desk.post("/admin/periods/new/", terms(**tomorrow(), **{name: 0}))

    assert not DeadlinePolicy.objects.exists()


@pytest.mark.parametrize(("days", "may_change"), [(-30, False), (0, False), (1, True)])
@pytest.mark.parametrize("act", ["edit", "delete"])
def test_periods_in_force_are_never_touched(desk: Client, days: int, may_change: bool, act: str) -> None:
    day = timezone.localdate() + timedelta(days=days)
    row = DeadlinePolicy.objects.create(effective_from=day, close_days=60)

    shown = desk.get(f"/admin/periods/{act}/{row.pk}/").status_code == 200
    desk.post(f"/admin/periods/{act}/{row.pk}/", terms(effective_from=day.isoformat()))

    untouched = DeadlinePolicy.objects.filter(pk=row.pk, close_days=60).exists()
    assert (shown, untouched) == (may_change, not may_change)


# --- plain lists -------------------------------------------------------------------------------------------


def test_special_day_and_template_are_kept(desk: Client) -> None:
    desk.post("/admin/snippets/complaints/specialday/add/", {"day": "2027-02-06", "note": "春节前"})
    desk.post("/admin/snippets/complaints/replytemplate/add/", {"title": "属实", "conclusion": "属实。"})

    assert SpecialDay.objects.get().is_working is False
    assert ReplyTemplate.objects.get().conclusion == "属实。"


def test_unit_is_switched_off_not_deleted(desk: Client, city: City) -> None:
    base = "/admin/snippets/complaints/office"

    desk.post(
        f"{base}/edit/{city.zone.pk}/",
        {"name": city.zone.name, "level": "zone", "phone": "", "parent": city.city.pk},
    )
    deleted = desk.post(f"{base}/delete/{city.zone.pk}/")
    desk.post(f"/admin/bulk/complaints/office/delete/?id={city.zone.pk}")

    assert Office.objects.get(pk=city.zone.pk).is_active is False
    assert deleted.status_code == 404


def test_divisions_are_looked_at_only(desk: Client, city: City) -> None:
    base = "/admin/snippets/complaints/division"
    before = set(Division.objects.values_list("code", "name"))

    assert desk.get(f"{base}/").status_code == 200
    for path in ("/add/", "/edit/610113/", "/delete/610113/"):
        desk.post(base + path, {"name": "x"})

    assert set(Division.objects.values_list("code", "name")) == before


# --- accounts ----------------------------------------------------------------------------------------------


def account(**values: object) -> dict[str, object]:
    password = "a-long-passphrase-4471"
    return {
        "username": "xinren",
        "first_name": "辛仁",
        "email": "",
        "password1": password,
        "password2": password,
        **values,
    }


def test_account_is_a_name_and_a_password(desk: Client) -> None:
    desk.post("/admin/users/new/", account())

    person = User.objects.get(username="xinren")
    assert (person.get_full_name(), person.is_superuser, person.groups.count()) == ("辛仁", False, 0)
    assert person.check_password("a-long-passphrase-4471")


def test_form_of_an_account_hands_out_no_rights(desk: Client, people: People) -> None:
    groups = list(Group.objects.values_list("pk", flat=True))
    desk.post("/admin/users/new/", account(is_superuser="on", groups=groups))
    desk.post(
        f"/admin/users/edit/{people.officer.pk}/",
        account(username="zhaomin", is_active="on", is_superuser="on", groups=groups),
    )

    for name in ("xinren", "zhaomin"):
        person = User.objects.get(username=name)
        assert not person.is_superuser
        assert person.groups.count() == (1 if name == "zhaomin" else 0)


@pytest.mark.parametrize("action", ["assign_role", "delete", "set_active_state"])
def test_bulk_actions_hand_out_no_rights(desk: Client, people: People, action: str) -> None:
    editors = Group.objects.get(name="role:editor")

    desk.post(
        f"/admin/bulk/auth/user/{action}/?id={people.officer.pk}",
        {"role": editors.pk, "mark_as_active": "False"},
    )

    assert User.objects.filter(pk=people.officer.pk).exists()
    assert not people.officer.groups.filter(pk=editors.pk).exists()


def test_groups_are_not_edited(desk: Client) -> None:
    assert desk.get("/admin/groups/").status_code == 404


@pytest.mark.parametrize(("typed", "logged"), [("Taken-over-991-xx", 1), ("", 0)])
def test_a_password_set_for_somebody_is_logged(desk: Client, people: People, typed: str, logged: int) -> None:
    values = account(username="zhaomin", is_active="on", password1=typed, password2=typed)

    desk.post(f"/admin/users/edit/{people.officer.pk}/", values)

    rows = AuditRow.objects.filter(action="password.set")
    assert [(row.actor, row.subject) for row in rows] == [
        (people.administrator, f"user:{people.officer.pk}")
    ] * logged
    assert not typed or not AuditRow.objects.filter(data__icontains=typed).exists()


def test_the_first_password_of_an_account_is_logged_and_accounts_are_not_copied(
    desk: Client, people: People
) -> None:
    copy = desk.post(f"/admin/users/copy/{people.officer.pk}/", account(username="ling"))
    desk.post("/admin/users/new/", account())

    person = User.objects.get(username="xinren")
    assert copy.status_code == 404
    assert AuditRow.objects.get(action="password.set").subject == f"user:{person.pk}"


def test_a_password_set_for_somebody_ends_the_persons_sessions(desk: Client, people: People) -> None:
    open_elsewhere, typed = at_desk(people.officer), "Taken-over-991-xx"
    values = account(username="zhaomin", is_active="on", password1=typed, password2=typed)

    desk.post(f"/admin/users/edit/{people.officer.pk}/", values)

    assert open_elsewhere.get("/admin/tips/").status_code == 302


def test_lost_phone_is_reset_by_another_person(desk: Client, people: People) -> None:
    give_app(people.officer)
    give_app(people.administrator)
    values = {"is_active": "on", "reset_second_factor": "on", "password1": "", "password2": ""}

    desk.post(f"/admin/users/edit/{people.officer.pk}/", account(username="zhaomin", **values))
    desk.post(f"/admin/users/edit/{people.administrator.pk}/", account(username="sysadmin", **values))

    assert not Authenticator.objects.filter(user=people.officer).exists()
    assert Authenticator.objects.filter(user=people.administrator).count() == 2
    assert AuditRow.objects.filter(action="second_factor.reset").count() == 1


# --- every change of an account is logged ------------------------------------------------------------------


@pytest.fixture
def above_all(people: People) -> Client:
    """Return the session of a superuser: Wagtail itself refuses this person nothing."""
    return at_desk(people.administrator)


def logged(user_pk: int) -> list[tuple[str, str, list[str]]]:
    """Return act, actor and fields of the rows about an account, those that only gave roles left out."""
    rows = AuditRow.objects.filter(subject=f"user:{user_pk}").order_by("sequence")
    return [
        (row.action, row.actor.username, row.data.get("fields", []))
        for row in rows
        if row.actor and row.action not in {"role.given", "read.accounts"}
    ]


def test_new_account_is_logged(above_all: Client) -> None:
    above_all.post("/admin/users/new/", account())

    person = User.objects.get(username="xinren")
    assert logged(person.pk) == [("user.create", "sysadmin", []), ("password.set", "sysadmin", [])]


def test_fields_of_a_changed_account_are_logged_without_their_values(
    above_all: Client, people: People
) -> None:
    values = account(username="zhaomin", first_name="赵敏敏", password1="", password2="")

    above_all.post(f"/admin/users/edit/{people.officer.pk}/", values)

    assert logged(people.officer.pk) == [("user.change", "sysadmin", ["first_name", "is_active"])]
    assert not AuditRow.objects.filter(data__icontains="敏敏").exists()
    assert not User.objects.get(pk=people.officer.pk).is_active


def test_saving_without_a_change_logs_nothing(above_all: Client, people: People) -> None:
    values = account(username="zhaomin", first_name="赵敏", is_active="on", password1="", password2="")

    above_all.post(f"/admin/users/edit/{people.officer.pk}/", values)

    assert logged(people.officer.pk) == []


def test_account_that_never_acted_is_deleted_with_its_roles(above_all: Client, people: People) -> None:
    pk = people.officer.pk

    above_all.post(f"/admin/users/delete/{pk}/")

    assert not User.objects.filter(pk=pk).exists()
    assert logged(pk) == [("role.taken", "sysadmin", []), ("user.delete", "sysadmin", [])]


def test_account_that_has_acted_stays(above_all: Client, people: People, tip: Tip) -> None:
    step(tip=tip, action=Action.ACCEPT, actor=people.officer)

    answer = above_all.post(f"/admin/users/delete/{people.officer.pk}/", follow=True)

    assert answer.redirect_chain[-1][0] == f"/admin/users/edit/{people.officer.pk}/"
    assert "请改为停用账号" in answer.content.decode()
    assert people.officer.memberships.count() == 1
    assert logged(people.officer.pk) == [("setting.refused", "sysadmin", [])]


@pytest.mark.parametrize("action", ["assign_role", "delete", "set_active_state"])
def test_accounts_are_not_changed_by_ticking_boxes(above_all: Client, people: People, action: str) -> None:
    before = set(User.objects.values_list("pk", "is_active"))

    for chosen in (people.officer.pk, "all"):
        above_all.post(f"/admin/bulk/auth/user/{action}/?id={chosen}", {"mark_as_active": "False"})

    assert set(User.objects.values_list("pk", "is_active")) == before
    assert "data-bulk-action-checkbox" not in above_all.get("/admin/users/").content.decode()


# --- a password somebody else chose ------------------------------------------------------------------------

GIVEN = "Taken-over-991-xx"
OWN = "/accounts/password/change/"


def give_password(desk: Client, person: User) -> None:
    values = account(username=person.username, is_active="on", password1=GIVEN, password2=GIVEN)
    desk.post(f"/admin/users/edit/{person.pk}/", values)


def choose(client: Client, new: str):
    return client.post(OWN, {"oldpassword": GIVEN, "password1": new, "password2": new})


@pytest.mark.parametrize("path", ["/admin/", "/admin/tips/", "/admin/account/", "/workplace/"])
def test_given_password_opens_nothing_but_the_choice_of_an_own_one(
    desk: Client, people: People, path: str
) -> None:
    give_password(desk, people.officer)
    client = at_desk(User.objects.get(pk=people.officer.pk))

    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, OWN)
    assert "只有您自己知道的密码" in client.get(OWN).content.decode()


def test_own_password_opens_the_desk_and_is_logged(desk: Client, people: People) -> None:
    give_password(desk, people.officer)
    client = at_desk(User.objects.get(pk=people.officer.pk))

    kept, chosen = choose(client, GIVEN), choose(client, "a-sentence-of-my-own-5")

    assert kept.status_code == 200
    assert "和现在的密码一样" in kept.content.decode()
    assert chosen["Location"] == "/admin/"
    assert client.get("/admin/tips/").status_code == 200
    assert logged(people.officer.pk)[-1][:2] == ("password.changed", "zhaomin")
    assert at_desk(User.objects.get(pk=people.officer.pk)).get("/admin/tips/").status_code == 200


def test_first_password_of_a_new_account_is_a_given_one(desk: Client, people: People, city: City) -> None:
    desk.post("/admin/users/new/", account())
    person = User.objects.get(username="xinren")
    assign_role(user=person, office=city.yanta, role=Role.OFFICER, at=timezone.now())

    assert at_desk(person).get("/admin/tips/")["Location"] == OWN


def test_password_chosen_by_oneself_among_the_accounts_is_no_given_one(desk: Client, people: People) -> None:
    give_password(desk, people.administrator)
    client = at_desk(User.objects.get(pk=people.administrator.pk))

    assert client.get("/admin/users/").status_code == 200


def test_own_account_changes_neither_name_nor_password(people: People) -> None:
    client, before = at_desk(people.officer), User.objects.filter(pk=people.officer.pk).values().get()
    typed = {"name_email-first_name": "局长", "name_email-last_name": "王", "name_email-email": "x@example.org",
             "password-old_password": PASSWORD, "password-new_password1": GIVEN, "password-new_password2": GIVEN,
             "locale-preferred_language": "zh-hans", "theme-theme": "dark", "theme-density": "default",
             "theme-contrast": "system"}  # fmt: skip

    shown = client.get("/admin/account/").content.decode()
    client.post("/admin/account/", typed)

    after = User.objects.filter(pk=people.officer.pk).values().get()
    assert {name for name in before if before[name] != after[name]} <= {"last_login"}
    assert 'href="/accounts/password/change/"' in shown
    assert UserProfile.objects.get(user=people.officer).theme == "dark"


@pytest.mark.parametrize("act", ["new/", "edit/{}/", "delete/{}/"])
def test_groups_follow_from_the_roles_alone(above_all: Client, act: str) -> None:
    group = Group.objects.get(name="role:editor")

    answer = above_all.post(f"/admin/groups/{act.format(group.pk)}", {"name": "x"})

    assert answer.status_code == 404
    assert Group.objects.filter(pk=group.pk, name="role:editor").exists()
    assert above_all.get("/admin/users/").status_code == 200


# --- units -------------------------------------------------------------------------------------------------


def switch_off(desk: Client, unit: Office) -> str:
    """Send the form of a unit without the tick "in use"; return the page."""
    values = {"name": unit.name, "phone": unit.phone, "level": unit.level, "parent": unit.parent_id or ""}
    answer = desk.post(f"/admin/snippets/complaints/office/edit/{unit.pk}/", values, follow=True)
    return answer.content.decode()


def test_a_unit_with_open_work_is_not_switched_off(desk: Client, people: People, city: City) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code, accepted=True, officer=people.officer)
    step(tip=tip, action=Action.WHISTLE, actor=people.town_officer)
    Tip.objects.filter(pk=tip.pk).update(handling_unit=city.lianhu)

    page = switch_off(desk, city.yanta)

    assert "主办举报 0 件，未结束的吹哨 1 个，未结束的督办 0 个" in page
    assert Office.objects.get(pk=city.yanta.pk).is_active
    assert "主办举报 1 件" in switch_off(desk, city.lianhu)
    assert Office.objects.get(pk=city.lianhu.pk).is_active


def test_a_unit_that_owes_or_awaits_an_answer_is_not_switched_off(
    desk: Client, people: People, city: City
) -> None:
    tip = TipFactory(district=YANTA)
    step(tip=tip, action=Action.SUPERVISE, actor=UserFactory(roles=[(Role.LEADER, city.city)]))
    Tip.objects.filter(pk=tip.pk).update(handling_unit=city.lianhu)

    assert all("未结束的督办 1 个" in switch_off(desk, unit) for unit in (city.yanta, city.city))
    assert Office.objects.filter(pk__in=(city.yanta.pk, city.city.pk), is_active=True).count() == 2


def test_a_unit_without_work_is_switched_off(desk: Client, people: People, city: City) -> None:
    TipFactory(district=YANTA, archived=True, officer=people.officer)

    switch_off(desk, city.zone)
    switch_off(desk, city.yanta)

    assert not Office.objects.filter(pk__in=(city.zone.pk, city.yanta.pk), is_active=True).exists()
