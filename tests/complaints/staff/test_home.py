"""The first page and the menus: each person finds their own work, nobody is led outside."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from complaints.enums import Action, Role
from complaints.models import Notice, Tip
from complaints.models.tip import NO_DUE_DATE
from complaints.staff.home import DeskPanel
from complaints.staff.machine import MachinePanel
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory, step
from tests.fixtures import YANTA, City
from tests.signin import give_app, staff

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
            {"order_date": today - timedelta(days=2)},
            {"order_date": today},
            {"unread_count": 1},
            {"called_unit": city.yanta},
        ),
        strict=True,
    ):
        Tip.objects.filter(pk=tip.pk).update(**values)
    client = at_desk(people.officer)

    tiles = re.findall(
        r'<a href="([^"]+)"><b>(\d+)</b><span>([^<]+)</span>', client.get(HOME).content.decode()
    )

    assert {label: int(count) for _url, count, label in tiles} == {
        "超期": 1, "今日到期": 1, "吹哨在途": 1, "新留言": 1, "待受理": 4,
    }  # fmt: skip
    for url, count, label in tiles:
        assert len(client.get(url).context["table"].data) == int(count), label


def test_first_of_all_is_what_is_due_first(people: People, city: City) -> None:
    today = timezone.localdate()
    tips = [TipFactory(district=YANTA, today=today) for _ in range(3)]
    for days, tip in zip((3, -1, 8), tips, strict=True):
        Tip.objects.filter(pk=tip.pk).update(order_date=today + timedelta(days=days))

    text = home(people, "officer").content.decode()

    shown = re.findall(r"<code>(AS-\d{4}-\w{6})</code>", text)
    assert shown == [tips[1].number, tips[0].number, tips[2].number]


def test_overdue_comes_before_what_is_another_bodys_and_without_a_period_nothing_stands_there(
    people: People, city: City
) -> None:
    today = timezone.localdate()
    tips = [TipFactory(district=YANTA, today=today) for _ in range(4)]
    foreign = TipFactory(district=YANTA, today=today, industry="special_equipment")
    days = {
        tips[0]: today + timedelta(days=1),
        tips[1]: today - timedelta(days=1),
        foreign: today + timedelta(days=2),
    }
    for tip in tips:
        Tip.objects.filter(pk=tip.pk).update(order_date=days.get(tip, NO_DUE_DATE))
    Tip.objects.filter(pk=foreign.pk).update(order_date=days[foreign])

    text = home(people, "officer").content.decode()

    shown = re.findall(r"<code>(AS-\d{4}-\w{6})</code>", text)
    assert shown == [tips[1].number, foreign.number, tips[0].number]


def test_leaders_see_what_waits_for_their_decision(people: People, city: City) -> None:
    tip, other = (TipFactory(district=YANTA, verifying=True, officer=people.officer) for _ in range(2))
    step(tip=tip, action=Action.CONCLUDE, actor=people.officer)
    step(tip=other, action=Action.CONCLUDE, actor=people.leader)

    tiles = {who: shown_tiles(home(people, who).content.decode()) for who in ("leader", "officer")}

    assert tiles["leader"]["等我批准"] == 1
    assert "等我批准" not in tiles["officer"]
    page = at_desk(people.leader).get("/admin/tips/view/signing/")
    assert [row.number for row in page.context["table"].data] == [tip.number]


def test_extension_waits_for_the_leader_above(people: People, city: City) -> None:
    boss = staff(Role.LEADER, office=city.city, username="juzhang")
    tip = TipFactory(district=YANTA, accepted=True, officer=people.officer)
    step(tip=tip, action=Action.ASK_EXTENSION, actor=people.officer)

    tiles = {
        user.username: shown_tiles(at_desk(user).get(HOME).content.decode()) for user in (boss, people.leader)
    }

    assert {who: found["等我批准"] for who, found in tiles.items()} == {"juzhang": 1, "zhouwen": 0}


def shown_tiles(text: str) -> dict[str, int]:
    """Return the counts of the tiles by their labels."""
    found = re.findall(r'<a href="[^"]+"><b>(\d+)</b><span>([^<]+)</span>', text)
    return {label: int(count) for count, label in found}


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


def test_news_stand_on_the_first_page_of_a_visit_alone(people: People, tip: Tip) -> None:
    Notice.objects.all().delete()
    Notice.objects.create(user=people.officer, raised_date=timezone.localdate())
    client = at_desk(people.officer)

    first, second = (client.get(HOME).content.decode() for _ in range(2))

    assert "上次来后有新的工作" in first
    assert "上次来后有新的工作" not in second


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

    # The last one asks which companies want a second safety manager.
    assert prices[0] == prices[1] <= 37


# --- the system administrator --------------------------------------------------------------------------------


def states(people: People) -> dict[str, tuple[str, str]]:
    """Return what the administrator's page says: line, tone and note."""
    panel = next(
        one for one in home(people, "administrator").context["panels"] if isinstance(one, MachinePanel)
    )
    shown = panel.get_context_data({})["states"]
    return {state.label: (state.chip.tone, state.note) for state in shown}


def without_superuser(people: People) -> None:
    people.administrator.is_superuser = False
    people.administrator.save()


@pytest.mark.parametrize("is_superuser", [True, False])
def test_administrator_finds_state_and_lists_on_the_first_page(people: People, is_superuser: bool) -> None:
    if not is_superuser:
        without_superuser(people)

    answer = home(people, "administrator")

    text = answer.content.decode()
    for words in ("身份保险箱", "钥匙圈", "磁盘", "没绑验证器的账号", "审计日志"):
        assert words in text
    assert "site_summary" not in text
    client = at_desk(people.administrator)
    links = re.findall(r'<li><a href="([^"]+)">', text)
    assert len(links) == 7
    assert {path: client.get(path, follow=True).status_code for path in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("who", ["officer", "leader", "auditor", "editor"])
def test_state_of_the_machine_is_for_the_administrator(people: People, who: str) -> None:
    assert "身份保险箱" not in home(people, who).content.decode()


def test_machine_in_order_says_so(people: People, tip: Tip) -> None:
    found = states(people)

    assert [found[line][0] for line in ("身份保险箱", "钥匙圈", "代设未改的密码")] == ["done"] * 3


def test_vault_that_is_not_the_pinned_one_comes_first(people: People, settings: Settings) -> None:
    settings.VAULT_FINGERPRINT = "0000-0000"

    line, (tone, note) = next(iter(states(people).items()))

    assert (line, tone) == ("身份保险箱", "bad")
    assert "实名举报已停收" in note


def test_key_ring_of_another_database_shows_nothing_that_cannot_be_logged(
    people: People, tip: Tip, settings: Settings
) -> None:
    client, settings.KEY_RING = at_desk(people.administrator), "t2:intl:" + "QkJC" * 10 + "QkI="

    answer = client.get(HOME)

    assert answer.status_code == 503
    assert "未作任何操作，请告知系统管理员" in answer.content.decode()


def test_people_without_second_factor_and_units_without_people_are_named(people: People) -> None:
    give_app(people.officer)

    found = states(people)

    assert "陈立" in found["没绑验证器的账号"][1]
    assert "赵敏" not in found["没绑验证器的账号"][1]
    assert found["没有承办人的单位"] == ("wait", "高新区应急局")


def test_administrators_page_shows_no_tip(people: People, tip: Tip) -> None:
    text = home(people, "administrator").content.decode()

    assert tip.number not in text
    assert "液氨" not in text


def test_price_of_the_administrators_page_does_not_grow(people: People, city: City) -> None:
    without_superuser(people)
    client = at_desk(people.administrator)
    prices = []
    for count in (1, 4):
        for _ in range(count):
            staff(Role.OFFICER, office=city.zone)
        client.get(HOME)
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        prices.append(len(captured))

    assert prices[0] == prices[1] <= 40
