"""The desk with a thousand tips and with a million, on SQLite and, where one answers, on PostgreSQL."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import figures, server

FEW, MANY = 1_000, 1_000_000
ENGINES = ("SQLite", "PostgreSQL")
ROUNDS = 20
MOST_RATIO = 1.5
# What a timer on a shared machine cannot tell apart from nothing.
NOISE_MS = 15.0
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the desk with few tips and with many.

    Queries, the 95th percentile of what a person waits, and the median of what the process works, in milliseconds.
    """

    name: str
    few_queries: int
    many_queries: int
    few_ms: float
    many_ms: float
    few_cpu: float = 0.0
    many_cpu: float = 0.0

    @property
    def ratio(self) -> float:
        """How much longer the page takes with many tips."""
        return self.many_ms / self.few_ms


def measure(*, folder: Path) -> Iterator[tuple[str, list[Page], figures.Found]]:
    """Fill databases of both sizes on each engine; yield engine, pages of both, and figures of the large one."""
    with _sqlite(folder / "sqlite") as cities:
        yield "SQLite", _pages(cities), _figures(cities)
    if postgres_answers():
        with _postgres(folder / "postgres") as cities:
            yield "PostgreSQL", _pages(cities), _figures(cities)


def measure_figures(*, folder: Path, tips: int) -> Iterator[tuple[str, figures.Found]]:
    """Fill one database of this size on each engine and measure the figures alone; with few tips to try the bench."""
    with _sqlite(folder / "sqlite", sizes=(tips,)) as cities:
        yield "SQLite", _figures(cities)
    if postgres_answers():
        with _postgres(folder / "postgres", sizes=(tips,)) as cities:
            yield "PostgreSQL", _figures(cities)


def _figures(cities: "Mapping[int, _City]") -> figures.Found:
    found: figures.Found = json.loads(cities[max(cities)].run("benchmarks.figures"))
    return found


def missing_engines(measured: Iterable[str]) -> list[str]:
    """Return what is said of an engine that was to be measured and did not answer."""
    return [f"{engine}: not measured, none answers" for engine in ENGINES if engine not in set(measured)]


def report(*, engine: str, pages: Sequence[Page]) -> list[str]:
    """Print the table of an engine and return the budgets that are not kept, in words."""
    print(
        f"\n{f'{engine}, desk':22}{'queries':>10}{f'{FEW:,} ms':>12}{f'{MANY:,} ms':>15}{'ratio':>8}"
        f"{'CPU':>8}{'CPU':>8}"
    )
    for page in pages:
        print(
            f"{page.name:22}{page.many_queries:10d}{page.few_ms:12.1f}{page.many_ms:15.1f}{page.ratio:8.2f}"
            f"{page.few_cpu:8.1f}{page.many_cpu:8.1f}",
            flush=True,
        )
    return [line for page in pages for line in faults(engine=engine, page=page)]


def faults(*, engine: str, page: Page) -> list[str]:
    """Return what one page breaks: as many queries as with few tips, and at most 1.5 times as long."""
    found = []
    if page.many_queries != page.few_queries:
        found.append(f"{engine}, {page.name}: {page.few_queries} queries become {page.many_queries}")
    if page.ratio > MOST_RATIO and page.many_ms - page.few_ms > NOISE_MS:
        found.append(
            f"{engine}, {page.name}: {page.ratio:.2f} × as long with {MANY:,} tips, at most {MOST_RATIO}"
        )
    return found


@dataclass(frozen=True, kw_only=True)
class _City:
    """Where the portal of one size lies: its folder with keys and files, and its database if that is elsewhere."""

    data_dir: Path
    url: str | None = None

    def run(self, module: str, *arguments: str) -> str:
        """Run a module of the benchmarks on this city and return what it printed."""
        return server.run_module(module, *arguments, data_dir=self.data_dir, **self.database())

    def database(self) -> dict[str, str]:
        """Return what the environment says of the database."""
        return {"DATABASE_URL": self.url} if self.url else {}


def _pages(cities: Mapping[int, _City]) -> list[Page]:
    """Measure one engine: both sizes in turn for every single request, so that a busy moment meets both alike."""
    with ExitStack() as stack:
        desks = {tips: stack.enter_context(_desk(city)) for tips, city in cities.items()}
        queries = {tips: desk.answer() for tips, desk in desks.items()}
        names = list(queries[FEW])
        times: dict[tuple[int, str], list[dict[str, float]]] = {}
        for turn in range(ROUNDS):
            for name in names:
                for tips in (FEW, MANY) if turn % 2 else (MANY, FEW):
                    times.setdefault((tips, name), []).append(desks[tips].ask(name))
    return [_page(name, queries=queries, times=times) for name in names]


def _page(
    name: str,
    *,
    queries: Mapping[int, Mapping[str, int]],
    times: Mapping[tuple[int, str], list[dict[str, float]]],
) -> Page:
    few, many = times[FEW, name], times[MANY, name]
    return Page(
        name=name,
        few_queries=queries[FEW][name],
        many_queries=queries[MANY][name],
        few_ms=p95([one["wall"] for one in few]),
        many_ms=p95([one["wall"] for one in many]),
        few_cpu=statistics.median(one["cpu"] for one in few),
        many_cpu=statistics.median(one["cpu"] for one in many),
    )


def p95(times: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """A process that asks for pages of one database (benchmarks.desk)."""

    process: "subprocess.Popen[str]"

    def ask(self, name: str) -> dict[str, float]:
        """Let it ask for one page and return the milliseconds."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        found: dict[str, float] = self.answer()
        return found

    def answer(self) -> Any:
        """Return the next thing it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the desk ended in the middle")
        return json.loads(line)


@contextmanager
def _desk(city: _City) -> Iterator[_Desk]:
    command = [sys.executable, "-m", "benchmarks.desk"]
    environment = server.environment(data_dir=city.data_dir, **city.database())
    with subprocess.Popen(
        command,
        cwd=server.ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield _Desk(process=process)
        assert process.stdin is not None
        process.stdin.close()


@contextmanager
def _sqlite(folder: Path, *, sizes: Sequence[int] = (FEW, MANY)) -> Iterator[dict[int, _City]]:
    """Make a city once, copy it for the other sizes, and fill all."""
    cities = {tips: _City(data_dir=folder / str(tips)) for tips in sizes}
    first, *others = (city.data_dir for city in cities.values())
    first.mkdir(parents=True)
    server.prepare(data_dir=first)
    for other in others:
        shutil.copytree(first, other)
    _fill(cities)
    yield cities


def _fill(cities: Mapping[int, _City]) -> None:
    for tips, city in cities.items():
        city.run("benchmarks.crowd", str(tips))
    os.sync()  # what was filled in is on disk before anything is measured


def postgres_answers() -> bool:
    """Whether a PostgreSQL for tests is there."""
    import psycopg

    with suppress(psycopg.Error):
        psycopg.connect(POSTGRES, connect_timeout=3).close()
        return True
    return False


@contextmanager
def _postgres(folder: Path, *, sizes: Sequence[int] = (FEW, MANY)) -> Iterator[dict[int, _City]]:
    """Make a city once, copy its database, fill all, and drop them afterwards, whatever happened.

    They have one folder: the copied rows are sealed with the keys in it.
    """
    import psycopg
    from psycopg import sql

    names = {tips: f"anshao_bench_{tips}_{os.getpid()}" for tips in sizes}
    cities = {
        tips: _City(data_dir=folder, url=re.sub(r"[^/]+$", name, POSTGRES)) for tips, name in names.items()
    }
    first, *others = (sql.Identifier(name) for name in names.values())
    folder.mkdir(parents=True)
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(first))
            cities[sizes[0]].run("benchmarks.city")
            for other in others:
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(other, first))
            _fill(cities)
            yield cities
        finally:
            for name in (first, *others):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
