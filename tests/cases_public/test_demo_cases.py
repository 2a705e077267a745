"""The sample cases: complete, readable, without a name, loaded once."""

import io
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Page

from cases_public.demo import DATA, load_sample_cases, month_before
from cases_public.entries import CaseEntry
from cases_public.enums import CaseKind, Disclosure, ReferenceValue
from cases_public.models import CasePage, CollectionPage
from cases_public.models.case import TITLE_LONGEST
from complaints.disclosure import private_findings
from complaints.enums import Industry, NamePolicy, Operation
from tests.cases_public.factories import read, titles

TODAY = date(2026, 11, 20)
FACTS = tomllib.loads((DATA / "demo.toml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = FACTS["cases"]
DISTRICTS = Path(__file__).resolve().parents[2] / "complaints" / "data" / "xian" / "divisions.csv"


def strings(value: Any) -> list[str]:
    """Return every text inside a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    return [text for one in value for text in strings(one)] if isinstance(value, list) else []


def test_there_are_at_least_twelve_and_no_two_alike() -> None:
    assert len(CASES) >= 12
    for name in ("slug", "title", "title_en", "lead", "lesson"):
        assert len({case[name] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["slug"])
def test_a_sample_is_whole(case: dict[str, Any]) -> None:
    assert case["kind"] in CaseKind.values
    assert case["disclosure"] in Disclosure.values
    assert case["industry"] in Industry.values
    assert set(case["operations"]) <= set(Operation.values)
    assert case["values"]
    assert set(case["values"]) <= set(ReferenceValue.values)
    assert f"{case['district']}," in DISTRICTS.read_text(encoding="utf-8")
    assert case["picture"] in FACTS["pictures"]
    assert len(case["title"]) <= TITLE_LONGEST
    assert case["title"].endswith("案")
    for name in ("facts", "violations", "warnings", "rules", "lesson", "picture_alt", "lead_en", "outcome"):
        assert case[name]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["slug"])
def test_a_sample_names_nobody_and_nothing(case: dict[str, Any]) -> None:
    texts = [text for text in strings(case) if re.search(r"[\u4e00-\u9fff]", text)]

    found = [(text, private_findings(text, NamePolicy.DEIDENTIFIED)) for text in texts]

    assert [(text, [one.kind for one in finds]) for text, finds in found if finds] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["slug"])
def test_a_sample_says_nothing_about_a_reporter_and_no_day(case: dict[str, Any]) -> None:
    words = "\n".join(strings(case))

    assert not re.search(r"举报|群众反映|线索来源|\d+ ?月 ?\d+ ?日|20\d\d ?年", words)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["slug"])
def test_a_fine_has_its_legal_basis_and_its_words(case: dict[str, Any]) -> None:
    for who in ("unit", "person"):
        if f"{who}_penalty_amount" in case or f"{who}_penalty_text" in case:
            assert re.search(r"《.+》第.+条", case[f"{who}_penalty_basis"])
            assert case[f"{who}_penalty_text"]


def test_the_dangers_of_the_campaign_and_the_rarer_ones_are_there() -> None:
    operations = {code for case in CASES for code in case["operations"]}
    kinds, industries = ({case[name] for case in CASES} for name in ("kind", "industry"))

    assert {"hot_work", "confined_space", "dust", "ammonia", "height", "lifting"} <= operations
    assert {"concealment", "service_body", "lenient", "penalty_notice", "enforcement"} <= kinds
    assert {"hazardous_chemicals", "fireworks", "non_coal_mine"} <= industries


@pytest.mark.parametrize("name", FACTS["pictures"])
def test_a_picture_is_drawn_at_the_size_pages_need(name: str) -> None:
    with Image.open(io.BytesIO((DATA / "pictures" / f"{name}.png").read_bytes())) as image:
        assert image.size == (1280, 800)


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, "2026-11"), (1, "2026-10"), (10, "2026-01"), (11, "2025-12"), (23, "2024-12")],
)
def test_months_count_back_over_the_year(months: int, expected: str) -> None:
    assert month_before(TODAY, months=months) == expected


@pytest.mark.django_db
def test_samples_are_loaded_once(client: Client) -> None:
    first = load_sample_cases(today=TODAY)
    before = (list(Page.objects.values_list("pk", "path")), get_image_model().objects.count())
    second = load_sample_cases(today=TODAY)

    assert (first, second) == (len(CASES), 0)
    assert (list(Page.objects.values_list("pk", "path")), get_image_model().objects.count()) == before
    assert CaseEntry.objects.count() == len(CASES)
    assert CollectionPage.objects.live().count() == 6
    assert CasePage.objects.get(slug="concealed-death").total_amount == Decimal(1_546_000)


@pytest.mark.django_db
def test_a_missing_sample_comes_back_and_edited_ones_stay() -> None:
    load_sample_cases(today=TODAY)
    CasePage.objects.get(slug="mine-roof").delete()
    CasePage.objects.filter(slug="dust-metal").update(title="改过的")

    assert load_sample_cases(today=TODAY) == 1
    assert CasePage.objects.get(slug="dust-metal").title == "改过的"


@pytest.mark.django_db
def test_every_sample_is_valid_shown_and_found(client: Client) -> None:
    call_command("demo_cases", verbosity=0)

    for page in CasePage.objects.all():
        page.full_clean()
        html = read(client, page.url)
        assert page.lesson[:10] in html
    assert "西安某制冷公司关闭氨气报警器案" in titles(read(client, "/cases/?q=报警器"))
    campaign = CollectionPage.objects.get(slug="four-operations")
    assert len(titles(read(client, campaign.url))) >= 6


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "operation"),
    [
        ("hot-work", Operation.HOT_WORK),
        ("confined-space", Operation.CONFINED_SPACE),
        ("combustible-dust", Operation.DUST),
        ("ammonia-refrigeration", Operation.AMMONIA),
    ],
)
def test_each_campaign_is_linked_from_the_list_and_holds_its_cases(
    client: Client, slug: str, operation: Operation
) -> None:
    load_sample_cases(today=TODAY)
    page = CollectionPage.objects.get(slug=slug)
    own = {case["title"] for case in CASES if operation in case["operations"]}

    assert f'href="{page.url}"' in read(client)
    assert set(titles(read(client, page.url))) == own
    assert own


@pytest.mark.django_db
def test_the_command_says_how_many_are_new(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        call_command("demo_cases")

    assert capsys.readouterr().out == (
        f"示例案例：新增 {len(CASES)} 件，报送 0 件\n示例案例：新增 0 件，报送 0 件\n"
    )
