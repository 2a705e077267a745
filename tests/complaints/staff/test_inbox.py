"""The inbox: what stands in it, in which order, found how, and at what price."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.enums import Action, Clock, Role, TipStatus
from complaints.models import Message, Tip, Whistle
from complaints.models.tip import NO_DUE_DATE
from complaints.rules.deadlines import add_working_days
from complaints.services.supervision import supervise
from tests.complaints.staff.conftest import People, at_desk, searched
from tests.factories import TipFactory, UserFactory, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
INBOX = "/admin/tips/"


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def new_tip(city: City, today: date) -> Callable[..., Tip]:
    def make(**values: object) -> Tip:
        fields = {
            name: values.pop(name) for name in list(values) if name in ("due_date", "clock", "unread_count")
        }
        tip: Tip = TipFactory(district=YANTA, town=city.town_code, **{"today": today, **values})
        Tip.objects.filter(pk=tip.pk).update(**with_order(fields))
        tip.refresh_from_db()
        return tip

    return make


def with_order(fields: dict[str, object]) -> dict[str, object]:
    """Return the fields with the day lists order by, as the model keeps it beside the due day."""
    return {**fields, "order_date": fields["due_date"] or NO_DUE_DATE} if "due_date" in fields else fields


def numbers(client: Client, path: str = INBOX) -> list[str]:
    """Return the tip numbers a list shows, in its order."""
    return [row.number for row in client.get(path).context["table"].data]


def test_row_says_what_where_how_long_and_who(people: People, new_tip: Callable[..., Tip]) -> None:
    tip = new_tip(
        description="粉尘很厚，除尘停用。",
        entity_name="某木业加工厂",
        kind="major_hazard",
        industry="light_industry",
        photos=2,
    )
    step(tip=tip, action=Action.ACCEPT, actor=people.officer, at=timezone.now())

    text = at_desk(people.officer).get(INBOX).content.decode()

    for words in (
        "粉尘很厚，除尘停用",
        tip.number,
        "某木业加工厂",
        "重大事故隐患",
        "轻工",
        "雁塔区",
        "已受理",
        "个工作日",
        "赵敏",
    ):
        assert words in text
    assert "/admin/tips/photo/" in text


def test_what_is_due_first_comes_first_and_the_dateless_last(
    people: People, new_tip: Callable[..., Tip], today: date
) -> None:
    late, none, soon = (
        new_tip(due_date=today + timedelta(days=9)),
        new_tip(due_date=None, clock=Clock.NONE),
        new_tip(due_date=today - timedelta(days=1)),
    )

    assert numbers(at_desk(people.officer)) == [soon.number, late.number, none.number]


@pytest.mark.parametrize(
    "column", ["number", "kind", "district", "status", "due_date", "handler__first_name"]
)
def test_every_column_sorts_both_ways(people: People, new_tip: Callable[..., Tip], column: str) -> None:
    for kind in ("violation", "major_hazard"):
        new_tip(kind=kind)
    client = at_desk(people.officer)

    up, down = numbers(client, f"{INBOX}?ordering={column}"), numbers(client, f"{INBOX}?ordering=-{column}")

    assert sorted(up) == sorted(down)
    assert len(up) == 2


def test_tabs_hold_what_their_counters_say(people: People, new_tip: Callable[..., Tip], today: date) -> None:
    due, over, far = (new_tip(due_date=today + timedelta(days=days)) for days in (0, -3, 30))
    closed = new_tip(status=TipStatus.CLOSED, officer=people.colleague)
    said = new_tip(unread_count=2, due_date=today + timedelta(days=40))
    Tip.objects.filter(pk=far.pk).update(handler=people.officer)
    client = at_desk(people.officer)

    tabs = {tab["label"]: tab for tab in client.get(INBOX).context["tabs"]}

    expected = {
        "我的": [far],
        "本单位": [over, due, far, said],
        "今日到期": [due],
        "超期": [over],
        "新留言": [said],
        "全部": [said, closed, far, over, due],
    }
    for label, tips in expected.items():
        assert numbers(client, tabs[label]["url"]) == [tip.number for tip in tips], label
        assert tabs[label]["count"].number == len(tips), label


def test_unknown_tab_does_not_exist(people: People) -> None:
    assert at_desk(people.officer).get(f"{INBOX}view/nothing/").status_code == 404


def test_filter_keeps_to_its_tab(people: People, new_tip: Callable[..., Tip], today: date) -> None:
    over = new_tip(kind="violation", due_date=today - timedelta(days=1))
    new_tip(kind="violation")
    new_tip(kind="major_hazard", due_date=today - timedelta(days=1))

    page = at_desk(people.officer).get(f"{INBOX}view/overdue/results/?kind=violation")

    assert [row.number for row in page.context["table"].data] == [over.number]
    assert "安全生产违法行为" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=accepted", ["b"]),
        ("status=registered&status=accepted", ["a", "b", "c"]),
        ("kind=violation", ["a"]),
        ("industry=chemical", ["b"]),
        (f"district={YANTA}", ["a", "b", "c"]),
        ("channel=snap", ["c"]),
        ("kind=violation&industry=chemical", []),
    ],
)
def test_filters(people: People, new_tip: Callable[..., Tip], query: str, expected: list[str]) -> None:
    tips = {"a": new_tip(kind="violation"), "b": new_tip(industry="chemical"), "c": new_tip(channel="snap")}
    step(tip=tips["b"], action=Action.ACCEPT, actor=people.officer, at=timezone.now())

    found = numbers(at_desk(people.officer), f"{INBOX}?{query}")

    assert sorted(found) == sorted(tips[name].number for name in expected)


@pytest.mark.parametrize(
    "query", ["status=nonsense", "kind='", "district=999999", "due=never", "ordering=pk;drop", "p=0", "p=x"]
)
def test_nonsense_in_the_address_is_harmless(people: People, new_tip: Callable[..., Tip], query: str) -> None:
    new_tip()

    assert at_desk(people.officer).get(f"{INBOX}?{query}").status_code == 200


def test_due_groups_split_the_open_tips(people: People, new_tip: Callable[..., Tip], today: date) -> None:
    days = {
        "overdue": today - timedelta(days=1),
        "today": today,
        "soon": add_working_days(start=today, days=3),
        "later": add_working_days(start=today, days=4),
    }
    tips = {name: new_tip(due_date=day) for name, day in days.items()}
    tips["none"] = new_tip(due_date=None, clock=Clock.NONE)
    client = at_desk(people.officer)

    assert {name: numbers(client, f"{INBOX}?due={name}") for name in tips} == {
        name: [tip.number] for name, tip in tips.items()
    }


def test_number_is_found_however_it_is_typed(people: People, new_tip: Callable[..., Tip]) -> None:
    tip, other = new_tip(status=TipStatus.CLOSED, officer=people.colleague), new_tip()
    client, code = at_desk(people.officer), tip.number[-6:]

    for typed in (
        tip.number,
        tip.number.lower(),
        f" {tip.number} ",
        tip.number.replace("-", ""),
        code,
        code.lower(),
    ):
        assert numbers(client, searched(people.officer, typed)) == [tip.number], typed
    year = searched(people.officer, f"AS-{tip.number[3:7]}")
    assert set(numbers(client, year)) == {tip.number, other.number}


@pytest.mark.parametrize("typed", ["液氨", "氨 焊机", "某化工", "科技路 18", "LIQUID"])
def test_words_are_found_in_what_was_reported(
    people: People, new_tip: Callable[..., Tip], typed: str
) -> None:
    tip = new_tip(description="液氨罐旁有焊机 liquid", entity_name="某化工有限公司", address="科技路 18 号")
    new_tip(description="粉尘", address="别处")

    assert numbers(at_desk(people.officer), searched(people.officer, typed)) == [tip.number]


def test_search_and_filter_go_together(people: People, new_tip: Callable[..., Tip]) -> None:
    new_tip(description="液氨泄漏", kind="violation")
    tip = new_tip(description="液氨泄漏", kind="major_hazard")

    path = searched(people.officer, "液氨", "results/") + "&kind=major_hazard"
    assert numbers(at_desk(people.officer), path) == [tip.number]


def test_search_says_how_far_it_looked(
    people: People, new_tip: Callable[..., Tip], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        new_tip(description="液氨泄漏")
    monkeypatch.setattr("complaints.selectors.search.SEARCH_BOUND", 2)
    client = at_desk(people.officer)

    found, nothing = (
        client.get(searched(people.officer, word)).content.decode() for word in ("液氨", "粉尘")
    )

    assert "只查了最新的 2 件" in found
    assert "只查了最新的 2 件" in nothing


def test_foreign_words_are_not_found(people: People, new_tip: Callable[..., Tip]) -> None:
    new_tip(description="液氨泄漏")

    assert numbers(at_desk(people.foreign), searched(people.foreign, "液氨")) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"answer_by": timedelta(hours=3)}, "吹哨未应"),
        ({"answer_by": timedelta(hours=-3)}, "吹哨未应 · 已超"),
        ({"answered_at": timedelta(hours=-1), "arrive_by": 2}, "区县在途"),
        ({"answered_at": timedelta(hours=-90), "arrive_by": -1}, "区县逾期未到"),
    ],
)
def test_whistle_is_marked_on_the_row(
    people: People,
    city: City,
    new_tip: Callable[..., Tip],
    today: date,
    values: dict[str, object],
    words: str,
) -> None:
    now, tip = timezone.now(), new_tip()
    times = {
        name: today + timedelta(days=one) if isinstance(one, int) else now + one
        for name, one in values.items()
    }
    Whistle.objects.create(
        tip=tip, town=city.town, called=city.yanta, **{"raised_at": now, "answer_by": now, **times}
    )
    Tip.objects.filter(pk=tip.pk).update(called_unit=city.yanta)

    (row,) = at_desk(people.officer).get(f"{INBOX}view/whistles/").context["table"].data

    assert [mark.word for mark in row.marks] == [words]


def test_supervision_is_marked_and_has_its_tab(
    people: People, city: City, new_tip: Callable[..., Tip]
) -> None:
    above = UserFactory(roles=[(Role.LEADER, city.city)])
    tip, _other = new_tip(), new_tip()
    supervise(tip_id=tip.pk, actor=above, at=timezone.now(), memo="请说明为何尚未核查")

    page = at_desk(people.officer).get(f"{INBOX}view/supervised/")

    assert [row.number for row in page.context["table"].data] == [tip.number]
    assert "督办中" in page.content.decode()


def test_a_tip_another_unit_leads_names_it(people: People, city: City, new_tip: Callable[..., Tip]) -> None:
    tip = new_tip()
    assert tip.handling_unit == city.yanta

    lead = {
        who: at_desk(getattr(people, who)).get(INBOX).context["table"].data[0].lead_unit
        for who in ("officer", "city_officer", "town_officer")
    }

    assert lead == {"officer": "", "city_officer": "", "town_officer": "雁塔区应急管理局"}


def test_paused_period_shows_in_the_row(people: People, new_tip: Callable[..., Tip]) -> None:
    tip = new_tip(due_date=None, clock=Clock.NONE)
    Tip.objects.filter(pk=tip.pk).update(is_paused=True)

    (row,) = at_desk(people.officer).get(INBOX).context["table"].data

    assert row.clock.tone == "paused"


@pytest.mark.parametrize("who", ["officer", "leader", "city_officer"])
def test_people_who_handle_tips_may_tick_rows(people: People, new_tip: Callable[..., Tip], who: str) -> None:
    new_tip()

    text = at_desk(getattr(people, who)).get(INBOX).content.decode()

    assert "data-bulk-action-checkbox" in text
    assert "/admin/bulk/complaints/tip/assign/" in text
    assert "/admin/tips/new/" in text


def test_auditors_tick_nothing_and_enter_nothing(people: People, new_tip: Callable[..., Tip]) -> None:
    new_tip()

    text = at_desk(people.auditor).get(INBOX).content.decode()

    assert "data-bulk-action-checkbox" not in text
    assert "/admin/bulk/" not in text
    assert "/admin/tips/new/" not in text


def test_eight_views_have_keys(people: People) -> None:
    tabs = at_desk(people.officer).get(INBOX).context["tabs"]

    assert [tab["key"] for tab in tabs] == [f"g {number}" for number in range(1, 9)]


def test_view_reached_from_home_alone_shows_while_one_is_there(people: People) -> None:
    tabs = at_desk(people.officer).get(f"{INBOX}view/waiting/").context["tabs"]

    assert [(tab["label"], tab["key"]) for tab in tabs if tab["is_on"]] == [("待受理", "")]


def test_pages_say_how_many_there_are(people: People, new_tip: Callable[..., Tip]) -> None:
    for _ in range(26):
        new_tip()
    client = at_desk(people.officer)

    first, second = client.get(INBOX), client.get(f"{INBOX}?p=2")

    assert "共 26 件" in first.content.decode()
    assert (len(first.context["table"].data), len(second.context["table"].data)) == (25, 1)


def test_tip_never_opened_stands_out_until_it_is(people: People, new_tip: Callable[..., Tip]) -> None:
    tip = new_tip()
    client, colleague = at_desk(people.officer), at_desk(people.colleague)

    before = client.get(INBOX).context["table"].data[0].is_new
    client.get(f"{INBOX}{tip.number}/")
    after = [one.get(INBOX).context["table"].data[0].is_new for one in (client, colleague)]

    assert before is True
    assert after == [False, True]


def test_new_words_show_in_the_row(people: People, new_tip: Callable[..., Tip]) -> None:
    new_tip(unread_count=2)

    assert "2 条新留言" in at_desk(people.officer).get(INBOX).content.decode()


def test_price_does_not_grow_with_the_rows(people: People, new_tip: Callable[..., Tip]) -> None:
    client = at_desk(people.officer)
    new_tip(photos=1)
    few = queries(client)
    for _ in range(11):
        new_tip(photos=1, kind="violation", unread_count=1)

    many = queries(client)

    assert many == few
    assert many <= 34


def queries(client: Client, path: str = INBOX) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def test_only_the_rows_of_the_page_are_decrypted(
    people: People, new_tip: Callable[..., Tip], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        new_tip()
    opened: list[bytes] = []
    from complaints.crypto.keyring import KeyRing

    plain = KeyRing.decrypt
    monkeypatch.setattr(
        KeyRing, "decrypt", lambda ring, data, *, aad: opened.append(aad) or plain(ring, data, aad=aad)
    )

    at_desk(people.officer).get(f"{INBOX}?kind=violation")
    nothing = len(opened)
    at_desk(people.officer).get(INBOX)

    assert nothing == 0
    assert {aad.split(b":")[2] for aad in opened} <= {b"description", b"entity_name"}
    assert len(opened) <= 8


def test_inbox_asks_only_for_what_it_shows(people: People, new_tip: Callable[..., Tip]) -> None:
    new_tip()

    with CaptureQueriesContext(connection) as captured:
        at_desk(people.officer).get(INBOX)

    assert not any("point_sealed" in query["sql"] or "address_sealed" in query["sql"] for query in captured)


def test_message_row_of_home_needs_a_message(people: People, new_tip: Callable[..., Tip]) -> None:
    tip = new_tip(unread_count=1)
    message = Message(tip=tip, direction="from_reporter", sent_date=tip.received_date)
    message.body = "他们把焊机搬走了，藏在三号库。"
    message.save()

    text = at_desk(people.officer).get("/admin/").content.decode()

    assert "他们把焊机搬走了" in text
