"""`make bench`: measures, prints a small table, and ends with 1 when a budget is not kept."""

import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import cases, figures, register, scale, server
from benchmarks.photo import twelve_megapixels
from benchmarks.requests import Sent, send_form, together

FLOOR_TIPS = 5
ALONE_TIPS = 8
SENDERS, EACH = 8, 2
MOST_RATIO = 1.5
MOST_QUERIES = 15
MOST_FORM_KB = 60


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one round of senders cost."""

    name: str
    cpu: float
    wall: float
    throughput: float
    failed: int


def measure(*, name: str, running: server.Server, photo: bytes, senders: int, each: int) -> Load:
    """Let senders send and return CPU and median wall seconds per tip."""
    cpu, started = running.cpu_seconds(), time.perf_counter()
    sent = together(call=partial(send_form, port=running.port, photo=photo), senders=senders, each=each)
    seconds = time.perf_counter() - started
    return Load(
        name=name,
        cpu=(running.cpu_seconds() - cpu) / len(sent),
        wall=statistics.median(one.seconds for one in sent),
        throughput=len(sent) / seconds,
        failed=sum(not is_receipt(one) for one in sent),
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


def main() -> int:
    """Measure floor, load, floor again, the pages, cases and desk at scale; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="anshao-bench-") as name:
        folder = Path(name)
        photo = folder / "photo.jpg"
        photo.write_bytes(twelve_megapixels())
        server.prepare(data_dir=folder)
        before = floor(folder=folder, photo=photo)
        with server.running(data_dir=folder, log=folder / "server.log") as running:
            for _ in range(2):
                send_form(port=running.port, photo=photo.read_bytes())
            loads = [
                measure(
                    name="1 sender", running=running, photo=photo.read_bytes(), senders=1, each=ALONE_TIPS
                ),
                measure(
                    name="8 senders", running=running, photo=photo.read_bytes(), senders=SENDERS, each=EACH
                ),
            ]
            peak = running.peak_mib()
        after = floor(folder=folder, photo=photo)
        pages = json.loads(server.run_module("benchmarks.pages", data_dir=folder))
        base = {key: (before[key] + after[key]) / 2 for key in before}
        size = photo.stat().st_size / 1e6
        broken = report(loads=loads, base=base, peak=peak, pages=pages, photo_mb=size)
        broken += register.report(register.measure(folder=folder))
        postgres = scale.POSTGRES if scale.postgres_answers() else ""
        for engine, sizes in cases.measure(folder=folder, postgres=postgres):
            broken += cases.report(engine=engine, found=sizes)
        for engine, found, counted in scale.measure(folder=folder):
            broken += scale.report(engine=engine, pages=found)
            broken += figures.report(engine=engine, found=counted)
    print("\n" + ("\n".join(f"✗ {line}" for line in broken) or "✓ all budgets kept"))
    return 1 if broken else 0


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
    print(f"{'':12}{'CPU s/tip':>10}{'ratio':>8}{'wall s':>9}{'tips/s':>8}{'failed':>8}")
    print(f"{'floor':12}{base['cpu']:10.3f}{1:8.2f}{base['wall']:9.3f}{1 / base['wall']:8.2f}{0:8d}")
    for load in loads:
        ratio = load.cpu / base["cpu"]
        print(
            f"{load.name:12}{load.cpu:10.3f}{ratio:8.2f}{load.wall:9.3f}{load.throughput:8.2f}{load.failed:8d}"
        )
    print(f"memory peak: floor {base['peak_mib']:.0f} MiB, server {peak:.0f} MiB")
    print(f"\n{'page':12}{'queries':>10}{'ms':>8}{'kB gz':>9}")
    for name, page in pages.items():
        print(f"{name:12}{page['queries']:10d}{page['ms']:8.1f}{page['kb']:9.1f}", flush=True)
    return faults(loads=loads, base=base, pages=pages)


def faults(*, loads: list[Load], base: dict[str, float], pages: dict[str, dict[str, float]]) -> list[str]:
    """Return the budgets that are not kept, in words."""
    found = [f"{load.name}: {load.failed} tips failed" for load in loads if load.failed]
    found += [
        f"{load.name}: CPU per tip is {load.cpu / base['cpu']:.2f} × the floor, at most {MOST_RATIO}"
        for load in loads
        if load.cpu > MOST_RATIO * base["cpu"]
    ]
    found += [
        f"{name}: {page['queries']} queries, at most {MOST_QUERIES}"
        for name, page in pages.items()
        if page["queries"] > MOST_QUERIES
    ]
    if pages["form"]["kb"] > MOST_FORM_KB:
        found.append(f"form: {pages['form']['kb']:.1f} kB, at most {MOST_FORM_KB}")
    return found


if __name__ == "__main__":
    sys.exit(main())
