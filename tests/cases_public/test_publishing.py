"""An editor of outreach hands a page to a publisher, who publishes it or sends it back; open finds stop it there."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import Page, Workflow

from cases_public.models import CaseIndexPage, PublishTask
from cases_public.models.barriers import ApprovalRefused
from cases_public.services.chain import ensure_publishing
from complaints.enums import Role
from home.models import ContentPage, HomePage, OutreachIndexPage
from tests.bad_input import newest, sent, untouched
from tests.cases_public.chain_steps import desk
from tests.home.conftest import media_root, outreach
from tests.home.factories import add_text
from tests.signin import staff

__all__ = ["media_root", "outreach"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(db: None) -> User:
    found: User = staff(Role.EDITOR)
    return found


@pytest.fixture
def publisher(db: None) -> User:
    found: User = staff(Role.PUBLISHER)
    return found


@pytest.fixture
def draft(outreach: OutreachIndexPage, writer: User) -> ContentPage:
    """Return a text that was never published."""
    page = add_text(outreach, title="粉尘清扫六步", live=False)
    page.save_revision(user=writer)
    return page


def hand_over(browser: Client, page: Page, **typed: str) -> Any:
    """Press “hand it to the publisher”."""
    return sent(browser, page, untouched(browser, page), action="action-submit", **typed)


def decide(browser: Client, page: Page, action: str, comment: str = "") -> Any:
    """Take the step outside the editor."""
    state = newest(page).current_workflow_task_state
    address = f"/admin/pages/workflow/action/{page.pk}/{action}/{state.pk}/"
    return browser.post(address, {"comment": comment}, follow=True)


def test_an_editor_hands_a_text_over_and_a_publisher_publishes_it(
    writer: User, publisher: User, draft: ContentPage
) -> None:
    browser = desk(writer)
    assert "提交给签发人" in browser.get(f"/admin/pages/{draft.pk}/edit/").content.decode()

    hand_over(browser, draft)

    other = desk(publisher)
    assert "粉尘清扫六步" in other.get("/admin/").content.decode()
    editor = other.get(f"/admin/pages/{draft.pk}/edit/")
    assert editor.context["action_menu"].default_item.name == "approve"
    decide(other, draft, "approve")
    assert Page.objects.get(pk=draft.pk).live


def test_whoever_handed_it_over_does_not_publish(writer: User, draft: ContentPage) -> None:
    hand_over(desk(writer), draft)
    page = newest(draft)

    with pytest.raises(ApprovalRefused):
        page.current_workflow_task.on_action(page.current_workflow_task_state, writer, "approve")

    assert not Page.objects.get(pk=draft.pk).live


def test_sent_back_with_a_reason_it_waits_for_its_editor(
    writer: User, publisher: User, draft: ContentPage
) -> None:
    browser, other = desk(writer), desk(publisher)
    hand_over(browser, draft)

    assert "没有退回：请写明要改什么" in decide(other, draft, "reject").content.decode()
    decide(other, draft, "reject", comment="导语太长")

    assert "导语太长" in browser.get("/admin/").content.decode()
    hand_over(browser, draft)
    assert newest(draft).workflow_in_progress


def test_an_open_find_stops_it_at_the_publisher(writer: User, publisher: User, draft: ContentPage) -> None:
    hand_over(desk(writer), draft, lead="请联系安全员李建国，电话13912345678。")

    html = decide(desk(publisher), draft, "approve").content.decode()

    assert "没有发布" in html
    assert not Page.objects.get(pk=draft.pk).live
    assert newest(draft).workflow_in_progress


def test_a_publisher_still_publishes_directly(publisher: User, draft: ContentPage) -> None:
    browser = desk(publisher)

    sent(browser, draft, untouched(browser, draft), action="action-publish")

    assert Page.objects.get(pk=draft.pk).live


def test_the_way_is_made_once_and_what_the_bureau_chose_stays(db: None) -> None:
    home = HomePage.objects.get()
    own = Workflow.objects.create(name="本局的流程")
    home.workflowpage.workflow = own
    home.workflowpage.save()

    ensure_publishing(page=home)

    assert PublishTask.objects.count() == 1
    assert HomePage.objects.get().get_workflow() == own


def test_cases_keep_their_chain(db: None) -> None:
    assert not CaseIndexPage.objects.get().has_workflow
