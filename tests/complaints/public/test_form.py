"""The blank form: light, few queries, no trace, everything the law's codes offer."""

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from complaints.enums import COMPETENT_BODIES, IdentityMode, Industry, Operation, TipKind, Violation
from complaints.models import CompetentBody
from complaints.public.choices import TILES
from complaints.rules.intake import FIELDS
from portal.shared import captcha
from tests.complaints.public.forms import one, send, soup
from tests.fixtures import City

PAGES = ["/report/", "/status/", "/offline/"]
FAR = re.compile(r"""(?:src|href|action|srcset|poster)=["']?(?:[a-z]+:)?//""")


@pytest.fixture
def page(client: Client, city: City) -> BeautifulSoup:
    """Return the blank form."""
    return soup(client.get("/report/"))


@pytest.mark.parametrize(
    ("path", "bare", "queries"), [("/report/", 7, 4), ("/status/", 5, 2), ("/offline/", 5, 2)]
)
def test_few_queries_when_nothing_is_cached(
    client: Client,
    city: City,
    path: str,
    bare: int,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """One of them reads the mark of what is shown; the next page takes what both have in common from memory."""
    client.get(path)  # makes the row of the site's settings, once for ever
    from django.core.cache import cache

    for expected in (bare, queries):
        cache.clear()
        with django_assert_num_queries(expected):
            response = client.get(path)

        assert response.status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_leaves_no_cookie_and_asks_no_other_host(client: Client, city: City, path: str) -> None:
    response = client.get(path)

    assert not response.cookies
    assert not FAR.search(response.content.decode())


@pytest.mark.parametrize("path", ["/report/", "/status/"])
def test_is_kept_by_no_cache(client: Client, city: City, path: str) -> None:
    response = client.get(path)

    assert response.headers["Cache-Control"] == "no-store, private"


def test_holds_a_fresh_key_each_time(client: Client, city: City) -> None:
    keys = {one(soup(client.get("/report/")), "[name=idempotency_key]")["value"] for _ in range(3)}

    assert len(keys) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}", str(key)) for key in keys)


def test_has_only_fields_the_service_knows(page: BeautifulSoup) -> None:
    names = {str(field["name"]) for field in page.select("form[data-report] [name]")}

    assert names <= FIELDS
    assert names >= FIELDS - {"identity_envelope", "datum"}


@pytest.mark.parametrize(
    ("name", "codes"),
    [("kind", TipKind), ("violation", Violation), ("industry", Industry), ("operations", Operation)],
)
def test_offers_every_code(
    page: BeautifulSoup,
    name: str,
    codes: "type[TipKind] | type[Violation] | type[Industry] | type[Operation]",
) -> None:
    offered = {
        str(option["value"])
        for option in page.select(f"#{name} option, #{name} input, .tile input[name={name}]")
    }

    assert offered - {""} == set(codes.values)


def test_every_operation_is_offered_once(page: BeautifulSoup) -> None:
    values = [str(field["value"]) for field in page.select("[name=operations]")]

    assert sorted(values) == sorted(Operation.values)


def test_nothing_is_chosen_beforehand_but_anonymous_with_reward(page: BeautifulSoup) -> None:
    chosen = page.select("form[data-report] [checked], form[data-report] [selected]")

    assert [field["value"] for field in chosen] == [IdentityMode.ANONYMOUS_WITH_CODE.value]


def test_eight_tiles_are_pictured(page: BeautifulSoup) -> None:
    tiles = [(str(tile["name"]), str(tile["value"])) for tile in page.select(".tile input")]

    assert tiles == [(name, code.value) for name, code, _icon, _label in TILES]
    assert len(tiles) == 8


def test_industries_of_others_name_who_answers_for_them(page: BeautifulSoup) -> None:
    groups = page.select("#industry optgroup")

    others = {str(option["value"]): option.get_text() for option in groups[1].select("option")}

    assert set(others) == {code.value for code in COMPETENT_BODIES}
    assert others["fire_safety"] == "消防（消防救援 96119）"
    assert not {str(option["value"]) for option in groups[0].select("option")} & set(others)


def test_the_body_named_in_the_back_office_stands_with_its_telephone_beside_the_choice(
    client: Client, city: City, settings: Settings
) -> None:
    CompetentBody.objects.create(
        industry="fire_safety", name="西安市消防救援支队", name_en="Xi'an Fire and Rescue", phone="96119"
    )

    chinese = one(soup(client.get("/report/")), '#industry option[value="fire_safety"]')
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = one(soup(client.get("/report/")), '#industry option[value="fire_safety"]')

    assert chinese.get_text() == "消防（西安市消防救援支队 96119）"
    assert (chinese["data-body"], chinese["data-tel"]) == ("西安市消防救援支队", "96119")
    assert english.get_text() == "Fire safety (Xi'an Fire and Rescue 96119)"
    ours = soup(client.get("/report/")).select("#industry optgroup")[0]
    assert not ours.select("[data-body]")


def test_a_form_sent_back_still_names_the_body(client: Client, city: City) -> None:
    page = soup(client.post("/report/", {"industry": "fire_safety"}))

    assert one(page, "#industry option[selected]")["value"] == "fire_safety"
    assert "96119" in one(page, "#industry option[selected]").get_text()


@pytest.mark.parametrize(("industry", "is_told"), [("fire_safety", True), ("chemical", False), ("", False)])
def test_the_receipt_names_the_body_again(client: Client, city: City, industry: str, is_told: bool) -> None:
    CompetentBody.objects.create(industry="fire_safety", name="西安市消防救援支队", phone="96119")

    page = soup(send(client, industry=industry))

    steps = page.select(".steps li")
    assert ("西安市消防救援支队" in page.get_text()) == is_told
    assert bool(page.select('.steps a[href="tel:96119"]')) == is_told
    # What is another body's is promised no step of ours.
    assert len(page.select(".steps time")) == (2 if is_told else 4)
    assert [index for index, step in enumerate(steps) if "now" in step.get("class", [])] == [1]


def test_towns_stand_under_their_districts(page: BeautifulSoup, city: City) -> None:
    group = page.select_one(f'#town optgroup[data-district="{city.town_code[:6]}"]')

    assert group is not None
    assert city.town_code in {option["value"] for option in group.select("option")}


def test_camera_comes_first_and_several_photos_are_possible(page: BeautifulSoup) -> None:
    camera, album = page.select("input[name=photos]")

    assert camera["capture"] == "environment"
    assert "capture" not in album.attrs
    assert camera.has_attr("multiple")
    assert album.has_attr("multiple")


def test_danger_shows_whom_to_call(page: BeautifulSoup) -> None:
    calls = {str(link["href"]) for link in page.select(".danger-now a")}

    assert calls == {"tel:110", "tel:119", "tel:120"}
    assert page.select_one(".sos a[href='tel:12350']") is not None


def test_vault_pin_of_the_settings_is_in_the_page(client: Client, city: City, settings: Settings) -> None:
    settings.VAULT_FINGERPRINT = "aaaa-bbbb"

    page = soup(client.get("/report/"))

    assert one(page, "form[data-report]")["data-pin"] == "aaaa-bbbb"


def test_question_is_there_for_those_without_scripts(client: Client, city: City, settings: Settings) -> None:
    settings.CAPTCHA_BACKEND = "altcha"

    page = soup(client.get("/report/"))

    assert one(page, "[name=captcha_token]")["value"]
    assert "等于几" in one(page, "label[for=captcha]").get_text()
    assert {str(field["name"]) for field in page.select("[name^=captcha]")} <= captcha.FORM_FIELDS


def test_english_is_complete(client: Client, city: City) -> None:
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"

    page = soup(client.get("/report/"))
    for names in page.select("#district, #town, .top, .foot, script, .lang"):
        names.decompose()

    assert page.html is not None
    assert page.html["lang"] == "en"
    assert not re.search(r"[\u4e00-\u9fff]", page.select_one("main").get_text())  # type: ignore[union-attr]  # there is one


def test_language_is_changed_without_a_token(city: City) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/language/", {"language": "en", "next": "/report/"})

    assert response.headers["Location"] == "/report/"
    assert list(response.cookies) == ["lang"]


def test_blank_form_is_compressed_on_its_way(client: Client, city: City) -> None:
    response = client.get("/report/", headers={"Accept-Encoding": "gzip"})

    assert response.headers["Content-Encoding"] == "gzip"


def test_answer_to_a_post_is_not_compressed(client: Client, city: City) -> None:
    response = client.post("/report/", {}, headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in response.headers
