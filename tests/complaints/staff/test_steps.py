"""Acts on a tip as plain forms: what is written, what comes back, and that of two officers one is first."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.utils import timezone

from complaints.enums import Action, Clock, Role, TipStatus
from complaints.models import AuditRow, HandlingStep, Message, Tip
from complaints.services.reporter import progress_for_receipt
from tests.complaints.staff.conftest import People, at_desk, newest_step
from tests.factories import step
from tests.fixtures import City
from tests.signin import staff

pytestmark = pytest.mark.django_db


def url(tip: Tip, act: str = "") -> str:
    return f"/admin/tips/{tip.number}/{act}"


def fresh(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


def reporter_reads(tip: Tip) -> list[str]:
    progress = progress_for_receipt(typed=tip.acknowledgement.receipt)
    return [line.text for line in (*progress.lines, *progress.replies)]


def test_accepting_starts_the_clock_and_tells_the_reporter(people: People, tip: Tip) -> None:
    answer = at_desk(people.officer).post(url(tip, "step/accept/"), {"note": "会尽快到现场。"})

    assert (answer.status_code, answer["Location"]) == (302, url(tip))
    assert (fresh(tip).status, fresh(tip).clock, fresh(tip).handler) == (
        TipStatus.ACCEPTED,
        Clock.CLOSE,
        people.officer,
    )
    assert "会尽快到现场。" in reporter_reads(tip)
    assert [str(message).strip() for message in get_messages(answer.wsgi_request)] == ["已记录：受理。"]


def test_accepting_needs_no_words(people: People, tip: Tip) -> None:
    at_desk(people.officer).post(url(tip, "step/accept/"), {"note": ""})

    assert fresh(tip).status == TipStatus.ACCEPTED
    assert reporter_reads(tip) == []


def test_declining_needs_a_reason_and_words_and_keeps_what_was_typed(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)

    no_reason = client.post(url(tip, "step/decline/"), {"note": "请向住建部门反映。"})
    no_words = client.post(url(tip, "step/decline/"), {"reason": "not_ours", "note": " "})

    assert (no_reason.status_code, no_words.status_code) == (422, 422)
    assert "请向住建部门反映。" in no_reason.content.decode()
    assert 'value="not_ours" checked' in no_words.content.decode()
    for answer in (no_reason, no_words):
        form = next(one for one in answer.context["page"].steps if one.action == Action.DECLINE)
        assert form.is_open
        assert "error-message" in answer.content.decode()
    assert fresh(tip).status == TipStatus.REGISTERED


def test_declining_tells_the_reporter_why(people: People, tip: Tip) -> None:
    at_desk(people.officer).post(
        url(tip, "step/decline/"), {"reason": "not_ours", "note": "请向住建部门反映。"}
    )

    assert fresh(tip).status == TipStatus.DECLINED
    assert any("请向住建部门反映。" in text for text in reporter_reads(tip))


@pytest.mark.parametrize("reason", ["nonsense", "NOT_OURS", "'"])
def test_invented_reason_is_refused(people: People, tip: Tip, reason: str) -> None:
    answer = at_desk(people.officer).post(url(tip, "step/decline/"), {"reason": reason, "note": "话"})

    assert answer.status_code == 422


@pytest.mark.parametrize("note", ["\x00", "\u202e反", "长" * 3001])
def test_words_that_cannot_be_shown_are_refused(people: People, tip: Tip, note: str) -> None:
    answer = at_desk(people.officer).post(url(tip, "step/accept/"), {"note": note})

    assert answer.status_code == 422
    assert fresh(tip).status == TipStatus.REGISTERED


def test_form_of_a_step_stands_open_without_javascript(people: People, tip: Tip) -> None:
    answer = at_desk(people.officer).get(url(tip, "step/decline/"))

    text = answer.content.decode()

    assert '<dialog class="as-dialog" id="step-decline" aria-labelledby="step-decline-title" open' in text
    assert 'id="step-accept" aria-labelledby="step-accept-title" data' in text


@pytest.mark.parametrize("action", ["reply", "register", "nothing", "DECLINE"])
def test_other_acts_have_no_such_form(people: People, tip: Tip, action: str) -> None:
    client = at_desk(people.officer)

    assert client.get(url(tip, f"step/{action}/")).status_code == 404
    assert client.post(url(tip, f"step/{action}/"), {"note": "x"}).status_code == 404


@pytest.mark.parametrize("act", ["message/", "take/"])
def test_acts_need_a_form(people: People, tip: Tip, act: str) -> None:
    assert at_desk(people.officer).get(url(tip, act)).status_code == 405


# --- two at once -------------------------------------------------------------------------------------------


def test_second_officer_is_told_what_happened_and_changes_nothing(people: People, tip: Tip) -> None:
    first, second = at_desk(people.officer), at_desk(people.colleague)
    page = second.get(url(tip)).context["page"]
    first.post(url(tip, "step/accept/"), {"note": ""})
    before = fresh(tip), HandlingStep.objects.count()

    answer = second.post(
        url(tip, "step/decline/"), {"reason": "other", "note": "我写了很久的话", "seen": page.newest_step}
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "没有提交：赵敏已于" in text
    assert "“受理”" in text
    assert "我写了很久的话" in text
    assert fresh(tip).status == before[0].status
    assert HandlingStep.objects.count() == before[1]
    refused = AuditRow.objects.get(action="tip.refused")
    assert (refused.actor, refused.data) == (people.colleague, {"act": "decline", "code": "illegal_move"})
    assert answer.context["page"].buttons[0].action == Action.INSPECT


def test_a_stale_page_does_not_act_on_a_tip_that_went_to_another_unit(
    people: People, tip: Tip, city: City
) -> None:
    seen = newest_step(tip)
    step(tip=tip, action=Action.DISPATCH, actor=people.colleague, office_id=city.town.pk)
    step(tip=tip, action=Action.ASSIGN, actor=people.town_officer, handler_id=people.town_officer.pk)
    before = fresh(tip), HandlingStep.objects.count()

    answer = at_desk(people.officer).post(url(tip, "step/accept/"), {"note": "", **seen})

    assert answer.status_code == 409
    assert "没有提交：陈立已于" in answer.content.decode()
    assert "“转办”" in answer.content.decode()
    assert (fresh(tip).status, HandlingStep.objects.count()) == (before[0].status, before[1])
    refused = AuditRow.objects.get(action="tip.refused")
    assert (refused.actor, refused.data) == (people.officer, {"act": "accept", "code": "overtaken"})


@pytest.mark.parametrize("seen", [{}, {"seen": "x"}])
def test_a_form_that_tells_no_page_acts_on_the_tip_as_it_is(
    people: People, tip: Tip, city: City, seen: dict[str, str]
) -> None:
    step(tip=tip, action=Action.DISPATCH, actor=people.colleague, office_id=city.town.pk)

    assert at_desk(people.officer).post(url(tip, "step/accept/"), {"note": "", **seen}).status_code == 302


def test_a_newer_step_that_changes_neither_state_nor_unit_stands_in_nobodys_way(
    people: People, tip: Tip
) -> None:
    seen = newest_step(tip)
    step(tip=tip, action=Action.SUPERVISE, actor=staff(Role.LEADER, office=tip.handling_unit.parent))

    assert at_desk(people.officer).post(url(tip, "step/accept/"), {"note": "", **seen}).status_code == 302


def test_of_two_who_report_for_duty_by_the_card_the_second_is_told_who_was_faster(
    people: People, tip: Tip
) -> None:
    step(tip=tip, action=Action.WHISTLE, actor=people.town_officer)
    second = at_desk(people.officer)
    page = BeautifulSoup(second.get(url(tip)).content, "html.parser")
    form = page.select_one(f"form[action='{url(tip, 'step/answer_whistle/')}']:not(dialog form)")
    assert form is not None
    body = {str(one["name"]): str(one["value"]) for one in form.select("input")}
    step(tip=tip, action=Action.ANSWER_WHISTLE, actor=people.colleague)

    answer = second.post(url(tip, "step/answer_whistle/"), body)

    assert answer.status_code == 409
    assert "没有提交：陈立已于" in answer.content.decode()


def test_double_click_makes_one_step(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)

    answers = [client.post(url(tip, "step/accept/"), {"note": "一次"}).status_code for _ in range(2)]

    assert answers == [302, 409]
    assert HandlingStep.objects.filter(tip=tip, action=Action.ACCEPT).count() == 1
    assert reporter_reads(tip) == ["一次"]


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("step/accept/", {"note": "会尽快到场。"}),
        ("step/decline/", {"note": "会尽快到场。", "reason": "other"}),
        ("step/dispatch/", {"memo": "会尽快到场。", "office": "1"}),
        ("message/", {"text": "会尽快到场。"}),
        ("reply/", {"findings": "会尽快到场。", "confirmed": "1"}),
        ("reply/", {"findings": "会尽快到场。"}),
    ],
)
def test_words_typed_for_a_tip_that_was_closed_meanwhile_can_be_copied(
    people: People, tip: Tip, act: str, body: dict[str, str]
) -> None:
    for action in (Action.DECLINE, Action.CLOSE):
        step(tip=tip, action=action, actor=people.colleague)

    answer = at_desk(people.officer).post(url(tip, act), body)

    assert answer.status_code == 409
    assert "会尽快到场。" in answer.content.decode()


@pytest.mark.parametrize("act", ["step/accept/", "step/dispatch/", "message/", "note/", "reply/"])
def test_words_typed_for_a_tip_that_left_the_unit_can_be_copied(
    people: People, tip: Tip, city: City, act: str
) -> None:
    Tip.objects.filter(pk=tip.pk).update(handling_unit=city.lianhu, town=None)
    words = dict.fromkeys(("note", "memo", "text", "findings"), "会尽快到场。")

    answer = at_desk(people.officer).post(url(tip, act), words)

    text = answer.content.decode()
    assert answer.status_code == 404
    assert "会尽快到场。" in text
    assert "液氨储罐" not in text


def test_closing_ends_the_case(people: People, tip: Tip) -> None:
    step(tip=tip, action=Action.DECLINE, actor=people.officer)

    answer = at_desk(people.officer).post(url(tip, "step/close/"), {"note": ""})

    assert answer.status_code == 302
    assert (fresh(tip).status, fresh(tip).due_date) == (TipStatus.CLOSED, None)


# --- taking on ---------------------------------------------------------------------------------------------


def test_taking_on_makes_one_the_officer(people: People, tip: Tip) -> None:
    answer = at_desk(people.officer).post(url(tip, "take/"))

    assert answer.status_code == 302
    assert fresh(tip).handler == people.officer


def test_second_to_take_on_is_told_who_was_first(people: People, tip: Tip) -> None:
    at_desk(people.officer).post(url(tip, "take/"))

    answer = at_desk(people.colleague).post(url(tip, "take/"))

    assert answer.status_code == 409
    assert "赵敏刚刚认领了这件举报" in answer.content.decode()
    assert fresh(tip).handler == people.officer


def test_taking_on_twice_is_no_fault(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)

    assert [client.post(url(tip, "take/")).status_code for _ in range(2)] == [302, 302]
    assert AuditRow.objects.filter(action="tip.take").count() == 1


# --- writing -----------------------------------------------------------------------------------------------


def test_words_reach_the_reporter(people: People, tip: Tip) -> None:
    answer = at_desk(people.officer).post(url(tip, "message/"), {"text": "请问是哪个门？"})

    assert answer["Location"] == url(tip)
    assert reporter_reads(tip) == ["请问是哪个门？"]
    assert AuditRow.objects.filter(action="tip.message", actor=people.officer).count() == 1


@pytest.mark.parametrize("text", ["", " \n ", "长" * 2001, "\u202e"])
def test_words_that_are_refused_are_not_lost(people: People, tip: Tip, text: str) -> None:
    answer = at_desk(people.officer).post(url(tip, "message/"), {"text": text})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'active-panel-id-value="tab-talk"' in page
    assert 'id="say-error"' in page
    assert text.strip()[:50] in page
    assert not Message.objects.filter(tip=tip).exists()


def test_refused_act_is_no_look(people: People, tip: Tip) -> None:
    at_desk(people.auditor).post(url(tip, "message/"), {"text": "x"})

    assert not AuditRow.objects.filter(action="tip.message").exists()
    assert fresh(tip).unread_count == 0


def test_moment_of_an_act_is_now(people: People, tip: Tip) -> None:
    start = timezone.now().replace(second=0, microsecond=0)

    at_desk(people.officer).post(url(tip, "step/accept/"), {"note": ""})

    taken = HandlingStep.objects.get(tip=tip, action=Action.ACCEPT).taken_at
    assert taken is not None
    assert start <= taken <= timezone.now()


# --- somebody was faster -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["请联系张师傅 13800001234", "您是不是说过我叫王小明？"])
def test_a_message_that_names_a_person_is_asked_about_once(people: People, tip: Tip, text: str) -> None:
    desk, path = at_desk(people.officer), f"/admin/tips/{tip.number}/message/"

    asked = desk.post(path, {"text": text})
    waiting = tip.messages.count()
    sent = desk.post(path, {"text": text, "words_stand": "1"})

    page = asked.content.decode()
    assert (asked.status_code, waiting) == (200, 0)
    assert text in page
    assert 'name="words_stand" value="1"' in page
    assert 'data-w-tabs-active-panel-id-value="tab-talk"' in page
    assert (sent.status_code, tip.messages.count()) == (302, 1)


def test_an_ordinary_message_and_the_office_telephone_go_out_at_once(people: People, tip: Tip) -> None:
    desk = at_desk(people.officer)

    desk.post(f"/admin/tips/{tip.number}/message/", {"text": "请补充地点；办公室电话 029-86788000"})

    assert tip.messages.count() == 1
