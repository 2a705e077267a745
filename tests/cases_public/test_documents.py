"""Documents a case links to: the checker reads names and words of the file, a person reads it too, and it stays."""

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
from cases_public.redaction import documents as redaction_documents
from cases_public.redaction.documents import passage_findings
from cases_public.redaction.parts import linked_documents
from cases_public.services.answers import confirm_document, waive
from complaints.enums import NamePolicy, PrivateKind
from portal.shared.documents import Flaw, Passage, Place
from tests.cases_public.chain_steps import People, act, case, desk, newest, people, send_in
from tests.document_files import docx, paragraph, pdf, scan
from tests.home.conftest import media_root

__all__ = ["media_root"]
pytestmark = pytest.mark.django_db
NAME = "李建国"


CLEAN = pdf("执法人员检查发现，动火作业未办理审批，现场没有监护人员，周围易燃物没有清理，作业已经停止。")


def document(title: str = "处罚决定书样本", name: str = "sample.pdf", data: bytes = CLEAN) -> Document:
    """Return a stored document, with nothing to find unless told otherwise."""
    stored: Document = Document.objects.create(title=title, file=ContentFile(data, name=name))
    return stored


def linking(*documents: Document) -> list[tuple[str, str]]:
    """Return a text that links to these documents."""
    links = "".join(f'<a linktype="document" id="{one.pk}">附件</a>' for one in documents)
    return [("paragraph", f"<p>详见{links}。</p>")]


def exchange(stored: Document, data: bytes) -> None:
    """Put another file in place of a document's."""
    stored.file.save(stored.filename, ContentFile(data), save=False)
    stored._set_document_file_metadata()
    stored.save()


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

    exchange(stored, pdf("另一份文件" * 9))

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


# --- what stands in the file ------------------------------------------------------------------------------------------

SENTENCE = f"现场负责人{NAME}（电话 13991234567）承认属实。"


@pytest.mark.parametrize(
    ("data", "name", "place"),
    [
        (pdf("第一页没有姓名" * 6, SENTENCE + "另有四十个字" * 6), "a.pdf", "第 2 页"),
        (docx(paragraph(SENTENCE)), "a.docx", "正文"),
        (SENTENCE.encode("gb18030"), "a.csv", "正文"),
    ],
    ids=["pdf", "docx", "csv"],
)
def test_words_of_the_file_are_found_with_their_place(data: bytes, name: str, place: str) -> None:
    who = people()

    page = case(who.editor, facts=linking(document(name=name, data=data)))

    found = open_finds(page=page)
    assert [find.words for find in found] == [NAME, "13991234567"]
    assert {find.part.label for find in found} == {f"附件《处罚决定书样本》 · {place}"}


@pytest.mark.parametrize(
    "text",
    [
        "现场负责人李建\n国承认属实。",
        "现场负责人 李 建 国 承认属实。",
        "现场负责人李\n建国承认属实。",
        "电话：1399123\n4567",
    ],
)
def test_what_a_line_cuts_apart_is_found(text: str) -> None:
    passage = Passage(place=Place.PAGE, number=1, text=text)

    [found] = passage_findings(passage=passage, policy=NamePolicy.DEIDENTIFIED)

    assert "".join(text[found.start : found.end].split()) in {NAME, "13991234567"}


def test_a_find_is_told_once_whether_or_not_lines_are_joined() -> None:
    text = f"{SENTENCE}\n{SENTENCE}"

    found = passage_findings(
        passage=Passage(place=Place.PAGE, number=1, text=text), policy=NamePolicy.DEIDENTIFIED
    )

    assert [one.kind for one in found] == [PrivateKind.PERSON, PrivateKind.PHONE] * 2


def test_finds_in_a_file_stop_the_case_until_they_are_answered() -> None:
    who = people()
    stored = document(data=pdf(SENTENCE + "另有四十个字" * 6))
    page = in_secrecy(who, facts=linking(stored))
    confirm_document(page=page, document_id=stored.pk, user=who.secrecy, at=timezone.now())

    with pytest.raises(ApprovalRefused, match="2 处"):
        act(page, who.secrecy)
    for find in open_finds(page=page):
        waive(page=page, mark=find.mark, reason="化名", user=who.secrecy, at=timezone.now())

    page = act(act(page, who.secrecy), who.publisher)
    assert CasePage.objects.get(pk=page.pk).live


@pytest.mark.parametrize(
    ("data", "name", "flaw"),
    [
        (b"%PDF-1.7 x", "a.pdf", Flaw.DAMAGED),
        (scan("1"), "a.pdf", Flaw.NO_TEXT),
        (pdf("四十个字" * 10, trailer=b"/Info<</Author(Li)>>"), "a.pdf", Flaw.AUTHOR),
    ],
)
def test_what_no_check_can_read_stops_the_case_too(data: bytes, name: str, flaw: Flaw) -> None:
    who = people()
    page = in_secrecy(who, facts=linking(document(name=name, data=data)))

    [find] = open_finds(page=page)
    with pytest.raises(ApprovalRefused, match="1 处"):
        act(page, who.secrecy)
    waive(page=page, mark=find.mark, reason="已通读全文", user=who.secrecy, at=timezone.now())

    assert find.finding.kind == flaw
    assert open_finds(page=newest(page)) == []


def test_an_answer_to_a_flaw_ends_with_the_file() -> None:
    who = people()
    stored = document(data=b"%PDF-1.7 x")
    page = in_secrecy(who, facts=linking(stored))
    [find] = open_finds(page=page)
    waive(page=page, mark=find.mark, reason="已通读全文", user=who.secrecy, at=timezone.now())

    exchange(stored, b"%PDF-1.7 y")

    [again] = open_finds(page=newest(page))
    assert again.finding.kind == Flaw.DAMAGED
    assert again.mark != find.mark


def test_a_file_that_is_gone_is_a_find_and_no_fault() -> None:
    who = people()
    stored = document(data=pdf("以后不见的文件" * 7))
    stored.get_file_hash()
    stored.file.storage.delete(stored.file.name)
    page = case(who.editor, facts=linking(stored))

    assert [find.finding.kind for find in open_finds(page=page)] == [Flaw.MISSING]
    assert desk(who.editor).get(f"/admin/pages/{page.pk}/edit/").status_code == 200


def test_a_file_is_read_once_while_it_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    who = people()
    stored = document(data=pdf("只读一次的文件" * 7))
    page = case(who.editor, facts=linking(stored))
    read: list[str] = []
    whole = redaction_documents.read_document
    monkeypatch.setattr(
        redaction_documents, "read_document", lambda **told: read.append(told["name"]) or whole(**told)
    )

    for _each in range(3):
        open_finds(page=page)
    exchange(stored, pdf("换了一份的文件" * 7))
    open_finds(page=newest(page))

    assert len(read) == 2


def test_no_more_files_are_remembered_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction_documents, "MOST_KEPT", 2)
    who = people()
    page = case(
        who.editor, facts=linking(*[document(f"附件{n}", f"{n}.txt", str(n).encode()) for n in range(5)])
    )

    open_finds(page=page)

    assert len(redaction_documents._kept) == 2


def test_the_panel_beside_the_editor_shows_file_and_page() -> None:
    who = people()
    page = case(who.editor, facts=linking(document(data=pdf(SENTENCE + "另有四十个字" * 6))))

    html = desk(who.editor).get(f"/admin/pages/{page.pk}/edit/").content.decode()

    assert "附件里的发现 (2)" in html
    assert "附件《处罚决定书样本》 · 第 1 页" in html
    assert 'data-as-check-files-value="2"' in html
    assert "2 处待处理" in html or "还有 2 处" in html


def test_the_review_page_shows_flaws_without_words_and_takes_the_answer() -> None:
    who = people()
    page = in_secrecy(who, facts=linking(document(data=b"%PDF-1.7 x")))
    browser, address = desk(who.secrecy), f"/admin/cases/{page.pk}/review/"

    html = browser.get(address).content.decode()
    [find] = open_finds(page=page)
    answer = browser.post(address, {"mark": find.mark, "reason": "已通读全文"})

    assert "文件读不了" in html
    assert "<mark></mark>" not in html
    assert answer.status_code == 302
    assert open_finds(page=newest(page)) == []
