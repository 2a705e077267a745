"""Documents a case links to: the checker reads their names, a person reads what is inside, and the file stays."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Collection

from cases_public.models import CasePage, DocumentCheck
from cases_public.models.barriers import ApprovalRefused, open_finds, unread_documents
from cases_public.redaction.parts import linked_documents
from cases_public.services.answers import confirm_document
from tests.cases_public.chain_steps import People, act, case, desk, newest, people, send_in
from tests.home.conftest import media_root

__all__ = ["media_root"]
pytestmark = pytest.mark.django_db
NAME = "李建国"


def document(title: str = "处罚决定书样本", name: str = "sample.pdf") -> Document:
    """Return a stored document."""
    stored: Document = Document.objects.create(title=title, file=ContentFile(b"%PDF-1.7 x", name=name))
    return stored


def linking(*documents: Document) -> list[tuple[str, str]]:
    """Return a text that links to these documents."""
    links = "".join(f'<a linktype="document" id="{one.pk}">附件</a>' for one in documents)
    return [("paragraph", f"<p>详见{links}。</p>")]


def in_secrecy(who: People, **values: Any) -> CasePage:
    """Return a case that has reached the secrecy review."""
    page = send_in(case(who.editor, **values), who.editor)
    return act(act(page, who.leader), who.legal)


@pytest.mark.parametrize(
    ("html", "keys"),
    [
        ('<a linktype="document" id="7">x</a>', [7]),
        ("<p><a id='8' linktype='document'>x</a> <a linktype=\"document\" id=\"9\">y</a></p>", [8, 9]),
        ('<a linktype="page" id="7">x</a>', []),
        ('<a href="https://example.org/?linktype=document&id=7">x</a>', []),
        ('<a linktype="document">x</a><a linktype="document" id="x">y</a>', []),
        ("", []),
    ],
)
def test_links_to_documents_are_seen(html: str, keys: list[int]) -> None:
    assert linked_documents(html=html) == keys


@pytest.mark.parametrize("values", [{"title": f"现场负责人{NAME}的决定书"}, {"name": "13991234567.pdf"}])
def test_title_and_file_name_are_checked(values: dict[str, str]) -> None:
    who = people()

    page = case(who.editor, facts=linking(document(**values)))

    assert [find.words for find in open_finds(page=page)] in ([NAME], ["13991234567"])


def test_a_document_is_read_before_the_review_passes() -> None:
    who = people()
    first, second = document(), document("附表")
    page = in_secrecy(who, facts=linking(first, second, first))

    with pytest.raises(ApprovalRefused, match="还有 2 份"):
        act(page, who.secrecy)
    for one in (first, second):
        confirm_document(page=page, document_id=one.pk, user=who.secrecy, at=timezone.now())

    page = act(act(page, who.secrecy), who.publisher)
    assert CasePage.objects.get(pk=page.pk).live
    assert DocumentCheck.objects.filter(page_id=page.pk).count() == 2


def test_only_the_secrecy_reviewer_confirms_and_only_what_is_linked() -> None:
    who = people()
    linked, other = document(), document("别的")
    page = in_secrecy(who, facts=linking(linked))

    for user, key in [(who.publisher, linked.pk), (who.editor, linked.pk), (who.secrecy, other.pk)]:
        with pytest.raises(ApprovalRefused):
            confirm_document(page=page, document_id=key, user=user, at=timezone.now())

    assert not DocumentCheck.objects.exists()


def test_a_reading_ends_with_the_file() -> None:
    who = people()
    stored = document()
    page = in_secrecy(who, facts=linking(stored))
    confirm_document(page=page, document_id=stored.pk, user=who.secrecy, at=timezone.now())

    stored.file.save("other.pdf", ContentFile(b"%PDF-1.7 other"), save=False)
    stored._set_document_file_metadata()
    stored.save()

    assert [use.document.pk for use in unread_documents(page=newest(page))] == [stored.pk]


def test_readings_of_what_is_linked_no_more_are_forgotten() -> None:
    who = people()
    page = in_secrecy(who, facts=linking(document()))
    kept = document("留下的")
    DocumentCheck.objects.create(page_id=page.pk, document=kept, file_hash="0" * 40, read_at=timezone.now())
    [use] = unread_documents(page=page)
    confirm_document(page=page, document_id=use.document.pk, user=who.secrecy, at=timezone.now())

    act(act(page, who.secrecy), who.publisher)

    assert [reading.document_id for reading in DocumentCheck.objects.all()] == [use.document.pk]


def test_the_review_page_shows_and_takes_it() -> None:
    who = people()
    stored = document()
    page = in_secrecy(who, facts=linking(stored))
    browser = desk(who.secrecy)
    address = f"/admin/cases/{page.pk}/review/"

    html = browser.get(address).content.decode()
    answer = browser.post(address, {"document": stored.pk})

    assert "没有人确认过的附件" in html
    assert stored.filename in html
    assert answer.status_code == 302
    assert not unread_documents(page=newest(page))
    for odd in ("x", "9" * 30, ""):
        assert browser.post(address, {"document": odd}).status_code == 409


@pytest.mark.parametrize("is_live", [True, False])
def test_a_published_document_keeps_its_file(editor: Client, is_live: bool) -> None:
    who = people()
    stored, page = document(), case(who.editor)
    CasePage.objects.filter(pk=page.pk).update(live=is_live)
    DocumentCheck.objects.create(page_id=page.pk, document=stored, file_hash="0" * 40, read_at=timezone.now())
    before = stored.file.name
    form = {"title": "x", "file": SimpleUploadedFile("b.pdf", b"%PDF-1.7 b")}
    form["collection"] = Collection.get_first_root_node().pk

    answer = editor.post(f"/admin/documents/edit/{stored.pk}/", form)

    assert (Document.objects.get(pk=stored.pk).file.name == before) is is_live
    assert answer.status_code == (200 if is_live else 302)
