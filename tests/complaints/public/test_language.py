"""The switch of language on answers to posts: nothing typed is lost, nothing secret is in an address."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from complaints.models import Message, Tip
from tests.complaints.public.forms import WORDS, filled, one, photo, send, soup, summary
from tests.factories import TipFactory, jpeg
from tests.fixtures import City


def is_english(page: BeautifulSoup) -> bool:
    """Tell whether a page is in English."""
    assert page.html is not None
    return page.html["lang"] == "en"


def switches(page: BeautifulSoup) -> list[dict[str, Any]]:
    """Return the buttons that change the language."""
    return [button.attrs for button in page.select("button[name=language]")]


def test_form_with_problems_is_shown_again_in_english_with_everything_typed(
    client: Client, city: City
) -> None:
    fields = filled(kind="x", entity_name="某金属公司")
    page = soup(client.post("/report/", fields))
    buttons = switches(page)

    response = client.post("/report/", {**fields, "language": "en"})

    answer = soup(response)
    assert {button["form"] for button in buttons} == {one(page, "form[data-report]")["id"]}
    assert all("formnovalidate" in button and button["value"] == "en" for button in buttons)
    assert (response.status_code, is_english(answer)) == (200, True)
    assert one(answer, "#description").get_text() == WORDS
    assert one(answer, "#entity_name")["value"] == "某金属公司"
    assert one(answer, "[name=idempotency_key]")["value"] == fields["idempotency_key"]
    assert (response.cookies["lang"].value, summary(response)) == ("en", [])
    assert "Nothing was sent" in one(answer, "#err-h").get_text()


def test_changing_the_language_sends_nothing(client: Client, city: City) -> None:
    response = client.post("/report/", filled(language="en", photos=[photo(jpeg())]))

    assert not Tip.objects.exists()
    assert "choose them again" in one(soup(response), "[data-kept]").get_text()


def test_another_language_changes_nothing(client: Client, city: City) -> None:
    response = client.post("/report/", filled(language="xx"))

    assert not is_english(soup(response))
    assert not response.cookies


def test_progress_is_shown_again_in_english(client: Client, city: City) -> None:
    code = TipFactory(accepted=True).acknowledgement.receipt
    page = soup(client.post("/status/", {"receipt": code}))
    form = one(page, "form#again")

    response = client.post("/status/", {"receipt": code, "language": "en"})

    answer = soup(response)
    assert (form["action"], form["method"]) == ("/status/", "post")
    assert one(form, "[name=receipt]")["value"] == code
    assert {button["form"] for button in switches(page)} == {"again"}
    assert is_english(answer)
    assert answer.select(".steps")
    assert response.cookies["lang"].value == "en"
    assert not Message.objects.exists()
    assert code not in str(response.headers)


def test_wrong_receipt_is_kept_over_the_change(client: Client, city: City) -> None:
    page = soup(client.post("/status/", {"receipt": "7K4M", "language": "en"}))

    assert is_english(page)
    assert one(page, "#receipt")["value"] == "7K4M"


def test_receipt_page_says_that_it_cannot_be_shown_again(client: Client, city: City) -> None:
    page = soup(send(client))

    (button,) = switches(page)
    form = one(page, "form.lang")
    assert button["value"] == "en"
    assert one(form, "[name=next]")["value"] == "/status/"
    assert "shown this once" in one(form, "p[lang=en]").get_text()
    assert one(page, ".nav a[href='#language']").get_text() == "English"


@pytest.mark.parametrize(
    ("path", "fields", "status"), [("/report/", {"x": "y" * 4_000_000}, 413), ("/nothing-here/", {}, 404)]
)
def test_error_page_of_a_post_has_the_switch(
    client: Client, city: City, path: str, fields: dict[str, str], status: int
) -> None:
    response = client.post(path, fields)

    forms = soup(response).select("form.lang")
    assert response.status_code == status
    assert {str(one(form, "[name=next]")["value"]) for form in forms} == {path}


def test_post_of_another_site_changes_no_language(client: Client, city: City) -> None:
    response = client.post(
        "/status/", {"receipt": "x", "language": "en"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403
    assert not response.cookies
