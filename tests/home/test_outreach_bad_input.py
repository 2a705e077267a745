"""Whatever is put into the forms of outreach comes back in words or in plain text, and nothing typed is lost."""

import re
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html, rich_text

from complaints.enums import Role
from home.models import ContentPage, OutreachIndexPage, QuizPage, RulePage, TopicPage
from tests import bad_input
from tests.bad_input import (
    DAY_REFUSED,
    KEPT,
    LEFT_OF_WORD,
    OF_WORD,
    SCRIPT,
    SLUG_REFUSED,
    TITLE_OF_300,
    TITLE_TOO_LONG,
    WORD,
    assert_only_words,
    newest,
    refused,
    untouched,
)
from tests.home.factories import add_text
from tests.signin import enter, give_app, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(db: None) -> Client:
    """Return the browser of an editor who is nothing else."""
    user: User = staff(Role.EDITOR)
    give_app(user)
    return enter(Client(), user)


@pytest.fixture
def publisher(db: None) -> Client:
    """Return the browser of somebody who publishes."""
    user: User = staff(Role.PUBLISHER)
    give_app(user)
    return enter(Client(), user)


@pytest.fixture
def text(outreach: OutreachIndexPage) -> ContentPage:
    """Return a published text."""
    return add_text(outreach, body=[("heading", "一"), ("paragraph", "<p>二</p>")])


def block(name: str, kind: str, value: str) -> dict[str, str]:
    """Return a stream of one block as the editor's scripts send it."""
    told = {"deleted": "", "order": "0", "type": kind, "id": "", "value": value}
    return {f"{name}-count": "1"} | {f"{name}-0-{key}": part for key, part in told.items()}


def sent(browser: Client, page: Page, *, action: str = "", **values: str) -> Any:
    """Send the editor's form with these values."""
    return bad_input.sent(browser, page, untouched(browser, page), action=action, **values)


@pytest.mark.parametrize("action", ["", "action-publish"])
def test_title_of_300_characters(writer: Client, text: ContentPage, action: str) -> None:
    answer = sent(writer, text, action=action, title=TITLE_OF_300, lead=KEPT)

    assert TITLE_TOO_LONG in refused(answer, TITLE_OF_300, KEPT)


def test_no_browser_cuts_a_title_before_the_form_counts_it(writer: Client, text: ContentPage) -> None:
    html = writer.get(f"/admin/pages/{text.pk}/edit/").content.decode()

    form = html.split('id="page-edit-form"')[1].split("</form>")[0]
    title = re.search(r'<(?:input|textarea)[^>]*\bname="title"[^>]*>', form)
    assert title
    assert "maxlength" not in title[0]
    assert "maxlength" not in re.sub(
        r"data-(?:block|value)='[^']*'|data-w-block-[a-z-]+=\"[^\"]*\"", "", form
    )
    assert "desk/uncut.js" in html
    assert newest(text).title == text.title


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title": TITLE_OF_300}, "title", TITLE_TOO_LONG),
        ({"lead": "长" * 301}, "lead", "最多 300 个字，现在有 301 个。"),
        ({"source": "长" * 161}, "source", "最多 160 个字，现在有 161 个。"),
        ({"slug": SCRIPT}, "slug", SLUG_REFUSED),
        ({"published_on": "明天"}, "published_on", DAY_REFUSED),
        ({"topic": SCRIPT}, "topic", ""),
    ],
    ids=["title", "lead", "source", "slug", "day", "topic"],
)
def test_what_is_wrong_is_said_in_chinese_beside_its_field(
    writer: Client, text: ContentPage, values: dict[str, str], field: str, words: str
) -> None:
    answer = sent(writer, text, **values)

    errors = answer.context["form"].errors
    assert list(errors) == [field]
    said = " ".join(str(one) for one in errors[field])
    assert words in said
    assert not re.search(r"[A-Za-z]{5}", said.replace(SCRIPT, ""))


def test_second_page_with_one_slug(writer: Client, outreach: OutreachIndexPage, text: ContentPage) -> None:
    other = add_text(outreach)

    html = refused(sent(writer, other, slug=text.slug, lead=KEPT), KEPT)

    assert text.slug in html
    assert newest(other).slug == other.slug


def test_a_new_page_with_a_known_slug_keeps_what_was_typed(
    writer: Client, outreach: OutreachIndexPage, text: ContentPage
) -> None:
    address = f"/admin/pages/add/home/contentpage/{outreach.pk}/"
    form = querydict_from_html(writer.get(address).content.decode(), form_id="page-edit-form")
    form.update(
        {"title": "新的一课", "slug": text.slug, "lead": KEPT, "body-count": "0", "body_en-count": "0"}
    )

    refused(writer.post(address, form), KEPT, "新的一课")

    assert not ContentPage.objects.filter(title="新的一课").exists()


def test_last_day_in_the_past(writer: Client, text: ContentPage) -> None:
    past = (timezone.localtime() - timedelta(days=1)).strftime("%Y-%m-%d %H:%M")

    html = refused(sent(writer, text, expire_at=past, lead=KEPT), KEPT)

    assert "expire_at" in html
    assert newest(text).expire_at is None
    assert Page.objects.get(pk=text.pk).live


def test_a_last_day_before_the_first(writer: Client, text: ContentPage) -> None:
    first, last = (
        (timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%d %H:%M") for days in (9, 2)
    )

    refused(sent(writer, text, go_live_at=first, expire_at=last, lead=KEPT), KEPT)

    assert newest(text).expire_at is None


def test_pasted_word_leaves_words_alone(publisher: Client, client: Client, text: ContentPage) -> None:
    answer = sent(publisher, text, action="action-publish", **block("body", "paragraph", rich_text(WORD)))

    assert answer.status_code == 302
    html = client.get(text.url).content.decode()
    assert OF_WORD in html
    assert [sign for sign in LEFT_OF_WORD if sign in html] == []
    assert [sign for sign in LEFT_OF_WORD if sign in str(newest(text).body.raw_data[0]["value"])] == []


TEXTS = ["title", "lead", "source", "picture_alt", "picture_caption", "title_en", "lead_en", "source_en"]


def test_scripts_in_every_field_are_words(publisher: Client, client: Client, text: ContentPage) -> None:
    values = dict.fromkeys(TEXTS, SCRIPT) | block("body", "paragraph", rich_text(f"<p>{escape(SCRIPT)}</p>"))

    answer = sent(publisher, text, action="action-publish", **values)

    assert answer.status_code == 302, answer.context["form"].errors
    english = Client()
    english.cookies["lang"] = "en"
    pages = [text.url, "/outreach/", "/outreach/?topic=notice", "/", "/sitemap.xml"]
    shown = [browser.get(path).content.decode() for browser in (client, english) for path in pages]
    shown.append(publisher.get(f"/admin/pages/{text.pk}/edit/").content.decode())
    assert_only_words(*shown)
    assert escape("<script>alert(1)") in shown[0]


def test_scripts_as_markup_of_a_paragraph_are_dropped(
    publisher: Client, client: Client, text: ContentPage
) -> None:
    bad = '<p>先通风<a href="javascript:alert(1)">再下</a><iframe src="//x"></iframe></p>' + SCRIPT

    sent(publisher, text, action="action-publish", **block("body", "paragraph", rich_text(bad)))

    html = client.get(text.url).content.decode()
    assert "先通风" in html
    for sign in ("javascript:", "<iframe", "<script>alert", "onerror="):
        assert sign not in html


def test_what_is_missing_may_wait_in_a_draft_and_not_in_public(publisher: Client, text: ContentPage) -> None:
    draft = sent(publisher, text, lead="")
    public = sent(publisher, text, action="action-publish", lead="", source=KEPT)

    assert draft.status_code == 302
    assert "lead" in public.context["form"].errors
    refused(public, KEPT)
    assert ContentPage.objects.get(pk=text.pk).lead == text.lead


def test_a_heading_that_is_much_too_long_keeps_the_rest(writer: Client, text: ContentPage) -> None:
    refused(sent(writer, text, lead=KEPT, **block("body", "heading", "长" * 3000)), KEPT)

    assert newest(text).body.raw_data[0]["value"] == "一"


# --- the other pages of outreach -------------------------------------------------------------------------------------


def topic_of(outreach: OutreachIndexPage) -> TopicPage:
    page: TopicPage = outreach.add_child(instance=TopicPage(title="有限空间", slug="topic-x", lead="先通风"))
    return page


def quiz_of(outreach: OutreachIndexPage) -> QuizPage:
    page: QuizPage = outreach.add_child(instance=QuizPage(title="自测", slug="quiz-x", lead="五题"))
    return page


OTHERS = [topic_of, quiz_of]


@pytest.mark.parametrize("make", OTHERS)
def test_every_page_refuses_a_long_title_in_words(
    writer: Client, outreach: OutreachIndexPage, make: Any
) -> None:
    page = make(outreach)

    assert TITLE_TOO_LONG in refused(sent(writer, page, title=TITLE_OF_300), TITLE_OF_300)


@pytest.mark.parametrize("make", OTHERS)
def test_every_page_shows_a_script_as_words(
    writer: Client, client: Client, outreach: OutreachIndexPage, make: Any
) -> None:
    page = make(outreach)
    Page.objects.filter(pk=page.pk).update(title=SCRIPT, draft_title=SCRIPT)

    assert_only_words(
        client.get(page.url).content.decode(),
        client.get("/outreach/").content.decode(),
        writer.get(f"/admin/pages/{page.pk}/edit/").content.decode(),
    )


def test_a_law_that_cannot_be_cut_keeps_its_text(writer: Client) -> None:
    rules = Page.objects.get(slug="rules")
    page: RulePage = RulePage.objects.child_of(rules).first() or rules.add_child(
        instance=RulePage(title="某条例", slug="rule-x", issuer="某局", summary="某事")
    )
    typed = "第二条 先。\n第一条 后。"

    html = refused(sent(writer, page, text=typed))

    assert "第二条 先。" in html
