"""Bulletins drafted from closed periods: bound, checked, shown, taken along, corrected."""

from datetime import date

import pytest
from django.test import Client

from cases_public.models.barriers import open_finds
from complaints.enums import Role
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.models import BulletinPage
from home.services.bulletins import draft_bulletin
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City, city, vault
from tests.signin import staff

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db
AT, TODAY = noon(date(2026, 4, 10)), date(2026, 4, 11)


def work(city: City, *, year: int, months: range, more: int = 0) -> None:
    for month in months:
        rows = tips(
            30 + month + more,
            unit=city.yanta,
            day=date(year, month, 9),
            district_id=YANTA,
            operations=["dust", "confined_space"],
        )
        tips(22 + month, unit=city.lianhu, day=date(year, month, 20), district_id=LIANHU)
        conclude(rows[:25], started=date(year, month, 5), days=12)
        conclude(rows[25:], started=date(year, month, 5), days=12, result="false")  # type: ignore[arg-type]


@pytest.fixture
def quarter(city: City) -> City:
    """Return a city with two closed quarters, a year apart."""
    work(city, year=2025, months=range(1, 4))
    work(city, year=2026, months=range(1, 4), more=8)
    for code in ("2025Q1", "2026Q1"):
        freeze(span=span_of(code), at=AT)
    return city


def test_smoke(quarter: City, client: Client) -> None:
    editor = staff(Role.EDITOR, office=quarter.city)
    page = draft_bulletin(period="2026Q1", user=editor, today=TODAY)
    for block in page.body:
        print(block.block_type, block.value)
    print(page.title, page.title_en)
    assert page.foreign_numbers() == []
    print([(f.part.label, f.words) for f in open_finds(page=page)])
    page.save_revision().publish()
    page = BulletinPage.objects.get()
    r = client.get(page.url)
    open("/tmp/b8.html", "wb").write(r.content)
    for kind in ("pdf", "xlsx", "csv"):
        r = client.get(page.url, {"format": kind})
        assert r.status_code == 200
        open(f"/tmp/b8.{kind}", "wb").write(r.content)
    assert client.get("/figures/bulletins/").status_code == 200
    assert client.get("/figures/bulletins/feed.xml").status_code == 200
    assert client.get("/figures/").status_code == 200
