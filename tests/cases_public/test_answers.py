"""Finds and pictures stop a case until they are answered, and answers end when what they answer changes."""

import json
import logging

import pytest
from django.test import Client
from django.utils import timezone

from cases_public.models import CasePage, PictureCheck, Waiver
from cases_public.models.barriers import ApprovalRefused, open_finds, unseen_pictures
from cases_public.redaction.check import found_in
from cases_public.services.answers import confirm_picture, waive
from complaints.enums import NamePolicy, PrivateKind
from home.services.covering import cover
from portal.shared.covering import Box
from tests import database_bytes
from tests.cases_public.chain_steps import (
    People,
    act,
    case,
    desk,
    edit_form,
    newest,
    people,
    picture,
    publish,
    send_in,
)
from tests.home.conftest import media_root

__all__ = ["media_root"]
pytestmark = pytest.mark.django_db

NAME, PHONE = "李建国", "13991234567"
SENTENCE = f"现场负责人{NAME}（电话 {PHONE}）承认属实。"


def in_secrecy(who: People, **values: object) -> CasePage:
    """Return a case that has reached the secrecy review."""
    page = send_in(case(who.editor, **values), who.editor)
    return act(act(page, who.leader), who.legal)


@pytest.mark.parametrize(
    "values",
    [
        {"title": f"现场负责人{NAME}未落实监护案"},
        {"title_en": f"Call {PHONE}"},
        {"lead": SENTENCE},
        {"slug": f"case-{PHONE}"},
        {"seo_title": SENTENCE},
        {"search_description": SENTENCE},
        {"lesson": SENTENCE},
        {"picture_alt": SENTENCE},
        {"picture_caption": SENTENCE},
        {"correction_note": SENTENCE},
        {"facts": [("paragraph", f"<p>{SENTENCE[:9]}<b>{SENTENCE[9:]}</b></p>")]},
        {"facts": [("list", {"items": [SENTENCE]})]},
        {"facts": [("steps", {"steps": [{"title": "一", "text": SENTENCE}, {"title": "二", "text": ""}]})]},
        {"violations": [("violation", {"text": SENTENCE, "law": "", "article": ""})]},
        {"timeline": [("month", {"month": "2026-03", "text": SENTENCE})]},
        {"warnings": [("point", SENTENCE)]},
    ],
    ids=lambda values: next(iter(values)),
)
def test_every_place_with_words_is_checked(values: dict[str, object]) -> None:
    page = case(people().editor, **values)

    assert found_in(page=page)


def test_table_and_title_of_a_picture_are_checked() -> None:
    shown = picture()
    shown.title = SENTENCE
    shown.save()
    page = case(people().editor, picture=shown, picture_alt="冲床")
    page.facts = json.loads(
        json.dumps(
            [
                {
                    "type": "table",
                    "value": {
                        "columns": [{"type": "text", "heading": SENTENCE}],
                        "rows": [{"values": [SENTENCE]}],
                        "caption": "",
                    },
                }
            ]
        )
    )
    page.save_revision(user=page.owner)

    kinds = [one.finding.kind for one in found_in(page=newest(page))]

    assert kinds.count(PrivateKind.PHONE) == 3


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (f"tel:{PHONE}", PrivateKind.PHONE),
        (f"https://example.com/%E6%9F%A5/{PHONE}?a=1&amp;b=2", PrivateKind.PHONE),
        ("mailto:lijianguo@example.com", PrivateKind.EMAIL),
    ],
)
def test_the_address_of_a_link_is_checked(address: str, kind: PrivateKind) -> None:
    page = case(people().editor, facts=[("paragraph", f'<p>详见<a href="{address}">这里</a>。</p>')])

    assert [one.finding.kind for one in open_finds(page=page)] == [kind]


def test_the_address_of_a_law_is_no_find() -> None:
    law = "https://www.mem.gov.cn/gk/zfxxgkpt/fdzdgknr/202306/t20230601_452555.shtml"
    page = case(people().editor, facts=[("paragraph", f'<p>详见<a href="{law}">这里</a>。</p>')])

    assert open_finds(page=page) == []


def test_clean_case_has_nothing_to_answer() -> None:
    assert found_in(page=case(people().editor)) == []


def test_finds_stop_the_secrecy_review() -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE)

    with pytest.raises(ApprovalRefused, match="未处理"):
        act(page, who.secrecy)

    assert [name for name, _label, _modal in page.current_workflow_task.get_actions(page, who.secrecy)] == [
        "reject"
    ]


def test_waived_with_a_reason_the_case_goes_on() -> None:
    who = people()
    page = in_secrecy(who, lesson="公开电话 029-12345678 为监督电话。")
    finds = open_finds(page=page)
    assert finds

    for one in finds:
        waive(page=page, mark=one.mark, reason="对外公布的监督电话", user=who.secrecy, at=timezone.now())

    page = act(act(page, who.secrecy), who.publisher)
    assert CasePage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("person", ["editor", "leader", "legal", "publisher"])
def test_nobody_else_waves_through(person: str) -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE)
    mark = open_finds(page=page)[0].mark

    with pytest.raises(ApprovalRefused):
        waive(page=page, mark=mark, reason="误报", user=getattr(who, person), at=timezone.now())


@pytest.mark.parametrize("reason", ["", "   ", "无", "1", "。。。", "无 无", f"{NAME}同意，电话 {PHONE}"])
def test_reason_is_needed_and_shows_nobody(reason: str) -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE)
    mark = open_finds(page=page)[0].mark

    with pytest.raises(ApprovalRefused):
        waive(page=page, mark=mark, reason=reason, user=who.secrecy, at=timezone.now())

    assert not Waiver.objects.exists()


def test_waiver_ends_when_the_text_or_the_policy_changes() -> None:
    who = people()
    page = in_secrecy(who, lesson="公开电话 029-12345678 为监督电话。")
    for one in open_finds(page=page):
        waive(page=page, mark=one.mark, reason="监督电话", user=who.secrecy, at=timezone.now())
    assert open_finds(page=page) == []

    page.lesson += "谢谢。"
    changed = open_finds(page=page)
    page.lesson, page.name_policy = page.lesson[:-3], NamePolicy.NAMED

    assert changed
    assert open_finds(page=page)


def test_pictures_are_looked_at_before_the_review_passes() -> None:
    who = people()
    page = in_secrecy(who, picture=picture(), picture_alt="冲床")

    with pytest.raises(ApprovalRefused, match="图片"):
        act(page, who.secrecy)

    confirm_picture(page=page, picture_id=page.picture_id, user=who.secrecy, at=timezone.now())
    assert act(page, who.secrecy).current_workflow_task.step == "sign"


def test_a_look_ends_with_the_file(django_capture_on_commit_callbacks: object) -> None:
    who = people()
    page = in_secrecy(who, picture=picture(), picture_alt="冲床")
    confirm_picture(page=page, picture_id=page.picture_id, user=who.secrecy, at=timezone.now())

    cover(picture_id=page.picture_id, boxes=[Box(left=0, top=0, right=50, bottom=50)])

    assert unseen_pictures(page=newest(page))
    assert PictureCheck.objects.count() == 1


def test_published_case_keeps_answers_that_still_hold() -> None:
    who = people()
    page = publish(case(who.editor, picture=picture(), picture_alt="冲床"), who)

    assert PictureCheck.objects.filter(page_id=page.pk).count() == 1


# --- doors -----------------------------------------------------------------------------------------------------


def ask(browser: Client, page: CasePage, **sent: object) -> object:
    """Ask the endpoint of the panel."""
    return browser.post(f"/admin/cases/{page.pk}/check/", json.dumps(sent), content_type="application/json")


def test_panel_asks_while_somebody_writes() -> None:
    who = people()
    page = case(who.editor)

    answer = ask(desk(who.editor), page, policy="deidentified", texts=["没有。", SENTENCE])

    finds = answer.json()["finds"]
    assert {one["text"] for one in finds} == {1}
    assert {one["words"] for one in finds} == {NAME, PHONE}
    assert all(SENTENCE[one["start"] : one["end"]] == one["words"] for one in finds)
    assert next(one["suggestion"] for one in finds if one["words"] == NAME) == "李某某"


def test_asking_leaves_nothing(caplog: pytest.LogCaptureFixture) -> None:
    who = people()
    page = case(who.editor)
    browser = desk(who.editor)
    before = database_bytes.dumped()

    with caplog.at_level(logging.DEBUG):
        ask(browser, page, policy="deidentified", texts=[SENTENCE])

    assert database_bytes.dumped() == before
    assert NAME not in caplog.text


def test_asking_needs_the_right_to_edit_and_a_token() -> None:
    who = people()
    page = case(who.editor)
    browser = desk(who.legal)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk(who.editor).cookies

    assert ask(browser, page, policy="deidentified", texts=[]).status_code in {302, 403}
    assert ask(strict, page, policy="deidentified", texts=[]).status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"policy": "other", "texts": []},
        {"policy": "named", "texts": "x"},
        {"policy": "named", "texts": [1]},
        {"policy": "named", "texts": ["x"] * 501},
        {"policy": "named", "texts": ["x" * 400_001]},
    ],
    ids=str,
)
def test_nonsense_is_refused(sent: dict[str, object]) -> None:
    who = people()

    assert ask(desk(who.editor), case(who.editor), **sent).status_code == 400


def test_brackets_without_end_are_refused() -> None:
    who = people()
    url = f"/admin/cases/{case(who.editor).pk}/check/"

    answer = desk(who.editor).post(url, "[" * 200_000, content_type="application/json")

    assert answer.status_code == 400


def test_editor_shows_finds_without_a_script() -> None:
    who = people()
    page = case(who.editor, lesson=SENTENCE)

    html = desk(who.editor).get(f"/admin/pages/{page.pk}/edit/").content.decode()

    assert f"<del>{NAME}</del> <ins>李某某</ins>" in html
    assert 'data-side-panel="redaction"' in html


def test_review_page_takes_answers_without_a_script() -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE, picture=picture(), picture_alt="冲床")
    browser = desk(who.secrecy)
    address = f"/admin/cases/{page.pk}/review/"
    assert "放行这一处" in browser.get(address).content.decode()

    for one in open_finds(page=page):
        assert browser.post(address, {"mark": one.mark, "reason": "化名"}).status_code == 302
    assert browser.post(address, {"picture": page.picture_id}).status_code == 302

    assert open_finds(page=page) == unseen_pictures(page=page) == []


def test_refused_answer_keeps_what_was_typed() -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE)
    browser = desk(who.secrecy)
    words = f"{NAME}和{PHONE}是公众人物"

    answer = browser.post(
        f"/admin/cases/{page.pk}/review/", {"mark": open_finds(page=page)[0].mark, "reason": words}
    )

    assert answer.status_code == 409
    assert f'value="{words}"' in answer.content.decode()


def test_reviewer_opens_the_editor_with_the_panel() -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE)

    assert edit_form(desk(who.secrecy), page)
