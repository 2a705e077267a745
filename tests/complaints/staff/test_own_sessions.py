"""One's own sessions: seen by their owner alone, ended with password and code, and no address is kept of them."""

import time

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from complaints.enums import Role
from complaints.models import AuditRow
from portal.shared.devices import device_of
from portal.shared.services.sessions import mark_of, open_sessions
from tests.factories import PASSWORD
from tests.signin import code_at, enter, give_app, staff

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


@pytest.fixture
def person() -> User:
    user = staff(Role.OFFICER, username="zhaomin")
    give_app(user)
    return user


def aged(client: Client, *, seconds: int = 9999) -> Client:
    """Let password and code of a session be that old."""
    session = client.session
    then = time.time() - seconds
    session["account_authentication_methods"] = [
        {"method": "password", "at": then}, {"method": "mfa", "at": then, "type": "totp"},
    ]  # fmt: skip
    session.save()
    return client


def mark(client: Client) -> str:
    return mark_of(client.session.session_key or "")


def is_open(client: Client) -> bool:
    return Session.objects.filter(pk=client.cookies["sessionid"].value).exists()


def test_another_session_is_ended_after_password_and_code(person: User) -> None:
    here, other = aged(enter(Client(), person)), enter(Client(), person)
    asked = here.post(PAGE, {"mark": mark(other)})
    assert asked.status_code == 401
    assert is_open(other)

    typed = {"reauth_password": PASSWORD, "reauth_code": code_at(now=time.time()), "reauth_after": "POST"}
    done = here.post(PAGE, {"mark": mark(other), **typed}, follow=True)

    assert "已退出 1 处登录" in done.content.decode()
    assert not is_open(other)
    assert is_open(here)
    row = AuditRow.objects.get(action="sessions.end")
    assert (row.actor, row.data["count"]) == (person, 1)


def test_a_wrong_password_ends_nothing(person: User) -> None:
    here, other = aged(enter(Client(), person)), enter(Client(), person)
    typed = {"reauth_password": "wrong", "reauth_code": code_at(now=time.time()), "reauth_after": "POST"}

    assert here.post(PAGE, {"mark": mark(other), **typed}).status_code == 401
    assert is_open(other)


def test_all_others_end_and_this_one_stays(person: User) -> None:
    here, *others = (enter(Client(), person) for _number in range(4))

    done = here.post(PAGE, {"mark": "all"}, follow=True)

    assert "已退出 3 处登录" in done.content.decode()
    assert [is_open(one) for one in (here, *others)] == [True, False, False, False]
    assert "没有在其他地方登录" in done.content.decode()


def test_nobody_ends_the_session_of_another(person: User) -> None:
    here, foreign = enter(Client(), person), enter(Client(), staff(Role.OFFICER, username="wangqiang"))

    done = here.post(PAGE, {"mark": mark(foreign)}, follow=True)

    assert "这处登录已经结束" in done.content.decode()
    assert is_open(foreign)
    assert mark(foreign) not in here.get(PAGE).content.decode()
    assert not AuditRow.objects.filter(action="sessions.end").exists()


def test_this_session_is_not_ended_here(person: User) -> None:
    here = enter(Client(), person)

    here.post(PAGE, {"mark": mark(here)})

    assert is_open(here)


def test_the_page_names_no_key_and_no_address(person: User) -> None:
    here = enter(Client(), person)
    other = enter(Client(headers={"user-agent": PHONE}, REMOTE_ADDR="203.0.113.77"), person)

    page = here.get(PAGE).content.decode()

    assert str(other.session.session_key) not in page
    held = [row.get_decoded() for row in Session.objects.all()]
    assert "203.0.113.77" not in f"{page}{held}"
    assert PHONE not in f"{page}{held}"


def test_what_is_told_of_a_session(person: User) -> None:
    enter(Client(), person)
    session = Session.objects.get()
    data = {
        **session.get_decoded(),
        "begun_at": 1_790_000_000,
        "seen_at": 1_790_000_600,
        "device": "Chrome · Android",
    }
    session.session_data = SessionStore().encode(data)
    session.save()

    page = enter(Client(), person).get(PAGE).content.decode()

    for words in ("Chrome · Android", "2026-09-21 22:13 登录", "最近使用 2026-09-21 22:23"):
        assert words in page


def test_sessions_of_others_and_ended_ones_are_not_listed(person: User) -> None:
    enter(Client(), staff(Role.OFFICER, username="wangqiang"))
    enter(Client(), person)
    Session.objects.update(expire_date=timezone.now())
    enter(Client(), staff(Role.LEADER, username="zhouwen"))
    enter(Client(), person)

    assert len(open_sessions(user=person, now=timezone.now())) == 1


def test_half_a_session_sees_none(person: User) -> None:
    client = Client()
    client.force_login(person)

    assert client.get(PAGE)["Location"] == "/accounts/second-factor/"


def test_nobody_is_asked_to_sign_in() -> None:
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


def test_own_account_leads_there(person: User) -> None:
    assert PAGE in enter(Client(), person).get("/admin/account/").content.decode()


@pytest.mark.parametrize(
    ("told", "device"),
    [
        (PHONE, "Chrome · Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605 MicroMessenger/8.0", "WeChat · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko Firefox/128.0", "Firefox · Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_devices_in_words(rf: RequestFactory, told: str, device: str) -> None:
    request = rf.get("/", headers={"user-agent": told})

    assert device_of(request) == device
