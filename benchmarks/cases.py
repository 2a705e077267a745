"""The list of cases with a hundred cases and with a hundred thousand, beside a view that does nothing."""

import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import django

from benchmarks import server
from benchmarks.case_rows import FIRST_DRESSED

FEW, MANY = 100, 100_000
ROUNDS, WARM = 30, 3
MOST_QUERIES = 15
MOST_CASE_MS = 15.0
MOST_RATIO, NOISE_MS = 1.5, 15.0
# A page kept in memory, asked for past the test client, whose own work is several times as much.
KEPT, KEPT_ROUNDS, MOST_KEPT_MS = "case, kept", 500, 0.6
CASE, CASE_PATH = "case, uncached", "/cases/bench-{}/"
# Pages that stand in the picture.
DRAWN = frozenset({"list", "search", CASE, KEPT})
PATHS = {
    "nothing": "/healthz",
    "list": "/cases/",
    "filters": "/cases/?operation=dust&industry=machinery&sort=amount",
    "last page": "/cases/?page=999999",
    "search": "/cases/?q=%E9%99%A4%E5%B0%98%E5%99%A8",
    "rare word": "/cases/?q=%E6%A2%85%E8%8A%B1%E9%B9%BF",
    CASE: CASE_PATH.format(FIRST_DRESSED),
    "feed": "/cases/feed.xml",
    "api": "/api/v1/cases",
}


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one page costs with so many cases: queries, median milliseconds of waiting and of work."""

    queries: int
    wall: float
    cpu: float


def main() -> None:
    """Fill the database of this environment with so many cases, or measure its pages and print them as JSON."""
    django.setup()
    if len(sys.argv) > 1:
        from django.utils import timezone

        from benchmarks.case_rows import fill

        fill(cases=int(sys.argv[1]), today=timezone.localdate())
    else:
        print(json.dumps(measured()))


def measured() -> dict[str, dict[str, float]]:
    """Return what each page costs, asked for in turn so that a busy moment meets all alike."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    import home.page_cache.middleware  # noqa: F401  its stores take their size when they are made
    from portal.memory import settle

    settings.ALLOWED_HOSTS = ["*"]
    kept_bytes, settings.PAGE_CACHE_BYTES = settings.PAGE_CACHE_BYTES, 0
    client = Client(headers={"Host": "localhost"})
    numbers = count(FIRST_DRESSED)

    def ask(name: str) -> None:
        if name != CASE:
            _asked(client, PATHS[name])
            return
        # Another case each time, as somebody who walks through all of them: none comes from memory whole.
        settings.PAGE_CACHE_BYTES = kept_bytes
        _asked(client, CASE_PATH.format(next(numbers)))
        settings.PAGE_CACHE_BYTES = 0

    queries = {}
    for name in PATHS:
        for _ in range(WARM):
            ask(name)
        with CaptureQueriesContext(connection) as captured:
            ask(name)
        queries[name] = len(captured)
    settle()
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in PATHS}
    for _ in range(ROUNDS):
        for name in PATHS:
            times[name].append(_timed(lambda name=name: ask(name)))
    settings.PAGE_CACHE_BYTES = kept_bytes
    found = {name: _medians(queries=queries[name], spent=spent) for name, spent in times.items()}
    return found | {KEPT: _kept(PATHS[CASE])}


def _medians(*, queries: int, spent: Sequence[tuple[float, float]]) -> dict[str, float]:
    return {
        "queries": queries,
        "wall": statistics.median(wall for wall, _cpu in spent),
        "cpu": statistics.median(cpu for _wall, cpu in spent),
    }


def _kept(path: str) -> dict[str, float]:
    """Return what a page costs that comes from memory, a mean over many requests."""
    from io import BytesIO

    from django.core.wsgi import get_wsgi_application

    from home.page_cache.middleware import plain

    application = get_wsgi_application()
    statuses: list[str] = []

    def ask() -> None:
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        }  # fmt: skip
        response = application(environ, lambda status, _headers, *_rest: statuses.append(status))
        b"".join(response)
        response.close()

    for _ in range(WARM):
        ask()
    wall, cpu = _timed(lambda: [ask() for _ in range(KEPT_ROUNDS)])
    if not len(plain):
        raise SystemExit(f"{path} is not kept")
    if set(statuses) != {"200 OK"}:
        raise SystemExit(f"{path} answered {set(statuses)}")
    return {"queries": 1, "wall": wall / KEPT_ROUNDS, "cpu": cpu / KEPT_ROUNDS}


def _asked(client: Any, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def measure(*, folder: Path, postgres: str = "") -> Iterator[tuple[str, dict[int, dict[str, Cost]]]]:
    """Fill databases of both sizes on each engine and yield the engine and its pages."""
    found = {}
    for cases in (FEW, MANY):
        data_dir = folder / f"cases-{cases}"
        data_dir.mkdir(parents=True)
        server.prepare(data_dir=data_dir)
        found[cases] = _measured(data_dir=data_dir, cases=cases)
    yield "SQLite", found
    if postgres:
        yield "PostgreSQL", {cases: _on_postgres(folder, postgres, cases=cases) for cases in (FEW, MANY)}


def _measured(*, data_dir: Path, cases: int, **more: str) -> dict[str, Cost]:
    server.run_module("benchmarks.cases", str(cases), data_dir=data_dir, **more)
    pages = json.loads(server.run_module("benchmarks.cases", data_dir=data_dir, **more))
    return {name: Cost(**page) for name, page in pages.items()}


def _on_postgres(folder: Path, postgres: str, *, cases: int) -> dict[str, Cost]:
    import psycopg
    from psycopg import sql

    name = f"anshao_bench_cases_{cases}_{os.getpid()}"
    data_dir = folder / f"postgres-cases-{cases}"
    data_dir.mkdir(parents=True)
    with psycopg.connect(postgres, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            more = {"DATABASE_URL": re.sub(r"[^/]+$", name, postgres)}
            server.run_module("benchmarks.city", data_dir=data_dir, **more)
            return _measured(data_dir=data_dir, cases=cases, **more)
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def report(*, engine: str, found: Mapping[int, Mapping[str, Cost]]) -> list[str]:
    """Print the table of an engine and return the budgets that are not kept, in words."""
    few, many = found[FEW], found[MANY]
    head = f"{'queries':>10}{f'{FEW:,} ms':>12}{f'{MANY:,} ms':>15}{'ratio':>8}{'CPU':>8}{'CPU':>8}"
    print(f"\n{f'{engine}, cases':22}{head}")
    for name, page in many.items():
        ratio = page.wall / few[name].wall
        print(
            f"{name:22}{page.queries:10d}{few[name].wall:12.2f}{page.wall:15.2f}{ratio:8.2f}"
            f"{few[name].cpu:8.2f}{page.cpu:8.2f}",
            flush=True,
        )
    return [
        line for name in many for line in faults(engine=engine, name=name, few=few[name], many=many[name])
    ]


def faults(*, engine: str, name: str, few: Cost, many: Cost) -> list[str]:
    """Return what one page breaks: queries, their growth, and the time of a case or of a list that grew."""
    found = []
    if many.queries > MOST_QUERIES:
        found.append(f"{engine}, {name}: {many.queries} queries, at most {MOST_QUERIES}")
    if many.queries != few.queries:
        found.append(f"{engine}, {name}: {few.queries} queries become {many.queries}")
    if name == CASE and few.cpu > MOST_CASE_MS:
        found.append(f"{engine}, {name}: {few.cpu:.1f} ms of work, at most {MOST_CASE_MS:.0f}")
    if name == KEPT and many.cpu > MOST_KEPT_MS:
        found.append(f"{engine}, {name}: {many.cpu:.2f} ms of work, at most {MOST_KEPT_MS}")
    if many.wall > MOST_RATIO * few.wall and many.wall - few.wall > NOISE_MS:
        found.append(f"{engine}, {name}: {many.wall / few.wall:.2f} × as long with {MANY:,} cases")
    return found


if __name__ == "__main__":
    main()
