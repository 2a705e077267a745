"""Figures of a year among a million tips: dashboard, public page and closing, each beside its floor in the same run.

A process of its own for one database (`measure`); the parent prints the table and says what is not kept (`report`).
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import django

ROUNDS = 7
# The dashboard may take so many times one count of all tips, the public page so many times the smallest answer.
MOST_DASHBOARD, MOST_PAGE = 3.0, 3.0
# Closing reads each record of the year some twenty times: by seven splits, the stages, the fingerprint. The floor
# reads it once.
MOST_CLOSING = 60.0
# What a page that is kept may ask the database for: whether it is still the latest.
MOST_KEPT_QUERIES = 2
Found = dict[str, dict[str, float]]


def main() -> None:
    """Measure the database of this environment and print what was found as JSON."""
    django.setup()
    print(json.dumps(measure()))


def measure() -> Found:
    """Return milliseconds: `took` and `floor` of each thing, with the queries it asked."""
    from django.conf import settings
    from django.utils import timezone

    from portal.memory import settle

    settings.ALLOWED_HOSTS = ["*"]
    year = timezone.localdate().year - 1
    settle()
    return {
        "dashboard": _dashboard(year),
        "recount of a day": _recount(),
        "freezing a year": _freezing(year),
        "public page": _public(year),
    }


def _dashboard(year: int) -> dict[str, float]:
    """The whole page for the city's leader, against one count of the tips there are."""
    from benchmarks.desk import PEOPLE, _entered

    client, _user = _entered(PEOPLE["city"])
    path = f"/admin/statistics/dashboard/?period={year}"
    return _both(lambda: _ok(client.get(path)), _count_tips)


def _count_tips() -> None:
    from complaints.models import Tip

    Tip.objects.count()


def _recount() -> dict[str, float]:
    """A day that was touched, against counting it without keeping anything."""
    from django.utils import timezone

    from complaints.models import TouchedDay
    from complaints.services.day_cells import refresh
    from complaints.stats.counting import By, count_on

    day = timezone.localdate()

    def touched() -> None:
        TouchedDay.objects.create(day=day)
        refresh()

    def counted() -> None:
        count_on(stretches=[(day, day)], by=By.UNIT)

    return _both(touched, counted)


def _freezing(year: int) -> dict[str, float]:
    """A year with its months, quarters and halves, against reading the records of the year once.

    `told` of `steps` periods it said that they are done, each after the one before: who waits sees how far it is.
    """
    from complaints.rules.spans import span_of

    span, told = span_of(str(year)), list[tuple[int, int]]()

    def tell(code: str, done: int, of: int) -> None:
        told.append((done, of))
        print(f"  {code} ({done}/{of})", file=sys.stderr, flush=True)

    took, queries = _timed(lambda: _close(span, tell))
    floor, _asked = _timed(lambda: _read_records(year))
    steps = len(span.within) + 1
    in_order = sum(one == (place, steps) for place, one in enumerate(told, start=1))
    return {"took": took, "floor": floor, "queries": queries, "told": in_order, "steps": steps}


def _close(span: Any, tell: Callable[[str, int, int], None]) -> None:
    from django.utils import timezone

    from complaints.services.freezing import freeze

    freeze(span=span, at=timezone.now(), reason="bench", told=tell)


def _read_records(year: int) -> None:
    from complaints.rules.spans import span_of
    from complaints.stats.inputs import inputs_digest

    inputs_digest(span=span_of(str(year)))


def _public(year: int) -> dict[str, float]:
    """The public page of the closed year as it is kept, against the answer of a page that asks nothing."""
    from django.test import Client

    client = Client(headers={"Host": "localhost"})
    return _both(
        lambda: _ok(client.get(f"/figures/?period={year}")), lambda: _ok(client.get("/healthz")), warm=2
    )


def _ok(answer: Any) -> None:
    if answer.status_code != 200:
        raise SystemExit(f"answered {answer.status_code}")


def _both(work: Callable[[], None], floor: Callable[[], None], *, warm: int = 1) -> dict[str, float]:
    """Return the medians of both, asked in turn, so that a busy moment meets both alike."""
    for _ in range(warm):
        work()
        floor()
    times: list[tuple[float, float]] = []
    queries = 0.0
    for _ in range(ROUNDS):
        took, queries = _timed(work)
        times.append((took, _timed(floor)[0]))
    return {
        "took": statistics.median(one for one, _other in times),
        "floor": statistics.median(other for _one, other in times),
        "queries": queries,
    }


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return the milliseconds and the queries of one turn."""
    from django.db import connection

    asked = 0

    def counting(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counting):
        started = time.perf_counter()
        work()
        return (time.perf_counter() - started) * 1000, asked


def report(*, engine: str, found: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Print the table of an engine and return the budgets that are not kept, in words."""
    print(f"\n{f'{engine}, figures':22}{'queries':>10}{'ms':>12}{'floor ms':>12}{'ratio':>8}")
    for name, one in found.items():
        ratio = one["took"] / one["floor"]
        print(
            f"{name:22}{one['queries']:10.0f}{one['took']:12.1f}{one['floor']:12.1f}{ratio:8.2f}", flush=True
        )
    return faults(engine=engine, found=found)


LIMITS = {"dashboard": MOST_DASHBOARD, "public page": MOST_PAGE, "freezing a year": MOST_CLOSING}


def faults(*, engine: str, found: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return what takes longer beside its floor than it may, is not kept, tells no progress, or was not measured."""
    missing = [f"{engine}, {name}: not measured" for name in LIMITS if name not in found]
    slow = [
        f"{engine}, {name}: {one['took'] / one['floor']:.1f} × its floor, at most {LIMITS[name]:.0f}"
        for name, one in found.items()
        if name in LIMITS and one["took"] > LIMITS[name] * one["floor"]
    ]
    return [*missing, *slow, *_not_kept(engine, found), *_silent(engine, found)]


def _not_kept(engine: str, found: Mapping[str, Mapping[str, float]]) -> list[str]:
    queries = found.get("public page", {}).get("queries", 0)
    if queries <= MOST_KEPT_QUERIES:
        return []
    return [f"{engine}, public page: {queries:.0f} queries of a kept page, at most {MOST_KEPT_QUERIES}"]


def _silent(engine: str, found: Mapping[str, Mapping[str, float]]) -> list[str]:
    one = found.get("freezing a year", {})
    told, steps = one.get("told", 0), one.get("steps", 0)
    return [] if told == steps else [f"{engine}, freezing a year: told of {told:.0f} periods of {steps:.0f}"]


if __name__ == "__main__":
    main()
