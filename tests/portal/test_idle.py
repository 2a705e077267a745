"""A desk left alone closes on the server; work counts, what a page asks by itself does not."""

import time

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from complaints.enums import Role
from portal.shared.idle import SEEN
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
DESK = "/admin/account/"
STILL = "/admin/still-here/"
MINUTE = 60


@pytest.fixture
def officer() -> User:
    return staff(Role.OFFICER)


def left_alone(user: User, *, minutes: float) -> Client:
    client = enter(Client(), user)
    session = client.session
    session[SEEN] = int(time.time() - minutes * MINUTE)
    session.save()
    return client


def test_the_default_is_half_an_hour() -> None:
    assert portal_settings.IDLE_MINUTES == 30


@pytest.mark.parametrize(("minutes", "stays"), [(0, True), (29, True), (31, False), (600, False)])
def test_a_session_ends_after_the_idle_time(officer: User, minutes: float, stays: bool) -> None:
    client = left_alone(officer, minutes=minutes)

    page = client.get(DESK)

    assert page.status_code == (200 if stays else 302)
    assert ("_auth_user_id" in client.session) == stays


def test_signing_in_again_leads_back(officer: User) -> None:
    page = left_alone(officer, minutes=31).get(DESK + "?a=1")

    assert page["Location"] == "/accounts/login/?next=%2Fadmin%2Faccount%2F%3Fa%3D1"


def test_a_form_sent_too_late_changes_nothing(officer: User) -> None:
    page = left_alone(officer, minutes=31).post("/admin/roles/new/", {"role": "leader"})

    assert page["Location"] == "/accounts/login/"


def test_work_keeps_a_session_open(officer: User) -> None:
    client = left_alone(officer, minutes=29)
    client.get(DESK)

    assert time.time() - client.session[SEEN] < MINUTE


def test_a_session_is_not_written_with_every_page(officer: User) -> None:
    client = left_alone(officer, minutes=0.5)
    before = client.session[SEEN]

    client.get(DESK)

    assert client.session[SEEN] == before


def test_asking_how_long_it_lasts_is_no_work(officer: User) -> None:
    client = left_alone(officer, minutes=20)
    before = client.session[SEEN]

    told = client.get(STILL).json()

    assert 9 * MINUTE <= told["left"] <= 10 * MINUTE
    assert told["who"] == officer.pk
    assert client.session[SEEN] == before


def test_what_a_page_asks_by_itself_keeps_no_desk_open(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = enter(Client(), officer), time.time()
    answers = []

    for minute in range(1, 3 * 60):
        monkeypatch.setattr("portal.shared.idle.time.time", lambda at=now + minute * MINUTE: at)
        answers.append(client.get(DESK, headers={"X-By-Itself": "1"}).status_code)

    assert answers == [200] * 29 + [302] * 150


def test_saying_that_one_works_is(officer: User) -> None:
    client = left_alone(officer, minutes=20)

    told = client.post(STILL).json()

    assert told["left"] > 29 * MINUTE
    assert time.time() - client.session[SEEN] < MINUTE


def test_after_the_end_the_page_is_told_so_without_a_way_round(officer: User) -> None:
    client = left_alone(officer, minutes=31)

    answers = [client.post(STILL), client.get(STILL)]

    assert answers[0].status_code == 401
    assert answers[1].status_code in (302, 401)


def test_what_a_page_asks_by_itself_does_not_count(officer: User) -> None:
    client = left_alone(officer, minutes=20)
    before = client.session[SEEN]

    client.get("/admin/jsi18n/")

    assert client.session[SEEN] == before


def test_the_time_is_a_setting(officer: User, settings: Settings) -> None:
    settings.IDLE_MINUTES = 5

    assert left_alone(officer, minutes=6).get(DESK).status_code == 302


def test_visitors_have_no_session_and_get_none(client: Client) -> None:
    client.get("/report/")

    assert not client.cookies
