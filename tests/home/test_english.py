"""English pages: what editors wrote in English, and an honest word where they wrote nothing."""

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings
from wagtail.models import Page

from home.models import BureauSettings, ContentPage, HomePage, OutreachIndexPage, ProtectionPage
from tests.home.factories import add_text

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u3400-\u9fff]")
BODY = [("heading", "要点"), ("paragraph", "<p>先通风。</p>")]
BODY_EN = [("heading", "Points"), ("paragraph", "<p>Ventilate first.</p>")]


def page_of(client: Client, path: str) -> BeautifulSoup:
    """Return a page."""
    return BeautifulSoup(client.get(path).content, "html.parser")


def chinese_in(page: BeautifulSoup) -> list[str]:
    """Return the Chinese words a reader meets, but for the switch to Chinese and registrations."""
    for part in page.select(".lang, .marks, script, style"):
        part.decompose()
    texts = [str(text).strip() for text in page.find_all(string=CHINESE)]
    said = [str(tag[name]) for name in ("alt", "aria-label", "title", "content", "placeholder")
            for tag in page.select(f"[{name}]") if CHINESE.search(str(tag[name]))]  # fmt: skip
    return texts + said


@pytest.fixture
def demo(db: None) -> None:
    """Load the sample content."""
    call_command("demo_pages", verbosity=0)


def unmarked_in(page: BeautifulSoup) -> list[str]:
    """Return the Chinese words that no reader's voice is told to read as Chinese."""
    for part in page.select(".lang, .marks, script, style, [lang='zh-CN'] [lang='zh-CN']"):
        part.unwrap() if part.get("lang") == "zh-CN" else part.decompose()
    for part in page.select("[lang='zh-CN']"):
        english = part.select("[lang='en']")
        part.replace_with(*english) if english else part.decompose()
    return chinese_in(page)


def test_chinese_on_english_pages_is_marked_as_such(demo: None, english: Client) -> None:
    paths = [page.url for page in Page.objects.live().filter(depth__gt=1)]

    found = {path: unmarked_in(page_of(english, path)) for path in paths}

    assert len(paths) > 40
    assert found == {path: [] for path in paths}


def test_every_text_of_the_demonstration_is_english(demo: None, english: Client) -> None:
    """Of laws, lists and self-tests only the Chinese words count; everything else has its English version."""
    kinds = (HomePage, ContentPage, ProtectionPage)
    paths = [page.url for kind in kinds for page in kind.objects.live()] + ["/cases/", "/figures/"]
    paths += [f"/outreach/?topic={topic}" for topic in ("question", "guide", "activity")]

    found = {path: chinese_in(page_of(english, path)) for path in paths}

    assert len(paths) > 15
    assert found == {path: [] for path in paths}


@pytest.mark.parametrize("path", ["/report/", "/status/", "/offline/", "/nothing-here/"])
def test_doors_and_error_pages_are_english(demo: None, english: Client, path: str) -> None:
    assert chinese_in(page_of(english, path)) == []


def test_every_text_of_the_demonstration_has_its_english_one(demo: None) -> None:
    texts = ContentPage.objects.all()

    assert len(texts) >= 12
    assert [text.slug for text in texts if not (text.title_en and text.lead_en and text.body_en)] == []
    assert [text.slug for text in texts if bool(text.source) != bool(text.source_en)] == []


def test_text_in_both_languages_is_read_in_each(
    client: Client, english: Client, outreach: OutreachIndexPage
) -> None:
    url = add_text(
        outreach, title="先通风", title_en="Ventilate", lead_en="First air.", body=BODY, body_en=BODY_EN
    ).url

    there, here = page_of(english, url), page_of(client, url)

    assert [tag.get_text() for tag in there.select("h1, .prose h2")] == ["Ventilate", "Points"]
    assert [tag.get_text() for tag in here.select("h1, .prose h2")] == ["先通风", "要点"]
    assert there.title is not None
    assert there.title.get_text() == "Ventilate · Anshao"
    assert not there.select("[data-only-chinese]")
    assert not here.select("[data-only-chinese]")


def test_text_without_english_says_so_and_shows_the_original(
    client: Client, english: Client, outreach: OutreachIndexPage
) -> None:
    url = add_text(outreach, title="先通风", title_en="Ventilate", body=BODY).url

    there = page_of(english, url)

    (prose,) = there.select(".prose")
    assert prose["lang"] == "zh-CN"
    assert "先通风。" in prose.get_text()
    (note,) = prose.select("[data-only-chinese]")
    assert note["lang"] == "en"
    assert "Chinese original" in note.get_text()
    assert not page_of(client, url).select("[data-only-chinese]")


@pytest.mark.parametrize("model", [HomePage, ProtectionPage])
def test_editors_sections_are_read_in_each_language(
    client: Client, english: Client, model: type[HomePage] | type[ProtectionPage]
) -> None:
    page = model.objects.get()
    page.body = BODY
    page.save()
    alone = page_of(english, page.url)
    page.body_en = BODY_EN
    page.save()

    both = page_of(english, page.url)

    assert alone.select("[data-only-chinese]")
    assert not both.select("[data-only-chinese]")
    assert "Ventilate first." in both.get_text()
    assert "先通风。" in page_of(client, page.url).get_text()


def test_bureau_speaks_english_where_it_can(english: Client, client: Client, bureau: BureauSettings) -> None:
    bureau.bureau_name, bureau.bureau_name_en = "某市应急管理局", "Mou Bureau"
    bureau.visit_place = "人民路 1 号"
    bureau.save()

    footer = page_of(english, "/").select_one(".foot")

    assert footer is not None
    assert "Organiser: Mou Bureau" in footer.get_text()
    (place,) = footer.select("p[lang=zh-CN]")
    assert "人民路 1 号" in place.get_text()
    assert "某市应急管理局" in page_of(client, "/").get_text()


def test_menu_names_pages_in_english(english: Client, outreach: OutreachIndexPage) -> None:
    outreach.title_en = "Know your rights"
    outreach.save()

    labels = [link.get_text(strip=True) for link in page_of(english, "/status/").select(".nav a")]

    assert labels == [
        "Home", "Cases", "Know your rights", "Figures", "How we protect you", "Check progress",
    ]  # fmt: skip


def test_lists_show_english_titles_and_mark_chinese_ones(
    english: Client, outreach: OutreachIndexPage
) -> None:
    add_text(outreach, title="甲", title_en="One", published_on=date(2026, 3, 1))
    add_text(outreach, title="乙", published_on=date(2026, 3, 2))

    links = page_of(english, "/outreach/").select(".lines a[href^='/outreach/']")

    assert [(link.contents[0], link.get("lang")) for link in links] == [("乙", "zh-CN"), ("One", None)]


def test_english_menu_costs_one_query_for_each_kind_of_page(
    english: Client,
    client: Client,
    outreach: OutreachIndexPage,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.PAGE_CACHE_BYTES = 0  # what a menu costs that is made, and not one that is kept
    for visitor in (client, english):
        visitor.get("/status/")

    with CaptureQueriesContext(connection) as chinese:
        client.get("/status/")
    with django_assert_num_queries(len(chinese) + 5):
        english.get("/status/")
