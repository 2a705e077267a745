"""What comes in wrong at the desk: words that say so, nothing changed, one row in the log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from complaints.enums import Action, Clock
from complaints.models import AuditRow, Period, Tip
from tests.complaints.staff.conftest import People, at_desk, newest_step
from tests.factories import REPLY, TipFactory, jpeg, noon, step
from tests.fixtures import YANTA, City
from tests.refused import content

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = TODAY.isoformat()


def url(tip: Tip, act: str = "") -> str:
    return f"/admin/tips/{tip.number}/{act}"


def refusals() -> list[AuditRow]:
    return [row for row in AuditRow.objects.order_by("sequence") if row.action.endswith("refused")]


def sent(client: Client, path: str, values: dict[str, Any]) -> tuple[HttpResponse, list[AuditRow]]:
    """Post what must be refused and change nothing; return the answer and the rows it left."""
    before, known = content(), len(refusals())

    answer = client.post(path, values)

    assert content() == before
    return answer, refusals()[known:]


def photos(count: int, data: bytes | None = None) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile(f"{number}.jpg", data or b"x", content_type="image/jpeg")
        for number in range(count)
    ]


VISIT = {"visited_date": DAY, "inspectors": "张某、李某", "findings": "现场在动火"}
PENALTY = {"measure": "penalty", "decided_date": DAY, "words": "罚款", "decision_number": "1 号"}
# Address of the act → the state it is open in, what is sent, the act as logged, a sentence of the answer.
FORMS: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "a visit without a day": (
        "accepted",
        "inspect",
        {**VISIT, "visited_date": ""},
        "inspect",
        "这一项不能少",
    ),
    "a visit on no day": ("accepted", "inspect", {**VISIT, "visited_date": "昨天"}, "inspect", "2026-03-10"),
    "a visit without words": ("accepted", "inspect", {"visited_date": DAY}, "inspect", "请写一句话"),
    "a result that is none": ("verifying", "conclude", {"findings": "属实"}, "conclude", "这一项不能少"),
    "a result unknown": ("verifying", "conclude", {"result": "x"}, "conclude", "没有这个选项"),
    "no number of days": (
        "accepted",
        "ask_extension",
        {"days": "x", "memo": "待检测"},
        "ask_extension",
        "这不是数字",
    ),
    "no unit": ("accepted", "dispatch", {"memo": "属地办理"}, "dispatch", "这一项不能少"),
    "no person": ("accepted", "assign", {"handler": "x"}, "assign", "这不是数字"),
    "no reason to decline": ("registered", "decline", {"note": "不属于本局"}, "decline", "请选择理由"),
    "no words to decline": ("registered", "decline", {"reason": "other"}, "decline", "请写一句话"),
    "a fine that is none": (
        "verified",
        "propose_measure",
        {**PENALTY, "fine_amount": "很多"},
        "propose_measure",
        "这不是数字",
    ),
    "a fine below nothing": (
        "verified",
        "propose_measure",
        {**PENALTY, "fine_amount": "-5"},
        "propose_measure",
        "罚款金额不能为负",
    ),
    "a time limit before the decision": (
        "verified",
        "propose_measure",
        {**PENALTY, "rectify_by": "2026-03-10"},
        "propose_measure",
        "整改期限不能早于决定日期",
    ),
    "a visit tomorrow": (
        "accepted",
        "inspect",
        {**VISIT, "visited_date": "2090-01-01"},
        "inspect",
        "检查日期不能晚于今天",
    ),
    "a visit of one person": ("accepted", "inspect", {**VISIT, "inspectors": "张某"}, "inspect", "至少两人"),
    "a team of nobody": (
        "verified",
        "refer",
        {"offence": "危险作业罪", "facts": "见卷"},
        "refer",
        "两名以上",
    ),
    "200 files": ("accepted", "inspect", {**VISIT, "photos": 200}, "inspect", "最多 9 张"),
    "a file that is not what it says": ("accepted", "inspect", {**VISIT, "photos": 1}, "inspect", "不是照片"),
}


def values_of(name: str) -> dict[str, Any]:
    values = dict(FORMS[name][2])
    if "photos" in values:
        values["photos"] = photos(values["photos"])
    return values


def tip_in(state: str, *, people: People, city: City) -> Tip:
    row: Tip = TipFactory(
        status=state,
        district=YANTA,
        town=city.town_code,
        officer=people.colleague,
        leader=people.leader,
        today=TODAY,
    )
    return row


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_wrong(people: People, city: City, name: str) -> None:
    state, slug, _values, act, words = FORMS[name]
    tip = tip_in(state, people=people, city=city)

    answer, rows = sent(at_desk(people.officer), url(tip, f"step/{slug}/"), values_of(name))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert [(row.action, row.subject, row.actor, row.data) for row in rows] == [
        ("tip.refused", tip.number, people.officer, {"act": act, "code": "invalid"})
    ]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_wrong_from_somebody_without_the_right(people: People, city: City, name: str) -> None:
    state, slug, _values, act, _words = FORMS[name]
    tip = tip_in(state, people=people, city=city)

    answer, rows = sent(at_desk(people.auditor), url(tip, f"step/{slug}/"), values_of(name))

    assert answer.status_code == 403
    assert [(row.action, row.data) for row in rows] == [("tip.refused", {"act": act, "code": "not_allowed"})]


# --- words and replies ----------------------------------------------------------------------------------------------

WORDS: dict[str, tuple[str, str, dict[str, str], int, str, str]] = {
    "an empty message": ("accepted", "message/", {"text": " "}, 422, "message", "invalid"),
    "a message to a closed case": (
        "closed",
        "message/",
        {"text": "请补照片"},
        409,
        "message",
        "illegal_move",
    ),
    "an empty note": ("accepted", "note/", {"text": ""}, 422, "note", "invalid"),
    "a reply with items missing": ("disposed", "reply/", {"findings": "属实"}, 422, "reply", "invalid"),
    "a reply before the result": ("accepted", "reply/", dict(REPLY), 409, "reply", "illegal_move"),
    "a copy of a reply before the result": (
        "accepted",
        "reply/copy/",
        dict(REPLY),
        409,
        "reply_copy",
        "illegal_move",
    ),
    "a message to nobody here": (
        "accepted",
        "message/",
        {"text": "请补", "to": "AS-1"},
        404,
        "message",
        "not_found",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_that_are_refused(people: People, city: City, name: str) -> None:
    state, act, values, status, logged, code = WORDS[name]
    tip = tip_in(state, people=people, city=city)

    answer, rows = sent(at_desk(people.officer), url(tip, act), values)

    assert answer.status_code == status
    assert [(row.action, row.subject, row.data) for row in rows] == [
        ("tip.refused", tip.number, {"act": logged, "code": code})
    ]


@pytest.mark.parametrize("act", ["message/", "note/", "reply/", "reply/copy/"])
def test_words_of_an_auditor(people: People, city: City, act: str) -> None:
    tip = tip_in("disposed", people=people, city=city)

    answer, rows = sent(at_desk(people.auditor), url(tip, act), {"text": ""})

    assert answer.status_code == 403
    assert [(row.action, row.data["code"]) for row in rows] == [("tip.refused", "not_allowed")]


def test_taking_what_a_colleague_took(people: People, tip: Tip) -> None:
    at_desk(people.colleague).post(url(tip, "take/"))

    answer, rows = sent(at_desk(people.officer), url(tip, "take/"), {})

    assert answer.status_code == 409
    assert "陈立" in answer.content.decode()
    assert [row.data for row in rows] == [{"act": "assign", "code": "taken_by_another"}]


# --- who was faster, and who was not ---------------------------------------------------------------------------------

HINDERED: dict[str, tuple[str, tuple[Action, dict[str, Any]], str, dict[str, Any], str]] = {
    "a death": ("registered", (Action.ESCALATE, {}), "transfer_out", {"note": "请找住建局"}, "涉及人员死亡"),
    "a whistle": ("accepted", (Action.WHISTLE, {}), "dispatch", {"office": 1, "memo": "属地"}, "吹哨"),
    "an extension": ("accepted", (Action.ASK_EXTENSION, {}), "pause", {"memo": "等", "note": "等"}, "延期申请"),
    "a pause": ("verifying", (Action.PAUSE, {}), "conclude", {"result": "true", "findings": "属实"}, "中止"),
}  # fmt: skip


@pytest.mark.parametrize("name", HINDERED)
def test_what_hinders_an_act_is_named_and_nobody_was_faster(people: People, city: City, name: str) -> None:
    state, (action, more), slug, values, words = HINDERED[name]
    tip = tip_in(state, people=people, city=city)
    actor = people.town_officer if action == Action.WHISTLE else people.officer
    step(tip=tip, action=action, actor=actor, at=noon(TODAY), **more)
    asker = people.city_officer if action == Action.ESCALATE else people.officer

    path = url(tip, f"step/{slug}/")
    answer, rows = sent(at_desk(asker), path, {**values, **newest_step(tip)})

    assert answer.status_code == 409
    assert words in answer.context["refusal"]
    assert "已于" not in answer.context["refusal"]
    assert [row.action for row in rows] == ["tip.refused"]


def test_an_act_of_a_state_that_is_over_is_nobodys_fault(people: People, city: City) -> None:
    tip = tip_in("replied", people=people, city=city)

    answer, _rows = sent(at_desk(people.officer), url(tip, "step/accept/"), newest_step(tip))

    assert answer.context["refusal"] == "没有提交：当前状态（已答复）不能办这一步。"


def test_a_reporter_who_was_faster_is_called_the_reporter(people: People, city: City) -> None:
    tip = tip_in("replied", people=people, city=city)
    seen = newest_step(tip)
    step(tip=tip, action=Action.OBJECT, at=noon(TODAY))

    answer, _rows = sent(at_desk(people.officer), url(tip, "step/close/"), seen)

    assert answer.status_code == 409
    assert "没有提交：举报人已于" in answer.context["refusal"]
    assert "系统" not in answer.context["refusal"]


# --- before any view --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        lambda tip: url(tip, "step/inspect/"),
        lambda tip: "/admin/tips/new/",
    ],
    ids=["a visit", "the counter"],
)
def test_more_files_than_are_read(people: People, tip: Tip, path: Callable[[Tip], str]) -> None:
    answer, rows = sent(at_desk(people.officer), path(tip), {**VISIT, "photos": photos(301)})

    assert answer.status_code == 413
    assert "一次发得太多了" in answer.content.decode()
    assert [(row.action, row.actor) for row in rows] == [("desk.refused", people.officer)]


@pytest.mark.parametrize("slug", ["dance", "reply", "register"])
def test_an_act_that_does_not_exist(people: People, tip: Tip, slug: str) -> None:
    answer, rows = sent(at_desk(people.officer), url(tip, f"step/{slug}/"), {"memo": "x"})

    assert answer.status_code == 404
    assert [(row.action, row.subject) for row in rows] == [("desk.refused", tip.number)]


# --- the counter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (lambda: photos(200), "最多 9 张"),
        (lambda: [*photos(1, jpeg()), *photos(1)], "不是照片"),
    ],
    ids=["200 files", "a file that is not what it says"],
)
def test_files_at_the_counter(
    people: People, city: City, files: Callable[[], list[SimpleUploadedFile]], words: str
) -> None:
    values = {
        "channel": "visit",
        "description": "液氨罐旁动火",
        "address": "科技路 18 号",
        "district": YANTA,
        "identity_mode": "anonymous",
        "idempotency_key": "0" * 32,
        "photos": files(),
    }

    answer, rows = sent(at_desk(people.officer), "/admin/tips/new/", values)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert [(row.action, row.data) for row in rows] == [("tip.refused", {"act": "enter", "code": "invalid"})]


# --- what is not refused, but said ---------------------------------------------------------------------------------


def test_a_year_without_a_calendar_is_said_and_refuses_nothing(people: People, city: City) -> None:
    tip = tip_in("registered", people=people, city=city)
    late = noon(TODAY.replace(year=2040, day=1))

    step(tip=tip, action=Action.ACCEPT, actor=people.officer, at=late)

    page = at_desk(people.officer).get(url(tip)).content.decode()
    assert Period.objects.running().get(tip=tip, clock=Clock.CLOSE).due_date.year >= 2040
    assert "暂定" in page
    assert refusals() == []
