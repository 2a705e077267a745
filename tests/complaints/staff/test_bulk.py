"""Several tips for one officer: only ticked rows within scope, each for itself, and a clear word about the rest."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from complaints.enums import Action
from complaints.models import AuditRow, Tip
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory, step
from tests.fixtures import LIANHU, YANTA, City

pytestmark = pytest.mark.django_db
ASSIGN = "/admin/bulk/complaints/tip/assign/"


def address(*tips: Tip | str) -> str:
    keys = [str(tip.pk) if isinstance(tip, Tip) else tip for tip in tips]
    return f"{ASSIGN}?{'&'.join(f'id={key}' for key in keys)}&next=/admin/tips/view/mine/"


def assign(user: User, *tips: Tip, to: User | int | str) -> HttpResponse:
    return at_desk(user).post(address(*tips), {"handler": to.pk if isinstance(to, User) else to})


def handlers(*tips: Tip) -> list[str | None]:
    rows = {tip.pk: tip.handler for tip in Tip.objects.select_related("handler")}
    return [row.username if (row := rows[tip.pk]) else None for tip in tips]


def told(answer: HttpResponse) -> str:
    return " ".join(str(message).strip() for message in get_messages(answer.wsgi_request))


@pytest.fixture
def tips(city: City) -> list[Tip]:
    return [TipFactory(district=YANTA) for _ in range(3)]


def test_ticked_tips_go_to_the_officer_and_no_other(people: People, tips: list[Tip]) -> None:
    answer = assign(people.officer, *tips[:2], to=people.colleague)

    assert handlers(*tips) == ["chenli", "chenli", None]
    assert (answer.status_code, answer["Location"]) == (302, "/admin/tips/view/mine/")
    assert told(answer) == "已分派 2 件。"
    assert [tip.steps.last().action for tip in tips] == [Action.ASSIGN, Action.ASSIGN, Action.REGISTER]


def test_page_names_the_tips_and_the_load_of_each_person(people: People, tips: list[Tip]) -> None:
    step(tip=tips[2], action=Action.ASSIGN, actor=people.officer, handler_id=people.colleague.pk)

    text = at_desk(people.officer).get(address(*tips[:2])).content.decode()

    assert "将分派 2 件" in text
    assert "陈立（在办 1 件）" in text
    assert "刘" not in text.split("<select")[1].split("</select>")[0]
    assert tips[2].number not in text


def test_tip_outside_the_scope_is_not_there(people: People, tips: list[Tip]) -> None:
    foreign = TipFactory(district=LIANHU)

    page = at_desk(people.officer).get(address(foreign))
    answer = assign(people.officer, tips[0], foreign, to=people.colleague)

    assert page.status_code == 404
    assert told(answer) == "已分派 1 件。"
    assert handlers(tips[0], foreign) == ["chenli", None]


@pytest.mark.parametrize("way", ["get", "post"])
@pytest.mark.parametrize("keys", [["all"], [], ["x"], ["-1"], ["99999999"]])
def test_there_is_no_all_and_no_nonsense(people: People, tips: list[Tip], way: str, keys: list[str]) -> None:
    answer = getattr(at_desk(people.officer), way)(address(*keys), {"handler": people.colleague.pk})

    assert answer.status_code == 404
    assert handlers(*tips) == [None, None, None]


@pytest.mark.parametrize("who", ["auditor", "town_officer"])
def test_who_only_reads_is_told_and_changes_nothing(people: People, city: City, who: str) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)

    page = at_desk(getattr(people, who)).get(address(tip))
    answer = assign(getattr(people, who), tip, to=people.colleague)

    assert "有 1 件不动" in page.content.decode()
    assert "<select" not in page.content.decode()
    assert answer.status_code == 200
    assert handlers(tip) == [None]


@pytest.mark.parametrize("who", ["administrator", "editor", "foreign"])
def test_strangers_find_nothing(people: People, tips: list[Tip], who: str) -> None:
    client, rows = at_desk(getattr(people, who)), AuditRow.objects.exclude(action="desk.refused").count()

    codes = {
        client.get(address(tips[0])).status_code,
        client.post(address(tips[0]), {"handler": people.colleague.pk}).status_code,
    }

    assert codes <= {302, 404}
    assert handlers(tips[0]) == [None]
    assert AuditRow.objects.exclude(action="desk.refused").count() == rows


@pytest.mark.parametrize("handler", ["", "x", "0"])
def test_somebody_of_the_unit_must_be_chosen(people: People, tips: list[Tip], handler: str) -> None:
    answer = assign(people.officer, tips[0], to=handler)

    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    assert handlers(tips[0]) == [None]


def test_person_of_another_unit_cannot_be_chosen(people: People, tips: list[Tip]) -> None:
    answer = assign(people.officer, *tips[:2], to=people.foreign)

    page = BeautifulSoup(answer.content, "html.parser")
    field, told = page.select_one("[name=handler]"), page.select_one(".as-bulk .error-message")
    assert answer.status_code == 200
    assert told.get_text() == "这个人不在承办单位，不能接办。请从列表里另选一位。"
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", told["id"])
    assert [row.get_text() for row in page.select(".as-lines code")] == [tip.number for tip in tips[:2]]
    assert handlers(*tips[:2]) == [None, None]


def test_tips_the_chosen_person_may_not_have_stay_chosen(people: People, city: City) -> None:
    mine, theirs = TipFactory(district=YANTA), TipFactory(district=LIANHU)
    client = at_desk(people.city_officer)

    answer = client.post(address(mine, theirs), {"handler": people.colleague.pk}, follow=True)

    page = BeautifulSoup(answer.content, "html.parser")
    assert [row.get_text() for row in page.select(".as-lines code")] == [theirs.number]
    assert f"没有分派：{theirs.number}" in page.select_one(".messages").get_text()
    assert page.select_one(".as-bulk a.button")["href"] == "/admin/tips/view/mine/"


def test_what_cannot_be_assigned_is_named_with_its_reason(people: People, city: City) -> None:
    mine, theirs = TipFactory(district=YANTA), TipFactory(district=LIANHU)
    before = AuditRow.objects.filter(action="tip.refused").count()

    answer = assign(people.city_officer, mine, theirs, to=people.colleague)

    assert handlers(mine, theirs) == ["chenli", None]
    assert "已分派 1 件。" in told(answer)
    assert f"没有分派：{theirs.number}" in told(answer)
    assert AuditRow.objects.filter(action="tip.refused").count() == before + 1


def test_closed_tips_stay_as_they_are(people: People, tips: list[Tip]) -> None:
    closed = TipFactory(district=YANTA, closed=True, officer=people.officer)

    page = at_desk(people.officer).get(address(tips[0], closed)).content.decode()
    assign(people.officer, tips[0], closed, to=people.colleague)

    assert "有 1 件不动" in page
    assert handlers(tips[0], closed) == ["chenli", "zhaomin"]


def test_tampered_way_back_is_not_followed(people: People, tips: list[Tip]) -> None:
    path = f"{ASSIGN}?id={tips[0].pk}&next=https://elsewhere.example/"

    answer = at_desk(people.officer).post(path, {"handler": people.colleague.pk})

    assert answer["Location"] == "/admin/tips/"


def test_price_of_the_page_does_not_grow(people: People, tips: list[Tip]) -> None:
    client, prices = at_desk(people.officer), []
    for chosen in (tips[:1], tips):
        client.get(address(*chosen))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(*chosen))
        prices.append(len(captured))

    assert prices[0] == prices[1] <= 20


@pytest.mark.parametrize("key", ["9" * 19, "9" * 5000])
def test_keys_no_database_can_hold_are_passed_over(people: People, tips: list[Tip], key: str) -> None:
    client = at_desk(people.officer)

    assert client.get(address(key)).status_code == 404
    assert client.get(address(tips[0], key)).status_code == 200


def test_a_death_stands_out_before_tips_are_given_away(people: People, tips: list[Tip]) -> None:
    client = at_desk(people.officer)
    assert "涉及人员死亡" not in client.get(address(*tips[:2])).content.decode()
    Tip.objects.filter(pk=tips[0].pk).update(involves_death=True)

    assert client.get(address(*tips[:2])).content.decode().count("涉及人员死亡") == 1
