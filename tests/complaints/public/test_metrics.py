"""The figures of the machine: for the holder of the token alone, without a person and without a moment in them."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from complaints.models import DailyRun
from complaints.selectors import gauges as figures
from tests.factories import TipFactory
from tests.fixtures import City

pytestmark = pytest.mark.django_db
TOKEN = "t0ken-of-a-test-" + "0123456789abcdefghij"
LINE = re.compile(r'[a-z_]+(?:\{id="complaints\.[EW]\d{3}"\})? \d+')


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def asked(token: str = TOKEN) -> HttpResponse:
    return Client(raise_request_exception=False).get("/metrics", headers={"Authorization": f"Bearer {token}"})


def told() -> dict[str, int]:
    """Return every figure by its name."""
    lines = [line for line in asked().content.decode().splitlines() if not line.startswith("#")]
    return {name: int(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", TOKEN, f"Basic {TOKEN}", f"bearer {TOKEN}", "Bearer é"]
)
def test_without_the_token_there_is_no_page(city: City, header: str) -> None:
    client = Client(raise_request_exception=False)

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


@pytest.mark.parametrize("token", ["", TOKEN])
def test_without_a_setting_there_is_no_page(city: City, settings: Settings, token: str) -> None:
    settings.METRICS_TOKEN = ""

    assert asked(token).status_code == 404


def test_every_line_is_a_figure_of_the_format(city: City) -> None:
    TipFactory()
    answer = asked()
    lines = answer.content.decode().splitlines()
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]

    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "no-store" in answer.headers["Cache-Control"]
    assert [line for line in lines if not line.startswith("# ") and not LINE.fullmatch(line)] == []
    assert len(names) == len(set(names)) >= 7
    assert answer.content.endswith(b"\n")


def test_a_tip_that_arrives_moves_nothing(city: City) -> None:
    TipFactory(today=timezone.localdate() - timedelta(days=1))
    before = told()

    for _number in range(3):
        TipFactory(today=timezone.localdate(), photos=1)

    assert told() == before


@pytest.mark.parametrize(("tips", "shown"), [(0, 0), (1, 0), (9, 0), (10, 10), (19, 10)])
def test_tips_of_yesterday_are_told_in_tens(
    city: City, monkeypatch: pytest.MonkeyPatch, tips: int, shown: int
) -> None:
    monkeypatch.setattr(figures, "ROUNDED_TO", 10)
    for _number in range(tips):
        TipFactory(today=timezone.localdate() - timedelta(days=1))

    assert told()["anshao_tips_received_yesterday"] == shown


@pytest.mark.parametrize(("hours", "shown"), [(0.2, 0), (1.5, 1), (27, 27)])
def test_the_daily_task_is_told_in_whole_hours(city: City, hours: float, shown: int) -> None:
    ended = timezone.now() - timedelta(hours=hours)
    DailyRun.objects.create(
        day=timezone.localdate(ended), started_at=ended, finished_at=ended, failed=["late"]
    )

    found = told()

    assert (found["anshao_daily_age_hours"], found["anshao_daily_jobs_failed"]) == (shown, 1)
    assert ('anshao_warning{id="complaints.W009"}' in found) is True


def test_a_vault_that_is_not_pinned_shows(city: City, settings: Settings) -> None:
    before = told()["anshao_vault_pinned"]
    settings.VAULT_FINGERPRINT = "0" * 64

    found = told()

    assert (before, found["anshao_vault_pinned"]) == (1, 0)
    assert 'anshao_warning{id="complaints.W001"}' in found


def test_nothing_about_tips_or_people_is_said(city: City) -> None:
    tip = TipFactory(description="氨罐在冒烟", entity_name="某某化工")

    words = asked().content.decode()

    assert not [
        one for one in (tip.number, tip.description, tip.entity_name, city.yanta.name) if one in words
    ]
    assert not re.search(r"\d{2}:\d{2}|20\d\d-", words)


def test_the_number_of_questions_does_not_grow(
    city: City, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for _number in range(5):
        TipFactory()
    told()

    with django_assert_max_num_queries(20):  # type: ignore[operator]  # a context manager
        asked()
