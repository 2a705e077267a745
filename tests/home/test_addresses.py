"""What has an address: renditions, documents as attachments, the site map, robots.txt; and what has none."""

import mimetypes
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import clear_url_caches, set_urlconf
from pytest_django import Settings
from wagtail.documents.models import Document
from wagtail.models import Collection, PageViewRestriction

from home.models import OutreachIndexPage, SitePicture
from tests.home.factories import add_text, plain_png

pytestmark = pytest.mark.django_db


def one_size(spec: str) -> str:
    """Return the address of one size of a new picture."""
    picture = SitePicture.objects.create(title="x", file=ContentFile(plain_png(), name="a.png"))
    return str(picture.get_rendition(spec).url)


@pytest.fixture
def rendition() -> str:
    """Return the address of one size of a picture."""
    return one_size("width-40")


# --- media ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "kind", "mark"),
    [
        ("width-40", "image/jpeg", b"\xff\xd8"),
        ("format-webp|width-40", "image/webp", b"RIFF"),
        ("format-avif|width-40", "image/avif", b"ftypavif"),
    ],
)
def test_renditions_are_served(
    client: Client, monkeypatch: pytest.MonkeyPatch, spec: str, kind: str, mark: bytes
) -> None:
    # A machine whose table of types knows neither of the two: the page must not depend on it.
    monkeypatch.setattr(
        mimetypes, "guess_type", lambda name: ("image/jpeg" if name.endswith("jpg") else None, None)
    )

    answer = client.get(one_size(spec))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert "immutable" in answer.headers["Cache-Control"]
    assert mark in b"".join(answer.streaming_content)[:12]


@pytest.mark.parametrize("path", ["..", "../db.sqlite3", "%2e%2e%2fkeys.env", "", "nothing.jpg", "a/b.jpg"])
def test_nothing_else_of_the_folder_is(client: Client, rendition: str, path: str) -> None:
    assert client.get(f"/media/images/{path}").status_code in {400, 404}


def test_originals_have_no_address(client: Client, rendition: str) -> None:
    picture = SitePicture.objects.get()

    assert client.get(picture.file.url).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_renditions_are_only_read(client: Client, rendition: str, method: str) -> None:
    assert getattr(client, method)(rendition).status_code == 405


# --- documents -----------------------------------------------------------------------------------------------


def document(name: str, data: bytes = b"%PDF-1.7 x") -> Document:
    """Return a stored document."""
    stored: Document = Document.objects.create(title="清单", file=ContentFile(data, name=name))
    return stored


@pytest.mark.parametrize("name", ["list.pdf", "list.txt", "list.csv"])
def test_documents_are_saved_not_shown(client: Client, name: str) -> None:
    answer = client.get(document(name).url)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


def test_documents_have_no_address_in_the_media_folder(client: Client) -> None:
    assert client.get(document("list.pdf").file.url).status_code == 404


@pytest.mark.parametrize(
    ("name", "taken"),
    [("a.pdf", True), ("a.docx", True), ("a.html", False), ("a.svg", False), ("a.exe", False)],
)
def test_kinds_of_documents(editor: Client, name: str, taken: bool) -> None:
    form = {"title": "x", "file": SimpleUploadedFile(name, b"%PDF-1.7 x")}
    form["collection"] = Collection.get_first_root_node().pk

    editor.post("/admin/documents/add/", form)

    assert Document.objects.exists() is taken


def test_document_beyond_the_limit_is_refused(editor: Client, settings: Settings) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 8
    form = {"title": "x", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 more")}
    form["collection"] = Collection.get_first_root_node().pk

    editor.post("/admin/documents/add/", form)

    assert not Document.objects.exists()


# --- search engines ------------------------------------------------------------------------------------------


def listed(client: Client) -> list[str]:
    """Return the paths of the site map."""
    answer = client.get("/sitemap.xml")
    assert answer.headers["Content-Type"] == "application/xml"
    return re.findall(r"<loc>http://testserver(.*?)</loc>", answer.content.decode())


def test_site_map_lists_pages_and_the_form(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach)

    assert listed(client) == [
        "/", "/cases/", "/outreach/", text.url, "/rules/", "/figures/", "/figures/bulletins/", "/protection/",
        "/report/",
    ]  # fmt: skip


def test_site_map_leaves_out_what_is_not_public(client: Client, outreach: OutreachIndexPage) -> None:
    taken_down, restricted = add_text(outreach), add_text(outreach)
    taken_down.unpublish()
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)

    assert not {taken_down.url, restricted.url} & set(listed(client))


def test_site_map_says_when_a_page_changed(client: Client, outreach: OutreachIndexPage) -> None:
    add_text(outreach).save_revision().publish()

    assert "<lastmod>" in client.get("/sitemap.xml").content.decode()


def test_robots_are_told_what_to_leave_alone(client: Client) -> None:
    answer = client.get("/robots.txt")

    lines = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /status/", "Disallow: /api/"} <= set(lines)
    assert "Disallow: /report/" not in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_robots_know_the_prefix(client: Client, settings: Settings) -> None:
    settings.URL_PREFIX = "jubao/"

    try:
        lines = client.get("/robots.txt").content.decode().splitlines()
    finally:
        clear_url_caches()
        set_urlconf(None)

    assert "Disallow: /jubao/admin/" in lines
