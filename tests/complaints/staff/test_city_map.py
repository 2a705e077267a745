"""A tab as a map: points of the scope alone, bounded, each a link in a list with words and a shape."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.models import Tip
from complaints.staff.city_map import SHAPES
from tests.complaints.staff.conftest import People, at_desk, searched
from tests.factories import TipFactory
from tests.fixtures import IN_YANTA, YANTA, City

pytestmark = pytest.mark.django_db
MAP = "/admin/tips/map/"
POINT = {"lat": IN_YANTA[0], "lng": IN_YANTA[1], "district": YANTA}


def late(tip: Tip, *, days: int) -> None:
    day = timezone.localdate() - timedelta(days=days)
    Tip.objects.filter(pk=tip.pk).update(due_date=day, order_date=day)


def test_tips_with_a_point_stand_on_the_map_and_in_the_list(people: People, city: City) -> None:
    tip = TipFactory(**POINT, description="液氨罐旁动火", today=timezone.localdate())
    without = TipFactory(district=YANTA, description="粉尘很厚")

    page = at_desk(people.officer).get(MAP)

    (pin,) = page.context["map"].pins
    assert (pin.number, pin.title, pin.tone) == (tip.number, "液氨罐旁动火", "green")
    assert pin.spot is not None
    text = page.content.decode()
    assert text.count(f'href="/admin/tips/{tip.number}/"') == 2
    assert without.number not in text
    assert "有坐标的举报 1 件" in text


def test_lateness_has_a_shape_of_its_own(people: People, city: City) -> None:
    tips = [TipFactory(**POINT, today=timezone.localdate()) for _ in range(2)]
    late(tips[0], days=3)

    page = at_desk(people.officer).get(MAP)

    pins = {pin.number: pin for pin in page.context["map"].pins}
    assert pins[tips[0].number].tone == "overdue"
    assert pins[tips[0].number].shape != pins[tips[1].number].shape
    assert [one.label for one in page.context["map"].legend] == ["超期", "绿灯"]
    assert page.context["map"].drawn[-1].number == tips[0].number
    assert len(set(SHAPES.values())) == len(SHAPES) - 1  # nothing runs in either of the hollow ones


def test_links_of_the_drawing_are_left_to_the_list_for_keyboards(people: People, city: City) -> None:
    TipFactory(**POINT)

    text = at_desk(people.officer).get(MAP).content.decode()

    drawing = re.search(r'<svg class="as-city__map".*?</svg>', text, re.DOTALL)
    assert drawing is not None
    assert 'aria-hidden="true"' in drawing[0]
    assert drawing[0].count("<a ") == drawing[0].count('tabindex="-1"') == 1


def test_other_units_are_not_on_the_map(people: People, city: City) -> None:
    tip = TipFactory(**POINT)

    assert tip.number not in at_desk(people.foreign).get(MAP).content.decode()
    assert at_desk(people.administrator).get(MAP).status_code == 404


def test_map_keeps_tab_filter_and_search(people: People, city: City) -> None:
    ours = TipFactory(**POINT, kind="violation", description="液氨泄漏", today=timezone.localdate())
    TipFactory(**POINT, kind="major_hazard", description="液氨泄漏", today=timezone.localdate())
    over = TipFactory(**POINT, kind="violation", description="粉尘")
    late(over, days=2)
    client = at_desk(people.officer)

    shown = {
        path: [pin.number for pin in client.get(path).context["map"].pins]
        for path in (
            searched(people.officer, "液氨", "map/") + "&kind=violation",
            "/admin/tips/view/overdue/map/",
        )
    }

    assert list(shown.values()) == [[ours.number], [over.number]]
    assert client.get("/admin/tips/view/nothing/map/").status_code == 404


def test_only_the_newest_are_drawn_and_the_page_says_so(
    people: People, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips = [TipFactory(**POINT) for _ in range(3)]
    monkeypatch.setattr("complaints.selectors.inbox.MAP_BOUND", 2)

    page = at_desk(people.officer).get(MAP)

    assert {pin.number for pin in page.context["map"].pins} == {tip.number for tip in tips[1:]}
    assert "只画最新" in page.content.decode()


def test_map_without_outlines_is_a_list(people: People, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    tip = TipFactory(**POINT)
    monkeypatch.setattr("complaints.staff.city_map.district_outlines", list)

    page = at_desk(people.officer).get(MAP)

    assert page.context["map"].pins[0].spot is None
    assert tip.number in page.content.decode()


def test_empty_map_says_so(people: People, city: City) -> None:
    assert "这里没有带坐标的举报" in at_desk(people.officer).get(MAP).content.decode()


def test_price_does_not_grow_and_only_words_shown_are_read(people: People, city: City) -> None:
    client, prices = at_desk(people.officer), []
    for count in (1, 5):
        for _ in range(count):
            TipFactory(**POINT)
        client.get(MAP)
        with CaptureQueriesContext(connection) as captured:
            client.get(MAP)
        prices.append(len(captured))

    assert prices[0] == prices[1] <= 30
    assert not any("address_sealed" in query["sql"] for query in captured)
