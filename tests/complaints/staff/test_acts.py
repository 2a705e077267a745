"""Every act of the table as an officer takes it: offered, filled in, taken by its one service, refused in words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from complaints.enums import Action, Result, Role, Side, TipStatus
from complaints.errors import OwnProposal
from complaints.models import (
    AuditRow,
    Conclusion,
    DeadlinePolicy,
    Disposal,
    DuplicateHint,
    HandoverNote,
    Inspection,
    Tip,
    TipUnit,
)
from complaints.rules.workflow import MOVES
from complaints.selectors.signing import waits_for_signature
from complaints.staff.acts.table import ACTS
from tests.complaints.staff.conftest import People, at_desk, newest_step
from tests.factories import TODAY, UNVISITED, TipFactory, dispose, jpeg, move_to, step
from tests.fixtures import YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
WORDS = "写明情况的一句话"


def url(tip: Tip, act: str = "") -> str:
    return f"/admin/tips/{tip.number}/{act}"


def fresh(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


@pytest.fixture
def verifying(people: People, city: City) -> Tip:
    """Return a tip of today that is being verified."""
    row: Tip = TipFactory(
        verifying=True,
        officer=people.officer,
        leader=people.leader,
        district=YANTA,
        town=city.town_code,
        today=timezone.localdate(),
        photos=1,
    )
    return row


def post(client: Client, tip: Tip, act: Action, **values: Any):
    return client.post(url(tip, f"step/{act.value}/"), values)


def steps_of(answer: Any) -> dict[str, Any]:
    return {one.action: one for one in answer.context["page"].steps}


def test_every_act_of_staff_has_its_form() -> None:
    of_staff = {move.action for move in MOVES if move.side not in (Side.REPORTER, Side.SYSTEM)}
    named = {action for act in ACTS.values() for action in act.actions}

    assert named == of_staff


def test_texts_a_move_requires_can_be_written() -> None:
    needed = {
        (move.action, name)
        for move in MOVES
        if move.side not in (Side.REPORTER, Side.SYSTEM) and move.action != Action.REPLY
        for name in (*move.texts, *(("memo",) if move.memo else ()))
    }
    fields = {(action, one.name) for act in ACTS.values() for action in act.actions for one in act.fields}

    assert needed <= fields


# --- result ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "action"),
    [
        (Result.TRUE, Action.CONCLUDE),
        (Result.PARTLY_TRUE, Action.CONCLUDE),
        (Result.FALSE, Action.CONCLUDE_UNFOUNDED),
        (Result.UNVERIFIABLE, Action.CONCLUDE_UNFOUNDED),
    ],
)
def test_one_step_for_the_result_and_the_result_decides(
    people: People, verifying: Tip, result: Result, action: Action
) -> None:
    client = at_desk(people.officer)

    answer = post(
        client, verifying, Action.CONCLUDE, result=result, findings=WORDS, measures=WORDS, basis=WORDS
    )

    assert answer.status_code == 302
    assert verifying.steps.order_by("pk").last().action == action
    assert Conclusion.objects.get(tip=verifying).result == result


@pytest.mark.parametrize("result", [Result.TRUE, Result.FALSE])
def test_leader_signs_on_the_page_and_the_proposer_cannot(
    people: People, verifying: Tip, result: Result
) -> None:
    proposer = staff(Role.LEADER, office=verifying.handling_unit)
    texts = {"findings": WORDS, "measures": WORDS, "basis": WORDS}
    step(tip=verifying, action=Action.CONCLUDE, actor=proposer, result=result, texts=texts)

    own = at_desk(proposer).get(url(verifying))
    page = at_desk(people.leader).get(url(verifying))
    answer = post(at_desk(people.leader), verifying, Action.APPROVE_RESULT)

    assert Action.APPROVE_RESULT not in steps_of(own)
    assert page.context["page"].buttons[0].action == Action.APPROVE_RESULT
    assert WORDS in page.content.decode()
    assert answer.status_code == 302
    assert fresh(verifying).status == TipStatus.VERIFIED


@pytest.mark.parametrize("part", ["proposed", "handles", "inspected", "none"])
def test_desk_says_why_a_leader_cannot_sign(people: People, verifying: Tip, part: str) -> None:
    boss = staff(Role.LEADER, office=verifying.handling_unit)
    if part == "handles":
        Tip.objects.filter(pk=verifying.pk).update(handler=boss)
    if part == "inspected":
        step(tip=verifying, action=Action.INSPECT, actor=boss, at=timezone.now())
    proposer = boss if part == "proposed" else people.officer
    step(tip=verifying, action=Action.CONCLUDE, actor=proposer, at=timezone.now())

    answer = at_desk(boss).get(url(verifying))

    card = next(one for one in answer.context["page"].cards if one.title == "结论待签发")
    why = {"proposed": "提出人不能自己批准", "none": ""}.get(part, "您参与了本件的承办或检查")
    assert card.small.startswith(why) if why else card.small == ""
    assert (Action.APPROVE_RESULT in steps_of(answer)) == (part == "none")
    waiting = Tip.objects.filter(waits_for_signature(user=boss)).exists()
    assert waiting == (part == "none")


def test_timeline_and_case_file_say_whom_a_tip_was_given_to(people: People, tip: Tip) -> None:
    post(at_desk(people.leader), tip, Action.ASSIGN, handler=people.colleague.pk)
    post(at_desk(people.colleague), tip, Action.ACCEPT)
    Tip.objects.filter(pk=tip.pk).update(handler=None)
    at_desk(people.officer).post(url(tip, "take/"))

    entries = at_desk(people.officer).get(url(tip)).context["page"].timeline
    paper = at_desk(people.officer).get(url(tip, "file/")).content.decode()

    assert [entry.note for entry in entries if entry.title == "分派承办人"] == [
        "承办人：赵敏",
        "承办人：陈立",
    ]
    assert paper.count("承办人：赵敏") == paper.count("承办人：陈立") == 1


def test_two_leaders_at_once_one_signs_the_other_is_told(people: People, verifying: Tip) -> None:
    step(tip=verifying, action=Action.CONCLUDE, actor=people.officer)
    second = staff(Role.LEADER, office=verifying.handling_unit)
    seen = newest_step(verifying)
    post(at_desk(people.leader), verifying, Action.APPROVE_RESULT)

    answer = post(at_desk(second), verifying, Action.RETURN_RESULT, memo="请补照片", **seen)

    assert answer.status_code == 409
    assert "没有提交：周文已于" in answer.content.decode()
    assert "请补照片" in answer.content.decode()


# --- inspections ---------------------------------------------------------------------------------------------------


def visit(**values: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    plain = {"visited_date": today, "inspectors": "赵敏、陈立", "findings": WORDS, "orders": ""}
    return {**plain, **values}


def photo(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", data if data is not None else jpeg(), content_type="image/jpeg")


def test_inspection_is_recorded_with_its_photos(people: People, verifying: Tip) -> None:
    files = [photo(jpeg(shade=shade)) for shade in (50, 120)]

    answer = post(at_desk(people.officer), verifying, Action.INSPECT, **visit(photos=files))
    page = at_desk(people.officer).get(url(verifying)).context["page"]

    assert answer.status_code == 302
    assert Inspection.objects.get(tip=verifying).photos.count() == 2
    assert len(page.photos) == 1
    assert [len(finding.photos) for finding in page.findings] == [2]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"findings": " "}, "findings"),
        ({"visited_date": "2026-13-40"}, "visited_date"),
        ({"visited_date": ""}, "visited_date"),
        ({"visited_date": "2999-01-01"}, "visited_date"),
    ],
)
def test_what_is_wrong_with_an_inspection_is_named_and_the_rest_kept(
    people: People, verifying: Tip, wrong: dict[str, str], field: str
) -> None:
    answer = post(
        at_desk(people.officer), verifying, Action.INSPECT, **visit(orders="停止作业，封存", **wrong)
    )

    form = steps_of(answer)[Action.INSPECT]
    assert answer.status_code == 422
    assert form.is_open
    assert [one.name for one in form.fields if one.error] == [field]
    assert "停止作业，封存" in answer.content.decode()
    assert not Inspection.objects.filter(tip=verifying).exists()


def test_file_that_is_no_photo_is_named_and_nothing_stored(people: People, verifying: Tip) -> None:
    files = [photo(), photo(b"%PDF-1.4")]

    answer = post(at_desk(people.officer), verifying, Action.INSPECT, **visit(photos=files))

    errors = {one.name: one.error for one in steps_of(answer)[Action.INSPECT].fields if one.error}
    assert answer.status_code == 422
    assert errors["photos"].startswith("照片 2：")
    assert "请重新选择照片" in answer.content.decode()
    assert verifying.photos.count() == 1


def test_form_with_photos_works_without_javascript(people: People, verifying: Tip) -> None:
    text = at_desk(people.officer).get(url(verifying, "step/inspect/")).content.decode()

    form = text[text.index('id="step-inspect"') :]
    assert 'enctype="multipart/form-data"' in form[:800]
    assert ' open data-as-dialog-target="dialog"' in form[:300]
    assert 'type="file" name="photos" multiple' in form


# --- measures ------------------------------------------------------------------------------------------------------


@pytest.fixture
def verified(people: People, verifying: Tip) -> Tip:
    """Return the tip with a signed result."""
    step(tip=verifying, action=Action.CONCLUDE, actor=people.officer, at=timezone.now())
    step(tip=verifying, action=Action.APPROVE_RESULT, actor=people.leader, at=timezone.now())
    return verifying


def test_penalty_is_proposed_signed_and_told_in_one_line(people: People, verified: Tip) -> None:
    today = timezone.localdate().isoformat()
    values = {
        "measure": "penalty",
        "decided_date": today,
        "words": "未办理动火作业票",
        "fine_amount": "20,000",
    }

    told = "立案处罚 · 应急罚〔2026〕12 号 · 罚款 20,000.00 元"

    def found() -> dict[str, str]:
        page = at_desk(people.officer).get(url(verified)).context["page"]
        return {one.title: one.chip.word for one in page.findings if one.chip}

    answer = post(
        at_desk(people.officer),
        verified,
        Action.PROPOSE_MEASURE,
        decision_number="应急罚〔2026〕12 号",
        **values,
    )
    proposed, own = found(), at_desk(people.officer).get(url(verified)).context["page"]
    page = at_desk(people.leader).get(url(verified)).context["page"]
    signed = post(at_desk(people.leader), verified, Action.DISPOSE)

    card = next(one for one in page.cards if one.title == "处置措施待签发")
    assert (answer.status_code, signed.status_code) == (302, 302)
    assert (proposed[told], found()[told]) == ("待签发", "已签发")
    assert card.lines[0].endswith(told)
    assert [act.label for act in card.acts] == ["签发处置措施", "退回处置措施"]
    assert page.buttons[0].action == Action.DISPOSE
    assert "处置措施待签发" in [chip.word for chip in own.chips]
    assert Action.DISPOSE not in {one.action for one in own.steps}
    assert Disposal.objects.get(tip=verified).fine_amount == 20000
    story = at_desk(people.officer).get(url(verified)).context["page"].timeline
    assert [one.title for one in story[:2]] == ["签发处置措施", "提交处置措施"]
    assert all(told in one.note for one in story[:2])


def test_desk_says_why_a_leader_cannot_sign_a_measure(people: People, verified: Tip) -> None:
    step(tip=verified, action=Action.PROPOSE_MEASURE, actor=people.leader, at=timezone.now())

    page = at_desk(people.leader).get(url(verified)).context["page"]

    card = next(one for one in page.cards if one.title == "处置措施待签发")
    assert card.small == str(OwnProposal.public_message)
    assert [act.label for act in card.acts] == ["退回处置措施"]


@pytest.mark.parametrize("is_inspected", [False, True])
def test_the_form_asks_how_it_was_verified_only_where_nobody_went(
    people: People, verifying: Tip, is_inspected: bool
) -> None:
    if is_inspected:
        step(tip=verifying, action=Action.INSPECT, actor=people.officer, at=timezone.now())

    form = steps_of(at_desk(people.officer).get(url(verifying)))[Action.CONCLUDE]
    values = {"result": "true", "findings": WORDS, "measures": WORDS}
    answer = post(at_desk(people.officer), verifying, Action.CONCLUDE, **values)

    assert ("basis" in [one.name for one in form.fields]) is not is_inspected
    assert answer.status_code == (302 if is_inspected else 422)


def test_how_it_was_verified_stands_in_the_record_and_the_draft_of_the_answer(
    people: People, verified: Tip
) -> None:
    dispose(tip=verified, officer=people.officer, at=timezone.now())
    client = at_desk(people.officer)
    told = UNVISITED["basis"]

    pages = [client.get(url(verified, part)).content.decode() for part in ("", "file/", "reply/")]

    assert all(told in page for page in pages)
    assert f"非现场核查：{told}" in pages[2]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"fine_amount": "一万"}, "fine_amount"),
        ({"fine_amount": "1e9999999"}, "fine_amount"),
        ({"fine_amount": "0.001"}, "fine_amount"),
        ({"decision_number": ""}, "decision_number"),
        ({"measure": "referral_"}, "measure"),
        ({"measure": ""}, "measure"),
        ({"decided_date": "昨天"}, "decided_date"),
    ],
)
def test_wrong_measure_is_named_and_kept(
    people: People, verified: Tip, wrong: dict[str, str], field: str
) -> None:
    plain = {
        "measure": "penalty", "decided_date": timezone.localdate().isoformat(), "words": WORDS,
        "decision_number": "12 号", "fine_amount": "100",
    }  # fmt: skip

    answer = post(at_desk(people.officer), verified, Action.PROPOSE_MEASURE, **{**plain, **wrong})

    form = steps_of(answer)[Action.PROPOSE_MEASURE]
    assert answer.status_code == 422
    assert field in [one.name for one in form.fields if one.error]
    assert WORDS in answer.content.decode()
    assert fresh(verified).status == TipStatus.VERIFIED


# --- time ----------------------------------------------------------------------------------------------------------


def test_extension_says_where_each_choice_leads(people: People, verifying: Tip) -> None:
    page = at_desk(people.officer).get(url(verifying))

    days = next(one for one in steps_of(page)[Action.ASK_EXTENSION].fields if one.name == "days")
    assert [option.value for option in days.options] == ["10", "20", "30"]
    assert all("日，延到 " in option.label for option in days.options)


def test_level_above_grants_what_was_asked(people: People, verifying: Tip, city: City) -> None:
    boss = staff(Role.LEADER, office=city.city)
    before = fresh(verifying).due_date
    post(at_desk(people.officer), verifying, Action.ASK_EXTENSION, days="30", memo=WORDS)

    card = at_desk(boss).get(url(verifying)).context["page"].cards[0]
    answer = post(at_desk(boss), verifying, Action.GRANT_EXTENSION, note=WORDS)

    assert [act.dialog for act in card.acts] == ["step-grant_extension", "step-refuse_extension"]
    assert answer.status_code == 302
    assert fresh(verifying).due_date - before >= timedelta(days=28)


def test_extension_of_invented_length_is_refused(people: People, verifying: Tip) -> None:
    for days in ("", "0", "-1", "31", "9" * 30, "x"):
        answer = post(at_desk(people.officer), verifying, Action.ASK_EXTENSION, days=days, memo=WORDS)

        assert answer.status_code == 422, days
        assert WORDS in answer.content.decode()


# --- units and whistles --------------------------------------------------------------------------------------------


def test_choosers_offer_only_what_the_rule_allows(people: People, tip: Tip, city: City) -> None:
    page = at_desk(people.officer).get(url(tip))

    units = next(one for one in steps_of(page)[Action.DISPATCH].fields if one.name == "office")
    people_offered = next(one for one in steps_of(page)[Action.ASSIGN].fields if one.name == "handler")
    assert {option.label for option in units.options} == {"莲湖区应急管理局", "高新区应急局", "街道应急办"}
    assert {option.label for option in people_offered.options} == {"赵敏", "陈立", "周文"}


def test_dispatched_tip_leaves_and_the_officer_lands_where_he_may_look(
    people: People, tip: Tip, city: City
) -> None:
    answer = post(at_desk(people.officer), tip, Action.DISPATCH, office=str(city.lianhu.pk), memo=WORDS)

    assert answer.status_code == 302
    assert fresh(tip).handling_unit == city.lianhu
    assert at_desk(people.officer).get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("office", ["", "0", "999999", "x", "-1", "1;drop"])
def test_invented_unit_is_refused(people: People, tip: Tip, office: str) -> None:
    answer = post(at_desk(people.officer), tip, Action.DISPATCH, office=office, memo=WORDS)

    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert fresh(tip).handling_unit_id == tip.handling_unit_id


def test_whistle_is_answered_in_one_click_and_the_record_says_who_waited(
    people: People, tip: Tip, city: City
) -> None:
    start = timezone.now() - timedelta(hours=5)
    step(tip=tip, action=Action.WHISTLE, actor=people.town_officer, at=start, memo="请带气体检测仪")

    card = at_desk(people.officer).get(url(tip)).context["page"].cards[0]
    answer = at_desk(people.officer).post(card.acts[0].url)
    page = at_desk(people.officer).get(url(tip)).context["page"]

    assert (card.title, card.small, card.acts[0].is_post) == ("吹哨 · 等您报到", "请带气体检测仪", True)
    assert answer.status_code == 302
    assert fresh(tip).inspecting_unit == city.town
    assert page.timeline[0].note == "街道应急办等雁塔区应急管理局 5 小时，按时应答"


def test_town_that_waits_sees_whom_it_waits_for(people: People, tip: Tip) -> None:
    step(tip=tip, action=Action.WHISTLE, actor=people.town_officer, at=timezone.now())

    card = at_desk(people.town_officer).get(url(tip)).context["page"].cards[0]

    assert card.title == "吹哨 · 等雁塔区应急管理局报到"
    assert [one.label for one in card.acts] == ["撤回吹哨"]


def test_co_unit_may_be_released_and_the_inspecting_one_not(people: People, tip: Tip, city: City) -> None:
    step(tip=tip, action=Action.JOIN, actor=people.officer, office_id=city.zone.pk)

    page = at_desk(people.officer).get(url(tip))
    office = steps_of(page)[Action.LEAVE].fields[0]
    post(at_desk(people.officer), tip, Action.LEAVE, office=office.options[0].value)

    assert [option.label for option in office.options] == ["高新区应急局"]
    assert TipUnit.objects.get(tip=tip, office=city.zone).ended_date is not None


def test_tip_of_another_body_offers_the_transfer_first_and_names_it(people: People, city: City) -> None:
    tip = TipFactory(district=YANTA, industry="construction")

    page = at_desk(people.officer).get(url(tip)).context["page"]

    assert page.buttons[0].action == Action.TRANSFER_OUT
    assert page.buttons[0].fields[0].value != ""


def test_reporting_for_duty_comes_last_where_the_tip_is_another_bodys(people: People, city: City) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code, industry="construction")
    step(tip=tip, action=Action.WHISTLE, actor=people.town_officer, at=timezone.now())

    page = at_desk(people.officer).get(url(tip)).context["page"]
    card = next(one for one in page.cards if one.title == "吹哨 · 等您报到")
    post(at_desk(people.officer), tip, Action.TRANSFER_OUT, body="市住房和城乡建设局", note=WORDS)

    offered = [one.action for one in page.steps]
    assert page.buttons[0].action == Action.TRANSFER_OUT
    assert Action.ANSWER_WHISTLE not in {one.action for one in page.buttons}
    assert Action.ANSWER_WHISTLE in offered
    assert [act.is_main for act in card.acts if act.is_post] == [False]
    ended = at_desk(people.town_officer).get(url(tip)).context["page"].timeline[1]
    assert ended.title == "吹哨结束（本件移送或不予受理）"
    assert "市住房和城乡建设局" in ended.note


# --- duplicates ----------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(people: People, city: City) -> tuple[Tip, Tip]:
    """Return two tips of one unit, with the suggestion that the later repeats the earlier."""
    earlier, later = (
        TipFactory(district=YANTA, entity_name="某化工厂", description=text) for text in ("第一件", "第二件")
    )
    DuplicateHint.objects.get_or_create(
        tip=later, earlier=earlier, defaults={"grounds": ["same_entity"], "found_date": later.received_date}
    )
    return earlier, later


def test_duplicate_is_compared_and_merged(people: People, pair: tuple[Tip, Tip]) -> None:
    earlier, later = pair
    client = at_desk(people.officer)

    card = next(one for one in client.get(url(later)).context["page"].cards if one.number)
    compared = client.get(card.acts[0].url)
    text = compared.content.decode()
    answer = client.post(compared.context["merge"].url, {"into_number": earlier.number, "memo": WORDS})

    assert (card.number, [act.label for act in card.acts]) == (earlier.number, ["对照后并案", "不是同一件"])
    assert ("第一件" in text, "第二件" in text, 'class="is-same"' in text) == (True, True, True)
    assert answer.status_code == 302
    assert fresh(later).merged_into == earlier


def test_refused_merge_is_told_in_the_dialog_that_hides_the_page(
    people: People, pair: tuple[Tip, Tip]
) -> None:
    lead, later = pair

    answer = post(at_desk(people.officer), lead, Action.MERGE, into_number=later.number, memo=WORDS)

    text = answer.content.decode()
    dialog = text.partition('id="step-merge"')[2].partition("</dialog>")[0]
    assert answer.status_code == 409
    assert "请把后收到的举报并入先收到的，这样谁也不会多等。" in dialog
    assert WORDS in dialog
    assert text.count("请把后收到的举报并入先收到的，这样谁也不会多等。") == 1
    assert fresh(lead).merged_into is None


def test_denied_duplicate_stays_away(people: People, pair: tuple[Tip, Tip]) -> None:
    _earlier, later = pair
    hint = DuplicateHint.objects.get(tip=later)

    answer = at_desk(people.officer).post(url(later, f"hint/{hint.pk}/dismiss/"))

    assert answer.status_code == 302
    assert not [one for one in at_desk(people.officer).get(url(later)).context["page"].cards if one.number]


def test_comparison_with_a_foreign_tip_is_not_there(people: People, tip: Tip, city: City) -> None:
    foreign = TipFactory(district="610104", town=city.other_town_code)

    assert at_desk(people.officer).get(url(tip, f"compare/{foreign.number}/")).status_code == 404


def test_number_that_is_not_there_is_refused_on_the_page(people: People, tip: Tip) -> None:
    answer = post(at_desk(people.officer), tip, Action.MERGE, into_number="AS-2026-000000", memo=WORDS)

    assert answer.status_code == 404
    assert tip.number in answer.content.decode()
    assert WORDS in answer.content.decode()
    assert fresh(tip).status == TipStatus.REGISTERED


# --- notes, papers, log --------------------------------------------------------------------------------------------


def test_note_is_for_colleagues_and_stays_out_of_the_reporters_sight(people: People, tip: Tip) -> None:
    answer = at_desk(people.officer).post(url(tip, "note/"), {"text": "门卫电话在值班室"})
    page = at_desk(people.town_officer).get(url(tip)).context["page"]

    assert answer["Location"] == url(tip, "#tab-notes")
    assert [note.text for note in page.notes] == ["门卫电话在值班室"]


@pytest.mark.parametrize("text", ["", " ", "长" * 3001, "\u202e反"])
def test_refused_note_is_not_lost(people: People, tip: Tip, text: str) -> None:
    answer = at_desk(people.officer).post(url(tip, "note/"), {"text": text})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'active-panel-id-value="tab-notes"' in page
    assert 'id="note-error"' in page
    assert text.strip()[:50] in page
    assert not HandoverNote.objects.exists()


def test_case_file_holds_the_work_and_nothing_about_the_reporter(people: People, city: City) -> None:
    tip = TipFactory(
        real_name=True, disposed=True, officer=people.officer, leader=people.leader, district=YANTA, photos=1
    )

    answer = at_desk(people.officer).get(url(tip, "file/"))

    text = answer.content.decode()
    for words in (tip.number, tip.description, "现场核查发现冲床缺少防护装置", "责令整改", "签发结论"):
        assert words in text, words
    assert tip.photos.get().sealed_sha256 in text
    for secret in ("张三丰", "13800001234", "实名", "举报身份", tip.acknowledgement.receipt):
        assert secret not in text
    assert "no-store" in answer["Cache-Control"]
    assert AuditRow.objects.filter(action="tip.file", actor=people.officer, subject=tip.number).count() == 1


def test_what_only_the_receipt_opens_is_not_printed(people: People, tip: Tip) -> None:
    at_desk(people.officer).post(url(tip, "message/"), {"text": "请问是哪个门？"})
    step(tip=tip, action=Action.DECLINE, actor=people.officer, texts={"note": "请向住建部门反映情况"})

    text = at_desk(people.officer).get(url(tip, "file/")).content.decode()

    assert "请问是哪个门？" not in text
    assert "请向住建部门反映情况" not in text


def test_case_file_writes_every_day_with_its_year(people: People, city: City) -> None:
    tip = TipFactory(
        replied=True, officer=people.officer, leader=people.leader, district=YANTA, today=timezone.localdate()
    )
    client = at_desk(people.officer)
    client.post(url(tip, "message/"), {"text": "请问是哪个门？"})

    paper = client.get(url(tip, "file/")).content.decode()
    screen = client.get(url(tip)).content.decode()

    days = re.findall(r"(.{5})(?<!\d)\d{1,2}月\d{1,2}日", paper)
    assert len(days) > 8
    assert {day for day in days if not re.fullmatch(r"\d{4}年", day)} == set()
    assert re.search(r"[^年]\d{1,2}月\d{1,2}日", screen)


def test_case_file_says_what_it_lacks_and_why(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)
    client.post(url(tip, "message/"), {"text": "请问是哪个门？"})
    before = client.get(url(tip, "file/")).content.decode()
    move_to(tip=tip, status=TipStatus.REPLIED, officer=people.officer, leader=people.leader)

    after = client.get(url(tip, "file/")).content.decode()

    for words in ("本卷没有的内容", "举报人是谁：不论是否留名都不进案卷", "照片原件：已封存"):
        assert words in before, words
        assert words in after, words
    for words in ("的答复：发出时已封存给查询码，系统不留底", "承办人写给举报人的"):
        assert words not in before, words
        assert words in after, words


def test_letter_exists_once_the_tip_was_transferred(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)
    before = client.get(url(tip, "letter/")).status_code
    post(client, tip, Action.TRANSFER_OUT, body="市住房和城乡建设局", note=WORDS)

    letter = client.get(url(tip, "letter/"))

    assert before == 404
    assert "市住房和城乡建设局" in letter.content.decode()
    assert WORDS not in letter.content.decode()


def test_refused_act_is_told_in_the_audit_excerpt(people: People, tip: Tip) -> None:
    post(at_desk(people.town_officer), tip, Action.ACCEPT, note="")

    audit = at_desk(people.leader).get(url(tip)).context["page"].audit

    assert ("操作被拒", "受理 · 没有相应角色") in [(entry.title, entry.note) for entry in audit]


def test_officers_words_are_in_the_timeline_and_words_to_the_reporter_are_not(
    people: People, tip: Tip, city: City
) -> None:
    step(tip=tip, action=Action.JOIN, actor=people.officer, office_id=city.zone.pk, memo="请协助断电")
    post(at_desk(people.officer), tip, Action.ACCEPT, note="会尽快到现场")

    notes = [entry.note for entry in at_desk(people.officer).get(url(tip)).context["page"].timeline]

    assert "至 高新区应急局\n请协助断电" in notes
    assert not any("会尽快到现场" in note for note in notes)


def test_reply_starts_from_what_was_signed(people: People, verified: Tip) -> None:
    dispose(tip=verified, officer=people.officer, at=timezone.now())

    page = at_desk(people.officer).get(url(verified, "reply/"))

    values = {item.name: item.value for item in page.context["items"]}
    assert values["conclusion"] == "您反映的情况属实。"
    assert values["findings"] == f"非现场核查：{UNVISITED['basis']}\n现场核查发现冲床缺少防护装置"
    assert re.fullmatch(r"责令限期整改。整改期限到 .*\d+ 月 \d+ 日。", values["decision"])
    assert all(values.values())


@pytest.mark.parametrize(
    ("act", "values"),
    [
        (Action.ASSIGN, {"handler": "9" * 20}),
        (Action.DISPATCH, {"office": "9" * 19, "memo": WORDS}),
        (Action.JOIN, {"office": "9" * 20, "memo": WORDS}),
        (Action.LEAVE, {"office": "9" * 20}),
        (Action.MERGE, {"into_number": "AS-2026-\0"}),
        (Action.MERGE, {"into_number": "A" * 5000}),
    ],
)
def test_keys_no_database_can_hold_are_refused(
    people: People, tip: Tip, act: Action, values: dict[str, str]
) -> None:
    answer = post(at_desk(people.officer), tip, act, **values)

    assert answer.status_code in (404, 422)
    assert [row.action for row in fresh(tip).steps.all()] == [Action.REGISTER]


def test_hand_over_asks_for_no_number_the_police_did_not_give(people: People, verifying: Tip) -> None:
    desk, boss = at_desk(people.officer), at_desk(people.leader)
    officers = [people.officer.pk, people.colleague.pk]
    post(desk, verifying, Action.REFER, officers=officers, offence="危险作业罪", facts=WORDS)
    post(boss, verifying, Action.DECIDE_REFERRAL)

    form = steps_of(desk.get(url(verifying)))[Action.HAND_TO_POLICE]
    post(desk, verifying, Action.HAND_TO_POLICE, police_name="公安雁塔分局", police_receipt="")

    asked = {field.name: field.is_required for field in form.fields}
    assert asked == {"police_name": True, "police_receipt": False}
    assert verifying.referrals.get().transferred_at is not None


def test_number_of_a_lead_out_of_reach_is_not_told(people: People, city: City) -> None:
    lead = TipFactory(district=YANTA)
    later = TipFactory(district=YANTA, town=city.town_code)
    step(tip=later, action=Action.MERGE, actor=people.officer, into_number=lead.number)

    seen, unseen = (at_desk(one).get(url(later)) for one in (people.officer, people.town_officer))

    assert lead.number in seen.content.decode()
    assert unseen.status_code == 200
    assert lead.number not in unseen.content.decode()
    assert "与另一件举报一并办理" in unseen.content.decode()


# --- days of a referral ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("in_working_days", "words"), [(True, "3 个工作日内"), (False, "3 日内")])
def test_words_of_a_referral_say_the_days_its_clock_counts(
    people: People, verifying: Tip, in_working_days: bool, words: str
) -> None:
    DeadlinePolicy.objects.create(effective_from=TODAY, referral_in_working_days=in_working_days)

    form = steps_of(at_desk(people.officer).get(url(verifying)))[Action.REFER]

    assert words in form.lede


def test_every_word_about_the_days_of_a_referral_knows_working_days() -> None:
    named = [
        act for act in ACTS.values() if "police_days" in str(act.lede) or "referral_days" in str(act.lede)
    ]

    assert {act.slug for act in named} == {Action.REFER, Action.HAND_TO_POLICE, Action.POLICE_REFUSES}
    assert all(act.lede_in_working_days for act in named)


def test_the_form_of_a_result_says_that_no_inspection_is_recorded(people: People, city: City) -> None:
    tip = TipFactory(status="verifying", district=YANTA, town=city.town_code, officer=people.officer)
    client, warning = at_desk(people.officer), "尚无检查记录"
    before = client.get(f"/admin/tips/{tip.number}/").content.decode()
    step(tip=tip, action=Action.INSPECT, actor=people.officer)

    after = client.get(f"/admin/tips/{tip.number}/").content.decode()

    assert (warning in before, warning in after) == (True, False)
