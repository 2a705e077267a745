"""Small files as editors upload them, written by hand: PDF pages of Chinese text, DOCX, workbooks."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

# A font every reader has, whose text is UTF-16: no font need lie inside.
_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>"
    b"/DW 1000>>]>>"
)
CATALOG, TREE, FONT, FIRST_FREE = 1, 2, 3, 4
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def stream(data: bytes, more: bytes = b"") -> bytes:
    """Return a stream object of a PDF."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), more, data)


def lines(text: str) -> bytes:
    """Return what paints a text, a line of the page for each of its lines."""
    painted = b"BT /F 12 Tf 16 TL 50 780 Td "
    for line in text.split("\n"):
        painted += b"<%s> Tj T* " % line.encode("utf-16-be").hex().encode()
    return painted + b"ET"


def pdf_of(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects; object 1 is its catalogue."""
    out, places = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for key, body in sorted(objects.items()):
        places[key] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (key, body))
    start, size = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for key in range(1, size):
        out.write(b"%010d 00000 n \n" % places[key] if key in places else b"0000000000 65535 f \n")
    out.write(b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))
    return out.getvalue()


def pdf(
    *pages: str | bytes,
    page: bytes = b"",
    catalog: bytes = b"",
    resources: bytes = b"",
    others: Mapping[int, bytes] | None = None,
    trailer: bytes = b"",
) -> bytes:
    """Return a PDF with these pages: texts, or what paints them. The rest is put into its dictionaries; `others` are
    further objects, from 1000 on."""
    keys = [FIRST_FREE + 2 * place for place in range(len(pages))]
    kids = b" ".join(b"%d 0 R" % key for key in keys)
    objects = {
        CATALOG: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        TREE: b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        FONT: _FONT,
    }
    for key, content in zip(keys, pages, strict=True):
        objects[key] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>%s>>/Contents %d 0 R%s>>"
            % (resources, key + 1, page)
        )
        objects[key + 1] = stream(lines(content) if isinstance(content, str) else content)
    return pdf_of(objects | dict(others or {}), trailer)


def scan(*texts: str) -> bytes:
    """Return a PDF whose pages are a picture with a few words on it."""
    image = stream(
        b"\0" * 4, b"/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray"
    )
    painted = [b"q 500 0 0 700 40 60 cm /Im Do Q " + lines(text) for text in texts]
    return pdf(*painted, resources=b"/XObject<</Im 1000 0 R>>", others={1000: image})


def docx(body: str, **parts: str | bytes) -> bytes:
    """Return a DOCX with this body of WordprocessingML; further parts by path, `__` for a slash and `_` for a dot."""
    files = {"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'}
    files |= {name.replace("__", "/").replace("_", "."): text for name, text in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def paragraph(*runs: str) -> str:
    """Return a paragraph of WordprocessingML; programs cut a sentence into runs wherever they like."""
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def xlsx(rows: Sequence[Sequence[object]], *, author: str = "") -> bytes:
    """Return a workbook of one sheet."""
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.properties.creator = author
    book.save(out)
    return out.getvalue()
