"""Half-year and year bulletins (半年通报, 全年评估): page and paper say the same, with the map of districts."""

import re
from datetime import date
from io import BytesIO

import pypdf
import pypdfium2
import pytest
from django.test import Client
from fpdf import FPDF

from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.bulletins.map_drawing import draw_map, height_of, rings
from home.figures_map import Area, DistrictMap
from home.map_labels import Box
from home.models import BulletinPage
from portal.shared.sheets import set_up
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City, city, vault

from .bulletin_steps import people_of, published

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db
AT = noon(date(2026, 1, 20))


def year_of_work(city: City) -> None:
    """Store two years of tips in two districts, some in the one, few in the other in the first months."""
    for year in (2024, 2025):
        for month in range(1, 13):
            rows = tips(
                22 + month + (year - 2024) * 4, unit=city.yanta, day=date(year, month, 3), district_id=YANTA,
                operations=["dust"],
            )  # fmt: skip
            tips(8 + month * 2, unit=city.lianhu, day=date(year, month, 20), district_id=LIANHU)
            conclude(rows[:20], started=date(year, month, 3), days=20)


@pytest.fixture
def closed(city: City) -> City:
    year_of_work(city)
    for code in ("2024", "2025"):
        freeze(span=span_of(code), at=AT)
    return city


def paper_of(page: BulletinPage, client: Client) -> bytes:
    answer = client.get(page.url, {"format": "pdf"})
    assert answer.status_code == 200
    return bytes(answer.content)


def text_of(content: bytes) -> str:
    return re.sub(
        r"\s+", "", "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
    )


@pytest.mark.parametrize(("code", "title", "received"), [("2025H1", "上半年", 267), ("2025", "2025 年", 642)])
def test_page_and_paper_tell_the_same_period(
    closed: City, client: Client, code: str, title: str, received: int
) -> None:
    page = published(code, people_of(closed))

    shown = client.get(page.url).content.decode()
    paper = text_of(paper_of(page, client))

    assert title in page.title
    for heading in ("总体情况", "分区县", "核查结果", "办理时效", "协同办理", "全部指标"):
        assert heading in shown
        assert heading in paper
    assert f"{received}件" in paper
    assert f"{received}" in re.sub(r"\s+", "", shown)


def test_the_paper_of_a_year_has_the_map_of_its_districts(closed: City, client: Client) -> None:
    """Outlines are filled as vectors, beside them the key; names and numbers can be selected."""
    content = paper_of(published("2025", people_of(closed)), client)

    paths = [
        one
        for sheet in pypdfium2.PdfDocument(content)
        for one in sheet.get_objects(filter=[2])  # paths
    ]
    assert len(paths) > 40
    text = text_of(content)
    assert "件以上" in text
    assert "雁塔区" in text


def test_a_city_without_outlines_has_its_ranking_alone(closed: City, client: Client) -> None:
    from complaints.models import Division

    Division.objects.update(outline=None)

    content = paper_of(published("2025", people_of(closed)), client)

    assert "件以上" not in text_of(content)
    assert "雁塔区" in text_of(content)


def test_the_same_year_gives_the_same_bytes(closed: City, client: Client) -> None:
    page = published("2025", people_of(closed))

    assert paper_of(page, client) == paper_of(page, client)


# --- the map alone ----------------------------------------------------------------------------------------------

SQUARE, HOLE = "M0 0L100 0L100 100L0 100Z", "M40 40L60 40L60 60L40 60Z"


def area(d: str = SQUARE, **values: object) -> Area:
    box = Box(x=50.0, y=50.0, width=60, height=33)
    usual = {"d": d, "x": 50.0, "y": 50.0, "name": "雁塔区", "text": "120", "tone": 3}
    return Area(**{**usual, "box": box, "is_inset": False, **values})  # type: ignore[arg-type]  # as above


def drawn(*areas: Area, inset: tuple[Area, ...] = ()) -> bytes:
    sheet = FPDF(format="A4")
    set_up(sheet, title="x", made=date(2026, 1, 1))
    sheet.add_page()
    found = DistrictMap(
        width=600, height=420, areas=areas, inset=inset, inset_width=236, inset_height=163,
        key=((1, "5–49"), (0, "未列出")),
    )  # fmt: skip
    draw_map(sheet, found, left=20, top=20, width=160)
    return bytes(sheet.output())


@pytest.mark.parametrize(
    ("d", "many"), [(SQUARE, [4]), (SQUARE + HOLE, [4, 4]), ("M1 2L3.5 4Z", [2]), ("", [])]
)
def test_outlines_are_read_ring_by_ring(d: str, many: list[int]) -> None:
    assert [len(ring) for ring in rings(d)] == many


def test_a_hole_stays_open() -> None:
    """What lies within a district and belongs to another one is seen through it."""
    page = pypdfium2.PdfDocument(drawn(area(SQUARE + HOLE, box=None)))[0]
    picture = page.render(scale=4).to_pil().convert("RGB")
    scale = 160 * 0.63 / 600

    def colour(x: float, y: float) -> tuple[int, ...]:
        spot = ((20 + x * scale) / 210 * picture.width, (20 + y * scale) / 297 * picture.height)
        return picture.getpixel((int(spot[0]), int(spot[1])))  # type: ignore[return-value]  # RGB

    assert colour(50, 50) == (255, 255, 255)
    assert colour(20, 20) == (0x8D, 0xB3, 0xD8)


@pytest.mark.parametrize(("tone", "name"), [(0, "未央区"), (5, "碑林区")])
def test_labels_stand_with_their_numbers(tone: int, name: str) -> None:
    text = text_of(drawn(area(name=name, tone=tone, text="不列" if tone == 0 else "310")))

    assert f"{name}{'不列' if tone == 0 else '310'}" in text


def test_what_has_no_room_is_in_the_inset() -> None:
    text = text_of(drawn(area(box=None), inset=(area(name="新城区", text="88", is_inset=True),)))

    assert "雁塔区" not in text
    assert "新城区88" in text


def test_a_label_that_moved_is_led_to() -> None:
    """A thin line begins on the district and ends at its label: there is ink between them."""
    moved = area(SQUARE, tone=1, box=Box(x=300.0, y=50.0, width=60, height=33))
    page = pypdfium2.PdfDocument(drawn(moved))[0]
    picture = page.render(scale=6).to_pil().convert("L")
    scale = 160 * 0.63 / 600

    row = [int((20 + (50 + shift) * scale) / 297 * picture.height) for shift in (-4, -2, 0, 2, 4)]
    column = int((20 + 200 * scale) / 210 * picture.width)
    assert min(int(picture.getpixel((column, y))) for y in range(row[0], row[-1] + 1)) < 120  # type: ignore[arg-type]  # grey


def test_the_map_keeps_the_shape_of_the_page() -> None:
    found = DistrictMap(width=600, height=420, areas=(), inset=(), inset_width=236, inset_height=163, key=())

    assert height_of(found, width=160) == pytest.approx(160 * 0.63 * 0.7)
