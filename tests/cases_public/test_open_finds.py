"""Texts of outreach go out without reviews, but not before what the check finds in words and files is answered."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.documents.models import Document
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html, rich_text

from cases_public.models import Waiver
from cases_public.models.barriers import open_finds
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
OWN_WORDS = "本稿由您起草或改动过，须由另一人审核。"


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


def named(index: OutreachIndexPage, writer: User) -> ContentPage:
    """Return a text whose draft, written by this person, names somebody with a telephone number."""
    page = add_text(index, live=False)
    page.lead = "安全员李建国，电话13912345678。"
    page.save_revision(user=writer)
    return page


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
    assert answer.url == f"/admin/finds/{text.pk}/"
    shown = publisher.get(answer.url).content.decode()
    assert NOT_YET in shown
    assert "李建国" in shown
    assert "附件《处罚决定书样本》 · 第 1 页" in shown
    assert not ContentPage.objects.get(pk=text.pk).body
    assert newest(text).body


def test_answered_finds_let_it_through(publisher: Client, user: User, text: ContentPage) -> None:
    address = f"/admin/finds/{text.pk}/"
    for find in open_finds(page=newest(text)):
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
    [find, *_others] = open_finds(page=newest(text))

    answer = publisher.post(f"/admin/finds/{text.pk}/", {"mark": find.mark, "reason": reason})

    assert answer.status_code == 409
    assert not Waiver.objects.exists()
    if reason.strip():
        assert reason in answer.content.decode()


def test_whoever_may_not_publish_does_not_answer(text: ContentPage) -> None:
    editor = staff(Role.EDITOR)
    give_app(editor)
    browser = enter(Client(), editor)
    [find, *_others] = open_finds(page=newest(text))

    answer = browser.post(f"/admin/finds/{text.pk}/", {"mark": find.mark, "reason": "化名"})

    assert answer.status_code == 409
    assert not Waiver.objects.exists()
    assert 'name="reason"' not in browser.get(f"/admin/finds/{text.pk}/").content.decode()


def test_cases_are_answered_in_their_review_alone(publisher: Client) -> None:
    page = case(people().editor)

    assert publisher.get(f"/admin/finds/{page.pk}/").status_code == 404
    assert publisher.get("/admin/finds/999999/").status_code == 404


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


# --- the words of the page itself ---------------------------------------------------------------------------------


def test_a_name_with_its_number_is_not_published(publisher: Client, outreach: OutreachIndexPage) -> None:
    page = named(outreach, staff(Role.EDITOR))

    answer = sent(publisher, page, untouched(publisher, page), action="action-publish")

    assert answer.url == f"/admin/finds/{page.pk}/"
    shown = publisher.get(answer.url).content.decode()
    assert [
        words for words in (NOT_YET, "李建国", "13912345678", "李某某", "导语") if words not in shown
    ] == []
    assert not Page.objects.get(pk=page.pk).live


def test_a_new_text_is_not_published_at_once(publisher: Client, outreach: OutreachIndexPage) -> None:
    user = User.objects.create_superuser("both", password="x")
    give_app(user)
    browser = enter(Client(), user)
    address = f"/admin/pages/add/home/contentpage/{outreach.pk}/"
    form = querydict_from_html(browser.get(address).content.decode(), form_id="page-edit-form")
    typed = {"title": "新", "slug": "new", "lead": "联系李建国，13912345678", "action-publish": "1"}
    for name, value in {**typed, "body-count": "0", "body_en-count": "0"}.items():
        form[name] = value

    answer = browser.post(address, form)

    assert answer.status_code == 302, answer.context["form"].errors
    page = ContentPage.objects.get(slug="new")
    assert answer.url == f"/admin/finds/{page.pk}/"
    assert not page.live


def test_the_panel_shows_each_find_beside_the_editor(publisher: Client, outreach: OutreachIndexPage) -> None:
    page = named(outreach, staff(Role.EDITOR))

    html = publisher.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    assert "李某某" in html
    assert 'data-as-check-policy-value="named"' in html
    assert f"/admin/finds/{page.pk}/" in html
    assert "发布" in html.split('data-as-check-target="summary"')[1][:400]


def test_what_is_typed_in_a_text_is_checked_for_persons_alone(
    publisher: Client, outreach: OutreachIndexPage
) -> None:
    page = add_text(outreach)
    asked = {"policy": "deidentified", "texts": ["西安秦岳化工有限公司的安全员李建国"]}

    answer = publisher.post(
        f"/admin/cases/{page.pk}/check/", json.dumps(asked), content_type="application/json"
    )

    assert [find["words"] for find in answer.json()["finds"]] == ["李建国"]


def test_nobody_waves_own_words_through(user: User, publisher: Client, outreach: OutreachIndexPage) -> None:
    page = named(outreach, user)
    [find, *_others] = open_finds(page=newest(page))

    answer = publisher.post(f"/admin/finds/{page.pk}/", {"mark": find.mark, "reason": "化名"})

    assert answer.status_code == 409
    assert OWN_WORDS in answer.content.decode()
    assert not Waiver.objects.exists()


def test_a_secrecy_reviewer_answers_what_a_publisher_wrote(
    user: User, publisher: Client, outreach: OutreachIndexPage
) -> None:
    page = named(outreach, user)
    reviewer = staff(Role.SECRECY_REVIEWER)
    give_app(reviewer)
    browser = enter(Client(), reviewer)
    for find in open_finds(page=newest(page)):
        assert (
            browser.post(f"/admin/finds/{page.pk}/", {"mark": find.mark, "reason": "化名"}).status_code == 302
        )

    sent(publisher, page, untouched(publisher, page), action="action-publish")

    assert ContentPage.objects.get(pk=page.pk).lead == page.lead
    assert ContentPage.objects.get(pk=page.pk).live
