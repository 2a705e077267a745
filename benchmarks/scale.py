"""The desk with a thousand tips and with a million, on SQLite and, where one answers, on PostgreSQL."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import server

FEW, MANY = 1_000, 1_000_000
TURNS = 2
MOST_RATIO = 1.5
# What a timer on a shared machine cannot tell apart from nothing.
NOISE_MS = 15.0
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the desk with few tips and with many: queries and the 95th percentile in milliseconds."""

    name: str
    few_queries: int
    many_queries: int
    few_ms: float
    many_ms: float

    @property
    def ratio(self) -> float:
        """How much longer the page takes with many tips."""
        return self.many_ms / self.few_ms


def measure(*, folder: Path) -> dict[str, list[Page]]:
    """Fill databases of both sizes on each engine and return the pages by engine."""
    found = {"SQLite": _engine(folder=folder, urls={})}
    if _postgres_answers():
        with _postgres_databases() as urls:
            found["PostgreSQL"] = _engine(folder=folder, urls=urls)
    return found


def report(*, engines: Mapping[str, list[Page]]) -> list[str]:
    """Print a table for each engine and return the budgets that are not kept, in words."""
    for engine, pages in engines.items():
        print(f"\n{f'{engine}, desk':22}{'queries':>10}{f'{FEW:,} ms':>12}{f'{MANY:,} ms':>15}{'ratio':>8}")
        for page in pages:
            print(
                f"{page.name:22}{page.many_queries:10d}{page.few_ms:12.1f}{page.many_ms:15.1f}{page.ratio:8.2f}"
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
    """Measure one engine: both sizes in turn, so that a busy moment does not meet one of them alone."""
    folders = {tips: _filled(folder=folder, tips=tips, url=urls.get(tips)) for tips in (FEW, MANY)}
    best: dict[tuple[int, str], dict[str, float]] = {}
    for _ in range(TURNS):
        for tips, data_dir in folders.items():
            pages: dict[str, dict[str, float]] = json.loads(
                server.run_module("benchmarks.desk", data_dir=data_dir, **_database(urls.get(tips)))
            )
            for name, page in pages.items():
                known = best.get((tips, name), page)
                best[tips, name] = min(known, page, key=lambda one: one["p95"])
    names = [name for tips, name in best if tips == FEW]
    return [
        Page(
            name=name,
            few_queries=int(best[FEW, name]["queries"]),
            many_queries=int(best[MANY, name]["queries"]),
            few_ms=best[FEW, name]["p95"],
            many_ms=best[MANY, name]["p95"],
        )
        for name in names
    ]


def _filled(*, folder: Path, tips: int, url: str | None) -> Path:
    data_dir = folder / f"{'postgres' if url else 'sqlite'}-{tips}"
    data_dir.mkdir()
    server.run_module("benchmarks.city", data_dir=data_dir, **_database(url))
    server.run_module("benchmarks.crowd", str(tips), data_dir=data_dir, **_database(url))
    return data_dir


def _database(url: str | None) -> dict[str, str]:
    return {"DATABASE_URL": url} if url else {}


def _postgres_answers() -> bool:
    import psycopg

    with suppress(psycopg.Error):
        psycopg.connect(POSTGRES, connect_timeout=3).close()
        return True
    return False


@contextmanager
def _postgres_databases() -> Iterator[dict[int, str]]:
    """Make a database for each size and drop both afterwards, whatever happened."""
    import psycopg
    from psycopg import sql

    names = {tips: f"anshao_bench_{tips}_{os.getpid()}" for tips in (FEW, MANY)}
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        try:
            for name in names.values():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            yield {tips: re.sub(r"[^/]+$", name, POSTGRES) for tips, name in names.items()}
        finally:
            for name in names.values():
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )
