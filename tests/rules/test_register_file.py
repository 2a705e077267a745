"""Files for the register: what is read, and what is refused as a whole."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from complaints.enterprise_errors import RegisterFileRefused
from complaints.enums import FileFault
from complaints.rules import register_file
from complaints.rules.register_file import open_file, read_lines
from tests.enterprise_steps import HEADS, credit_code, csv_file, row, xlsx_file


def refused(data: bytes) -> FileFault:
    with pytest.raises(RegisterFileRefused) as caught:
        list(read_lines(data=data))
    return caught.value.fault


@pytest.mark.parametrize(
    "data",
    [csv_file([row(1), row(2)]), csv_file([row(1), row(2)], encoding="gb18030"), xlsx_file([row(1), row(2)])],
    ids=["utf-8", "gb18030", "xlsx"],
)
def test_rows_come_with_the_number_a_spreadsheet_shows(data: bytes) -> None:
    lines = list(read_lines(data=data))

    assert [line.number for line in lines] == [2, 3]
    assert lines[1].cells["name"] == "西安第2机械制造有限公司"
    assert lines[1].cells["credit_code"] == credit_code(2)


def test_empty_rows_are_passed_over_and_numbers_stay() -> None:
    lines = list(read_lines(data=csv_file([row(1), [""] * 7, [], row(2)])))

    assert [line.number for line in lines] == [2, 5]


def test_columns_may_stand_in_any_order_beside_others() -> None:
    heads = ["备注", *reversed(HEADS)]
    lines = list(read_lines(data=csv_file([["无", *reversed(row(1))]], heads=heads)))

    assert lines[0].cells["district"] == "雁塔区"


def test_a_formula_comes_as_text_and_is_never_worked_out() -> None:
    cells = [*row(1)]
    cells[0] = "=1+1"

    assert next(iter(read_lines(data=xlsx_file([cells])))).cells["name"] == "=1+1"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", FileFault.HEADS),
        (csv_file([]), FileFault.EMPTY),
        (csv_file([row(1)], heads=["甲", "乙"]), FileFault.HEADS),
        (csv_file([row(1)], heads=[*HEADS[:6], "名称"]), FileFault.HEADS),
        ("名称,行业\n".encode("utf-16"), FileFault.ENCODING),
        (b"\xff\xfe\xfa\xfa\x00\x01", FileFault.ENCODING),
        (b"%PDF-1.7 ...", FileFault.KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFault.KIND),
        (b"PK\x03\x04 no archive", FileFault.DAMAGED),
        (xlsx_file([row(1), row(2)], merged="A2:A3"), FileFault.MERGED),
    ],
)
def test_a_file_that_cannot_be_is_refused(data: bytes, fault: FileFault) -> None:
    assert refused(data) == fault


def test_an_archive_that_is_no_workbook_is_damaged() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")

    assert refused(out.getvalue()) == FileFault.DAMAGED


def test_a_workbook_with_entities_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')

    assert refused(out.getvalue()) == FileFault.DAMAGED


def changed(data: bytes, **parts: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook whose first sheet went through `sheet`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, parts["sheet"](content) if name.endswith("sheet1.xml") else content)
    return out.getvalue()


@pytest.mark.parametrize("number", [b"200002", b"99999999999"])
def test_a_row_that_claims_a_far_number_is_not_walked_to(number: bytes) -> None:
    data = changed(
        xlsx_file([row(1)]), sheet=lambda text: text.replace(b'<row r="2"', b'<row r="%s"' % number)
    )

    assert refused(data) == FileFault.TOO_MANY


@pytest.mark.parametrize("claim", [b"A1:XFD1048576", b"A1:B2", b"A1"])
def test_what_a_sheet_claims_of_its_size_is_not_believed(claim: bytes) -> None:
    data = changed(
        xlsx_file([row(1), row(2)]),
        sheet=lambda text: text.replace(b'ref="A1:G3"', b'ref="%s"' % claim),
    )

    assert [line.cells["credit_code"] for line in read_lines(data=data)] == [credit_code(1), credit_code(2)]


def test_merged_cells_are_found_under_any_prefix() -> None:
    data = changed(
        xlsx_file([row(1), row(2)], merged="A2:A3"),
        sheet=lambda text: text.replace(b"<mergeCell ", b"<x:mergeCell\t"),
    )

    assert refused(data) == FileFault.MERGED


def test_a_part_under_a_password_is_a_damaged_file() -> None:
    data = bytearray(xlsx_file([row(1)]))
    # The flag of a password in the head of the first part and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert refused(bytes(data)) == FileFault.DAMAGED


def test_a_part_that_does_not_unpack_is_a_damaged_file() -> None:
    data = bytearray(xlsx_file([row(1)]))
    start = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    data[start : start + 4] = b"\xff\xff\xff\xff"

    assert refused(bytes(data)) == FileFault.DAMAGED


def test_a_part_in_utf_16_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<!DOCTYPE a><a/>".encode("utf-16"))

    assert refused(out.getvalue()) == FileFault.DAMAGED


def test_two_hundred_thousand_rows_are_too_many() -> None:
    line = (",".join(row(1)) + "\n").encode()
    # As short as can be, so that the count is met before the size.
    short = b"\xe5\x90\x8d" + b",,,,,,\n"
    data = (",".join(HEADS) + "\n").encode() + line + short * 200_000

    assert refused(data) == FileFault.TOO_MANY


def test_a_file_of_too_many_bytes_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_file, "FILE_MAX_BYTES", 100)

    assert refused(csv_file([row(1), row(2)])) == FileFault.TOO_LARGE


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_file, "UNPACKED_MAX_BYTES", 1000)

    assert refused(xlsx_file([row(1)])) == FileFault.TOO_LARGE


def test_a_workbook_says_which_sheet_is_read_and_names_the_others() -> None:
    book = Workbook()
    book.active.title = "一季度"
    for cells in (HEADS, row(1)):
        book.active.append(list(cells))
    for name in ("二季度", "说明"):
        book.create_sheet(name).append(row(2))
    out = io.BytesIO()
    book.save(out)

    found = open_file(data=out.getvalue())

    assert (found.sheet, found.other_sheets) == ("一季度", ("二季度", "说明"))
    assert [line.cells["credit_code"] for line in found.lines] == [credit_code(1)]


def test_a_text_file_has_no_sheets() -> None:
    found = open_file(data=csv_file([row(1)]))

    assert (found.sheet, found.other_sheets) == ("", ())
    assert len(list(found.lines)) == 1


# --- whatever comes --------------------------------------------------------------------------------------------------

CELLS = st.text(max_size=12) | st.sampled_from(["=1+1", '"', "\n", "\0", "，", "雁塔区", "\ud83d"])
TABLES = st.lists(st.lists(CELLS, max_size=9), max_size=8)


def whole(data: bytes) -> None:
    """Read a file to its end: rows with numbers that rise, or one refusal."""
    numbers: list[int] = []
    with suppress(RegisterFileRefused):
        numbers = [line.number for line in read_lines(data=data)]

    assert numbers == sorted(set(numbers))


@given(data=st.binary(max_size=600))
def test_any_bytes_are_rows_or_a_refusal(data: bytes) -> None:
    whole(data)


@given(start=st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]), table=TABLES, heads=st.booleans())
def test_any_table_is_rows_or_a_refusal(start: str, table: list[list[str]], heads: bool) -> None:
    lines = [HEADS, *table] if heads else table
    text = "\n".join(",".join(cells) for cells in lines)

    whole(text.encode(start, errors="replace"))


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 5_000), piece=st.binary(min_size=1, max_size=8), cut=st.booleans())
def test_a_workbook_that_was_touched_is_rows_or_a_refusal(place: int, piece: bytes, cut: bool) -> None:
    data = xlsx_file([row(1), row(2)])
    at = place % len(data)

    whole(data[:at] if cut else data[:at] + piece + data[at + len(piece) :])
