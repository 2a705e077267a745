"""Editing pages in Wagtail: the forms open, hold no inline script, and save what an editor typed."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.test.utils.form_data import querydict_from_html

from home.models import ContentPage, HomePage, OutreachIndexPage, ProtectionPage, SitePicture
from portal.shared.picture_chooser import PictureChooser
from tests.home.factories import add_text, plain_png

pytestmark = pytest.mark.django_db
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:application/json|text/(?:django-form-template|plain))\")"
)


def inline_scripts(html: str) -> list[str]:
    """Return the beginnings of scripts that have neither a file nor a nonce."""
    found = [html[match.start() : match.start() + 120] for match in INLINE.finditer(html)]
    return [text for text in found if "nonce=" not in text]


def picture() -> SitePicture:
    """Return a stored picture."""
    stored: SitePicture = SitePicture.objects.create(title="图", file=ContentFile(plain_png(), name="a.png"))
    return stored


def test_forms_of_all_pages_hold_no_inline_script(
    editor: Client, home: HomePage, protection: ProtectionPage, outreach: OutreachIndexPage
) -> None:
    text = add_text(outreach, picture=picture(), picture_alt="示意")
    paths = [f"/admin/pages/{page.pk}/edit/" for page in (home, protection, outreach, text)]
    paths.append(f"/admin/pages/add/home/contentpage/{outreach.pk}/")

    found = {path: inline_scripts(editor.get(path).content.decode()) for path in paths}

    assert found == {path: [] for path in paths}


def policy(response: Any) -> dict[str, str]:
    """Return the content policy of an answer, directive → sources."""
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


def test_preview_is_framed_by_the_editor_and_nothing_else_is(
    editor: Client, outreach: OutreachIndexPage
) -> None:
    text = add_text(outreach)
    form = editor.get(f"/admin/pages/{text.pk}/edit/")
    address = f"/admin/pages/{text.pk}/edit/preview/"
    sent = querydict_from_html(form.content.decode(), form_id="page-edit-form")
    sent.update({"body-count": "0", "body_en-count": "0"})
    assert editor.post(address, sent).json()["is_valid"]

    shown = editor.get(f"{address}?in_preview_panel=true")

    assert text.title in shown.content.decode()
    assert policy(form)["frame-src"] == policy(shown)["frame-ancestors"] == "'self'"
    assert policy(form)["frame-ancestors"] == "'none'"
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    for path in ("/", text.url, "/admin/", "/report/", "/admin/images/"):
        other = editor.get(path)
        assert policy(other)["frame-ancestors"] == "'none'"
        assert "frame-src" not in policy(other)
        assert other["X-Frame-Options"] == "DENY"


def test_guard_of_this_file_finds_a_script() -> None:
    assert inline_scripts("<p></p><script>go()</script>")
    assert inline_scripts('<script src="/a.js"></script><script nonce="x">go()</script>') == []


def test_chooser_says_in_attributes_how_it_starts() -> None:
    html = PictureChooser().render("picture", None, {"id": "id_picture"})

    assert "<script" not in html
    assert 'data-as-chooser-make-value="ImageChooser"' in html
    assert 'data-as-chooser-id-value="id_picture"' in html
    assert "&quot;modalUrl&quot;: &quot;/admin/images/chooser/&quot;" in html


def test_chooser_brings_its_script_after_those_of_wagtail() -> None:
    scripts = PictureChooser().media.render_js()

    assert "image-chooser" in scripts[0]
    assert "desk/chooser.js" in scripts[-1]


def test_editor_publishes_a_text_with_a_picture(
    editor: Client, client: Client, outreach: OutreachIndexPage
) -> None:
    form = {
        "title": "冬季用煤防中毒",
        "slug": "winter",
        "topic": "notice",
        "lead": "通风口不能堵。",
        "published_on": "2026-03-10",
        "source": "",
        "picture": str(picture().pk),
        "picture_alt": "通风口",
        "picture_caption": "",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "heading",
        "body-0-id": "",
        "body-0-value": "三件事",
        "title_en": "",
        "lead_en": "",
        "source_en": "",
        "picture_alt_en": "",
        "picture_caption_en": "",
        "body_en-count": "0",
        "seo_title": "",
        "search_description": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "action-publish",
    }

    answer = editor.post(f"/admin/pages/add/home/contentpage/{outreach.pk}/", form)

    assert answer.status_code == 302, answer.context["form"].errors
    html = client.get(ContentPage.objects.get(slug="winter").url).content.decode()
    assert "<h2>三件事</h2>" in html
    assert 'alt="通风口"' in html


@pytest.mark.parametrize("model", ["homepage", "protectionpage", "outreachindexpage"])
def test_pages_of_the_contract_exist_once(editor: Client, home: HomePage, model: str) -> None:
    parent = home.get_parent() if model == "homepage" else home

    assert editor.get(f"/admin/pages/add/home/{model}/{parent.pk}/").status_code in {302, 403}
