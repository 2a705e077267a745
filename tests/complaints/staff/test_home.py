"""The first page and the menus: each person finds their own work, nobody is led outside."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.models import Tip
from complaints.staff.home import DeskPanel
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
HOME = "/admin/"


def home(people: People, who: str):
    return at_desk(getattr(people, who)).get(HOME)


def has_desk(answer) -> bool:
    return any(isinstance(panel, DeskPanel) for panel in answer.context["panels"])


def test_tiles_count_and_lead_to_what_they_count(people: People, city: City) -> None:
    today = timezone.localdate()
    tips = [TipFactory(district=YANTA, today=today) for _ in range(4)]
    for tip, values in zip(
        tips,
        (
            {"due_date": today - timedelta(days=2)},
            {"due_date": today},
            {"unread_count": 1},
            {"handler": people.officer},
        ),
        strict=True,
    ):
        Tip.objects.filter(pk=tip.pk).update(**values)
    client = at_desk(people.officer)

    tiles = re.findall(
        r'<a href="([^"]+)"><b>(\d+)</b><span>([^<]+)</span>', client.get(HOME).content.decode()
    )

    assert {label: int(count) for _url, count, label in tiles} == {
        "超期": 1, "今日到期": 1, "待受理": 4, "新留言": 1, "我的": 1,
    }  # fmt: skip
    for url, count, label in tiles:
        assert len(client.get(url).context["table"].data) == int(count), label


def test_first_of_all_is_what_is_due_first(people: People, city: City) -> None:
    today = timezone.localdate()
    tips = [TipFactory(district=YANTA, today=today) for _ in range(3)]
    for days, tip in zip((3, -1, 8), tips, strict=True):
        Tip.objects.filter(pk=tip.pk).update(due_date=today + timedelta(days=days))

    text = home(people, "officer").content.decode()

    shown = re.findall(r"<code>(AS-\d{4}-\w{6})</code>", text)
    assert shown == [tips[1].number, tips[0].number, tips[2].number]


def test_greeting_names_person_unit_and_load(people: People, tip: Tip) -> None:
    text = home(people, "officer").content.decode()

    assert "赵敏" in text
    assert "雁塔区应急管理局" in text
    assert "本单位在办 1 件" in text


@pytest.mark.parametrize(
    ("who", "desk"),
    [
        ("officer", True),
        ("leader", True),
        ("auditor", True),
        ("town_officer", True),
        ("editor", False),
        ("administrator", False),
    ],
)
def test_desk_is_for_people_who_read_tips(people: People, tip: Tip, who: str, desk: bool) -> None:
    answer = home(people, who)

    assert has_desk(answer) is desk
    assert ("先办这些" in answer.content.decode()) is desk


def test_officers_see_no_page_search(people: People) -> None:
    text = home(people, "officer").content.decode()

    assert "site_summary" not in text
    assert "/admin/pages/" not in re.sub(
        r'<script id="wagtail-config".*?</script>', "", text, flags=re.DOTALL
    )


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        ("officer", ["收件箱"], ["/admin/roles/", "/admin/users/", "explorer"]),
        ("editor", ["explorer"], ["收件箱", "/admin/roles/", "/admin/users/"]),
        ("auditor", ["收件箱"], ["/admin/roles/", "/admin/snippets/complaints/replytemplate/"]),
        ("leader", ["收件箱", "/admin/snippets/complaints/replytemplate/"], ["/admin/roles/"]),
    ],
)
def test_menu_holds_ones_own_work(people: People, who: str, shown: list[str], hidden: list[str]) -> None:
    menu = re.search(
        r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>',
        home(people, who).content.decode(),
        re.DOTALL,
    )

    assert menu is not None
    words = menu[1].encode().decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16")
    assert [one for one in shown if one not in words] == []
    assert [one for one in hidden if one in words] == []


def test_system_administrator_finds_the_lists(city: City, people: People) -> None:
    people.administrator.is_superuser = False
    people.administrator.save()
    client = at_desk(people.administrator)

    paths = ["snippets/complaints/office/", "roles/", "periods/", "snippets/complaints/specialday/",
             "snippets/complaints/replytemplate/", "snippets/complaints/division/", "users/"]  # fmt: skip

    assert {path: client.get(HOME + path).status_code for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize("who", ["officer", "leader", "auditor", "editor"])
def test_lists_of_the_administrator_are_closed_to_others(people: People, who: str) -> None:
    client = at_desk(getattr(people, who))

    for path in ("snippets/complaints/office/", "roles/", "roles/new/", "periods/", "users/", "users/new/"):
        assert client.get(HOME + path).status_code in (302, 403), path


@pytest.mark.parametrize("path", [HOME, "/admin/tips/"])
@pytest.mark.parametrize("who", ["officer", "leader"])
def test_nothing_leads_to_another_host(people: People, tip: Tip, path: str, who: str) -> None:
    text = at_desk(getattr(people, who)).get(path).content.decode()

    outside = set(re.findall(r"https?://[^\s\"'<>\\]+", text))
    assert {
        url for url in outside if "w3.org" not in url and "testserver" not in url and "127.0.0.1" not in url
    } == set()


def test_price_of_home_does_not_grow(people: People, city: City) -> None:
    client = at_desk(people.officer)
    prices = []
    for count in (1, 6):
        for _ in range(count):
            TipFactory(district=YANTA)
        client.get(HOME)
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        prices.append(len(captured))

    assert prices[0] == prices[1] <= 34
