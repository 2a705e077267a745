"""The public side of reports: a year of periods published one after the other gives no small cell away."""

import random
from collections import Counter
from collections.abc import Hashable
from typing import Any

import pytest

from complaints.enums import DeclineReason, Result
from complaints.rules.small_cells import LEAST_SHOWN, Hidden, Published, Sum, recoverable
from complaints.rules.spans import Span, span_of
from complaints.stats.publishing import ALONE, LEFT, PART_OF, TOTAL, Counted, _ranges, families, shown
from complaints.stats.stages import Spread
from tests.rules.test_small_cells import determined

DISTRICTS = [f"6101{number:02d}" for number in range(1, 14)]


def counted(chance: random.Random, *, scale: int) -> Counted:
    """Return a random month of a city; `scale` is about how many tips a district gets."""
    districts = {code: {"received": chance.randrange(scale * 2)} for code in DISTRICTS}
    reasons = {f"declined_{reason}": chance.randrange(scale) for reason in DeclineReason}
    results = {f"result_{result}": chance.randrange(scale * 3) for result in Result}
    concluded = chance.randrange(1, scale * 12)
    whole: Counter[str] = Counter(dict.fromkeys(ALONE, 0))
    whole.update({code: chance.randrange(scale * 2) for code in ALONE})
    whole.update({**reasons, **results})
    for every, part in PART_OF.items():
        whole[part] = chance.randrange(scale * 2)
        whole[every] = whole[part] + chance.randrange(9)
    whole["received"] = sum(row["received"] for row in districts.values())
    whole["declined"], whole["conclusions"] = sum(reasons.values()), sum(results.values())
    whole["concluded"], whole["on_time"] = concluded, max(0, concluded - chance.randrange(9))
    whole["fine_amount"] = 1000 * whole["fines"]
    operations = {code: {"result_true": chance.randrange(scale)} for code in ("dust", "height", "gas")}
    return Counted(whole=whole, by={"district": districts, "operation": operations}, stages={})


def together(parts: list[Counted]) -> Counted:
    """Return what the parts add up to."""
    whole: Counter[str] = Counter(dict.fromkeys(parts[0].whole, 0))
    by: dict[str, dict[str, Counter[str]]] = {}
    for part in parts:
        whole.update({code: int(number) for code, number in part.whole.items()})
        for split, rows in part.by.items():
            for key, counts in rows.items():
                kept = by.setdefault(split, {}).setdefault(key, Counter(dict.fromkeys(counts, 0)))
                kept.update({code: int(number) for code, number in counts.items()})
    return Counted(whole=whole, by=by, stages={})


def publish(span: Span, months: dict[str, Counted], done: dict[str, Any]) -> None:
    """Publish a span after everything it is made of."""
    for part in span.parts:
        publish(part, months, done)
    own = together([months[month.code] for month in span.months])
    done[span.code] = shown(own, span=span, districts=DISTRICTS, beside=done)["cells"]


def attacker(done: dict[str, Any], name: str) -> Published:
    """Return all that is public of one table in every period, and every sum between and within them."""
    tables = {code: cells[name] for code, cells in done.items()}
    cells = {(code, key): cell for code, table in tables.items() for key, cell in table.items()}
    sums = [
        Sum(whole=(code, TOTAL), parts=tuple((code, key) for key in table if key != TOTAL))
        for code, table in tables.items()
        if TOTAL in table and len(table) > 1
    ]
    for code, table in tables.items():
        parts = [part.code for part in span_of(code).parts if part.code in tables]
        months = [part.code for part in span_of(code).months if part.code in tables]
        for pieces in {tuple(parts), tuple(months)} - {(), (code,)}:
            sums += [
                Sum(whole=(code, key), parts=tuple((piece, key) for piece in pieces if key in tables[piece]))
                for key in table
            ]
    shown_cells: dict[Hashable, int] = {at: cell for at, cell in cells.items() if isinstance(cell, int)}
    hidden: dict[Hashable, Hidden] = {at: Hidden(cell) for at, cell in cells.items() if isinstance(cell, str)}
    return Published(shown=shown_cells, hidden=hidden, sums=tuple(sums))


@pytest.mark.parametrize(("seed", "scale"), [(1, 4), (2, 8), (3, 25), (4, 60)])
def test_half_a_year_gives_no_small_cell_away(seed: int, scale: int) -> None:
    """Months, quarters and the half-year: whatever is subtracted from whatever."""
    chance = random.Random(seed)
    half = span_of("2026H1")
    months = {month.code: counted(chance, scale=scale) for month in half.months}
    done: dict[str, Any] = {}

    publish(half, months, done)

    for name in done["2026H1"]:
        public = attacker(done, name)
        small = {at for at, mark in public.hidden.items() if mark == Hidden.FEW}
        assert all(cell >= LEAST_SHOWN for cell in public.shown.values()), name
        assert not determined(public) & small, name
        assert not recoverable(public), name


def test_a_large_city_shows_nearly_everything() -> None:
    chance = random.Random(9)
    months = {f"2026-{number:02d}": counted(chance, scale=400) for number in (1, 2, 3)}
    done: dict[str, Any] = {}

    publish(span_of("2026Q1"), months, done)

    cells = [cell for cell in done["2026Q1"]["district"].values() if isinstance(cell, int)]
    assert len(cells) >= len(DISTRICTS) - 2


def test_every_district_has_its_cell() -> None:
    cells = families(counted(random.Random(1), scale=9), districts=[*DISTRICTS, "610199"])["district"]

    assert set(cells) == {*DISTRICTS, "610199", TOTAL}
    assert cells["610199"] == 0


def test_every_table_adds_up_before_anything_is_hidden() -> None:
    tables = families(counted(random.Random(3), scale=9), districts=DISTRICTS)

    for name in ("district", "reason", "result", "timing", "whistles"):
        table = tables[name]
        assert sum(count for key, count in table.items() if key != TOTAL) == table[TOTAL], name


@pytest.mark.parametrize(("many", "is_told"), [(19, False), (20, True)])
def test_a_stage_of_few_is_not_told(many: int, is_told: bool) -> None:
    one = counted(random.Random(1), scale=9)
    whole = Counted(whole=one.whole, by=one.by, stages={"whole": Spread(count=many, median=9, p90=30)})

    found = shown(whole, span=span_of("2026-01"), districts=DISTRICTS, beside={})

    assert found["stages"] == ({"whole": {"median": 9, "p90": 30}} if is_told else {})


@pytest.mark.parametrize(("fines", "amount"), [(4, None), (5, "5000")])
def test_the_amount_of_few_fines_is_not_told(fines: int, amount: str | None) -> None:
    one = counted(random.Random(1), scale=9)
    whole = Counted(whole={**one.whole, "fines": fines, "fine_amount": 1000 * fines}, by=one.by, stages={})

    found = shown(whole, span=span_of("2026-01"), districts=DISTRICTS, beside={})

    assert found["fine_amount"] == amount


def test_an_amount_is_not_told_where_a_month_hides_its_fines() -> None:
    """Otherwise the quarter minus two months would tell the fines of the third."""
    chance, months = random.Random(4), {}
    for number, fines in ((1, 3), (2, 60), (3, 70)):
        one = counted(chance, scale=30)
        whole = {**one.whole, "fines": fines, "fine_amount": 1000 * fines}
        months[f"2026-{number:02d}"] = Counted(whole=whole, by=one.by, stages={})
    done: dict[str, Any] = {}
    publish(span_of("2026Q1"), months, done)

    quarter = together(list(months.values()))
    found = shown(quarter, span=span_of("2026Q1"), districts=DISTRICTS, beside=done)

    assert found["fine_amount"] is None


@pytest.mark.parametrize(
    ("raised", "in_time", "told"),
    [
        (60, 58, {"whistles": 60, "whistles_in_time": "apart"}),
        (60, 50, {"whistles": 60, "whistles_in_time": 50}),
    ],
)
def test_whistles_that_were_late_do_not_follow(raised: int, in_time: int, told: dict[str, Any]) -> None:
    """Both counts are public, so that few who were late would be what one is more than the other."""
    one = counted(random.Random(1), scale=9)
    whole = {**one.whole, "whistles": raised, "whistles_in_time": in_time}

    found = shown(
        Counted(whole=whole, by=one.by, stages={}), span=span_of("2026-01"), districts=DISTRICTS, beside={}
    )

    assert {code: found["cells"][code][TOTAL] for code in told} == told


def test_reports_of_old_tell_what_is_left_of_whistles_already() -> None:
    """Beside a month whose late whistles anybody could subtract, the next one still hides its own."""
    one, done = counted(random.Random(1), scale=9), dict[str, Any]()
    whole = Counted(whole={**one.whole, "whistles": 30, "whistles_in_time": 28}, by=one.by, stages={})
    publish(span_of("2026-01"), {"2026-01": whole}, done)
    done["2026-01"] |= {"whistles": {TOTAL: 30}, "whistles_in_time": {TOTAL: 28}}

    found = shown(whole, span=span_of("2026-02"), districts=DISTRICTS, beside=done)["cells"]

    assert found["whistles"] == {"whistles_in_time": "apart", LEFT: "few", TOTAL: 30}
    assert found["whistles_in_time"] == {TOTAL: "apart"}


def test_a_year_that_is_hidden_for_one_month_says_between_what_it_lies() -> None:
    """Orders of eleven months are told, and those of one are few: the year is known to four, and not more."""
    months = {span.code: counted(random.Random(5), scale=40) for span in span_of("2026").months}
    for number, code in enumerate(sorted(months)):
        months[code] = Counted(
            whole={**months[code].whole, "orders": 3 if number == 6 else 20 + number},
            by=months[code].by,
            stages={},
        )
    done: dict[str, Any] = {}
    publish(span_of("2026"), months, done)

    found = shown(
        together(list(months.values())),
        span=span_of("2026"),
        districts=DISTRICTS,
        beside={code: cells for code, cells in done.items() if code != "2026"},
    )

    told = sum(20 + number for number in range(12) if number != 6)
    assert found["cells"]["orders"][TOTAL] == "apart"
    assert found["ranges"]["orders"][TOTAL] == [told, told + 4]
    assert found["cells"]["whistles_in_time"].keys() == {TOTAL}


@pytest.mark.parametrize(("true", "told"), [(100, {TOTAL: [100, 100]}), (90, {})])
def test_no_range_is_told_that_does_not_hold_the_number(true: int, told: dict[str, list[int]]) -> None:
    """A quarter that was not corrected yet with its month adds up to another half-year than was counted."""
    beside = {"2026Q1": {TOTAL: 60}, "2026Q2": {TOTAL: 40}}

    assert _ranges({TOTAL: true}, {TOTAL: "apart"}, span=span_of("2026H1"), beside=beside) == told
