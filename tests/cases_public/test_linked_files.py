"""Texts of outreach go out without reviews, but not before what the check finds in their files is answered."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.documents.models import Document
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from cases_public.models import Waiver
from cases_public.models.barriers import open_file_finds
from complaints.enums import Role
from complaints.models import AuditRow
from home.models import ContentPage, OutreachIndexPage
from portal.shared.blocks import RICH_TEXT
from tests.bad_input import newest, sent, untouched
from tests.cases_public.chain_steps import case, people
from tests.cases_public.test_documents import SENTENCE, document, linking
from tests.document_files import pdf
from tests.home.conftest import media_root, outreach
from tests.home.factories import add_text
from tests.signin import enter, give_app, staff

__all__ = ["media_root", "outreach"]
pytestmark = pytest.mark.django_db
NOT_YET = "没有发布"


@pytest.fixture
def user(db: None) -> User:
    """Return somebody who publishes."""
    found: User = staff(Role.PUBLISHER)
    give_app(found)
    return found


@pytest.fixture
def publisher(user: User) -> Client:
    """Return the browser of this person."""
    return enter(Client(), user)


@pytest.fixture
def text(outreach: OutreachIndexPage) -> ContentPage:
    """Return a published text whose draft links to a file that names somebody."""
    page = add_text(outreach)
    page.body = linking(document(data=pdf(SENTENCE + "另有四十个字" * 6)))
    page.save_revision()
    return page


def publish(browser: Client, page: Page) -> Any:
    """Press the button, with the text as its draft has it."""
    draft = newest(page)
    value = draft.body.raw_data[0]
    form = {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": value["type"],
        "body-0-id": "",
    }
    form["body-0-value"] = rich_text(value["value"], features=RICH_TEXT)
    return sent(browser, page, untouched(browser, page), action="action-publish", **form)


def test_a_file_that_names_somebody_stops_the_text_and_the_draft_is_kept(
    publisher: Client, text: ContentPage
) -> None:
    answer = publish(publisher, text)

    assert answer.status_code == 302
    assert answer.url == f"/admin/files/{text.pk}/"
    shown = publisher.get(answer.url).content.decode()
    assert NOT_YET in shown
    assert "李建国" in shown
    assert "附件《处罚决定书样本》 · 第 1 页" in shown
    assert not ContentPage.objects.get(pk=text.pk).body
    assert newest(text).body


def test_answered_finds_let_it_through(publisher: Client, user: User, text: ContentPage) -> None:
    address = f"/admin/files/{text.pk}/"
    for find in open_file_finds(page=newest(text)):
        assert publisher.post(address, {"mark": find.mark, "reason": "化名"}).status_code == 302

    publish(publisher, text)

    assert ContentPage.objects.get(pk=text.pk).body
    assert {waiver.given_by for waiver in Waiver.objects.filter(page_id=text.pk)} == {user}
    acts = AuditRow.objects.filter(action="case.find_waived")
    assert sorted(act.data["detail"] for act in acts) == ["person", "phone"]


def test_enterprises_may_be_named_in_outreach(publisher: Client, outreach: OutreachIndexPage) -> None:
    page = add_text(outreach)
    page.body = linking(document(data=pdf("西安秦岳化工有限公司举办了安全培训" * 4)))
    page.save_revision()

    publish(publisher, page)

    assert ContentPage.objects.get(pk=page.pk).body


@pytest.mark.parametrize("reason", ["", "   ", "就是李建国本人"])
def test_an_answer_needs_a_reason_that_names_nobody(
    publisher: Client, text: ContentPage, reason: str
) -> None:
    [find, *_others] = open_file_finds(page=newest(text))

    answer = publisher.post(f"/admin/files/{text.pk}/", {"mark": find.mark, "reason": reason})

    assert answer.status_code == 409
    assert not Waiver.objects.exists()
    if reason.strip():
        assert reason in answer.content.decode()


def test_whoever_may_not_publish_does_not_answer(text: ContentPage) -> None:
    editor = staff(Role.EDITOR)
    give_app(editor)
    browser = enter(Client(), editor)
    [find, *_others] = open_file_finds(page=newest(text))

    answer = browser.post(f"/admin/files/{text.pk}/", {"mark": find.mark, "reason": "化名"})

    assert answer.status_code in {302, 403}
    assert not Waiver.objects.exists()


def test_cases_are_answered_in_their_review_alone(publisher: Client) -> None:
    page = case(people().editor)

    assert publisher.get(f"/admin/files/{page.pk}/").status_code == 404
    assert publisher.get("/admin/files/999999/").status_code == 404


def test_publishing_many_at_once_stops_as_well(
    publisher: Client, text: ContentPage, outreach: OutreachIndexPage
) -> None:
    address = f"/admin/bulk/wagtailcore/page/publish/?id={text.pk}"

    answer = publisher.post(address, {"include_descendants": ""})

    assert answer.status_code == 302
    assert not ContentPage.objects.get(pk=text.pk).body


def test_a_text_without_files_asks_no_more_than_before(
    publisher: Client, outreach: OutreachIndexPage
) -> None:
    page = add_text(outreach, body=[("paragraph", "<p>先通风</p>")])

    publish(publisher, page)

    assert not Document.objects.exists()
    assert ContentPage.objects.get(pk=page.pk).live
