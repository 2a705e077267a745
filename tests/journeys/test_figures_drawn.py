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


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("viewport", "media"), [(WIDE, "screen"), (PHONE, "screen"), (WIDE, "print")])
def test_no_word_lies_on_another(
    city: City, page: Page, language: str, viewport: dict[str, int], media: str
) -> None:
    year_of_work(city)
    page.goto(FIGURES)
    page.context.add_cookies([{"name": "lang", "value": language, "url": page.url.split("/figures")[0]}])
    page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
    page.emulate_media(media=media)  # type: ignore[arg-type]  # one of two words
    page.goto(FIGURES)

    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-Hans")
    assert page.locator(".chart svg text").count() > 30
    assert page.evaluate(ON_EACH_OTHER) == []
    assert page.evaluate(ON_BARS) == []
    if media == "screen":
        assert findings(page) == []
        assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_map_names_every_district(city: City, page: Page, language: str) -> None:
    year_of_work(city)
    page.goto(FIGURES)
    page.context.add_cookies([{"name": "lang", "value": language, "url": page.url.split("/figures")[0]}])
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a plain dict of two numbers
    page.goto(FIGURES)

    named = " ".join(page.locator(".mapv text").all_inner_texts())
    ranked = page.locator(".rank tbody th").all_inner_texts()
    assert len(ranked) == len(DISTRICTS)
    for name in ranked:
        assert name.removesuffix(" District").removesuffix(" County") in named, name
