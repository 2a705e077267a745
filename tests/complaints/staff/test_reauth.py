"""Before delicate acts: password and code once more, unless given in the last five minutes; nothing typed is lost."""

import time

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from complaints.enums import Role
from complaints.models import AuditRow
from complaints.staff.reauth import recently_authenticated
from tests.factories import PASSWORD
from tests.signin import PERIOD_SECONDS, code_at, enter, give_app, recovery_codes, staff, wrong_code

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
ACT = "/admin/delicate/?step=2"


@csrf_exempt
def delicate(request: HttpRequest) -> HttpResponse:
    """Say what arrived."""
    sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    return HttpResponse(f"done {request.method} {sent}")


urlpatterns = [path("admin/delicate/", recently_authenticated(delicate)), path("", include("portal.urls"))]


@pytest.fixture
def person() -> User:
    user = staff(Role.CUSTODIAN, username="zhaomin")
    give_app(user)
    return user


def browser(user: User, *, password_age: float = 0, code_age: float = 0) -> Client:
    """Return a session whose password and code were given so many seconds ago."""
    client = enter(Client(), user)
    session = client.session
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now - password_age},
        {"method": "mfa", "at": now - code_age, "type": "totp"},
    ]
    session.save()
    return client


def answer(client: Client, *, password: str = PASSWORD, code: str = "", after: str = "POST", **kept: str):
    typed = {
        "reauth_password": password,
        "reauth_code": code or code_at(now=time.time()),
        "reauth_after": after,
    }
    return client.post(ACT, {**kept, **typed})


def rows() -> list[str]:
    return list(
        AuditRow.objects.filter(action__startswith="reauth.")
        .order_by("sequence")
        .values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("password_age", "code_age", "is_let_through"),
    [(0, 0, True), (290, 290, True), (301, 0, False), (0, 301, False), (9999, 9999, False)],
)
def test_both_must_be_younger_than_five_minutes(
    person: User, password_age: int, code_age: int, is_let_through: bool
) -> None:
    page = browser(person, password_age=password_age, code_age=code_age).get(ACT)

    assert page.status_code == (200 if is_let_through else 401)
    assert (b"done" in page.content) == is_let_through
    assert page.headers.get("X-Reauthentication") == (None if is_let_through else "required")


def test_a_page_asked_for_is_shown_after_the_right_answer(person: User) -> None:
    client = browser(person, password_age=999)
    asked = client.get(ACT)

    led = answer(client, after="GET")

    assert 'name="reauth_after" value="GET"' in asked.content.decode()
    assert (led.status_code, led["Location"]) == (302, ACT)
    assert client.get(ACT).content.decode() == "done GET {}"
    assert rows() == ["reauth.given"]


def test_what_was_typed_goes_on_to_the_act_and_the_password_does_not(person: User) -> None:
    client = browser(person, code_age=999)
    asked = client.post(ACT, {"reason": "核查 <b>取证</b>", "tick": ["a", "b"]})

    done = answer(client, reason="核查")

    page = asked.content.decode()
    assert asked.status_code == 401
    assert 'name="reason" value="核查 &lt;b&gt;取证&lt;/b&gt;"' in page
    assert page.count('name="tick"') == 2
    assert done.content.decode() == "done POST {'reason': ['核查']}"
    assert PASSWORD not in done.content.decode()


def test_nothing_typed_is_stored_meanwhile(person: User) -> None:
    client = browser(person, code_age=999)

    client.post(ACT, {"reason": "MARKER-REASON"})

    assert "MARKER-REASON" not in str(dict(client.session))


@pytest.mark.parametrize("wrong", ["password", "code"])
def test_a_wrong_answer_is_refused_logged_and_does_not_say_which(person: User, wrong: str) -> None:
    client = browser(person, code_age=999)
    values = {"password": "not it"} if wrong == "password" else {"code": wrong_code(now=time.time())}

    page = answer(client, reason="核查", **values)

    assert page.status_code == 401
    assert "密码或验证码不对" in page.content.decode()
    assert 'name="reason" value="核查"' in page.content.decode()
    assert rows() == ["reauth.refused"]


def test_a_wrong_password_leaves_the_code_unspent(person: User) -> None:
    client = browser(person, code_age=999)
    code = code_at(now=time.time() + PERIOD_SECONDS)
    answer(client, password="not it", code=code)

    assert answer(client, code=code).content.startswith(b"done")


def test_a_code_counts_once_here_too(person: User) -> None:
    code = code_at(now=time.time() + PERIOD_SECONDS)
    first = answer(browser(person, code_age=999), code=code)
    second = answer(browser(person, code_age=999), code=code)

    assert (first.status_code, second.status_code) == (200, 401)


def test_a_recovery_code_does_as_well(person: User) -> None:
    assert answer(browser(person, code_age=999), code=recovery_codes(person)[0]).status_code == 200


def test_guessing_is_stopped(person: User) -> None:
    client = browser(person, code_age=999)
    for _ in range(5):
        answer(client, password="not it")

    assert answer(client).status_code == 401


@override_settings(ROOT_URLCONF="portal.urls")
def test_without_the_desk_nothing_is_asked(person: User) -> None:
    assert Client().get("/admin/delicate/").status_code in (302, 404)
