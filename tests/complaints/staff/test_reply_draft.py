"""The draft on the reply page and the copy for the file: by button and by script, the author's alone."""

import re

import pytest
from django.test import Client

from complaints.enums import TipStatus
from complaints.models import AuditRow, ReplyDraft, Tip
from tests.complaints.staff.conftest import People, at_desk, newest_step
from tests.factories import REPLY, move_to

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
WORDS = "写到一半的话"


@pytest.fixture
def ready(people: People, tip: Tip) -> Tip:
    """Return a tip of which everything but the answer is done."""
    move_to(tip=tip, status=TipStatus.DISPOSED, officer=people.officer, leader=people.leader)
    return tip


def url(tip: Tip, beside: str = "") -> str:
    return f"/admin/tips/{tip.number}/reply/{beside}"


def shown(client: Client, tip: Tip) -> str:
    return client.get(url(tip)).content.decode()


def test_button_saves_and_the_page_comes_back_with_the_words(people: People, ready: Tip) -> None:
    client = at_desk(people.officer)

    answer = client.post(url(ready, "draft/"), {"findings": WORDS})

    text = shown(client, ready)
    assert answer["Location"] == url(ready)
    assert WORDS in text
    assert re.search(r"草稿存于 \d+月\d+日 \d\d:\d\d。只有您看得到", text)
    assert "您上次存下的草稿" in text


def test_words_of_the_record_stand_there_until_a_draft_does(people: People, ready: Tip) -> None:
    text = shown(at_desk(people.officer), ready)

    assert "草稿存于" not in text
    assert "您上次存下的草稿" not in text
    assert "现场核查发现冲床缺少防护装置" in text


def test_script_gets_one_sentence(people: People, ready: Tip) -> None:
    answer = at_desk(people.officer).post(url(ready, "draft/"), {"findings": WORDS}, headers=JSON)

    assert answer.status_code == 200
    assert answer.json()["said"].startswith("草稿存于")
    assert "no-store" in answer["Cache-Control"]
    assert ReplyDraft.objects.get().findings == WORDS


def test_nobody_else_finds_it(people: People, ready: Tip) -> None:
    at_desk(people.officer).post(url(ready, "draft/"), {"findings": WORDS})

    for who in (people.colleague, people.leader):
        assert WORDS not in shown(at_desk(who), ready)
        assert WORDS not in at_desk(who).get(f"/admin/tips/{ready.number}/").content.decode()


def test_draft_can_be_thrown_away(people: People, ready: Tip) -> None:
    client = at_desk(people.officer)
    client.post(url(ready, "draft/"), {"findings": WORDS})

    client.post(url(ready, "draft/"), {"findings": WORDS, "drop": "1"})

    assert WORDS not in shown(client, ready)
    assert not ReplyDraft.objects.exists()


def test_sending_ends_the_draft(people: People, ready: Tip) -> None:
    client = at_desk(people.officer)
    client.post(url(ready, "draft/"), REPLY)

    client.post(url(ready), {**REPLY, "confirmed": "1"})

    assert Tip.objects.get(pk=ready.pk).status == TipStatus.REPLIED
    assert not ReplyDraft.objects.exists()


@pytest.mark.parametrize("headers", [{}, JSON])
def test_draft_too_long_says_why_and_loses_nothing(
    people: People, ready: Tip, headers: dict[str, str]
) -> None:
    answer = at_desk(people.officer).post(
        url(ready, "draft/"), {"findings": "长" * 3001, "decision": WORDS}, headers=headers
    )

    assert answer.status_code == 422
    if headers:
        assert answer.json()["said"].startswith("没有存下：简要核查情况")
    else:
        assert WORDS in answer.content.decode()
        assert 'id="item-findings-error"' in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, JSON])
def test_draft_after_a_colleague_answered_says_who_was_faster(
    people: People, ready: Tip, headers: dict[str, str]
) -> None:
    seen = newest_step(ready)
    at_desk(people.colleague).post(url(ready), {**REPLY, "confirmed": "1"})

    answer = at_desk(people.officer).post(url(ready, "draft/"), {"findings": WORDS, **seen}, headers=headers)

    words = answer.json()["said"] if headers else answer.content.decode()
    assert answer.status_code == 409
    assert "已于" in words
    assert headers or WORDS in words
    assert not ReplyDraft.objects.exists()


def test_page_offers_the_copy_beside_the_button_and_says_why(people: People, ready: Tip) -> None:
    client = at_desk(people.officer)
    writing, asking = shown(client, ready), client.post(url(ready), REPLY).content.decode()

    for text in (writing, asking):
        assert f'formaction="{url(ready, "copy/")}" formtarget="_blank"' in text
    assert "这里也不留底" in writing
    assert "这里不留底：要存档，请先打印" in asking


def test_copy_holds_the_four_items_as_they_stand_and_leaves_a_row(people: People, ready: Tip) -> None:
    answer = at_desk(people.officer).post(url(ready, "copy/"), {**REPLY, "reward": ""})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert all(words in text for name, words in REPLY.items() if name != "reward")
    assert "（未写）" in text
    assert ready.number in text
    assert re.search(r"赵敏 打印于 \d{4}年\d+月\d+日", text)
    assert "no-store" in answer["Cache-Control"]
    assert AuditRow.objects.filter(action="tip.reply_copy", actor=people.officer).count() == 1
    assert Tip.objects.get(pk=ready.pk).status == TipStatus.DISPOSED


def test_there_is_no_copy_once_it_is_out(people: People, ready: Tip) -> None:
    client = at_desk(people.officer)
    client.post(url(ready), {**REPLY, "confirmed": "1"})

    answer = client.post(url(ready, "copy/"), REPLY)

    assert answer.status_code == 409
    assert not AuditRow.objects.filter(action="tip.reply_copy").exists()
