"""Several reporters of one case at the desk: told apart by their numbers, written to one by one or all at once."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from complaints.enums import Action, TipStatus
from complaints.models import Tip
from complaints.services.merging import merge
from complaints.services.objections import object_to_answer
from complaints.services.reporter import progress_for_receipt, withdraw
from tests.complaints.staff.conftest import People, at_desk
from tests.complaints.test_messages import send
from tests.factories import TipFactory, dispose, move_to, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(people: People, city: City) -> tuple[Tip, Tip]:
    """Return a lead and a tip merged into it, each with words of its reporter."""
    today = timezone.localdate()
    lead = TipFactory(district=YANTA, today=today - timedelta(days=1))
    later = TipFactory(district=YANTA, today=today)
    merge(tip_id=later.pk, into_number=lead.number, actor=people.officer, at=timezone.now())
    send(lead, "我是夜班的", today=today)
    send(later, "我是白班的", today=today)
    return lead, later


def shown(client: Client, tip: Tip, part: str = "") -> BeautifulSoup:
    return BeautifulSoup(client.get(f"/admin/tips/{tip.number}/{part}").content, "html.parser")


def lines(page: BeautifulSoup) -> list[str]:
    return [line.get_text(" ", strip=True) for line in page.select(".as-chat li")]


def say(client: Client, tip: Tip, **values: str) -> Any:
    return client.post(f"/admin/tips/{tip.number}/message/", values)


def heard(tip: Tip) -> list[str]:
    progress = progress_for_receipt(typed=tip.acknowledgement.receipt)
    return [line.text for line in progress.lines if not line.is_mine]


def test_each_line_names_its_reporter_and_marks_what_is_new(people: People, pair: tuple[Tip, Tip]) -> None:
    lead, later = pair

    night, day = lines(shown(at_desk(people.officer), lead))

    assert f"举报人 {lead.number}" in night
    assert f"举报人 {later.number}" in day
    assert "新" in night.split()
    assert "新" in day.split()


def test_what_was_seen_is_new_no_more(people: People, pair: tuple[Tip, Tip]) -> None:
    client = at_desk(people.officer)
    shown(client, pair[0])

    assert all("新" not in line.split() for line in lines(shown(client, pair[0])))


def test_one_reporter_alone_has_no_number_and_nothing_to_choose(people: People, tip: Tip) -> None:
    send(tip, "夜里还在干")

    page = shown(at_desk(people.officer), tip)

    assert "举报人 AS-" not in lines(page)[0]
    assert page.select_one("#say-to") is None


def test_the_officer_chooses_whom_words_go_to_and_reads_it_afterwards(
    people: People, pair: tuple[Tip, Tip]
) -> None:
    lead, later = pair
    client = at_desk(people.officer)
    options = [(one["value"], one.get_text()) for one in shown(client, lead).select("#say-to option")]

    say(client, lead, text="给大家", to=options[0][0])
    say(client, lead, text="给后报的", to=options[2][0])

    assert [value for value, _label in options] == ["", lead.number, later.number]
    assert options[0][1] == "全部 2 位举报人"
    assert (heard(lead), heard(later)) == (["给大家"], ["给大家", "给后报的"])
    told = lines(shown(client, lead))
    assert "发给全部 2 位举报人" in told[2]
    assert f"只发给举报人 {later.number}" in told[3]


def test_a_refused_message_keeps_whom_it_was_for(people: People, pair: tuple[Tip, Tip]) -> None:
    lead, later = pair

    answer = say(at_desk(people.officer), lead, text=" ", to=later.number)

    chosen = BeautifulSoup(answer.content, "html.parser").select_one("#say-to option[selected]")
    assert answer.status_code == 422
    assert chosen is not None
    assert chosen["value"] == later.number


def test_words_to_a_stranger_are_kept_and_sent_to_nobody(people: People, pair: tuple[Tip, Tip]) -> None:
    stranger = TipFactory(district=YANTA)

    answer = say(at_desk(people.officer), pair[0], text="走错门的话", to=stranger.number)

    assert answer.status_code == 404
    assert "走错门的话" in answer.content.decode()
    assert heard(stranger) == heard(pair[0]) == []


def test_the_reply_names_who_gets_it_but_not_who_withdrew(people: People, pair: tuple[Tip, Tip]) -> None:
    lead, later = pair
    last = TipFactory(district=YANTA, today=timezone.localdate())
    step(tip=last, action=Action.MERGE, actor=people.officer, at=timezone.now(), into_number=lead.number)
    withdraw(typed=last.acknowledgement.receipt, today=timezone.localdate())
    client = at_desk(people.officer)
    for action in (Action.ACCEPT, Action.VERIFY, Action.CONCLUDE):
        step(tip=lead, action=action, actor=people.officer, at=timezone.now())
    step(tip=lead, action=Action.APPROVE_RESULT, actor=people.leader, at=timezone.now())
    dispose(tip=lead, officer=people.officer, at=timezone.now())

    told = shown(client, lead, "reply/").select_one("[data-hearers]")

    assert told is not None
    assert lead.number in told.get_text()
    assert later.number in told.get_text()
    assert last.number not in told.get_text()
    assert f"{last.number}（已撤回）" in shown(client, lead).get_text()


def test_an_objection_says_whose_it_is(people: People, pair: tuple[Tip, Tip]) -> None:
    lead, later = pair
    for action in (Action.ACCEPT, Action.VERIFY, Action.CONCLUDE):
        step(tip=lead, action=action, actor=people.officer, at=timezone.now())
    step(tip=lead, action=Action.APPROVE_RESULT, actor=people.leader, at=timezone.now())
    dispose(tip=lead, officer=people.officer, at=timezone.now())
    step(tip=lead, action=Action.REPLY, actor=people.officer, at=timezone.now())
    object_to_answer(typed=later.acknowledgement.receipt, text="护栏是摆拍的", today=timezone.localdate())

    page = shown(at_desk(people.officer), lead)
    printed = shown(at_desk(people.officer), lead, "file/").get_text()

    card = next(
        one for one in page.select(".as-card") if "护栏是摆拍的" in one.get_text() and one.select("h3")
    )
    assert f"举报人 {later.number}" in card.get_text()
    assert f"举报人 {later.number}" in page.select("#tab-story li")[0].get_text()
    assert f"举报人 {later.number}" in printed


def test_several_objections_stand_on_one_card(people: People, pair: tuple[Tip, Tip]) -> None:
    lead, later = pair
    move_to(
        tip=lead, status=TipStatus.REPLIED, officer=people.officer, leader=people.leader, at=timezone.now()
    )
    for tip, text in ((lead, "没有到现场"), (later, "护栏是摆拍的")):
        object_to_answer(typed=tip.acknowledgement.receipt, text=text, today=timezone.localdate())

    page = shown(at_desk(people.officer), lead)

    cards = [one.get_text() for one in page.select(".as-card") if "位举报人提出异议" in one.get_text()]
    assert len(cards) == 1
    for told in (
        "2 位举报人提出异议",
        f"举报人 {lead.number}",
        "没有到现场",
        f"举报人 {later.number}",
        "护栏是摆拍的",
    ):
        assert told in cards[0]


def test_a_co_unit_sees_neither_words_nor_numbers_of_merged_reporters(
    people: People, pair: tuple[Tip, Tip], city: City
) -> None:
    lead, later = pair
    step(tip=lead, action=Action.JOIN, actor=people.officer, office_id=city.lianhu.pk, at=timezone.now())
    client = at_desk(people.foreign)

    pages = [shown(client, lead), shown(client, lead, "file/")]
    listed = client.get("/admin/tips/").content.decode()
    first_page = client.get("/admin/").content.decode()

    for page in pages:
        assert "我是夜班的" in page.get_text()
        assert "我是白班的" not in page.get_text()
        assert later.number not in page.get_text()
    assert [line for line in lines(pages[0]) if "新" in line.split()] == []
    assert lead.number in listed
    assert "我是白班的" not in first_page
    assert "我是夜班的" not in first_page


def test_photos_of_the_other_tip_stand_apart_under_its_number(people: People, city: City) -> None:
    today = timezone.localdate()
    lead = TipFactory(district=YANTA, today=today - timedelta(days=1), photos=2)
    later = TipFactory(district=YANTA, today=today, photos=1)
    merge(tip_id=later.pk, into_number=lead.number, actor=people.officer, at=timezone.now())

    page, paper = (shown(at_desk(people.officer), lead, part) for part in ("", "file/"))

    grids = [len(grid.select("img[loading]")) for grid in page.select(".as-shots")]
    assert grids == [2, 1]
    assert (
        page.select(".as-shots")[1].find_previous("p", class_="as-meta").get_text()
        == f"另一举报 {later.number}"
    )
    captions = [one.get_text(" ", strip=True) for one in paper.select(".photos figcaption")]
    marks = [f"另一举报 {later.number}" in caption for caption in captions]
    assert marks == [False, False, True]
