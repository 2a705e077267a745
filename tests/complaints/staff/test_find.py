"""The search field: words are posted, and what stands in an address tells them to nobody but who typed them."""

import re
import urllib.parse

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.enums import Action, Direction, Result, UnitPart
from complaints.models import Conclusion, HandlingStep, Inspection, Message, Tip, TipUnit
from complaints.selectors.search_address import opened_search, sealed_search
from complaints.services.messages import forget_working_copies, write_to_reporter
from complaints.services.notes import leave_note
from tests.complaints.staff.conftest import People, at_desk, searched
from tests.factories import TODAY, TipFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
FIND = "/admin/tips/find/"
JSON = {"accept": "application/json"}
NOON = noon(TODAY)
# How the sidebar is told where its search leads.
SEARCHES = re.compile(r'"wagtail.sidebar.SearchModule", "_args": \["([^"]*)"')


def numbers(client: Client, path: str) -> list[str]:
    """Return the tip numbers a list shows, in its order."""
    return [row.number for row in client.get(path).context["table"].data]


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def test_plain_form_leads_to_what_was_found_without_the_words(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)

    answer = client.post(FIND, {"q": "液氨储罐"})

    text = client.get(answer["Location"]).content.decode()
    assert answer.status_code == 302
    assert "液氨" not in urllib.parse.unquote(answer["Location"])
    assert tip.number in text
    assert 'name="q" value="液氨储罐"' in text


def test_script_gets_the_piece_of_the_address_alone(people: People, tip: Tip) -> None:
    answer = at_desk(people.officer).post(FIND, {"q": " 液氨 "}, headers=JSON)

    sealed = answer.json()["s"]
    assert (answer.json()["said"], opened_search(user=people.officer, sealed=sealed)) == ("", "液氨")
    assert "no-store" in answer["Cache-Control"]


def test_nothing_typed_shows_everything_again(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)

    assert client.post(FIND, {"q": " "})["Location"] == "/admin/tips/"
    assert client.post(FIND, {}, headers=JSON).json() == {"s": "", "said": ""}


@pytest.mark.parametrize("headers", [{}, JSON])
def test_five_thousand_characters_are_answered_in_words(
    people: People, tip: Tip, headers: dict[str, str]
) -> None:
    client = at_desk(people.officer)

    answer = client.post(FIND, {"q": "氨" * 5000}, headers=headers)

    said = answer.json()["said"] if headers else client.get(answer["Location"]).content.decode()
    assert answer.status_code in (200, 302)
    assert "没有搜索：最多 40 个字" in said


def test_what_a_colleague_searched_for_opens_for_nobody_else(people: People, tip: Tip) -> None:
    path = searched(people.officer, "液氨")

    answer = at_desk(people.colleague).get(path)

    assert answer.status_code == 200
    assert 'name="q" value=""' in answer.content.decode()
    assert opened_search(user=people.colleague, sealed=path.partition("s=")[2]) == ""


@pytest.mark.parametrize("piece", ["x", "氨", "%00", "AAAA", "=" * 9, "A" * 3000])
def test_altered_piece_searches_for_nothing(people: People, tip: Tip, piece: str) -> None:
    answer = at_desk(people.officer).get(f"/admin/tips/?s={piece}")

    assert answer.status_code == 200
    assert tip.number in answer.content.decode()


@pytest.mark.parametrize("path", ["", "results/", "map/", "view/all/", "view/all/map/"])
def test_words_in_an_address_lead_to_the_inbox_without_them(people: People, tip: Tip, path: str) -> None:
    answer = at_desk(people.officer).get(f"/admin/tips/{path}?q=粉尘")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/tips/")


@pytest.mark.parametrize("who", ["officer", "leader", "auditor", "administrator", "editor"])
@pytest.mark.parametrize("path", ["", "tips/", "tips/view/all/", "tips/map/", "tips/{number}/", "tips/new/"])
def test_no_page_offers_a_search_that_writes_words_about_a_tip_into_an_address(
    people: People, tip: Tip, who: str, path: str
) -> None:
    answer = at_desk(getattr(people, who)).get("/admin/" + path.format(number=tip.number))

    page = BeautifulSoup(answer.content, "html.parser")
    sidebar = page.select_one("#wagtail-sidebar-props")
    assert sidebar is not None or answer.status_code in {302, 404}
    areas = SEARCHES.findall(sidebar.get_text()) if sidebar else []
    typed = page.select('form:not([method="post" i]) input[type="text"]:not([form]), input[type="search"]')
    assert not [one for one in areas if one.startswith("/admin/tips")]
    assert not areas or who in ("administrator", "editor")
    assert not typed or who == "editor"


def test_same_words_look_different_each_time(people: People) -> None:
    first, second = (sealed_search(user=people.officer, typed="液氨") for _ in range(2))

    assert first != second


def test_pages_and_filters_keep_the_search(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)
    path = searched(people.officer, "液氨")

    text = client.get(path + "&kind=major_hazard").content.decode()

    assert path.partition("?")[2] in text


@pytest.mark.parametrize("who", ["administrator", "editor"])
def test_who_reads_no_tips_finds_no_field(people: People, who: str) -> None:
    assert at_desk(getattr(people, who)).post(FIND, {"q": "液氨"}).status_code == 404


# --- what is read ----------------------------------------------------------------------------------------------------

SPOKEN = (
    "哪个班次", "夜班钥匙在门卫", "厂方已电话约好", "等消防一起去", "压力表已过期", "当场停用", "储罐无检验合格证",
    "液氨 门卫", "压力表 班次",
)  # fmt: skip


@pytest.fixture
def worked_on(people: People, city: City) -> Tip:
    """Return a tip on which something was said and found, beside one on which nothing was."""
    TipFactory(district=YANTA, description="另一件")
    tip: Tip = TipFactory(district=YANTA, description="液氨", verifying=True, officer=people.officer)
    write_to_reporter(tip_id=tip.pk, text="请问是哪个班次？", author=people.officer, at=NOON)
    said = Message(tip=tip, direction=Direction.FROM_REPORTER, sent_date=TODAY)
    said.body = "夜班钥匙在门卫"
    said.save()
    leave_note(tip_id=tip.pk, author=people.officer, at=NOON, text="厂方已电话约好")
    memo = HandlingStep(tip=tip, action=Action.PAUSE, target=tip.status, taken_date=TODAY)
    memo.memo = "等消防一起去"
    memo.save()
    visit = Inspection(tip=tip, office=tip.handling_unit, visited_date=TODAY, recorded_at=NOON)
    visit.findings, visit.orders = "压力表已过期", "当场停用"
    visit.save()
    result = Conclusion(tip=tip, result=Result.TRUE, proposed_at=NOON)
    result.findings = "储罐无检验合格证"
    result.save()
    return tip


@pytest.mark.parametrize("typed", SPOKEN)
def test_words_are_found_in_what_was_said_and_found_since(people: People, worked_on: Tip, typed: str) -> None:
    assert numbers(at_desk(people.officer), searched(people.officer, typed)) == [worked_on.number]
    assert numbers(at_desk(people.foreign), searched(people.foreign, typed)) == []


def test_words_the_answer_has_sealed_are_not_found_any_more(people: People, worked_on: Tip) -> None:
    forget_working_copies(tip=worked_on)

    assert numbers(at_desk(people.officer), searched(people.officer, "哪个班次")) == []
    assert numbers(at_desk(people.officer), searched(people.officer, "门卫")) == [worked_on.number]


def test_words_of_a_merged_reporter_lead_to_where_they_are_read(people: People, city: City) -> None:
    lead, other = (TipFactory(district=YANTA, description=text) for text in ("第一件", "第二件"))
    step(tip=other, action=Action.MERGE, actor=people.officer, into_number=lead.number)
    said = Message(tip=other, direction=Direction.FROM_REPORTER, sent_date=TODAY)
    said.body = "夜班钥匙在门卫"
    said.save()

    assert numbers(at_desk(people.officer), searched(people.officer, "门卫")) == [lead.number]


def test_price_of_a_search_does_not_grow_with_what_was_said(people: People, worked_on: Tip) -> None:
    client, path = at_desk(people.officer), searched(people.officer, "门卫")
    few = queries(client, path)
    for number in range(12):
        leave_note(tip_id=worked_on.pk, author=people.officer, at=NOON, text=f"第 {number} 次交接")

    assert queries(client, path) == few
    assert few <= 42


def test_search_says_when_not_all_that_was_said_was_read(
    people: People, worked_on: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_desk(people.officer)
    whole = client.get(searched(people.officer, "储罐")).content.decode()
    monkeypatch.setattr("complaints.selectors.spoken.LINES_BOUND", 1)

    part = client.get(searched(people.officer, "储罐")).content.decode()

    assert "没有全部查到" not in whole
    assert "没有全部查到" in part


def test_words_of_a_merged_reporter_are_not_found_by_who_may_not_read_them(
    people: People, city: City
) -> None:
    lead, other = (TipFactory(district=YANTA, description=text) for text in ("第一件", "第二件"))
    step(tip=other, action=Action.MERGE, actor=people.officer, into_number=lead.number)
    said = Message(tip=other, direction=Direction.FROM_REPORTER, sent_date=TODAY)
    said.body = "夜班钥匙在门卫"
    said.save()
    TipUnit.objects.create(tip=lead, office=city.lianhu, part=UnitPart.CO_UNIT, since_date=TODAY)

    assert numbers(at_desk(people.foreign), searched(people.foreign, "第一件")) == [lead.number]
    assert numbers(at_desk(people.foreign), searched(people.foreign, "门卫")) == []
