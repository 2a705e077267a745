"""The page of one tip: what it tells, to whom, and what it must never tell."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.enums import Action, IdentityMode, Role, TipStatus
from complaints.models import AuditRow, Message, Tip, TipUnit
from complaints.services.messages import write_to_reporter
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory, noon, step
from tests.fixtures import IN_YANTA, YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
PRICE = 47


def page_of(people: People, tip: Tip, who: str = "officer"):
    return at_desk(getattr(people, who)).get(f"/admin/tips/{tip.number}/")


def said(tip: Tip, text: str) -> Message:
    message = Message(tip=tip, direction="from_reporter", sent_date=tip.received_date)
    message.body = text
    message.save()
    return message


def test_page_answers_what_where_how_long_what_next(people: People, city: City) -> None:
    tip = TipFactory(
        description="液氨储罐旁动火。没有监护。", entity_name="某化工厂", kind="major_hazard", industry="chemical",
        operations=("ammonia", "hot_work"), occurred_on=timezone.localdate() - timedelta(days=3),
        today=timezone.localdate(), district=YANTA, lat=IN_YANTA[0], lng=IN_YANTA[1], in_danger=True, photos=2,
    )  # fmt: skip

    text = page_of(people, tip).content.decode()

    for words in (
        tip.number, "液氨储罐旁动火", "没有监护。", "某化工厂", "雁塔区", "重大事故隐患", "有人遇险",
        "液氨制冷、动火", "余 7 个工作日",
        "受理决定", "（只记到日）", "误差可达几十米", "照片 1 / 2", "收到举报", "照片 2 张，已去除拍摄信息，原片封存",
    ):  # fmt: skip
        assert words in text, words
    assert 'class="d"' in text
    assert text.count('<circle class="p"') == 1


def test_next_steps_come_from_the_table(people: People, tip: Tip) -> None:
    first = page_of(people, tip).context["page"]
    step(tip=tip, action=Action.ACCEPT, actor=people.officer)
    second = page_of(people, tip).context["page"]

    assert [one.action for one in first.buttons] == ["accept", "decline", "dispatch", "assign"]
    assert [one.key for one in first.buttons] == ["1", "2", "3", "4"]
    assert {one.action for one in first.rest} == {"screen", "transfer_out", "merge", "escalate", "join"}
    assert [one.action for one in second.buttons] == ["inspect", "verify", "dispatch", "assign"]
    assert not {"accept", "decline"} & {one.action for one in second.steps}


def test_closed_tip_offers_what_is_left(people: People, city: City) -> None:
    tip = TipFactory(closed=True, officer=people.officer, leader=people.leader, district=YANTA)

    page = page_of(people, tip).context["page"]

    assert {one.action for one in page.steps} <= {"propose_measure", "recheck", "archive", "escalate"}
    assert (page.may_write, page.may_take, page.clock) == (False, False, None)


WAY = ["登记", "受理", "核查", "处置", "答复", "办结"]


@pytest.mark.parametrize(
    ("status", "done"),
    [
        (TipStatus.REGISTERED, 1), (TipStatus.SCREENING, 1), (TipStatus.ACCEPTED, 2), (TipStatus.VERIFYING, 2),
        (TipStatus.VERIFIED, 3), (TipStatus.DISPOSED, 4), (TipStatus.REPLIED, 5), (TipStatus.CLOSED, 6),
    ],
)  # fmt: skip
def test_stages_tell_what_is_done_and_what_is_now(
    people: People, city: City, status: TipStatus, done: int
) -> None:
    tip = TipFactory(status=status, officer=people.officer, leader=people.leader, district=YANTA)

    stages = page_of(people, tip).context["page"].stages

    assert [stage.label for stage in stages] == WAY
    assert [stage.state for stage in stages] == (["done"] * done + ["now"] + [""] * 6)[:6]
    assert all(stage.when == "03-10" for stage in stages[:done])


def test_stage_of_now_names_its_last_day(people: People, tip: Tip) -> None:
    step(tip=tip, action=Action.ACCEPT, actor=people.officer)

    stages = page_of(people, tip).context["page"].stages

    assert stages[2].when.endswith("前")


def test_unfounded_tip_needs_no_measures(people: People, city: City) -> None:
    tip = TipFactory(
        verified=True, unfounded=True, officer=people.officer, leader=people.leader, district=YANTA
    )

    stages = page_of(people, tip).context["page"].stages

    assert [(stage.label, stage.state) for stage in stages[2:]] == [
        ("核查", "done"), ("答复", "now"), ("办结", ""),
    ]  # fmt: skip


def test_declined_tip_has_a_shorter_way(people: People, city: City) -> None:
    tip = TipFactory(status=TipStatus.DECLINED, officer=people.officer, district=YANTA)

    stages = page_of(people, tip).context["page"].stages

    assert [stage.label for stage in stages] == ["登记", "不予受理", "办结"]


def test_reporters_acts_are_told_to_the_day_and_staffs_to_the_minute(people: People, tip: Tip) -> None:
    step(tip=tip, action=Action.ACCEPT, actor=people.officer, at=noon(tip.received_date))

    newest, oldest = page_of(people, tip).context["page"].timeline

    assert newest.when.endswith("12:00")
    assert ":" not in oldest.when
    assert (newest.who, oldest.who) == ("赵敏", "系统")


def test_page_tells_nobody_whether_a_name_was_left(people: People, city: City) -> None:
    same = {"district": YANTA, "description": "冲床没有防护罩"}
    tips = [
        TipFactory(**same, real_name=True),
        *(TipFactory(**same, identity_mode=mode) for mode in IdentityMode if mode != IdentityMode.REAL_NAME),
    ]

    pages = [page_of(people, tip, "leader") for tip in tips]

    parts = [
        str([page.context["page"].facts, page.context["page"].cards, page.context["page"].unseal]).replace(
            tip.number, "#"
        )
        for tip, page in zip(tips, pages, strict=True)
    ]
    assert len(set(parts)) == 1
    for page, tip in zip(pages, tips, strict=True):
        text = page.content.decode()
        shown = ("实名", "匿名", "张三丰", "13800001234", "envelope", "xwing", tip.acknowledgement.receipt)
        assert [word for word in shown if word in text] == []


def test_conversation_is_open_while_words_are_new(people: People, tip: Tip) -> None:
    said(tip, "夜班十点以后还在焊。")
    Tip.objects.filter(pk=tip.pk).update(unread_count=1)

    first = page_of(people, tip).content.decode()
    second = page_of(people, tip).content.decode()

    assert 'active-panel-id-value="tab-talk"' in first
    assert "1 新" in first
    assert 'active-panel-id-value="tab-story"' in second
    assert "夜班十点以后还在焊。" in second


def test_words_to_the_reporter_are_read_until_the_reply_and_wiped_then(people: People, tip: Tip) -> None:
    write_to_reporter(tip_id=tip.pk, text="请问是哪个门？", author=people.officer, at=noon(tip.received_date))
    before = page_of(people, tip).content.decode()
    step(tip=tip, action=Action.DECLINE, actor=people.officer)

    after = page_of(people, tip).content.decode()

    assert "请问是哪个门？" in before
    assert "请问是哪个门？" not in after
    assert "只有持查询码的人能打开" in after


def test_what_the_reporter_typed_is_escaped(people: People, city: City) -> None:
    tip = TipFactory(
        district=YANTA,
        description="<script>alert(1)</script>危险",
        entity_name="<b>厂</b>",
        address="<i>路</i>",
    )
    said(tip, "<img src=x onerror=alert(1)>")

    text = page_of(people, tip).content.decode()

    for raw in ("<script>alert", "<b>厂", "<i>路", "<img src=x"):
        assert raw not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    ("who", "sees"), [("officer", False), ("town_officer", False), ("leader", True), ("auditor", True)]
)
def test_audit_excerpt_is_for_leaders_and_auditors(people: People, tip: Tip, who: str, sees: bool) -> None:
    page_of(people, tip, "colleague")

    page = page_of(people, tip, who)

    assert (page.context["page"].audit is not None) is sees
    assert ("审计摘录" in page.content.decode()) is sees
    if sees:
        entries = [(entry.title, entry.who) for entry in page.context["page"].audit]
        assert entries == [("查看举报", getattr(people, who).get_full_name()), ("查看举报", "陈立")]


def test_opening_a_tip_is_logged_once_a_day_and_person(people: People, tip: Tip) -> None:
    for who in ("officer", "officer", "colleague"):
        page_of(people, tip, who)

    rows = AuditRow.objects.filter(action="tip.view").order_by("sequence")

    assert [(row.actor, row.subject, row.data) for row in rows] == [
        (people.officer, tip.number, {}), (people.colleague, tip.number, {}),
    ]  # fmt: skip


def test_looking_for_what_does_not_exist_is_not_logged(people: People, tip: Tip) -> None:
    at_desk(people.officer).get("/admin/tips/AS-2026-ZZZZZZ/")

    assert not AuditRow.objects.filter(action="tip.view").exists()


def test_previous_and_next_follow_the_order_of_the_inbox(people: People, city: City) -> None:
    today = timezone.localdate()
    tips = [TipFactory(district=YANTA, today=today) for _ in range(3)]
    for days, tip in zip((5, 1, 3), tips, strict=True):
        due = today + timedelta(days=days)
        Tip.objects.filter(pk=tip.pk).update(due_date=due, order_date=due)
    late, first, middle = tips

    page = page_of(people, middle).context["page"]
    ends = page_of(people, first).context["page"].previous_url, page_of(people, late).context["page"].next_url

    assert page.previous_url == f"/admin/tips/{first.number}/"
    assert page.next_url == f"/admin/tips/{late.number}/"
    assert ends == ("", "")


def test_price_does_not_grow_with_photos_and_words(people: People, city: City) -> None:
    poor, rich = TipFactory(district=YANTA, photos=1), TipFactory(district=YANTA, photos=5)
    for number in range(6):
        said(rich, f"第 {number} 句")
    said(poor, "一句")
    client = at_desk(people.leader)
    prices = []
    for tip in (poor, rich):
        client.get(f"/admin/tips/{tip.number}/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/admin/tips/{tip.number}/")
        prices.append(len(captured))

    assert prices[0] == prices[1] <= PRICE


def test_price_does_not_grow_with_the_history(people: People, city: City) -> None:
    short = TipFactory(accepted=True, officer=people.officer, district=YANTA)
    long = TipFactory(verifying=True, officer=people.officer, leader=people.leader, district=YANTA)
    for _time in range(3):
        step(tip=long, action=Action.INSPECT, actor=people.officer)
        step(tip=long, action=Action.CONCLUDE, actor=people.officer)
        step(tip=long, action=Action.RETURN_RESULT, actor=people.leader)
    client = at_desk(people.leader)
    prices = []
    for tip in (short, long):
        client.get(f"/admin/tips/{tip.number}/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/admin/tips/{tip.number}/")
        prices.append(len(captured))

    assert prices[0] == prices[1] <= PRICE


def test_price_is_the_same_with_neighbours_and_helping_units(people: People, city: City) -> None:
    client, tip = at_desk(people.leader), TipFactory(district=YANTA)
    prices = []
    for helping in (city.zone, city.lianhu):
        client.get(f"/admin/tips/{tip.number}/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/admin/tips/{tip.number}/")
        prices.append(len(captured))
        TipFactory(district=YANTA)
        TipUnit.objects.create(tip=tip, office=helping, part="co_unit", since_date=tip.received_date)

    assert prices[0] == prices[1] <= PRICE


def test_page_is_never_stored(people: People, tip: Tip) -> None:
    page = page_of(people, tip)

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"


def test_a_long_report_is_folded_and_nothing_of_it_is_left_out(people: People, city: City) -> None:
    words = "冲床没有防护罩，夜里也开。" * 300
    long, short = (
        TipFactory(district=YANTA, description=words),
        TipFactory(district=YANTA, description="无罩。"),
    )

    pages = [BeautifulSoup(page_of(people, tip).content, "html.parser") for tip in (long, short)]

    assert pages[0].select_one(".as-long > .as-words").get_text() == words
    assert "展开全文，共 3900 字" in pages[0].select_one(".as-long summary").get_text()
    assert not pages[1].select(".as-long")


def test_a_report_of_many_lines_is_long_as_well(people: People, city: City) -> None:
    tip = TipFactory(district=YANTA, description="\n".join(["无罩。"] * 15))

    assert page_of(people, tip).context["page"].is_long


@pytest.mark.parametrize("act", [Action.UPHOLD, Action.REOPEN])
def test_the_decision_of_a_review_is_not_listed_as_a_second_answer(
    people: People, city: City, act: Action
) -> None:
    reviewer = staff(Role.LEADER, office=city.city, username="fucha")
    tip = TipFactory(replied=True, officer=people.officer, leader=people.leader, district=YANTA)
    step(tip=tip, action=Action.OBJECT)
    step(tip=tip, action=act, actor=reviewer)

    talk = [line.answers for line in page_of(people, tip).context["page"].talk]
    file = at_desk(people.officer).get(f"/admin/tips/{tip.number}/file/").content.decode()

    assert [answers for answers in talk if answers] == (
        ["答复", "复查结果"] if act == Action.UPHOLD else ["答复"]
    )
    assert file.count("日的答复：发出时已封存给查询码") == 1
    assert file.count("日的复查结果：发出时已封存给查询码") == (act == Action.UPHOLD)


@pytest.mark.parametrize(
    ("status", "name"), [(TipStatus.DECLINED, "不予受理告知"), (TipStatus.TRANSFERRED_OUT, "移送告知")]
)
def test_what_ends_a_tip_early_is_called_by_its_name(
    people: People, city: City, status: TipStatus, name: str
) -> None:
    tip = TipFactory(status=status, officer=people.officer, district=YANTA)

    assert [line.answers for line in page_of(people, tip).context["page"].talk] == [name]


def test_a_long_reason_is_folded_in_the_timeline_and_whole_in_the_file(people: People, city: City) -> None:
    words = "请区局执法科带气体检测仪到场。" * 60
    tip = TipFactory(district=YANTA, town=city.town_code, accepted=True, officer=people.officer)
    step(tip=tip, action=Action.PAUSE, actor=people.officer, memo=words)

    page = BeautifulSoup(page_of(people, tip).content, "html.parser")
    file = at_desk(people.officer).get(f"/admin/tips/{tip.number}/file/").content.decode()

    assert words in page.select_one(".as-rail .as-long > .as-words").get_text()
    assert "展开全文，共" in page.select_one(".as-rail .as-long summary").get_text()
    assert words in file
    assert "展开全文" not in file
