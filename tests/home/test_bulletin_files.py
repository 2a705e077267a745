"""What visitors take along of a bulletin: workbook, table and PDF say the same as the page."""

import csv
import re
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pypdf
import pypdfium2
import pytest
from django.test import Client

from complaints.models import Division
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.bulletins.files import table_text, workbook
from home.bulletins.tables import Line, Table
from home.models import BulletinPage
from tests.cases_public.chain_steps import People
from tests.complaints.stats.rows import tips
from tests.fixtures import YANTA, City, city, vault

from .bulletin_steps import (
    AT,
    close,
    page_tables,
    people_of,
    published,
    same_number,
    sheets,
    typed_sheets,
    work,
)

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db
CODE = "2026Q1"


@pytest.fixture
def who(city: City) -> People:
    """Return five people of a city with two closed quarters."""
    work(city, year=2025)
    work(city, year=2026, more=8)
    close("2025Q1", CODE)
    return people_of(city)


@pytest.fixture
def page(who: People) -> BulletinPage:
    """Return a published bulletin."""
    return published(CODE, who)


def fetch(client: Client, page: BulletinPage, kind: str) -> bytes:
    response = client.get(page.url, {"format": kind})
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'attachment; filename="bulletin-2026Q1-1.{kind}"'
    return bytes(response.content)


def squeezed(text: str) -> str:
    """Return a text without gaps: a paper breaks its lines elsewhere."""
    return re.sub(r"\s+", "", text)


def test_the_workbook_equals_the_tables_of_the_page(page: BulletinPage, client: Client) -> None:
    shown = page_tables(client.get(page.url).content.decode())

    book = sheets(fetch(client, page, "xlsx"))

    for caption in ("全部指标", "变化情况", "每月收到和办结"):
        head, *rows = book[caption][1:]
        assert head == shown[caption][0]
        assert len(rows) == len(shown[caption]) - 1
        for written, read in zip(rows, shown[caption][1:], strict=True):
            assert all(same_number(one, other) for one, other in zip(written, read, strict=True)), (
                written,
                read,
            )
    assert book["统计口径"][0][0] == "收到"


def test_the_table_equals_the_page(page: BulletinPage, client: Client) -> None:
    shown = page_tables(client.get(page.url).content.decode())

    rows = list(csv.reader(StringIO(fetch(client, page, "csv").decode("utf-8-sig"))))

    found = [row[2:] for row in rows if row[1] == "全部指标"]
    assert [row[0] for row in rows if row[0] != "报表编号"] == ["2026Q1-1"] * (len(rows) - 7)
    assert len(found) == len(shown["全部指标"]) - 1
    for written, read in zip(found, shown["全部指标"][1:], strict=True):
        assert all(same_number(one, other) for one, other in zip(written, read, strict=True))


@pytest.mark.parametrize("reader", ["pypdf", "pdfium"])
def test_the_paper_says_what_the_page_says(page: BulletinPage, client: Client, reader: str) -> None:
    html = client.get(page.url).content.decode()
    data = fetch(client, page, "pdf")

    if reader == "pypdf":
        text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(BytesIO(data)).pages)
    else:
        text = "".join(sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(data))

    paper = squeezed(text)
    for block in page.body:
        if block.block_type in {"sentence", "heading"}:
            assert squeezed(block.value["text"]) in paper
    for caption in ("全部指标", "变化情况"):
        for row in page_tables(html)[caption]:
            assert all(squeezed(cell) in paper for cell in row), row
    assert "—1—" in paper
    assert squeezed("市应急管理局 · 季度分析 · 2026 年第一季度") in paper


def test_the_paper_is_a4_with_vectors_and_its_font(page: BulletinPage, client: Client) -> None:
    reader = pypdf.PdfReader(BytesIO(fetch(client, page, "pdf")))

    assert {
        (round(float(one.mediabox.width)), round(float(one.mediabox.height))) for one in reader.pages
    } == {(595, 842)}
    assert not any(list(one.images) for one in reader.pages)
    assert reader.metadata is not None
    assert reader.metadata.title == page.title
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() in {date(2026, 4, 9), date(2026, 4, 10)}
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "csv"])
def test_the_same_content_has_the_same_bytes(page: BulletinPage, client: Client, kind: str) -> None:
    assert fetch(client, page, kind) == fetch(Client(), page, kind)


@pytest.mark.parametrize("kind", ["exe", "PDF", "../x"])
def test_there_is_no_other_file(page: BulletinPage, client: Client, kind: str) -> None:
    assert client.get(page.url, {"format": kind}).status_code == 404


def test_the_paper_of_a_corrected_period_says_so(city: City, page: BulletinPage, client: Client) -> None:
    tips(5, unit=city.yanta, day=date(2026, 3, 30), district_id=YANTA)
    freeze(span=span_of(CODE), at=AT, reason="补录五件")

    text = "".join(
        sheet.extract_text() for sheet in pypdf.PdfReader(BytesIO(fetch(client, page, "pdf"))).pages
    )

    assert "数据已更正：补录五件" in squeezed(text)


def test_no_name_of_a_place_runs_as_a_formula(who: People, client: Client) -> None:
    Division.objects.filter(code=YANTA).update(name="=HYPERLINK(1)")

    page = published(CODE, who)

    book = sheets(fetch(client, page, "xlsx"))
    assert book["各区县收到举报"][2][0] == "'=HYPERLINK(1)"
    rows = csv.reader(StringIO(fetch(client, page, "csv").decode("utf-8-sig")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_numbers_are_numbers_in_both_files() -> None:
    """A fall of 17.4 % is a number, not a text with an apostrophe; a name that begins like a formula is text."""
    lines = (Line(cells=("收到", 1133, Decimal("-17.4"))), Line(cells=("-x", -5, "—")))
    table = Table(code="x", title="表", head=("甲", "乙", "丙"), numeric=(False, True, True), rows=lines)

    book = typed_sheets(workbook(title="t", number="n", tables=[table], notes=[], made=date(2026, 1, 1)))
    written = list(csv.reader(StringIO(table_text(number="n", tables=[table]))))

    assert book["表"][2:] == [["收到", Decimal(1133), Decimal("-17.4")], ["'-x", Decimal(-5), "—"]]
    assert [row[2:] for row in written[1:]] == [["收到", "1133", "-17.4"], ["'-x", "-5", "—"]]


def test_every_number_of_the_page_is_one_in_the_files(page: BulletinPage, client: Client) -> None:
    book = typed_sheets(fetch(client, page, "xlsx"))

    for rows in book.values():
        for row in rows:
            for cell in row:
                assert isinstance(cell, Decimal) or not re.fullmatch(r"'?[-+]?[0-9.,]+", cell), row
    for row in csv.reader(StringIO(fetch(client, page, "csv").decode("utf-8-sig"))):
        assert not [cell for cell in row if cell.startswith("'-") or re.fullmatch(r"\d{1,3},\d{3}", cell)], (
            row
        )


def test_a_title_that_no_sheet_may_have() -> None:
    table = Table(
        code="x", title="一[二]:*?/\\" + "三" * 40, head=("甲",), numeric=(False,), rows=(Line(cells=("a",)),)
    )

    book = sheets(workbook(title="t", number="n", tables=[table], notes=[], made=date(2026, 1, 1)))

    assert all(len(name) <= 31 for name in book)
    assert "a" in table_text(number="n", tables=[table])


def test_long_names_and_a_rare_character_break_no_paper(city: City, client: Client) -> None:
    Division.objects.filter(code=YANTA).update(name="西咸新区沣东新城自由贸易试验区能源金贸功能区𠮷" * 2)
    work(city, year=2026)
    close("2026-02")

    page = published("2026-02", people_of(city))
    data = client.get(page.url, {"format": "pdf"}).content

    text = squeezed("".join(sheet.extract_text() for sheet in pypdf.PdfReader(BytesIO(data)).pages))
    assert "能源金贸功能区〓U+20BB7" in text
