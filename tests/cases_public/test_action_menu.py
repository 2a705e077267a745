"""The main button at the foot of a case: the review for whoever reviews, saving for whoever writes."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases_public.models import CasePage
from tests.cases_public.chain_steps import act, case, desk, edit_form, newest, people, send_in
from tests.home.conftest import media_root

__all__ = ["media_root"]
pytestmark = pytest.mark.django_db


def menu(user: User, page: CasePage) -> list[str]:
    """Return what the foot of the editor offers this person, the main button first."""
    answer = desk(user).get(f"/admin/pages/{page.pk}/edit/")
    built: Any = answer.context["action_menu"]
    return [item.name for item in [built.default_item, *built.menu_items] if item is not None]


def test_each_reviewer_meets_the_review_first_and_saving_later() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)

    for reviewer in who.reviewers:
        offered = menu(reviewer, page)
        assert offered[:3] == ["approve", "approve", "reject"]
        assert offered.index("action-save-draft") > offered.index("reject")
        page = act(page, reviewer)


def test_the_main_button_says_which_review_and_approves_without_a_dialog() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)

    html = desk(who.leader).get(f"/admin/pages/{page.pk}/edit/").content.decode()

    foot = html[html.index("<footer") :] if "<footer" in html else html
    [first, *_others] = re.findall(r"<button[^>]*data-workflow-action-name[^>]*>", foot)
    assert 'data-workflow-action-name="approve"' in first
    assert "modal-url" not in first
    assert foot.index("承办机构核准") < foot.index("保存批注")
    assert "保存草稿" not in foot


def test_enter_in_a_field_presses_a_disabled_button() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)

    html = desk(who.leader).get(f"/admin/pages/{page.pk}/edit/").content.decode()

    form = html[html.index('id="page-edit-form"') :]
    submits = [tag for tag in re.findall(r"<button\b[^>]*>", form) if 'type="button"' not in tag]
    assert "disabled" in submits[0]
    assert "data-workflow-action-name" in submits[1]


def test_with_finds_open_approving_is_first_and_answering_second() -> None:
    who = people()
    page = send_in(case(who.editor, lead="现场负责人李建国承认属实。"), who.editor)
    page = act(act(page, who.leader), who.legal)

    assert menu(who.secrecy, page)[:4] == ["approve", "action-answer", "reject", "action-save-draft"]
    assert (
        f"/admin/cases/{page.pk}/review/"
        in desk(who.secrecy).get(f"/admin/pages/{page.pk}/edit/").content.decode()
    )


def test_approving_with_finds_open_says_what_stands_in_the_way() -> None:
    who = people()
    page = send_in(case(who.editor, lead="现场负责人李建国承认属实。"), who.editor)
    page = act(act(page, who.leader), who.legal)
    browser = desk(who.secrecy)
    form = edit_form(browser, page)
    form.update({"action-workflow-action": "true", "workflow-action-name": "approve"})

    answer = browser.post(f"/admin/pages/{page.pk}/edit/", form, follow=True)

    assert "处未处理" in answer.content.decode()
    assert newest(page).current_workflow_task.step == "secrecy"


def test_editors_still_meet_saving_first() -> None:
    who = people()
    page = case(who.editor)

    assert menu(who.editor, page)[0] == "action-save-draft"


def test_whose_turn_it_is_not_is_offered_no_review() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)

    assert not {"approve", "reject"} & set(menu(who.editor, page))


def test_the_main_button_takes_the_step() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)
    browser = desk(who.leader)
    form = edit_form(browser, page)
    form.update({"action-workflow-action": "true", "workflow-action-name": "approve"})

    answer = browser.post(f"/admin/pages/{page.pk}/edit/", form)

    assert answer.status_code == 302
    assert newest(page).current_workflow_task.step == "legal"
