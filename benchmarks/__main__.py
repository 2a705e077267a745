"""`make bench`: measures, prints a small table, and ends with 1 when a budget is not kept."""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from benchmarks import cases, figures, record, register, scale, server
from benchmarks.photo import twelve_megapixels
from benchmarks.record import Bar, Part, Record, recording
from benchmarks.requests import Sent, send_form, together
from benchmarks.watch import watching

FLOOR_TIPS = 5
# How many send at once, and how many tips each of them.
CROWDS = ((1, 8), (8, 2), (64, 1))
MANY_SENDERS = 64
PARTS = ("intake", "register", "cases", "desk")
# Asked for by name only: `desk` measures the same among its million tips.
ALONE = ("figures",)
# Pages of the desk that stand in the picture.
DRAWN = frozenset({"home", "inbox", "tip", "search"})
MOST_HOME_MS = 1000.0
MOST_RATIO = 1.25
# 400 MB.
MOST_MIB = 381
MOST_QUERIES = 15
MOST_FORM_KB = 60


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one round of senders cost; `home_ms` is how long others waited for the home page meanwhile (p95)."""

    name: str
    cpu: float
    wall: float
    throughput: float
    failed: int
    home_ms: float = 0.0
    home_failed: int = 0


def measure(
    *, name: str, running: server.Server, photo: bytes, senders: int, each: int, minutes: float = 0.0
) -> Load:
    """Let senders send, each so many tips or for so many minutes; return CPU and median wall seconds per tip."""
    cpu, started = running.cpu_seconds(), time.perf_counter()
    call = partial(send_form, port=running.port, photo=photo)
    with watching(port=running.port) as home:
        sent = together(call=call, senders=senders, each=each, until=started + minutes * 60)
    seconds = time.perf_counter() - started
    return Load(
        name=name,
        cpu=(running.cpu_seconds() - cpu) / len(sent),
        wall=statistics.median(one.seconds for one in sent),
        throughput=len(sent) / seconds,
        failed=sum(not is_receipt(one) for one in sent),
        home_ms=home.p95_ms,
        home_failed=home.failed,
    )


def is_receipt(sent: Sent) -> bool:
    """Tell whether a sender holds a receipt now."""
    return sent.status == 200 and b"data-code=" in sent.body


def floor(*, folder: Path, photo: Path) -> dict[str, float]:
    """Measure the floor once."""
    found: dict[str, float] = json.loads(
        server.run_module("benchmarks.floor", str(photo), str(FLOOR_TIPS), data_dir=folder)
    )
    return found


def main(arguments: Sequence[str]) -> int:
    """Measure the parts that are named, all of them when none is; return the exit code.

    A whole run writes docs/performance.md, a part only with `--write`; `--minutes N` lets 64 senders send for so long.
    `figures --tips N` measures the figures alone, on both engines, with so many tips; their budgets hold from a million
    on, and they are written with the desk only.
    """
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument(
        "parts",
        nargs="*",
        choices=[*PARTS, *ALONE, []],
        help="intake, register, cases, desk; all of them if none; figures alone, which are part of desk",
    )
    asked.add_argument("--minutes", type=float, default=0.0, help="how long the largest crowd sends")
    asked.add_argument("--write", action="store_true", help="put these parts into docs/performance.md")
    asked.add_argument("--tips", type=int, default=scale.MANY, help="how many tips the figures alone are of")
    found = asked.parse_args(arguments)
    parts = measured(found.parts or PARTS, minutes=found.minutes, tips=found.tips)
    broken = [line for one in parts.values() for line in one.broken]
    print("\n" + ("\n".join(f"✗ {line}" for line in broken) or "✓ all budgets kept"))
    if found.write or not found.parts:
        record.write(parts, folder=server.ROOT / "docs", order=PARTS)
    return 1 if broken else 0


def measured(parts: Sequence[str], *, minutes: float, tips: int) -> dict[str, Part]:
    """Measure parts one after the other on a new city and return what is kept of each."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="anshao-bench-") as name:
        if set(parts) - set(ALONE):
            server.prepare(data_dir=Path(name))
        for part in parts:
            with recording() as kept:
                broken = _measured(part, folder=Path(name), kept=kept, minutes=minutes, tips=tips)
            found[part] = kept.part(day=date.today(), broken=broken)  # noqa: DTZ011  a day for readers
    return found


def _measured(part: str, *, folder: Path, kept: Record, minutes: float, tips: int) -> list[str]:
    ways: dict[str, Callable[[], list[str]]] = {
        "intake": lambda: _intake(folder=folder, kept=kept, minutes=minutes),
        "register": lambda: register.report(register.measure(folder=folder)),
        "cases": lambda: _cases(folder=folder, kept=kept),
        "desk": lambda: _desk(folder=folder, kept=kept),
        "figures": lambda: _figures_alone(folder / "figures", tips=tips),
    }
    return ways[part]()


def _cases(*, folder: Path, kept: Record) -> list[str]:
    broken: list[str] = []
    postgres = scale.POSTGRES if scale.postgres_answers() else ""
    for engine, sizes in cases.measure(folder=folder, postgres=postgres):
        broken += cases.report(engine=engine, found=sizes)
        kept.bars += [
            Bar(name=f"{engine}, {name}", value=many.wall, floor=sizes[cases.FEW][name].wall, unit="ms")
            for name, many in sizes[cases.MANY].items()
            if name in cases.DRAWN
        ]
    return broken


def _desk(*, folder: Path, kept: Record) -> list[str]:
    broken, engines = [], []
    for engine, found, counted in scale.measure(folder=folder):
        engines.append(engine)
        broken += scale.report(engine=engine, pages=found)
        broken += figures.report(engine=engine, found=counted)
        kept.bars += [
            Bar(name=f"{engine}, {one.name}", value=one.many_ms, floor=one.few_ms, unit="ms")
            for one in found
            if one.name.split()[0] in DRAWN
        ]
    return [*broken, *scale.missing_engines(engines)]


def _figures_alone(folder: Path, *, tips: int) -> list[str]:
    """Print the figures of both engines; return what is not kept, which says something from a million tips on."""
    broken, engines = [], []
    for engine, counted in scale.measure_figures(folder=folder, tips=tips):
        engines.append(engine)
        broken += figures.report(engine=engine, found=counted)
    return [*(broken if tips >= scale.MANY else []), *scale.missing_engines(engines)]


def _intake(*, folder: Path, kept: Record, minutes: float) -> list[str]:
    photo = folder / "photo.jpg"
    photo.write_bytes(twelve_megapixels())
    before = floor(folder=folder, photo=photo)
    with server.running(data_dir=folder, log=folder / "server.log") as running:
        for _ in range(2):
            send_form(port=running.port, photo=photo.read_bytes())
        loads = [
            measure(
                name=f"{senders} sender{'s' * (senders > 1)}",
                running=running,
                photo=photo.read_bytes(),
                senders=senders,
                each=each,
                minutes=minutes if senders == MANY_SENDERS else 0.0,
            )
            for senders, each in CROWDS
        ]
        peak = running.peak_mib()
    after = floor(folder=folder, photo=photo)
    pages = json.loads(server.run_module("benchmarks.pages", data_dir=folder))
    base = {key: (before[key] + after[key]) / 2 for key in before}
    kept.bars += [
        Bar(name=f"CPU of a tip, {load.name}", value=load.cpu, floor=base["cpu"], unit="s") for load in loads
    ]
    return report(loads=loads, base=base, peak=peak, pages=pages, photo_mb=photo.stat().st_size / 1e6)


def report(
    *,
    loads: list[Load],
    base: dict[str, float],
    peak: float,
    pages: dict[str, dict[str, float]],
    photo_mb: float,
) -> list[str]:
    """Print the tables of intake and return what is not kept, in words."""
    print(f"\nA tip with one photo of 12 megapixels ({photo_mb:.1f} MB) through the form")
    print(f"{'':12}{'CPU s/tip':>10}{'ratio':>8}{'wall s':>9}{'tips/s':>8}{'failed':>8}{'home p95 ms':>13}")
    print(f"{'floor':12}{base['cpu']:10.3f}{1:8.2f}{base['wall']:9.3f}{1 / base['wall']:8.2f}{0:8d}")
    for load in loads:
        ratio = load.cpu / base["cpu"]
        print(
            f"{load.name:12}{load.cpu:10.3f}{ratio:8.2f}{load.wall:9.3f}{load.throughput:8.2f}{load.failed:8d}"
            f"{load.home_ms:13.0f}"
        )
    print(f"memory peak: floor {base['peak_mib']:.0f} MiB, server {peak:.0f} MiB")
    print(f"\n{'page':12}{'queries':>10}{'ms':>8}{'kB gz':>9}")
    for name, page in pages.items():
        print(f"{name:12}{page['queries']:10d}{page['ms']:8.1f}{page['kb']:9.1f}", flush=True)
    return faults(loads=loads, base=base, peak=peak, pages=pages)


def faults(
    *, loads: list[Load], base: dict[str, float], peak: float, pages: dict[str, dict[str, float]]
) -> list[str]:
    """Return the budgets that are not kept, in words."""
    found = [f"{load.name}: {load.failed} tips failed" for load in loads if load.failed]
    found += [
        f"{load.name}: the home page failed {load.home_failed} times" for load in loads if load.home_failed
    ]
    found += [
        f"{load.name}: the home page takes {load.home_ms:.0f} ms meanwhile (p95), at most {MOST_HOME_MS:.0f}"
        for load in loads
        if load.home_ms > MOST_HOME_MS
    ]
    found += [
        f"{load.name}: CPU per tip is {load.cpu / base['cpu']:.2f} × the floor, at most {MOST_RATIO}"
        for load in loads
        if load.cpu > MOST_RATIO * base["cpu"]
    ]
    if peak > MOST_MIB:
        found.append(f"memory: {peak:.0f} MiB, at most {MOST_MIB}")
    found += [
        f"{name}: {page['queries']} queries, at most {MOST_QUERIES}"
        for name, page in pages.items()
        if page["queries"] > MOST_QUERIES
    ]
    if pages["form"]["kb"] > MOST_FORM_KB:
        found.append(f"form: {pages['form']['kb']:.1f} kB, at most {MOST_FORM_KB}")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
