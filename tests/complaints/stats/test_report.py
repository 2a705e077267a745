"""One report: shares and means, the same span of the year before and the change, twelve months."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.rules.deadlines import NO_OVERLAY
from complaints.rules.spans import span_of
from complaints.stats.counting import By
from complaints.stats.definitions import FIGURE
from complaints.stats.report import SPREAD_BY, change, months, points, report, value_of, values
from tests.complaints.stats.rows import conclude, tips
from tests.fixtures import City

MARCH = span_of("2026-03")


@pytest.mark.parametrize(
    ("code", "counts", "expected"),
    [
        ("received", {"received": 7}, 7),
        ("received", {}, 0),
        ("on_time_share", {"on_time": 2, "concluded": 3}, Decimal("66.7")),
        ("on_time_share", {"on_time": 0, "concluded": 3}, Decimal("0.0")),
        ("on_time_share", {"on_time": 0, "concluded": 0}, None),
        (
            "verified_share",
            {"result_true": 46, "result_partly_true": 14, "conclusions": 100},
            Decimal("60.0"),
        ),
        ("satisfaction", {"rating_points": 13, "ratings": 3}, Decimal("4.3")),
        ("satisfaction", {}, None),
        ("whistles_share", {"whistles_in_time": 1, "whistles": 11, "whistles_due": 8}, Decimal("12.5")),
    ],
)
def test_what_a_figure_says(code: str, counts: dict[str, int], expected: Decimal | int | None) -> None:
    assert value_of(figure=FIGURE[code], counts=counts) == expected


def test_halves_round_up() -> None:
    counts = {"on_time": 1, "concluded": 2000}

    assert value_of(figure=FIGURE["on_time_share"], counts=counts) == Decimal("0.1")


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(111, 100, Decimal("11.0")), (0, 4, Decimal("-100.0")), (5, 0, None), (None, 5, None), (5, None, None)],
)
def test_change(now: int | None, before: int | None, expected: Decimal | None) -> None:
    assert change(now=now, before=before) == expected


@pytest.mark.parametrize(
    ("code", "now", "before", "expected"),
    [
        ("on_time_share", (48, 50), (45, 50), Decimal("6.0")),
        ("on_time_share", (45, 50), (48, 50), Decimal("-6.0")),
        ("on_time_share", (45, 50), (18, 20), Decimal("0.0")),
        # As both are told: 66.7 less 33.3, not the 33.333… between them.
        ("on_time_share", (20, 30), (10, 30), Decimal("33.4")),
        ("on_time_share", (19, 19), (45, 50), None),
        ("on_time_share", (45, 50), (19, 19), None),
        ("on_time_share", (45, 50), (0, 0), None),
        ("concluded", (45, 50), (45, 50), None),
        ("satisfaction", (45, 50), (45, 50), None),
    ],
)
def test_a_share_changes_by_percentage_points(
    code: str, now: tuple[int, int], before: tuple[int, int], expected: Decimal | None
) -> None:
    def counts(pair: tuple[int, int]) -> dict[str, int | Decimal]:
        return {"on_time": pair[0], "concluded": pair[1], "rating_points": pair[0], "ratings": pair[1]}

    assert points(figure=FIGURE[code], now=counts(now), before=counts(before)) == expected


def test_every_figure_has_a_value_or_none() -> None:
    found = values({})

    assert set(found) == set(FIGURE)
    assert {code for code, value in found.items() if value is None} == {
        code for code, figure in FIGURE.items() if figure.of
    }


@pytest.mark.django_db
def test_the_same_span_of_the_year_before(city: City) -> None:
    tips(3, unit=city.yanta, day=date(2025, 3, 31))
    tips(9, unit=city.yanta, day=date(2025, 4, 1))
    tips(4, unit=city.yanta, day=date(2026, 3, 1))

    found = report(span=MARCH, units=None, by=None, overlay=NO_OVERLAY)

    assert (found.table.whole["received"], found.year_before["received"]) == (4, 3)


@pytest.mark.django_db
def test_twelve_months(city: City) -> None:
    rows = tips(4, unit=city.yanta, day=date(2025, 4, 1))
    tips(9, unit=city.yanta, day=date(2025, 3, 31))
    conclude(rows[:3], started=date(2026, 1, 20), days=12)
    conclude(rows[3:], started=date(2025, 11, 20), days=80)

    found = months(span=MARCH, units=None)

    assert [month.span.code for month in found][::11] == ["2025-04", "2026-03"]
    assert found[0].received == 4
    assert (found[10].concluded, found[10].on_time) == (4, 3)
    assert sum(month.received for month in found) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("by", [None, *By])
def test_rows_that_have_a_spread(city: City, by: By | None) -> None:
    rows = tips(2, unit=city.yanta, day=date(2026, 3, 1), operations=["dust"])
    conclude(rows, started=date(2026, 3, 1), days=12)

    found = report(span=MARCH, units=None, by=by, overlay=NO_OVERLAY)

    assert bool(found.spreads) == (by in SPREAD_BY)
    assert all(one.median == 12 for one in found.spreads.values())


@pytest.mark.django_db
def test_a_fixed_number_of_queries(city: City) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            report(span=MARCH, units=[city.yanta.pk], by=By.KIND, overlay=NO_OVERLAY)
        return len(asked)

    few = cost()
    for day in range(1, 29):
        conclude(tips(5, unit=city.yanta, day=date(2026, 3, day)), started=date(2026, 3, day), days=2)

    # Two for each kind of record, this period and the one it is compared with; lapsed rewards are the newest kind.
    assert cost() == few <= 38
