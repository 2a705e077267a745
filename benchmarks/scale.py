"""The desk with a thousand tips and with a million, on SQLite and, where one answers, on PostgreSQL."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import server

FEW, MANY = 1_000, 1_000_000
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


def measure(*, folder: Path) -> dict[str, list[Page]]:
    """Fill databases of both sizes on each engine and return the pages by engine."""
    _sqlite(folder / "sqlite")
    found = {"SQLite": _engine(folder=folder / "sqlite", urls={})}
    if _postgres_answers():
        with _postgres_databases(folder / "postgres") as urls:
            found["PostgreSQL"] = _engine(folder=folder / "postgres", urls=urls)
    return found


def report(*, engines: Mapping[str, list[Page]]) -> list[str]:
    """Print a table for each engine and return the budgets that are not kept, in words."""
    for engine, pages in engines.items():
        print(
            f"\n{f'{engine}, desk':22}{'queries':>10}{f'{FEW:,} ms':>12}{f'{MANY:,} ms':>15}{'ratio':>8}"
            f"{'CPU':>8}{'CPU':>8}"
        )
        for page in pages:
            print(
                f"{page.name:22}{page.many_queries:10d}{page.few_ms:12.1f}{page.many_ms:15.1f}{page.ratio:8.2f}"
                f"{page.few_cpu:8.1f}{page.many_cpu:8.1f}"
            )
    return [
        line
        for engine, pages in engines.items()
        for page in pages
        for line in faults(engine=engine, page=page)
    ]


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


def _engine(*, folder: Path, urls: Mapping[int, str]) -> list[Page]:
    """Measure one engine: both sizes in turn for every single request, so that a busy moment meets both alike."""
    with ExitStack() as stack:
        desks = {
            tips: stack.enter_context(_desk(data_dir=folder / str(tips), url=urls.get(tips)))
            for tips in (FEW, MANY)
        }
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
def _desk(*, data_dir: Path, url: str | None) -> Iterator[_Desk]:
    command = [sys.executable, "-m", "benchmarks.desk"]
    environment = server.environment(data_dir=data_dir, **_database(url))
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


def _sqlite(folder: Path) -> None:
    """Make a city once, copy it, and fill both."""
    (folder / str(FEW)).mkdir(parents=True)
    server.prepare(data_dir=folder / str(FEW))
    shutil.copytree(folder / str(FEW), folder / str(MANY))
    for tips in (FEW, MANY):
        server.run_module("benchmarks.crowd", str(tips), data_dir=folder / str(tips))


def _database(url: str | None) -> dict[str, str]:
    return {"DATABASE_URL": url} if url else {}


def _postgres_answers() -> bool:
    import psycopg

    with suppress(psycopg.Error):
        psycopg.connect(POSTGRES, connect_timeout=3).close()
        return True
    return False


@contextmanager
def _postgres_databases(folder: Path) -> Iterator[dict[int, str]]:
    """Make a city once, copy it, fill both databases, and drop them afterwards, whatever happened."""
    import psycopg
    from psycopg import sql

    names = {tips: f"anshao_bench_{tips}_{os.getpid()}" for tips in (FEW, MANY)}
    urls = {tips: re.sub(r"[^/]+$", name, POSTGRES) for tips, name in names.items()}
    few, many = (sql.Identifier(names[tips]) for tips in (FEW, MANY))
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(few))
            (folder / str(FEW)).mkdir(parents=True)
            server.run_module("benchmarks.city", data_dir=folder / str(FEW), **_database(urls[FEW]))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(many, few))
            for tips, url in urls.items():
                server.run_module("benchmarks.crowd", str(tips), data_dir=folder / str(FEW), **_database(url))
            yield urls
        finally:
            for name in (few, many):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
