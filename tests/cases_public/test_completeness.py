"""A case without facts, legal basis or own words is stored as a draft and sent on by nobody."""

from typing import Any

import pytest
from django.utils import translation
from wagtail.models import WorkflowState
from wagtail.test.utils.form_data import querydict_from_html

from cases_public.models import CaseIndexPage, CasePage
from cases_public.models.barriers import ApprovalRefused
from cases_public.models.forms import SendBackForm
from complaints.enums import Role
from tests.cases_public.chain_steps import act, case, desk, edit_form, newest, people, send_in
from tests.home.conftest import media_root
from tests.signin import staff

__all__ = ["media_root"]
pytestmark = pytest.mark.django_db
TO_WRITE = "待写：用一句话说明查出了什么，不出现名称。"
LACKS = [
    ({"facts": []}, "案情还是空的"),
    ({"unit_penalty_basis": ""}, "没有法律依据"),
    ({"lead": TO_WRITE}, "“一句话案情”还没有写"),
    ({"lead": "To be written: what was found."}, "“一句话案情”还没有写"),
]


def submit(page: CasePage, **typed: str) -> Any:
    """Press “send in” in the editor and return what the next page says."""
    user = page.owner
    browser = desk(user)
    form = edit_form(browser, page)
    for name, value in {**typed, "action-submit": "1"}.items():
        form[name] = value
    return browser.post(f"/admin/pages/{page.pk}/edit/", form, follow=True).content.decode()


@pytest.mark.parametrize(("lack", "words"), LACKS)
def test_what_is_not_whole_is_not_sent_in_and_stays_as_it_was_typed(lack: dict[str, Any], words: str) -> None:
    page = case(people().editor, **lack)

    html = submit(page, lesson="写了很久的典型意义")

    assert words in html
    assert not WorkflowState.objects.exists()
    assert newest(page).lesson == "写了很久的典型意义"


def test_a_whole_case_is_sent_in() -> None:
    page = case(people().editor)

    submit(page)

    assert newest(page).workflow_in_progress


def test_the_article_broken_is_a_legal_basis() -> None:
    broken = {"text": "未经审批动火作业", "law": "安全生产法", "article": "第四十三条"}
    page = case(people().editor, unit_penalty_basis="", violations=[("violation", broken)])

    assert page.missing() == []


def test_a_new_case_that_is_not_whole_becomes_a_draft() -> None:
    editor = staff(Role.EDITOR)
    browser, address = (
        desk(editor),
        f"/admin/pages/add/cases_public/casepage/{CaseIndexPage.objects.get().pk}/",
    )
    form = querydict_from_html(browser.get(address).content.decode(), form_id="page-edit-form")
    typed = {"title": "某公司违规动火案", "slug": "new", "lead": "未经审批动火作业。", "action-submit": "1"}
    streams = ("facts", "violations", "timeline", "pictures", "warnings", "rules")
    for name, value in {**typed, **{f"{name}-count": "0" for name in streams}}.items():
        form[name] = value

    answer = browser.post(address, form, follow=True)

    assert answer.status_code == 200
    page = CasePage.objects.get(slug="new")
    assert not page.live
    assert not page.workflow_in_progress


@pytest.mark.parametrize(("lack", "words"), LACKS)
def test_nobody_approves_what_came_past_the_editor(lack: dict[str, Any], words: str) -> None:
    who = people()
    page = send_in(case(who.editor, **lack), who.editor)

    with translation.override("zh-hans"), pytest.raises(ApprovalRefused, match=words):
        act(page, who.leader)


@pytest.mark.parametrize("comment", ["", "   "])
def test_sending_back_needs_a_reason(comment: str) -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)

    with pytest.raises(ApprovalRefused):
        act(page, who.leader, "reject", comment=comment)

    assert newest(page).workflow_in_progress
    assert not SendBackForm({"comment": comment}).is_valid()


def test_sending_back_without_a_reason_is_told() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)
    state = page.current_workflow_task_state
    browser = desk(who.leader)
    address = f"/admin/pages/workflow/action/{page.pk}/reject/{state.pk}/"

    answer = browser.post(address, {"comment": " "}, follow=True)

    assert "没有退回：请写明要改什么" in answer.content.decode()
    assert newest(page).workflow_in_progress
