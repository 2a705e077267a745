"""Outreach for everybody: no finding of axe, no sideways scroll, in 长者模式 and English; a film plays and jumps."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from complaints.enums import Role
from home.demo import load_sample_content
from home.demo_outreach import load_outreach
from home.models import HelpVisit, LiaisonPoint
from tests.fixtures import City
from tests.journeys.desk_steps import PHONE, desk_of, person
from tests.journeys.public_steps import NOTHING_KEPT, kept_on_device, photo

pytestmark = pytest.mark.journey
DAY = date(2026, 11, 28)
PATHS = [
    "/outreach/",
    "/rules/?q=54",
    "/rules/work-safety-law/",
    "/rules/confined-space-interim/",
    "/outreach/no-penalty/?q=标志",
    "/outreach/plan-2026/",
    "/outreach/liaison/",
    "/outreach/quiz-rights/",
    "/outreach/topic-confined-space/",
]
WIDTHS = (320, 360, 768, 1280)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def loaded(transactional_db: None, settings: Settings, tmp_path: Path) -> None:
    """Load the sample content into a media folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    load_sample_content(today=DAY)
    load_outreach(today=DAY)


def look(page: Page) -> list[str]:
    """Return what axe finds and how much too wide the page is at any width; every fold is open."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        violations = Axe().run(page).response["violations"]
        found += [
            f"{page.url} {width}: {rule['id']} {[node['html'][:100] for node in rule['nodes']]}"
            for rule in violations
        ]
        wider = page.evaluate(WIDER)
        found += [f"{page.url} {width}: {wider} px too wide"] if wider > 0 else []
    return found


@pytest.mark.parametrize("dress", ["plain", "elder", "english"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_phone: Callable[..., BrowserContext], dress: str
) -> None:
    phone = open_phone()
    if dress == "elder":
        phone.add_init_script("try { localStorage.setItem('anshao-elder', '1') } catch {}")
    page = phone.new_page()
    page.goto("/outreach/")
    if dress == "english":
        page.locator(".foot .lang button").click()

    found = []
    for path in PATHS:
        page.goto(path)
        assert page.locator("h1:visible").count() == 1
        found += look(page)
    page.goto("/outreach/quiz-rights/")
    page.locator("form#quiz [type=submit]").click()
    found += look(page)

    assert found == []


def test_self_test_without_scripts_leaves_nothing(plain_page: Page) -> None:
    plain_page.goto("/outreach/quiz-confined-space/")
    plain_page.check("[name=q0][value='1']")
    plain_page.check("[name=q4][value='1']")
    plain_page.locator("form#quiz [type=submit]").click()

    expect(plain_page.locator("[role=status]")).to_contain_text("5 题答对 1 题")
    expect(plain_page.locator(".asked > li").nth(4)).to_contain_text("可以，单位还不能因此扣钱")
    assert plain_page.context.cookies() == []
    plain_page.locator(".law a").last.click()
    assert plain_page.url.endswith("/rules/work-safety-law/#art-54")
    expect(plain_page.locator("#art-54")).to_be_in_viewport()


def test_self_test_keeps_nothing_on_the_device(page: Page) -> None:
    page.goto("/outreach/quiz-rights/")
    page.check("[name=q0][value='0']")
    page.locator("form#quiz [type=submit]").click()
    expect(page.locator("[role=status]")).to_be_visible()

    assert kept_on_device(page) == NOTHING_KEPT
    assert page.context.cookies() == []


def test_answers_are_shown_in_the_other_language(page: Page) -> None:
    page.goto("/outreach/quiz-rights/")
    page.check("[name=q0][value='0']")
    page.locator("form#quiz [type=submit]").click()
    page.locator(".foot .lang button").click()

    expect(page.locator("[role=status]")).to_contain_text("1 of 5 right")


def test_an_article_is_found_and_opened_without_scripts(plain_page: Page) -> None:
    plain_page.goto("/rules/")
    plain_page.fill("#q", "第五十五条")
    plain_page.keyboard.press("Enter")
    plain_page.get_by_role("link", name="中华人民共和国安全生产法", exact=True).click()

    assert plain_page.url.endswith("/rules/work-safety-law/#art-55")
    expect(plain_page.locator("#art-55")).to_contain_text("有权停止作业")


def test_film_plays_and_jumps(page: Page) -> None:
    page.goto("/outreach/topic-confined-space/")
    found = page.evaluate(
        """async () => {
          const film = document.querySelector("video");
          film.muted = true;
          const heard = (name) => new Promise((done, failed) => {
            film.addEventListener(name, done, { once: true });
            film.addEventListener("error", () => failed(film.error?.message), { once: true });
          });
          const ready = heard("loadedmetadata");
          film.preload = "auto"; film.load();
          await ready;
          const jumped = heard("seeked");
          film.currentTime = 25;
          await jumped;
          const track = document.querySelector("track");
          const listed = new Promise((done) => track.addEventListener("load", done, { once: true }));
          const isThere = track.readyState === HTMLTrackElement.LOADED;
          track.track.mode = "hidden";
          if (!isThere) await listed;
          return [Math.round(film.duration), film.currentTime, film.videoWidth, track.track.cues.length];
        }"""
    )

    assert found == [32, 25, 640, 8]


def test_whole_list_is_printed_from_its_own_page(page: Page) -> None:
    page.add_init_script("window.print = () => { document.body.dataset.printed = 'yes'; };")
    page.goto("/outreach/no-penalty/")
    page.get_by_role("link", name="打印全部").click()
    page.click("[data-print]")

    expect(page.locator("body")).to_have_attribute("data-printed", "yes")


def test_officer_signs_a_visit_in_on_the_phone(open_phone: Callable[..., BrowserContext], city: City) -> None:
    officer = person(city.yanta, Role.OFFICER)
    point = LiaisonPoint.objects.get(enterprise="西安市某木业公司")
    point.officer = officer
    point.save()
    page = desk_of(open_phone, officer, viewport=PHONE)
    page.goto("/admin/snippets/home/helpvisit/add/")
    assert page.evaluate(WIDER) <= 0
    page.fill("[name=topic]", "木粉尘清扫课")
    page.fill("[name=people_worker]", "14")
    page.fill("[name=people_foreman]", "2")
    page.fill("[name=outcome]", "横梁清了一遍。")
    page.set_input_files("[name=photos]", [photo(), photo()])
    page.fill("[name=photo_words]", "清扫后的横梁")
    violations = Axe().run(page, context="main form").response["violations"]
    assert [(rule["id"], [node["html"][:100] for node in rule["nodes"]]) for rule in violations] == []

    page.locator("form.as-form [type=submit]").click()

    expect(page.locator(".messages")).to_contain_text("已登记")
    visit = HelpVisit.objects.get(topic="木粉尘清扫课")
    assert (visit.pictures.count(), visit.is_shown) == (2, False)
    assert dict(visit.signs.values_list("post", "count")) == {"worker": 14, "foreman": 2}
