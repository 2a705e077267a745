"""A tip of another body's industry as its reporter sees it: who is going to have it, and who has it now."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from complaints.enums import Action
from complaints.models import CompetentBody, Tip
from tests.complaints.public.forms import one, soup
from tests.factories import TipFactory, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db


@pytest.fixture
def tip(city: City) -> Tip:
    """Return a tip of today about building work, which is the housing authority's."""
    CompetentBody.objects.create(
        industry="construction", name="市住建局", name_en="Housing authority", phone="029-12345"
    )
    row: Tip = TipFactory(district=YANTA, industry="construction", today=timezone.localdate())
    return row


def page(client: Client, tip: Tip, *, english: bool = False) -> BeautifulSoup:
    if english:
        client.cookies["lang"] = "en"
    return soup(client.post("/status/", {"receipt": tip.acknowledgement.receipt}))


def passed_on(tip: Tip, officer: User, **values: Any) -> None:
    step(tip=tip, action=Action.TRANSFER_OUT, actor=officer, at=timezone.now(), **values)


def test_before_it_says_who_is_going_to_have_it(client: Client, tip: Tip) -> None:
    told = one(page(client, tip), "[data-elsewhere]")

    assert "这个行业由市住建局负责" in told.get_text()
    assert "最晚" in told.get_text()
    assert one(told, "a")["href"] == "tel:029-12345"


def test_before_it_no_step_of_ours_is_promised(client: Client, tip: Tip) -> None:
    shown = page(client, tip)

    way = one(shown, "ol.steps").get_text()
    assert one(shown, "h1").get_text().strip() == "收到了，将移送：市住建局"
    assert "移送主管部门" in way
    assert not any(word in way for word in ("受理", "答复", "核查", "奖"))


def test_afterwards_it_says_who_has_it_and_the_telephone(client: Client, tip: Tip, officer: User) -> None:
    passed_on(tip, officer, body="市住建局")

    shown = page(client, tip)

    assert "市住建局" in one(shown, "h1").get_text()
    assert "您的举报现在由市住建局办理" in one(shown, "[data-elsewhere]").get_text()
    assert one(shown, "[data-elsewhere] a")["href"] == "tel:029-12345"


def test_the_body_has_its_english_name_on_english_pages(client: Client, tip: Tip, officer: User) -> None:
    before = one(page(client, tip, english=True), "[data-elsewhere]").get_text()
    passed_on(tip, officer, body="市住建局")

    shown = page(client, tip, english=True)

    assert "Housing authority" in before
    assert "Housing authority" in one(shown, "h1").get_text()


def test_another_body_than_the_named_one_keeps_its_own_name(client: Client, tip: Tip, officer: User) -> None:
    passed_on(tip, officer, body="市城管局")

    shown = page(client, tip, english=True)

    assert "市城管局" in one(shown, "h1").get_text()
    assert not one(shown, "[data-elsewhere]").select("a")


def test_once_accepted_nothing_is_said_of_another_body(client: Client, tip: Tip, officer: User) -> None:
    step(tip=tip, action=Action.ACCEPT, actor=officer, at=timezone.now())

    assert page(client, tip).select_one("[data-elsewhere]") is None


def test_programs_read_it_too(client: Client, tip: Tip, officer: User) -> None:
    def asked() -> Any:
        body = {"receipt": tip.acknowledgement.receipt}
        return client.post("/api/v1/tips/status", body, content_type="application/json").json()

    before = asked()
    passed_on(tip, officer, body="市住建局")
    after = asked()

    assert (before["passed_on_to"], before["passed_on_phone"]) == ("市住建局", "029-12345")
    assert before["passed_on_by"] > str(timezone.localdate())
    assert before["passed_on_by"] < str(timezone.localdate() + timedelta(days=12))
    assert (after["transferred_to"], after["transferred_phone"]) == ("市住建局", "029-12345")
    assert after["passed_on_to"] == ""


def test_afterwards_it_says_whom_to_tell_what_is_new(client: Client, tip: Tip, officer: User) -> None:
    passed_on(tip, officer, body="市住建局")

    shown = page(client, tip)

    told = one(shown, "#messages [data-additions]")
    assert "有新情况，请直接告诉市住建局" in told.get_text()
    assert one(told, "a")["href"] == "tel:029-12345"
    assert shown.select("#messages form [name=photos]")
    assert "移送说明" in one(shown, "h2[id^=re-]").get_text()


def test_closed_after_the_transfer_it_still_says_who_has_it(client: Client, tip: Tip, officer: User) -> None:
    passed_on(tip, officer, body="市住建局")
    step(tip=tip, action=Action.CLOSE, actor=officer, at=timezone.now())

    shown = page(client, tip)

    told = one(shown, "#messages [data-additions]")
    assert "市住建局" in one(shown, "h1").get_text()
    assert "这里不能再补充了。有新情况，请直接告诉市住建局" in told.get_text()
    assert one(told, "a")["href"] == "tel:029-12345"
    assert not shown.select("#messages form")
    assert "再举报一次" not in one(shown, "#messages").get_text()
