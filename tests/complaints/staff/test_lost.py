"""An address of the desk that leads nowhere: a page of our own, with the way back and nothing about what was asked."""

import pytest
from bs4 import BeautifulSoup

from complaints.models import Tip
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory
from tests.fixtures import LIANHU, City

pytestmark = pytest.mark.django_db


def lost(people: People, who: str, path: str) -> BeautifulSoup:
    answer = at_desk(getattr(people, who)).get(path)
    assert answer.status_code == 404
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.parametrize(
    "path", ["/admin/nothing-here/", "/admin/tips/AS-2026-ABCDEF/", "/admin/tips/view/x/"]
)
def test_it_leads_back_to_the_inbox_and_to_the_search(people: People, path: str) -> None:
    page = lost(people, "officer", path)

    assert page.select_one("h1").get_text() == "没有这一页"
    assert page.select_one(".as-lost a.button")["href"] == "/admin/tips/"
    form = page.select_one(".as-lost form[role=search]")
    assert (form["action"], form["method"]) == ("/admin/tips/find/", "post")
    assert form.select_one("[name=csrfmiddlewaretoken]")
    assert "page404" not in str(page)


def test_its_search_finds(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)

    answer = client.post("/admin/tips/find/", {"q": tip.number}, follow=True)

    assert tip.number in answer.content.decode()


@pytest.mark.parametrize("who", ["administrator", "editor"])
def test_who_has_no_inbox_is_led_to_the_desk(people: People, who: str) -> None:
    page = lost(people, who, "/admin/nothing-here/")

    assert page.select_one(".as-lost a.button")["href"] == "/admin/"
    assert not page.select(".as-lost form")


def test_a_foreign_tip_and_none_at_all_look_alike(people: People, city: City) -> None:
    foreign = TipFactory(district=LIANHU)

    texts = [
        lost(people, "officer", f"/admin/tips/{number}/").select_one(".as-lost").get_text()
        for number in (foreign.number, "AS-2026-000000")
    ]

    assert texts[0] == texts[1]
