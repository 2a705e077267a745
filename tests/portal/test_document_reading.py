"""Files are read to their words; what cannot be read is said, and no file breaks the reader or holds it up."""

import io
import logging
import sys
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from portal.shared.documents import Contents, Flaw, Place, contents, office, pdf, read_document, reading
from portal.shared.documents.steps import OutOfSteps, at_most
from tests.document_files import docx, lines, paragraph, pdf_of, scan, stream, xlsx
from tests.document_files import pdf as pdf_file

TEXT = "执法人员检查发现，该公司动火作业未办理审批手续，现场没有监护人员，周围易燃物没有清理。"


def read(data: bytes, name: str = "a.pdf") -> Contents:
    """Read a file."""
    return read_document(data=data, name=name)


def flaws(data: bytes, name: str = "a.pdf") -> set[Flaw]:
    """Return the flaws of a file."""
    return {one.flaw for one in read(data, name).flaws}


def words(data: bytes, name: str = "a.pdf") -> str:
    """Return all words of a file."""
    return "\n".join(passage.text for passage in read(data, name).passages)


def written(writer: PdfWriter) -> bytes:
    """Return what a writer writes."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rewritten(*pages: str) -> PdfWriter:
    """Return a writer that holds these pages."""
    return PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_file(*pages))))


# --- PDF ----------------------------------------------------------------------------------------------------


def test_each_page_is_read_with_its_number() -> None:
    found = read(pdf_file(TEXT, "第二页的文字" * 8))

    assert [(one.place, one.number) for one in found.passages] == [(Place.PAGE, 1), (Place.PAGE, 2)]
    assert found.passages[0].text.strip() == TEXT
    assert "第二页" in found.passages[1].text
    assert found.flaws == ()


def test_words_in_a_drawing_on_the_page_are_read() -> None:
    form = stream(lines(TEXT), b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>")

    data = pdf_file(b"/Fm Do", resources=b"/XObject<</Fm 1000 0 R>>", others={1000: form})

    assert TEXT in words(data)


def test_words_under_a_black_box_are_read() -> None:
    assert TEXT in words(pdf_file(lines(TEXT) + b" 0 g 40 700 500 100 re f"))


def test_notes_fields_and_links_are_read() -> None:
    notes = (
        b"/Annots[<</Subtype/Text/Rect[0 0 1 1]/T(Wang Wu)/Contents(call 13991234567)>>"
        b"<</Subtype/Link/Rect[0 0 1 1]/A<</S/URI/URI(mailto:lisi@example.org)>>>>"
        b"<</Subtype/Widget/FT/Tx/Rect[0 0 1 1]/T(field)/V(610111)>>]"
    )

    found = read(pdf_file(TEXT, page=notes))

    [passage] = [one for one in found.passages if one.place == Place.NOTES]
    assert passage.number == 1
    assert {"call 13991234567", "mailto:lisi@example.org", "610111"} == set(passage.text.split("\n"))
    assert [(one.flaw, one.words) for one in found.flaws] == [(Flaw.AUTHOR, "Wang Wu")]


def test_properties_are_read_and_an_author_is_a_flaw() -> None:
    writer = rewritten(TEXT)
    writer.add_metadata(
        {"/Author": "李建国", "/Title": "标题", "/Producer": "Program 1.0", "/Operator": "王五"}
    )

    found = read(written(writer))

    assert {(one.flaw, one.words) for one in found.flaws} == {(Flaw.AUTHOR, "李建国"), (Flaw.AUTHOR, "王五")}
    assert "标题" in words(written(writer))
    assert "Program" not in words(written(writer))


@pytest.mark.parametrize(
    "inner",
    [
        "<dc:creator><rdf:Seq><rdf:li>李建国</rdf:li></rdf:Seq></dc:creator>",
        "<pdf:Author>李建国</pdf:Author>",
    ],
)
def test_an_author_in_xmp_is_a_flaw(inner: str) -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><rdf:RDF>'
        f"<rdf:Description>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    data = pdf_file(TEXT, catalog=b"/Metadata 1000 0 R", others={1000: stream(packet.encode())})

    assert [(one.flaw, one.words) for one in read(data).flaws] == [(Flaw.AUTHOR, "李建国")]


def test_xmp_that_is_none_is_a_flaw_and_the_pages_are_read() -> None:
    data = pdf_file(
        TEXT,
        catalog=b"/Metadata 1000 0 R",
        others={1000: stream(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")},
    )

    assert flaws(data) == {Flaw.PARTLY}
    assert TEXT in words(data)


def test_a_locked_file_is_said_to_be() -> None:
    writer = rewritten(TEXT)
    writer.encrypt(user_password="", owner_password="x", algorithm="AES-256")

    assert flaws(written(writer)) == {Flaw.ENCRYPTED}
    assert words(written(writer)) == ""


def test_scans_are_named_by_their_pages() -> None:
    found = read(scan("1", "", "第3页"))

    assert [(one.flaw, one.pages) for one in found.flaws] == [(Flaw.NO_TEXT, (1, 2, 3))]


def test_a_picture_beside_a_text_and_an_empty_page_are_no_scans() -> None:
    assert Flaw.NO_TEXT not in flaws(scan(TEXT))
    assert Flaw.NO_TEXT not in flaws(pdf_file(TEXT, ""))


def test_letters_drawn_as_lines_are_no_text() -> None:
    assert Flaw.NO_TEXT in flaws(pdf_file(b"0 0 m 9 9 l S " * 80))


def test_a_font_that_names_no_characters_cannot_be_read() -> None:
    mute = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
        b"/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
    )
    data = pdf_file(
        b"BT /M 12 Tf 50 700 Td <00480049004A> Tj ET", resources=b"/Font<</M 1000 0 R>>", others={1000: mute}
    )

    assert [(one.flaw, one.pages) for one in read(data).flaws if one.flaw == Flaw.GARBLED] == [
        (Flaw.GARBLED, (1,))
    ]


def test_files_inside_and_earlier_versions_are_flaws() -> None:
    holding = rewritten(TEXT)
    holding.add_attachment("list.csv", "名单".encode())
    plain = pdf_file(TEXT)
    later = plain + pdf_file(TEXT)[len(b"%PDF-1.7\n") :]

    assert flaws(written(holding)) == {Flaw.ATTACHED}
    assert Flaw.OLDER in flaws(later)
    assert Flaw.OLDER not in flaws(plain)


# --- office files and plain text ----------------------------------------------------------------------------


def test_a_text_is_read_with_its_tables_and_what_was_struck_out() -> None:
    struck = '<w:p><w:del w:author="赵六"><w:r><w:delText>原写王五</w:delText></w:r></w:del></w:p>'
    cells = "".join(f"<w:tc>{paragraph(words)}</w:tc>" for words in ("负责人", "李建国"))
    row = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"

    data = docx(paragraph("现场负责人李", "建国承认。") + struck + row)

    assert "现场负责人李建国承认。\n原写王五\n" in words(data, "a.docx")
    assert "负责人 李建国" in " ".join(words(data, "a.docx").split())
    assert [(one.flaw, one.words) for one in read(data, "a.docx").flaws] == [(Flaw.AUTHOR, "赵六")]


def test_headers_comments_properties_and_links_of_a_text_are_read() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    comment = f'<w:comment w:author="孙七">{paragraph("批注")}</w:comment>'
    core = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    data = docx(
        paragraph(TEXT),
        word__header1_xml=f"<w:hdr {space}>{paragraph('页眉')}</w:hdr>",
        word__comments_xml=f"<w:comments {space}>{comment}</w:comments>",
        docProps__core_xml=f"<c {core}><dc:creator>李建国</dc:creator><dc:title>标题</dc:title></c>",
        word___rels__document_xml_rels='<R><Relationship Id="r" Target="mailto:lisi@example.org"/></R>',
    )

    text = words(data, "a.docx")

    assert [
        word for word in (TEXT, "页眉", "批注", "标题", "mailto:lisi@example.org") if word not in text
    ] == []
    assert {one.words for one in read(data, "a.docx").flaws} == {"李建国", "孙七"}


def test_pictures_and_files_inside_a_text_are_flaws() -> None:
    data = docx(paragraph(TEXT), word__media__image1_png=b"x", word__embeddings__oleObject1_bin=b"x")

    assert flaws(data, "a.docx") == {Flaw.PICTURES, Flaw.ATTACHED}


def test_a_workbook_is_read_row_by_row_with_numbers() -> None:
    data = xlsx([["负责人", "电话"], ["李建国", 13991234567], ["一\n二", "王五"]], author="赵六")

    found = read(data, "a.xlsx")

    [sheet] = [one for one in found.passages if one.place == Place.SHEET]
    assert sheet.number == 1
    assert [line.split() for line in sheet.text.split("\n") if line.strip()] == [
        ["负责人", "电话"],
        ["李建国", "13991234567"],
        ["一"],
        ["二", "王五"],
    ]
    assert [(one.flaw, one.words) for one in found.flaws] == [(Flaw.AUTHOR, "赵六")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_read_in_the_encodings_of_offices(encoding: str) -> None:
    found = read(TEXT.encode(encoding), "名单.CSV")

    assert [(one.place, one.text) for one in found.passages] == [(Place.TEXT, TEXT)]
    assert found.flaws == ()


# --- what cannot be read ------------------------------------------------------------------------------------

LONG = "长" * (contents.CHARACTERS_MOST + 1)


def bomb(**parts: bytes) -> bytes:
    """Return a DOCX one part of which unpacks to very much."""
    return docx(paragraph(TEXT), **parts)


@pytest.mark.parametrize(
    ("data", "name", "flaw"),
    [
        (b"", "a.pdf", Flaw.UNKNOWN),
        (b"%PDF-1.7 x", "a.pdf", Flaw.DAMAGED),
        (pdf_file(TEXT)[:300], "a.pdf", Flaw.DAMAGED),
        (pdf_of({1: b"<</Type/Catalog>>"}), "a.pdf", Flaw.DAMAGED),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "a.docx", Flaw.ENCRYPTED),
        (b"PK\x03\x04" + b"x" * 600, "a.docx", Flaw.DAMAGED),
        (docx("<w:p>")[:200], "a.docx", Flaw.DAMAGED),
        (docx("<w:p>"), "a.docx", Flaw.PARTLY),
        (b"\x89PNG", "a.docx", Flaw.UNKNOWN),
        (b"a\0b", "a.txt", Flaw.DAMAGED),
        (b"\xff\xfe\x00", "a.txt", Flaw.DAMAGED),
        (LONG.encode(), "a.txt", Flaw.TOO_LARGE),
        (docx(paragraph(LONG)), "a.docx", Flaw.TOO_LARGE),
        (pdf_file(*[""] * (pdf.PAGES_MOST + 1)), "a.pdf", Flaw.TOO_LARGE),
        (bomb(word__header1_xml=b"<a>" + b" " * (office.PART_BYTES_MOST + 1)), "a.docx", Flaw.TOO_LARGE),
        (bomb(**{f"word__header{n}_xml": b" " * 15_000_000 for n in range(3)}), "a.docx", Flaw.TOO_LARGE),
        (bomb(**{f"a{n}": b"" for n in range(office.PARTS_MOST)}), "a.docx", Flaw.TOO_LARGE),
        (
            docx(paragraph(TEXT), word__header1_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
            "a.docx",
            Flaw.PARTLY,
        ),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, name: str, flaw: Flaw) -> None:
    assert flaw in flaws(data, name)


def test_a_zip_that_is_no_office_file_is_unknown() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", TEXT)

    assert flaws(out.getvalue(), "a.docx") == {Flaw.UNKNOWN}


def test_a_file_larger_than_an_upload_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BYTES_MOST", 100)

    assert flaws(pdf_file(TEXT)) == {Flaw.TOO_LARGE}


def test_what_was_read_before_the_end_is_kept() -> None:
    found = read(pdf_file(TEXT, LONG[:60_000], LONG[:60_000], LONG[:60_000], LONG[:60_000]))

    assert TEXT in found.passages[0].text
    assert sum(len(one.text) for one in found.passages) <= contents.CHARACTERS_MOST
    assert Flaw.TOO_LARGE in {one.flaw for one in found.flaws}


# --- hostile files ------------------------------------------------------------------------------------------


def laughing(depth: int, width: int) -> bytes:
    """Return a PDF whose drawings each hold many of the next: few bytes, width ** depth drawings."""
    forms = {}
    for level in range(depth):
        more = b"/Resources<</XObject<</Fm %d 0 R>>/Font<</F 3 0 R>>>>" % (1001 + level)
        content = b"/Fm Do " * width if level < depth - 1 else lines("笑")
        forms[1000 + level] = stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]" + more)
    return pdf_file(b"/Fm Do", resources=b"/XObject<</Fm 1000 0 R>>", others=forms)


def packed(content: bytes) -> bytes:
    """Return a PDF whose page unpacks to this."""
    data = pdf_file(TEXT)
    tight = stream(zlib.compress(content), b"/Filter/FlateDecode")
    return data.replace(stream(lines(TEXT)), tight)


@pytest.mark.parametrize(
    "data",
    [
        laughing(12, 10),
        packed(b"0 0 m " * 3_000_000),
        packed(b"[" * 200_000),
        packed(b"(" * 1_000_000),
        packed(b"/F 12 Tf " * 600_000),
        pdf_of({1: b"<</Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"}),
        pdf_of({1: b"<</Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[%s]/Count 1>>" % (b"[" * 50_000)}),
        pdf_file(TEXT, page=b"/Annots 1000 0 R", others={1000: b"1000 0 R"}),
        pdf_file(TEXT, page=b"/Annots[%s]" % (b"<</Contents(x)>>" * 5_000)),
    ],
    ids=["laughs", "paths", "arrays", "string", "fonts", "circle", "nested", "self", "notes"],
)
def test_a_hostile_file_ends_with_a_flaw(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "STEPS_MOST", 1_000_000)

    assert flaws(data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_breaks_nothing(drawn: st.DataObject) -> None:
    data = bytearray(
        drawn.draw(st.sampled_from([pdf_file(TEXT, "二"), docx(paragraph(TEXT)), xlsx([["一", 2]])]))
    )
    for _each in range(drawn.draw(st.integers(1, 12))):
        data[drawn.draw(st.integers(0, len(data) - 1))] = drawn.draw(st.integers(0, 255))

    assert isinstance(read(bytes(data), "a.txt"), Contents)


def test_the_library_says_nothing_aloud(capfd: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    listener, root = Listener(logging.DEBUG), logging.getLogger()
    root.addHandler(listener)
    try:
        assert flaws(pdf_file(TEXT)[:300] + b" 13991234567")
    finally:
        root.removeHandler(listener)

    out = capfd.readouterr()
    assert (out.out, out.err, heard) == ("", "", [])


# --- counting -----------------------------------------------------------------------------------------------


def endless() -> None:
    """Go on whatever goes wrong, as libraries do."""
    while True:
        try:
            len("")
        except Exception:  # noqa: BLE001, S112  what is tested
            continue


def test_work_without_end_is_stopped() -> None:
    before = sys.getprofile()

    with pytest.raises(OutOfSteps), at_most(1000):
        endless()

    assert sys.getprofile() is before


def test_work_within_its_steps_is_left_alone() -> None:
    with at_most(1000):
        total = sum(len("x") for _each in range(100))

    assert total == 100
