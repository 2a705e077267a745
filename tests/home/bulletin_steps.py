"""Bulletins as tests make them: closed quarters, five people, the way through the chain, a second reader of XLSX."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from django.contrib.auth.models import User

from complaints.enums import Result, Role
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.models import BulletinPage
from home.services.bulletins import draft_bulletin
from tests.cases_public.chain_steps import People
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City
from tests.signin import staff

AT, TODAY = noon(date(2026, 4, 10)), date(2026, 4, 11)
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def work(city: City, *, year: int, more: int = 0) -> None:
    """Store the first three months of a year, with so many tips more a month."""
    for month in (1, 2, 3):
        rows = tips(
            30 + month + more,
            unit=city.yanta,
            day=date(year, month, 9),
            district_id=YANTA,
            operations=["dust", "confined_space"],
        )
        rows += tips(9, unit=city.lianhu, day=date(year, month, 9), district_id=LIANHU, operations=["height"])
        tips(20 + month, unit=city.lianhu, day=date(year, month, 20), district_id=LIANHU)
        conclude(rows[:25], started=date(year, month, 5), days=12)
        conclude(rows[25:], started=date(year, month, 5), days=14, result=Result.FALSE)


def close(*codes: str) -> None:
    """Close periods."""
    for code in codes:
        freeze(span=span_of(code), at=AT)


def people_of(city: City) -> People:
    """Return five people of the city's unit, one for each step."""
    named = {
        "editor": Role.EDITOR,
        "leader": Role.LEADER,
        "legal": Role.LEGAL_REVIEWER,
        "secrecy": Role.SECRECY_REVIEWER,
        "publisher": Role.PUBLISHER,
    }
    return People(**{name: staff(role, office=city.city) for name, role in named.items()})


def newest(page: BulletinPage) -> BulletinPage:
    """Return the latest draft, read anew."""
    found: BulletinPage = BulletinPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return found


def act(page: BulletinPage, user: User, action: str = "approve", **data: Any) -> BulletinPage:
    """Take the step that is due, as the door of the back office does."""
    page = newest(page)
    page.current_workflow_task.on_action(page.current_workflow_task_state, user, action, **data)
    return newest(page)


def published(code: str, who: People) -> BulletinPage:
    """Return the bulletin of a closed period, through the whole chain."""
    page = draft_bulletin(period=code, user=who.editor, today=TODAY)
    page.get_workflow().start(page, who.editor)
    for reviewer in who.reviewers:
        act(page, reviewer)
    return BulletinPage.objects.get(pk=page.pk)


def change(page: BulletinPage, user: User, *, place: int, text: str) -> BulletinPage:
    """Store another text in one block of the newest draft."""
    draft = newest(page)
    blocks = [(block.block_type, dict(block.value)) for block in draft.body]
    blocks[place][1]["text"] = text
    draft.body = blocks
    draft.save_revision(user=user)
    return newest(page)


def first_sentence(page: BulletinPage) -> int:
    """Return the place of the first sentence."""
    return next(place for place, block in enumerate(page.body) if block.block_type == "sentence")


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Return the cells of a workbook as text."""
    return {
        name: [[str(cell) for cell in row] for row in rows] for name, rows in typed_sheets(content).items()
    }


def typed_sheets(content: bytes) -> dict[str, list[list[Decimal | str]]]:
    """Return the cells of a workbook, numbers as numbers, read from its XML: what wrote it has no part in it."""
    with ZipFile(BytesIO(content)) as book:
        shared = _shared(book)
        names = [one.attrib["name"] for one in _root(book, "xl/workbook.xml").iter(f"{_SHEET}sheet")]
        return {
            name: _rows(_root(book, f"xl/worksheets/sheet{place}.xml"), shared)
            for place, name in enumerate(names, start=1)
        }


def _root(book: ZipFile, name: str) -> Any:
    return ElementTree.fromstring(book.read(name))  # noqa: S314  # our own workbook


def _shared(book: ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = _root(book, "xl/sharedStrings.xml")
    return ["".join(text.text or "" for text in item.iter(f"{_SHEET}t")) for item in root.iter(f"{_SHEET}si")]


def _rows(root: Any, shared: list[str]) -> list[list[Decimal | str]]:
    return [_row(row, shared) for row in root.iter(f"{_SHEET}row")]


def _row(row: Any, shared: list[str]) -> list[Decimal | str]:
    """Return a row with an empty text where it has no cell."""
    found: list[Decimal | str] = []
    for cell in row.iter(f"{_SHEET}c"):
        found += [""] * (_column(cell.attrib["r"]) - len(found))
        found.append(_cell(cell, shared))
    return found


def _column(place: str) -> int:
    """Return the column of a place like AB12, counted from 0."""
    number = 0
    for letter in re.match(r"[A-Z]+", place)[0]:  # type: ignore[index]  # every place begins with letters
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: Any, shared: list[str]) -> Decimal | str:
    assert cell.find(f"{_SHEET}f") is None, "a formula"
    if cell.attrib.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_SHEET}t"))
    value = cell.findtext(f"{_SHEET}v") or ""
    if cell.attrib.get("t") == "s":
        return shared[int(value)]
    return Decimal(value) if value and cell.attrib.get("t", "n") == "n" else value


def page_tables(page: str) -> dict[str, list[list[str]]]:
    """Return the tables of a page by their captions, without marks of footnotes."""
    found = {}
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", table, re.DOTALL)
        assert caption is not None
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        cells = [
            [_plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            for row in rows
        ]
        found[_plain(caption[1])] = cells
    return found


def _plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", re.sub(r"<sup>.*?</sup>", "", html, flags=re.DOTALL)).strip()


def same_number(one: str, other: str) -> bool:
    """Whether two cells say the same; a spreadsheet has no separators and writes 14 for 14.0."""
    left, right = one.replace(",", ""), other.replace(",", "")
    try:
        return float(left) == float(right)
    except ValueError:
        return left == right
