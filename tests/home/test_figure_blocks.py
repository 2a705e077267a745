"""Figures and charts on any page: they follow the latest closed period and tell no more than the page of figures."""

import re
from datetime import date

import pytest
from django.test import Client
from wagtail.models import Page

from complaints.disclosure import FIGURES_BY_CODE, PUBLIC_FIGURES, public_report
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.bulletins.tables import CHARTS
from home.figure_blocks import KINDS, FigureChoice, figure_choices, latest
from home.models import ProtectionPage
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City, city, vault

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db


def close_month(city: City, month: int, *, many: int) -> None:
    rows = tips(
        many, unit=city.yanta, day=date(2026, month, 9), district_id=YANTA, operations=["dust", "gas"]
    )
    tips(many, unit=city.lianhu, day=date(2026, month, 20), district_id=LIANHU)
    conclude(rows, started=date(2026, month, 3), days=12)
    freeze(span=span_of(f"2026-{month:02d}"), at=noon(date(2026, month + 1, 10)))


def page_with(*blocks: tuple[str, dict[str, str]]) -> ProtectionPage:
    """Return a page of the site with these blocks in its body."""
    page: ProtectionPage = ProtectionPage.objects.get()
    page.body = list(blocks)
    page.save_revision().publish()
    return page


def read(client: Client, page: Page) -> str:
    answer = client.get(page.url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_number_follows_the_latest_month(city: City, client: Client) -> None:
    page = page_with(("figure", {"which": "received", "kind": "month"}))
    close_month(city, 1, many=30)
    assert re.search(r"<dt>收到，2026 年 1 月</dt><dd>60<small>件</small>", read(client, page))

    close_month(city, 2, many=41)

    assert re.search(r"<dt>收到，2026 年 2 月</dt><dd>82<small>件</small>", read(client, page))
    assert str(FIGURES_BY_CODE["received"].definition) in read(client, page)


def test_a_hidden_number_is_hidden_here_as_well(city: City, client: Client) -> None:
    close_month(city, 1, many=30)
    page = page_with(("figure", {"which": "fines", "kind": "month"}))

    assert "<dd>少于 5</dd>" in read(client, page)


def test_before_anything_is_closed_there_is_nothing(city: City, client: Client) -> None:
    page = page_with(
        ("figure", {"which": "received", "kind": "year"}),
        ("figure_chart", {"which": "district", "kind": "year"}),
    )
    close_month(city, 1, many=30)

    shown = read(client, page)
    assert "收到，" not in shown
    assert "mapv" not in shown


@pytest.mark.parametrize("which", CHARTS)
def test_each_chart_stands_with_its_table(city: City, client: Client, which: str) -> None:
    for month in (1, 2, 3):
        close_month(city, month, many=30 + month)
    freeze(span=span_of("2026Q1"), at=noon(date(2026, 4, 10)))

    shown = read(client, page_with(("figure_chart", {"which": which, "kind": "quarter"})))

    chart = shown.partition('<figure class="chart')[2].partition("</figure>")[0]
    assert "<svg" in chart
    assert "<table" in chart


@pytest.mark.parametrize("kind", [kind for kind, _name in KINDS])
def test_the_latest_of_each_kind(city: City, kind: str) -> None:
    tips(1, unit=city.yanta, day=date(2025, 1, 9))
    freeze(span=span_of("2025"), at=noon(date(2026, 1, 10)))
    close_month(city, 1, many=30)

    expected = {"month": "2026-01", "quarter": "2025Q4", "half": "2025H2", "year": "2025"}
    report = latest(kind)
    assert report is not None
    assert report.period.code == expected[kind]


def test_every_choice_is_told_of_a_period(city: City) -> None:
    close_month(city, 1, many=30)
    report = public_report(code="2026-01")
    assert report is not None

    assert [code for code, _name in figure_choices()] == list(PUBLIC_FIGURES)
    for code in PUBLIC_FIGURES:
        assert report.figure(code).text


def test_a_migration_names_no_figure() -> None:
    path, _arguments, values = FigureChoice(label="x").deconstruct()

    assert (path, values) == ("home.figure_blocks.FigureChoice", {"label": "x"})


@pytest.mark.parametrize("which", ["months", "district", "result"])
def test_the_fold_of_a_chart_has_its_sign_on_every_page(city: City, client: Client, which: str) -> None:
    close_month(city, 1, many=30)

    shown = read(client, page_with(("figure_chart", {"which": which, "kind": "month"})))

    used = set(re.findall(r'href="#i-([a-z-]+)"', shown))
    assert used <= set(re.findall(r'id="i-([a-z-]+)"', shown))
