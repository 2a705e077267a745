"""Charts and map as a browser draws them: no word lies on another one, in both languages, on desk, phone and paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures import City
from tests.journeys.desk_steps import PHONE
from tests.journeys.figure_steps import CLOSED, DISTRICTS, year_of_work
from tests.journeys.test_desk_access import SIDEWAYS, findings

pytestmark = pytest.mark.journey
FIGURES = f"/figures/?period={CLOSED}"
WIDE = {"width": 1440, "height": 900}
# Words of one drawing that cover each other by more than a hair, or stick out of it by more than a letter.
ON_EACH_OTHER = """() => {
    const faults = [];
    for (const drawing of document.querySelectorAll(".chart svg:not(svg svg):not(.key svg):not(.bar)")) {
        const edge = drawing.getBoundingClientRect();
        const words = [...drawing.querySelectorAll("text")]
            .map((text) => [text.textContent.trim(), text.getBoundingClientRect()])
            .filter(([name, box]) => name && box.width);
        words.forEach(([name, box], place) => {
            if (box.left < edge.left - 4 || box.right > edge.right + 4) faults.push(`${name} sticks out`);
            for (const [other, rest] of words.slice(0, place)) {
                const wide = Math.min(box.right, rest.right) - Math.max(box.left, rest.left);
                const high = Math.min(box.bottom, rest.bottom) - Math.max(box.top, rest.top);
                // A line of letters stands in a box a third higher than they are.
                if (wide > 1 && high > box.height / 3) faults.push(`${name} / ${other}`);
            }
        });
    }
    return faults;
}"""
ON_BARS = """() => [...document.querySelectorAll(".chart:not(.wide) svg text.lg")].filter((text) => {
    const box = text.getBoundingClientRect();
    return [...text.ownerSVGElement.querySelectorAll("rect")].some((rect) => {
        const bar = rect.getBoundingClientRect();
        return bar.width && Math.min(box.right, bar.right) - Math.max(box.left, bar.left) > 1
            && Math.min(box.bottom, bar.bottom) - Math.max(box.top, bar.top) > box.height / 3;
    });
}).map((text) => text.textContent)"""


WAYS = [(WIDE, "screen"), (PHONE, "screen"), (WIDE, "print")]


def show(page: Page, *, language: str) -> None:
    """Open the page of figures in a language."""
    page.goto(FIGURES)
    page.context.add_cookies([{"name": "lang", "value": language, "url": page.url.split("/figures")[0]}])
    page.goto(FIGURES)
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-CN")


def test_no_word_lies_on_another_and_the_map_names_every_district(city: City, page: Page) -> None:
    """One city for both languages and every width: what costs is the year of work."""
    year_of_work(city)
    for language in ("zh-hans", "en"):
        show(page, language=language)
        for viewport, media in WAYS:
            page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
            page.emulate_media(media=media)  # type: ignore[arg-type]  # one of two words
            where = (language, viewport, media)
            assert page.locator(".chart svg text").count() > 30, where
            assert page.evaluate(ON_EACH_OTHER) == [], where
            assert page.evaluate(ON_BARS) == [], where
            if media == "screen":
                assert findings(page) == [], where
                assert page.evaluate(SIDEWAYS) <= 0, where
        check_map(page)


def check_map(page: Page) -> None:
    """Each district of the table has its name on the map or in the inset."""
    page.emulate_media(media="screen")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a plain dict of two numbers
    named = " ".join(page.locator(".mapv text").all_text_contents())
    ranked = page.locator(".rank tbody th").all_text_contents()
    assert len(ranked) == len(DISTRICTS)
    for name in ranked:
        assert name.removesuffix(" District").removesuffix(" County") in named, name
