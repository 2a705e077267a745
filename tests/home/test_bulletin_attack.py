"""Whoever lays bulletins, their files, and the pages of figures beside each other computes no cell under five."""

import random
from datetime import date
from typing import Any

import pytest
from django.test import Client

from complaints.enums import Operation, Role
from complaints.models import Division, PeriodReport
from complaints.rules.small_cells import LEAST_SHOWN, Hidden, recoverable
from complaints.rules.spans import Span, span_of
from complaints.stats.definitions import FIGURE
from complaints.stats.frozen import digest_of
from complaints.stats.publishing import TOTAL, Counted, shown
from home.services.bulletins import draft_bulletin
from tests.complaints.stats.test_publishing import DISTRICTS, attacker, counted, publish, together
from tests.factories import noon
from tests.fixtures import City, city, vault
from tests.rules.test_small_cells import determined
from tests.signin import staff

from .bulletin_steps import sheets

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db
AT = noon(date(2026, 7, 10))
FAMILIES = {"received": "district", "declined": "reason", "conclusions": "result", "concluded": "timing"}
HALF = span_of("2026H1")


def store(span: Span, public: dict[str, Any], *, version: int = 1) -> None:
    """Store a report that shows this."""
    months = [
        [code, cells["district"][TOTAL], cells["timing"][TOTAL]]
        for code, cells in public["months"]
        if code <= f"{span.end:%Y-%m}"
    ]
    row = PeriodReport(
        code=span.code,
        kind=span.kind.value,
        start_date=span.start,
        end_date=span.end,
        version=version,
        reason="更正" if version > 1 else "",
        frozen_at=AT,
        figures={},
        shown={"cells": public["cells"], "stages": {}, "fine_amount": None, "months": months},
        inputs_digest="",
    )
    row.digest = digest_of(row)
    row.save()


def bulletin_cells(client: Client, code: str, editor: Any) -> dict[str, dict[str, Any]]:
    """Return what the workbook of a published bulletin tells, by table and key as the reports have them."""
    page = draft_bulletin(period=code, user=editor, today=date(2026, 7, 11))
    if not page.live:
        page.save_revision().publish()
    return told(client.get(f"/figures/bulletins/{code.lower()}/", {"format": "xlsx"}).content)


def told(content: bytes) -> dict[str, dict[str, Any]]:
    """Return the cells of a workbook: numbers alone."""
    book, names = sheets(content), {str(figure.name): at for at, figure in FIGURE.items()}
    places = {
        **dict(Division.objects.values_list("name", "code")),
        **{str(label): code for code, label in Operation.choices},
    }
    found: dict[str, dict[str, Any]] = {}
    for row in book["全部指标"][2:]:
        code = names[row[0]]
        if row[1].isdigit() and code not in {"on_time_share", "verified_share"}:
            found.setdefault(FAMILIES.get(code, code), {})[TOTAL] = int(row[1])
    for sheet, family in (
        ("各区县收到举报", "district"),
        ("核查结论", "result"),
        ("查实的举报按危险作业分", "operation"),
    ):
        for row in book.get(sheet, [])[2:]:
            if row[1].isdigit():
                key = {**names, **places}.get(row[0], row[0])
                found.setdefault(family, {})[key] = int(row[1])
    return found


@pytest.mark.parametrize(("seed", "scale"), [(1, 4), (3, 25)])
def test_no_small_cell_follows_from_bulletins_and_figures_together(
    city: City, client: Client, seed: int, scale: int
) -> None:
    chance, editor = random.Random(seed), staff(Role.EDITOR, office=city.city)
    months = {month.code: counted(chance, scale=scale) for month in HALF.months}
    done: dict[str, Any] = {}
    publish(HALF, months, done)
    rows = [(month.code, done[month.code]) for month in HALF.months]
    for code, cells in done.items():
        store(span_of(code), {"cells": cells, "months": rows})
    first = {code: bulletin_cells(client, code, editor) for code in done}
    later = corrected(done, {**months, "2026-02": counted(chance, scale=scale)}, rows)

    for outdated, reports in ((first, done), (_again(client, done), later)):
        for code, tables in outdated.items():
            for name, cells in tables.items():
                for key, number in cells.items():
                    assert number >= LEAST_SHOWN, (code, name, key)
        for name in done["2026H1"]:
            together_shown = _with(attacker(reports, name), outdated, name)
            small = {at for at, mark in together_shown.hidden.items() if mark == Hidden.FEW}
            assert not determined(together_shown) & small, name
            assert not recoverable(together_shown), name


def corrected(done: dict[str, Any], months: dict[str, Counted], rows: Any) -> dict[str, Any]:
    """Correct February and what it is part of: other numbers, and so other cells are hidden; return what is shown."""
    latest = dict(done)
    for code in ("2026-02", "2026Q1", "2026H1"):
        span = span_of(code)
        own = together([months[month.code] for month in span.months])
        found = shown(own, span=span, districts=DISTRICTS, beside=latest, before=[done[code]])
        latest[code] = found["cells"]
        store(span, {"cells": latest[code], "months": rows}, version=2)
    return latest


def _again(client: Client, done: dict[str, Any]) -> dict[str, Any]:
    """Return what the bulletins tell after the correction; that of February is the old one, less what is hidden now."""
    return {
        code: told(client.get(f"/figures/bulletins/{code.lower()}/", {"format": "xlsx"}).content)
        for code in done
    }


def _with(public: Any, bulletins: dict[str, Any], name: str) -> Any:
    """Return what is public with what the bulletins add: nothing, unless they tell what the figures hide."""
    added = {
        (code, key): number
        for code, tables in bulletins.items()
        for key, number in tables.get(name, {}).items()
        if (code, key) in public.hidden
    }
    assert added == {}
    return public


def test_every_number_of_a_bulletin_is_one_of_its_figures(city: City, client: Client) -> None:
    chance, editor = random.Random(8), staff(Role.EDITOR, office=city.city)
    months = {month.code: counted(chance, scale=40) for month in span_of("2026Q1").months}
    done: dict[str, Any] = {}
    publish(span_of("2026Q1"), months, done)
    rows = [(code, done[code]) for code in months]
    for code, cells in done.items():
        store(span_of(code), {"cells": cells, "months": rows})

    for code in done:
        found = bulletin_cells(client, code, editor)
        assert found["district"]
        for name, cells in found.items():
            assert {key: done[code][name][key] for key in cells} == cells, (code, name)


def test_the_attack_finds_a_bulletin_that_tells_too_much() -> None:
    """The test itself would notice: one number more than the figures show, and it breaks off."""
    one = counted(random.Random(2), scale=4)
    done = {"2026-01": shown(one, span=span_of("2026-01"), districts=DISTRICTS, beside={})["cells"]}
    hidden = next(key for key, cell in done["2026-01"]["district"].items() if isinstance(cell, str))

    with pytest.raises(AssertionError):
        _with(attacker(done, "district"), {"2026-01": {"district": {hidden: 3}}}, "district")
