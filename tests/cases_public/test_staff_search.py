"""The search of pages at the desk finds any two characters of a title and of a public case, in whatever database."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import Page

from cases_public.services.entries import record_case
from home.models import HomePage
from tests.cases_public.chain_steps import case, newest
from tests.home.factories import add_text

pytestmark = pytest.mark.django_db
TITLE = "某金属制品公司未落实动火审批案"


@pytest.fixture
def writer(db: None) -> User:
    return User.objects.create_superuser("writer", password="x")


def found(typed: str) -> list[str]:
    """Return the titles of what the desk finds."""
    return [page.title for page in Page.objects.all().autocomplete(typed)]


@pytest.mark.parametrize("typed", ["动火", "金属", "制品公司", "审批 动火", "某", "落实动火审批案"])
def test_parts_of_a_title_are_found(writer: User, typed: str) -> None:
    case(writer, title=TITLE)

    assert found(typed) == [TITLE]


@pytest.mark.parametrize("typed", ["火动", "有限空间", "动火 喷涂"])
def test_other_words_are_not(writer: User, typed: str) -> None:
    case(writer, title=TITLE)

    assert found(typed) == []


def test_the_title_of_a_draft_is_found(writer: User) -> None:
    text = add_text(HomePage.objects.get(), title="旧的题目")
    text.title = "粉尘涉爆企业须知"
    text.save_revision()

    assert found("涉爆") == ["旧的题目"]


def test_words_inside_a_public_case_are_found(writer: User) -> None:
    page = case(writer, title=TITLE, lesson="清理粉尘之前先断电。")
    page.live = True
    page.save()
    record_case(page=page)

    assert found("断电") == [TITLE]


def test_latin_titles_are_found_as_before(writer: User) -> None:
    add_text(HomePage.objects.get(), title="GB 15577 dust rules")

    assert found("dust") == ["GB 15577 dust rules"]
    assert found("nothing") == []


def test_search_page_list_and_chooser(editor: Client, writer: User) -> None:
    page = newest(case(writer, title=TITLE))
    paths = [
        "/admin/pages/search/?q=动火",
        "/admin/pages/search/results/?q=动火",
        f"/admin/pages/{page.get_parent().pk}/?q=动火",
        "/admin/choose-page/search/?q=动火",
    ]

    assert [path for path in paths if TITLE not in editor.get(path).content.decode()] == []
    assert TITLE not in editor.get("/admin/pages/search/?q=喷涂").content.decode()
