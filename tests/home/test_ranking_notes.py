"""Where a ranking is withheld, words stand in its place: on page, bulletin, paper and in blocks."""

from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Result
from complaints.rules.small_cells import LEAST_RANKED
from complaints.stats.definitions import STAGES
from home.models import ProtectionPage
from home.ranking_notes import district_note, operation_note, ranking_note, stage_note
from tests.complaints.stats.rows import conclude, tips
from tests.fixtures import LIANHU, YANTA, City, city, vault

from .bulletin_reports import APART, FEW, report
from .bulletin_steps import close, people_of, published

__all__ = ["city", "vault"]
NO_RANKING = "各区县件数不足 20 件或未列出，本期不作排名。"
SOME = "不足 20 件或未列出件数的区县不参加排名，列在最后。"
NO_STAGES = "本期走完各环节的举报不足 20 件，不列办理时长。"


@pytest.mark.parametrize(
    ("districts", "note"),
    [
        ({}, ""),
        ({"a": 20, "b": 300}, ""),
        ({"a": 20, "b": 19}, SOME),
        ({"a": 20, "b": FEW}, SOME),
        ({"a": 20, "b": APART}, SOME),
        ({"a": 19, "b": 5}, NO_RANKING),
        ({"a": FEW, "b": APART}, NO_RANKING),
    ],
)
def test_districts(districts: dict[str, Any], note: str) -> None:
    assert district_note(report(districts=districts)) == note


@pytest.mark.parametrize(
    ("operations", "part"),
    [({}, ""), ({"dust": 20}, ""), ({"dust": 20, "gas": 7}, "列在最后。"), ({"dust": 7}, "不作比较。")],
)
def test_operations(operations: dict[str, Any], part: str) -> None:
    note = operation_note(report(operations=operations))

    assert note.endswith(part)
    assert bool(note) == bool(part)


@given(st.sets(st.sampled_from([str(stage.code) for stage in STAGES])))
def test_stages_are_told_or_named(told: set[str]) -> None:
    """Every step stands in the chart or in the words, none in both."""
    note = stage_note(report(stages=dict.fromkeys(told, (3, 9))))

    missing = [stage for stage in STAGES if stage.code not in told]
    if not told:
        assert note == NO_STAGES
    else:
        listed = note.partition("：")[2].rstrip("。").split("、") if note else []
        assert listed == [str(stage.name) for stage in missing]


@given(st.dictionaries(st.text("ab", min_size=1, max_size=3), st.integers(5, 60), min_size=1, max_size=9))
def test_words_stand_exactly_where_something_is_not_compared(numbers: dict[str, Any]) -> None:
    note = district_note(report(districts=numbers))

    assert bool(note) == any(number < LEAST_RANKED for number in numbers.values())
    assert (note == NO_RANKING) == all(number < LEAST_RANKED for number in numbers.values())


def test_only_what_compares_has_a_note() -> None:
    small = report(districts={"a": 7}, operations={"dust": 7})

    assert ranking_note(report=small, code="district") == NO_RANKING
    assert [ranking_note(report=small, code=code) for code in ("months", "result", "reason", "changes")] == [
        ""
    ] * 4


# --- where they stand -------------------------------------------------------------------------------------------


@pytest.fixture
def small(city: City) -> City:
    """Return a city with a closed month of few tips."""
    rows = tips(9, unit=city.yanta, day=date(2026, 3, 9), district_id=YANTA, operations=["dust"])
    tips(11, unit=city.lianhu, day=date(2026, 3, 9), district_id=LIANHU)
    conclude(rows, started=date(2026, 3, 1), days=9, result=Result.TRUE)
    close("2026-03")
    return city


@pytest.mark.django_db
def test_the_page_says_so(small: City, client: Client) -> None:
    page = client.get("/figures/", {"period": "2026-03"}).content.decode()

    assert NO_RANKING in page.partition("map-c")[2].partition('<table class="rank">')[0]
    assert "各类危险作业查实件数不足 20 件或未列出，本期不作比较。" in page
    assert NO_STAGES in page
    assert 'd="M ' not in page  # no drawing of nothing


@pytest.mark.django_db
@pytest.mark.parametrize(("which", "words"), [("district", NO_RANKING), ("stages", NO_STAGES)])
def test_a_block_says_so(small: City, client: Client, which: str, words: str) -> None:
    page: ProtectionPage = ProtectionPage.objects.get()
    page.body = [("figure_chart", {"which": which, "kind": "month"})]
    page.save_revision().publish()

    assert words in client.get(page.url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "told"), [("2026-03", [NO_RANKING]), ("2026Q1", [NO_RANKING, NO_STAGES])])
def test_bulletin_and_paper_say_so(small: City, client: Client, code: str, told: list[str]) -> None:
    """The table of a month has districts alone, the analysis of a quarter steps as well."""
    if code != "2026-03":
        close(code)
    page = published(code, people_of(small))

    html = client.get(page.url).content.decode()
    paper = "".join(
        sheet.extract_text()
        for sheet in pypdf.PdfReader(BytesIO(client.get(page.url, {"format": "pdf"}).content)).pages
    )
    for words in told:
        assert html.count(words) == 1, words
        assert words.replace(" ", "") in paper.replace(" ", "").replace("\n", ""), words


@pytest.mark.django_db
def test_where_all_are_compared_nothing_is_said(city: City, client: Client) -> None:
    for unit, code in ((city.yanta, YANTA), (city.lianhu, LIANHU)):
        conclude(
            tips(40, unit=unit, day=date(2026, 3, 9), district_id=code), started=date(2026, 3, 1), days=9
        )
    close("2026-03")

    page = client.get("/figures/", {"period": "2026-03"}).content.decode()

    assert NO_RANKING not in page
    assert SOME not in page
