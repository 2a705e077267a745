"""Writing the reply: four items, a check, one more question, and nothing lost on the way."""

import json
import re

import pytest
from django.test import Client

from complaints.enums import TipStatus
from complaints.models import ReplyTemplate, Tip
from complaints.services.reporter import progress_for_receipt
from tests.complaints.staff.conftest import People, at_desk, newest_step
from tests.factories import REPLY, move_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(people: People, tip: Tip) -> Tip:
    """Return a tip of which everything but the answer is done."""
    move_to(tip=tip, status=TipStatus.DISPOSED, officer=people.officer, leader=people.leader)
    return tip


def url(tip: Tip) -> str:
    return f"/admin/tips/{tip.number}/reply/"


def send(client: Client, tip: Tip, **values: str):
    return client.post(url(tip), {**REPLY, "confirmed": "1", **values})


def status(tip: Tip) -> str:
    return Tip.objects.get(pk=tip.pk).status


def test_page_asks_for_the_four_items_and_says_until_when(people: People, ready: Tip) -> None:
    text = at_desk(people.officer).get(url(ready)).content.decode()

    for words in ("核查结论", "简要核查情况", "处理决定", "符合奖励条件情况", "日前答复", "举报人看到的样子"):
        assert words in text
    assert all(f'name="{name}"' in text for name in REPLY)


def test_first_send_only_asks_once_more(people: People, ready: Tip) -> None:
    answer = at_desk(people.officer).post(url(ready), REPLY)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert status(ready) == TipStatus.DISPOSED
    assert "发出这份答复？" in text
    assert 'form="reply-form" name="confirmed" value="1"' in text
    assert all(words in text for words in REPLY.values())


def test_second_send_reaches_the_reporter(people: People, ready: Tip) -> None:
    answer = send(at_desk(people.officer), ready)

    reply = progress_for_receipt(typed=ready.acknowledgement.receipt).replies[0].text
    assert answer["Location"] == f"/admin/tips/{ready.number}/"
    assert status(ready) == TipStatus.REPLIED
    assert all(words in reply for words in REPLY.values())


@pytest.mark.parametrize("missing", list(REPLY))
@pytest.mark.parametrize("confirmed", ["", "1"])
def test_missing_item_is_named_and_the_others_kept(
    people: People, ready: Tip, missing: str, confirmed: str
) -> None:
    answer = send(at_desk(people.officer), ready, **{missing: " ", "confirmed": confirmed})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="item-{missing}-error"' in text
    assert all(words in text for name, words in REPLY.items() if name != missing)
    assert "发出这份答复？" not in text
    assert status(ready) == TipStatus.DISPOSED


def test_refused_page_opens_at_the_first_item_that_is_wrong(people: People, ready: Tip) -> None:
    desk = at_desk(people.officer)

    refused = send(
        desk, ready, decision="限〔几〕日内整改", reward=" ", findings="查" * 3000
    ).content.decode()
    fresh = desk.get(url(ready)).content.decode()

    focused = [one for one in re.findall(r"<textarea[^>]*>", refused) if " autofocus" in one]
    assert [re.findall(r" id=\"([\w-]+)\"", one) for one in focused] == [["item-decision"]]
    assert " autofocus" not in "".join(re.findall(r"<textarea[^>]*>", fresh))


def test_check_names_what_should_not_stand_there(people: People, ready: Tip) -> None:
    answer = at_desk(people.officer).post(
        url(ready), {**REPLY, "findings": "举报人电话 13800001234，车牌陕A12345。"}
    )

    text = answer.content.decode()
    assert "手机号：13800001234" in text
    assert "车牌号：陕A12345" in text
    assert "未发现" not in text
    assert status(ready) == TipStatus.DISPOSED


def test_check_that_finds_nothing_says_what_it_looked_for(people: People, ready: Tip) -> None:
    answer = at_desk(people.officer).post(url(ready), REPLY)

    text = answer.content.decode()
    assert "未发现手机号、身份证号、车牌号" in text
    assert "姓名和单位名称请您自己再看一遍" in text


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_open_blank_of_a_template_is_refused_and_named(people: People, ready: Tip, confirmed: str) -> None:
    ReplyTemplate.objects.create(title="属实", findings="发现（冲床台数）台冲床没有防护")

    answer = at_desk(people.officer).post(
        url(ready),
        {
            **REPLY,
            "findings": "发现（冲床台数）台冲床没有防护",
            "decision": "限〔几〕日内整改",
            "confirmed": confirmed,
        },
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    errors = re.findall(r'id="item-(\w+)-error">([^<]*)<', text)
    assert [(name, words.partition("：")[2]) for name, words in errors] == [
        ("findings", "（冲床台数）"),
        ("decision", "〔几〕"),
    ]
    assert status(ready) == TipStatus.DISPOSED


def test_page_before_the_check_claims_nothing(people: People, ready: Tip) -> None:
    assert "未发现" not in at_desk(people.officer).get(url(ready)).content.decode()


def test_second_officer_keeps_the_words_when_the_reply_is_out_already(people: People, ready: Tip) -> None:
    seen = newest_step(ready)
    send(at_desk(people.officer), ready)

    answers = [
        at_desk(people.colleague).post(
            url(ready), {**REPLY, "findings": "我写了一上午", "confirmed": confirmed, **seen}
        )
        for confirmed in ("", "1")
    ]

    for answer in answers:
        assert answer.status_code == 409
        assert "我写了一上午" in answer.content.decode()
        assert "赵敏已于" in answer.content.decode()
    assert len(progress_for_receipt(typed=ready.acknowledgement.receipt).replies) == 1


@pytest.mark.parametrize("who", ["auditor", "town_officer"])
def test_who_may_not_reply_is_sent_back(people: People, ready: Tip, who: str) -> None:
    client = at_desk(getattr(people, who))

    assert client.get(url(ready))["Location"] == f"/admin/tips/{ready.number}/"
    assert send(client, ready).status_code == 403
    assert status(ready) == TipStatus.DISPOSED


def test_tip_that_waits_for_acceptance_has_no_reply_page(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)

    assert client.get(url(tip)).status_code == 302
    assert send(client, tip).status_code == 409


def test_templates_travel_as_data_not_as_code(people: People, ready: Tip) -> None:
    ReplyTemplate.objects.create(
        title="属实 · 立案",
        conclusion="您反映的情况属实。</script><b>",
        findings="到场",
        decision="立案",
        reward="符合",
    )

    text = at_desk(people.officer).get(url(ready)).content.decode()

    block = re.search(r'<script id="reply-templates" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert block is not None
    assert json.loads(block[1])[0]["conclusion"] == "您反映的情况属实。</script><b>"
    assert "属实 · 立案" in text


def test_what_was_typed_is_escaped(people: People, ready: Tip) -> None:
    answer = at_desk(people.officer).post(
        url(ready), {**REPLY, "findings": "</textarea><script>alert(1)</script>"}
    )

    assert "<script>alert" not in answer.content.decode()


PRIVATE = "请联系张师傅 13800001234"


def test_words_that_name_a_person_go_out_only_when_they_are_said_to_stand(people: People, ready: Tip) -> None:
    desk = at_desk(people.officer)

    asked = send(desk, ready, decision=PRIVATE).content.decode()
    waiting = status(ready)
    send(desk, ready, decision=PRIVATE, confirmed="stands")

    assert 'name="confirmed" value="stands" class="button">仍要发送' in asked
    assert asked.count("手机号：13800001234") == asked.count("这些话里好像有个人信息") == 2
    assert (waiting, status(ready)) == (TipStatus.DISPOSED, TipStatus.REPLIED)


@pytest.mark.parametrize("name", ["赵敏", "陈立", "周文"])
def test_a_name_of_those_who_handle_the_tip_is_asked_about(people: People, ready: Tip, name: str) -> None:
    answer = at_desk(people.officer).post(url(ready), {**REPLY, "findings": f"{name}已到现场核查"})

    assert f"文中出现经办人员姓名：{name}" in answer.content.decode()
