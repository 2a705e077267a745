"""The bench: its verdict, its requests, its clock and what it counts as weight."""

import io
import os
import select
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadhandler import load_handler
from django.http.multipartparser import MultiPartParser
from django.test import Client
from PIL import Image
from pytest_django import Settings

from benchmarks import __main__ as bench
from benchmarks import case_rows, cases, figures, pages, photo, population, register, requests, scale, server
from benchmarks.requests import Sent
from complaints.enums import RowFault
from complaints.models import PeriodReport, Tip
from complaints.rules.register import Places, Vocabulary, read_row
from complaints.rules.register_file import read_lines
from tests.complaints.stats.rows import tips
from tests.fixtures import City, city, vault

__all__ = ["city", "vault"]
LOAD = {"name": "1 sender", "cpu": 0.36, "wall": 0.5, "throughput": 2.0, "failed": 0}
BASE = {"cpu": 0.3, "wall": 0.4, "peak_mib": 200.0}
PAGES = {"home": {"queries": 15, "ms": 1.0, "kb": 500.0}, "form": {"queries": 15, "ms": 1.0, "kb": 60.0}}


def verdict(
    *, load: dict[str, object] | None = None, form: dict[str, float] | None = None, peak: float = 300.0
) -> list[str]:
    loads = [bench.Load(**{**LOAD, **(load or {})})]
    pages = {**PAGES, "form": {**PAGES["form"], **(form or {})}}
    return bench.faults(loads=loads, base=BASE, peak=peak, pages=pages)


@pytest.mark.parametrize(
    "values", [{}, {"load": {"cpu": 0.374}}, {"form": {"ms": 9999.0}}, {"peak": bench.MOST_MIB}]
)
def test_kept_budgets_are_silent(values: dict[str, dict[str, float]]) -> None:
    assert verdict(**values) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"load": {"cpu": 0.38}}, "1 sender: CPU per tip is 1.27 × the floor, at most 1.25"),
        ({"peak": 382.0}, "memory: 382 MiB, at most 381"),
        ({"load": {"failed": 1}}, "1 sender: 1 tips failed"),
        ({"form": {"queries": 16}}, "form: 16 queries, at most 15"),
        ({"form": {"kb": 60.1}}, "form: 60.1 kB, at most 60"),
    ],
)
def test_each_broken_budget_is_named(values: dict[str, dict[str, float]], words: str) -> None:
    assert verdict(**values) == [words]


@pytest.mark.parametrize(
    ("cpu", "broken"), [(0.36, []), (0.6, ["1 sender: CPU per tip is 2.00 × the floor, at most 1.25"])]
)
def test_table_is_printed_and_what_is_broken_is_returned(
    capsys: pytest.CaptureFixture[str], cpu: float, broken: list[str]
) -> None:
    found = bench.report(
        loads=[bench.Load(**{**LOAD, "cpu": cpu})], base=BASE, peak=300.0, pages=PAGES, photo_mb=4.8
    )

    printed = capsys.readouterr().out
    assert found == broken
    assert all(word in printed for word in ("floor", "1 sender", "home", "form", "300 MiB"))


def desk_page(**values: float) -> scale.Page:
    plain = {"few_queries": 20, "many_queries": 20, "few_ms": 100.0, "many_ms": 120.0}
    return scale.Page(name="inbox city", **{**plain, **values})  # type: ignore[arg-type]  # counts are whole


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, []),
        ({"many_ms": 150.0}, []),
        ({"many_ms": 151.0}, ["SQLite, inbox city: 1.51 × as long with 1,000,000 tips, at most 1.5"]),
        ({"few_ms": 10.0, "many_ms": 24.0}, []),
        ({"many_queries": 21}, ["SQLite, inbox city: 20 queries become 21"]),
    ],
)
def test_desk_keeps_its_pace_with_a_million_tips(values: dict[str, float], words: list[str]) -> None:
    assert scale.faults(engine="SQLite", page=desk_page(**values)) == words


def test_every_engine_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    kept = scale.report(engine="SQLite", pages=[desk_page()])
    broken = scale.report(engine="PostgreSQL", pages=[desk_page(many_ms=900.0)])

    printed = capsys.readouterr().out
    assert (kept, [line.split(",")[0] for line in broken]) == ([], ["PostgreSQL"])
    assert "SQLite, desk" in printed
    assert "9.00" in printed


def case_cost(**values: float) -> cases.Cost:
    return cases.Cost(**{"queries": 15, "wall": 20.0, "cpu": 15.0, **values})  # type: ignore[arg-type]  # counts are whole


@pytest.mark.parametrize(
    ("name", "few", "many", "words"),
    [
        ("list", {}, {}, []),
        ("list", {}, {"wall": 35.0}, []),
        (cases.KEPT, {}, {"cpu": 0.6}, []),
        (cases.KEPT, {}, {"cpu": 0.75}, ["SQLite, case, kept: 0.75 ms of work, at most 0.6"]),
        ("list", {}, {"wall": 90.0}, ["SQLite, list: 4.50 × as long with 100,000 cases"]),
        ("list", {}, {"queries": 14}, ["SQLite, list: 15 queries become 14"]),
        ("list", {"queries": 16}, {"queries": 16}, ["SQLite, list: 16 queries, at most 15"]),
        (cases.CASE, {"cpu": 15.1}, {}, ["SQLite, case, uncached: 15.1 ms of work, at most 15"]),
        ("list", {"cpu": 40.0}, {}, []),
    ],
)
def test_cases_keep_queries_and_pace(
    name: str, few: dict[str, float], many: dict[str, float], words: list[str]
) -> None:
    assert cases.faults(engine="SQLite", name=name, few=case_cost(**few), many=case_cost(**many)) == words


def test_cases_are_reported_for_every_engine(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = {cases.FEW: {"list": case_cost()}, cases.MANY: {"list": case_cost(wall=90.0)}}

    broken = cases.report(engine="PostgreSQL", found=sizes)

    printed = capsys.readouterr().out
    assert len(broken) == 1
    assert all(word in printed for word in ("PostgreSQL, cases", "list", "4.50"))


@pytest.mark.django_db
def test_filled_cases_are_listed_found_and_read(client: Client) -> None:
    case_rows.fill(cases=25, today=date(2026, 11, 20))
    case_rows.fill(cases=0, today=date(2026, 11, 20))

    listed, found, page = (
        client.get(path) for path in ("/cases/", cases.PATHS["rare word"], "/cases/bench-7/")
    )

    assert "25 件" in listed.content.decode()
    assert "1 件" in found.content.decode()
    assert "西安某公司" in page.content.decode()


def test_no_case_is_asked_for_twice_and_each_is_a_whole_one() -> None:
    """A second look would begin to keep the page in memory; a bare case would cost less than a real one."""
    asked = cases.WARM + 1 + cases.ROUNDS

    assert asked <= case_rows.DRESSED
    assert case_rows.FIRST_DRESSED + case_rows.DRESSED <= cases.FEW


def test_the_same_number_makes_the_same_city() -> None:
    codes = [population.code(number) for number in (0, 1, 31, 32, 10**6)]

    assert codes == ["000000", "000001", "00000Z", "000010", "00YGJ0"]
    assert len({population.code(number) for number in range(5000)}) == 5000


def small_city() -> population.City:
    unit = population.Unit(
        office_id=7, handlers=[1, 2], places=[("610112", "610112008")], town_units={"610112008": 9}
    )
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    return population.City(
        tips=1000, first_key=51, now=now, today=date(2026, 11, 20), units=[unit], busiest=0
    )


def test_the_newest_tips_are_open_and_the_others_lie_in_the_years_before() -> None:
    city = small_city()

    assert (city.key(0), city.key(999)) == (51, 1050)
    assert [number for number in (0, 299, 300, 999) if city.is_open(number)] == [300, 999]
    assert (city.today - city.received(0)).days == 3650
    assert all((city.today - city.received(number)).days < 75 for number in city.open_numbers)


def test_towns_whistle_over_open_tips_only() -> None:
    city = small_city()

    whistling = [number for number in city.numbers if city.whistling_town(number)]

    assert whistling[:4] == [300, 301, 320, 321]
    assert city.whistling_town(300) == 9


def test_the_percentile_is_one_of_what_was_measured() -> None:
    assert scale.p95([float(number) for number in range(1, 22)]) == 20.0
    assert scale.p95([5.0] * 19 + [100.0]) > 5.0


TALKER = """
import sys
print('{"inbox city": 20}', flush=True)
for line in sys.stdin:
    print('{"wall": 2.0, "cpu": %d}' % len(line.strip()), flush=True)
"""


def test_a_desk_is_asked_page_by_page() -> None:
    with start(TALKER, stdin=subprocess.PIPE, text=True) as process:
        desk = scale._Desk(process=process)

        queries, times = desk.answer(), [desk.ask("tip"), desk.ask("inbox")]
        process.stdin.close()

        with pytest.raises(RuntimeError, match="ended"):
            desk.answer()
    assert queries == {"inbox city": 20}
    assert [one["cpu"] for one in times] == [3, 5]


@pytest.mark.parametrize(
    ("status", "body", "counts"),
    [
        (200, b'<p data-code="7K4M">', True),
        (200, b"<form>", False),
        (422, b"data-code=", False),
        (0, b"", False),
    ],
)
def test_only_a_receipt_counts_as_sent(status: int, body: bytes, counts: bool) -> None:
    assert bench.is_receipt(Sent(status=status, seconds=1.0, body=body, key="0" * 32)) is counts


# --- requests -----------------------------------------------------------------------------------------------------


def parsed(body: bytes, settings: Settings) -> tuple[dict[str, str], list[bytes]]:
    meta = {"CONTENT_TYPE": requests.CONTENT_TYPE, "CONTENT_LENGTH": len(body)}
    handlers = [load_handler(name, None) for name in settings.FILE_UPLOAD_HANDLERS]
    fields, files = MultiPartParser(meta, io.BytesIO(body), handlers).parse()
    return fields.dict(), [file.read() for file in files.getlist("photos")]


def test_a_form_is_sent_as_browsers_send_it(settings: Settings) -> None:
    fields, photos = parsed(requests.form_body(photo=b"\xff\xd8\r\n--photo", key="0" * 32), settings)

    assert photos == [b"\xff\xd8\r\n--photo"]
    assert (fields["idempotency_key"], fields["operations"]) == ("0" * 32, "dust")


def test_the_api_gets_its_part_and_all_photos(settings: Settings) -> None:
    fields, photos = parsed(requests.api_body(photos=[b"1", b"2"]), settings)

    assert (set(fields), photos) == ({"tip"}, [b"1", b"2"])


def test_a_connection_that_breaks_is_an_outcome() -> None:
    sent = requests.post(port=server.free_port(), path="/", body=b"x", key="0" * 32)

    assert (sent.status, sent.body) == (0, b"")


def test_all_senders_send_all_they_have() -> None:
    calls: list[int] = []

    def call() -> Sent:
        calls.append(1)
        return Sent(status=200, seconds=0.0, body=b"", key="")

    assert len(requests.together(call=call, senders=4, each=3)) == len(calls) == 12


def test_the_photo_is_one_of_twelve_megapixels_that_compresses_like_a_real_one() -> None:
    data = photo.twelve_megapixels()

    with Image.open(io.BytesIO(data)) as image:
        assert 11.9e6 < image.width * image.height < 12.6e6
    assert 2e6 < len(data) < 8e6


# --- server --------------------------------------------------------------------------------------------------------


def test_the_server_gets_nothing_of_the_surrounding_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/x")
    monkeypatch.setenv("SECRET_KEY", "x")

    made = server.environment(data_dir=tmp_path, port=8123)

    assert not {"DATABASE_URL", "SECRET_KEY", "REDIS_URL", "KEY_RING"} & set(made)
    assert (made["DATA_DIR"], made["PORT"]) == (str(tmp_path), "8123")


BUSY = """
import time
held = bytearray(60 * 2**20)
end = time.process_time() + 0.3
while time.process_time() < end:
    pass
print(1, flush=True)
input()
"""
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
child.wait()
"""


def start(code: str, **options: Any) -> "subprocess.Popen[Any]":
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True, **options
    )


def test_processor_time_and_memory_of_a_process_are_read() -> None:
    process = start(BUSY, stdin=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    running = server.Server(process=process, port=0)

    used, peak = running.cpu_seconds(), running.peak_mib()

    running.kill()
    running.kill()
    assert 0.25 < used < 5
    assert 60 < peak < 300
    assert process.returncode is not None


def test_killing_ends_the_whole_group() -> None:
    process = start(PARENT)
    assert process.stdout is not None
    child = os.pidfd_open(int(process.stdout.readline()))

    server.Server(process=process, port=0).kill()

    # A signal is delivered when the child is next scheduled: its pidfd turns readable once it has ended.
    ended, _, _ = select.select([child], [], [], 30)
    os.close(child)
    assert ended == [child]
    assert os.getpgid(0) != process.pid


# --- pages ---------------------------------------------------------------------------------------------------------


def test_imported_modules_count_and_modules_loaded_on_demand_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "js/a.js": b'import { x } from "./b.js";\nimport "./c.js";\nconst later = () => import("./late.js");\n',
        "js/b.js": b"import { y } from './a.js';\n",
        "js/c.js": b"",
        "css/s.css": b'@import "./no.js";',
    }
    monkeypatch.setattr(pages, "content", files.__getitem__)

    assert pages.needed({"js/a.js", "css/s.css"}) == {"js/a.js", "js/b.js", "js/c.js", "css/s.css"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/static/css/base.css", "css/base.css"),
        ("/static/img/icons.svg#flame", "img/icons.svg"),
        ("/media/images/x.svg", ""),
        ("https://elsewhere.example/static/x.js", ""),
    ],
)
def test_only_our_own_files_are_weighed(url: str, name: str) -> None:
    assert pages.static_name(url) == name


def test_a_file_that_is_nowhere_ends_the_bench() -> None:
    with pytest.raises(SystemExit):
        pages.content("css/nowhere.css")


# --- the register -------------------------------------------------------------------------------------------------

IMPORTED = {
    "check": 20.0,
    "store": 15.0,
    "faults": 100,
    "dry": 0,
    "refused": 1,
    "stored": 49_900,
    "peak": 400,
}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, []),
        ({"check": 45.0}, []),
        ({"check": 45.1}, ["register: 60.1 s, at most 60"]),
        ({"check": 50.0}, ["register: 65.0 s, at most 60"]),
        ({"check": float("nan")}, ["register: nan s, at most 60"]),
        ({"faults": 99}, ["register: faults is 99, not 100"]),
        ({"dry": 1}, ["register: dry is 1, not 0"]),
        ({"refused": 0}, ["register: refused is 0, not 1"]),
        ({"stored": 50_000}, ["register: stored is 50000, not 49900"]),
        ({"stored": -1, "dry": 7}, ["register: dry is 7, not 0", "register: stored is -1, not 49900"]),
    ],
)
def test_the_import_keeps_a_minute_and_exact_counts(
    capsys: pytest.CaptureFixture[str], values: dict[str, float], words: list[str]
) -> None:
    assert register.report({**IMPORTED, **values}) == words

    said, heads, line = capsys.readouterr().out.strip().splitlines()
    figures = {**IMPORTED, **values}
    assert said == "register: 50,000 rows, 100 wrong"
    assert heads.split() == ["dry", "run", "s", "store", "s", "together", "faults", "stored", "peak", "MiB"]
    assert line.split()[0] == f"{figures['check']:.1f}"
    assert line.split()[3:5] == [f"{figures['faults']:.0f}", f"{figures['stored']:.0f}"]


def test_the_file_of_the_bench_has_a_hundred_wrong_rows_and_no_other_fault() -> None:
    with_words = Vocabulary(
        industries={"机械": "machinery"},
        risks={"一般": "general"},
        places=Places(districts={"未央区": "610112"}, towns={}),
    )

    found = [
        read_row(line.cells, line=line.number, words=with_words)
        for line in read_lines(data=register.big_file())
    ]

    wrong = [one for one in found if isinstance(one, list)]
    assert (len(found), len(wrong)) == (register.ROWS, register.WRONG) == (50_000, 100)
    assert {fault.fault for one in wrong for fault in one} == {RowFault.BAD_CODE}
    assert {len(one) for one in wrong} == {1}


@pytest.mark.parametrize(
    ("values", "code", "verdict"),
    [({}, 0, "✓ all budgets kept"), ({"faults": 99}, 1, "✗ register: faults is 99, not 100")],
)
def test_the_verdict_of_the_bench_has_the_line_of_the_import(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    values: dict[str, float],
    code: int,
    verdict: str,
) -> None:
    running = SimpleNamespace(port=0, peak_mib=lambda: 0.0)
    for module, name, value in (
        (bench, "twelve_megapixels", lambda: b"jpeg"),
        (bench, "floor", lambda **_named: {"cpu": 1.0, "wall": 1.0}),
        (bench, "send_form", lambda **_named: None),
        (bench, "measure", lambda **_named: bench.Load(**LOAD)),
        (bench, "report", lambda **_named: []),
        (server, "prepare", lambda **_named: None),
        (server, "running", lambda **_named: nullcontext(running)),
        (server, "run_module", lambda *_one, **_named: "{}"),
        (register, "measure", lambda **_named: {**IMPORTED, **values}),
        (cases, "measure", lambda **_named: []),
        (scale, "measure", lambda **_named: [(engine, [], FIGURES) for engine in scale.ENGINES]),
        (scale, "postgres_answers", lambda: False),
    ):
        monkeypatch.setattr(module, name, value)

    assert bench.main(["intake", "register", "cases", "desk"]) == code

    told = capsys.readouterr().out
    assert "register: 50,000 rows, 100 wrong" in told
    assert told.strip().splitlines()[-1] == verdict


# --- figures ----------------------------------------------------------------------------------------------------

FIGURES = {
    "dashboard": {"took": 30.0, "floor": 10.0, "queries": 24},
    "recount of a day": {"took": 900.0, "floor": 1.0, "queries": 20},
    "freezing a year": {"took": 590.0, "floor": 10.0, "queries": 900, "told": 19, "steps": 19},
    "public page": {"took": 3.0, "floor": 1.0, "queries": 1},
}


def figures_with(**slower: float) -> dict[str, dict[str, float]]:
    return {
        name: {**one, "took": slower.get(name.replace(" ", "_"), one["took"])}
        for name, one in FIGURES.items()
    }


def test_figures_within_their_floors_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures.report(engine="SQLite", found=FIGURES) == []
    assert "dashboard" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("slower", "words"),
    [
        ({"dashboard": 30.1}, "SQLite, dashboard: 3.0 × its floor, at most 3"),
        ({"public_page": 9.0}, "SQLite, public page: 9.0 × its floor, at most 3"),
        ({"freezing_a_year": 700.0}, "SQLite, freezing a year: 70.0 × its floor, at most 60"),
    ],
)
def test_figures_beyond_their_floors_are_named(slower: dict[str, float], words: str) -> None:
    assert figures.faults(engine="SQLite", found=figures_with(**slower)) == [words]


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("public page", {"queries": 2}, []),
        ("public page", {"queries": 3}, ["X, public page: 3 queries of a kept page, at most 2"]),
        ("freezing a year", {"told": 18}, ["X, freezing a year: told of 18 periods of 19"]),
    ],
)
def test_a_page_is_kept_and_closing_tells_how_far_it_is(
    name: str, values: dict[str, float], words: list[str]
) -> None:
    assert figures.faults(engine="X", found={**FIGURES, name: {**FIGURES[name], **values}}) == words


@pytest.mark.parametrize("name", figures.LIMITS)
def test_what_was_not_measured_is_named(name: str) -> None:
    found = {other: one for other, one in FIGURES.items() if other != name}

    assert figures.faults(engine="X", found=found) == [f"X, {name}: not measured"]


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        (("SQLite", "PostgreSQL"), []),
        (("SQLite",), ["PostgreSQL: not measured, none answers"]),
        ((), ["SQLite: not measured, none answers", "PostgreSQL: not measured, none answers"]),
    ],
)
def test_both_engines_are_measured_or_named(measured: tuple[str, ...], words: list[str]) -> None:
    assert scale.missing_engines(measured) == words


@pytest.mark.parametrize(
    ("tips", "engines", "code"),
    [
        (1_000_000, ("SQLite", "PostgreSQL"), 1),
        (1_000, ("SQLite", "PostgreSQL"), 0),
        (1_000, ("SQLite",), 1),
    ],
)
def test_figures_alone_break_the_run_from_a_million_on(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tips: int,
    engines: tuple[str, ...],
    code: int,
) -> None:
    """With few tips the floor is nothing: the run shows that the bench works, and says so of each engine."""
    asked: list[int] = []

    def measured(*, folder: Path, tips: int) -> Any:
        asked.append(tips)
        return [(engine, figures_with(dashboard=31.0)) for engine in engines]

    monkeypatch.setattr(server, "prepare", lambda **_named: None)
    monkeypatch.setattr(scale, "measure_figures", measured)

    assert bench.main(["figures", "--tips", str(tips)]) == code

    told = capsys.readouterr().out
    assert asked == [tips]
    assert all(f"{engine}, figures" in told for engine in engines)
    assert ("× its floor" in told) == (tips >= scale.MANY)


@pytest.mark.django_db
def test_closing_tells_of_each_period_in_order(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    tips(1, unit=city.yanta, day=date(2024, 1, 5))

    found = figures._freezing(2024)

    assert (found["told"], found["steps"]) == (19, 19)
    assert "2024 (19/19)" in capsys.readouterr().err
    assert PeriodReport.objects.get(code="2024").version == 1


@pytest.mark.django_db
def test_queries_and_time_are_measured_in_turn() -> None:
    calls: list[str] = []

    def work() -> None:
        calls.append("work")
        Tip.objects.count()

    found = figures._both(work, lambda: calls.append("floor"))

    assert calls == ["work", "floor"] * (figures.ROUNDS + 1)
    assert found["queries"] == 1
    assert found["took"] > 0


def test_an_answer_that_is_none_ends_the_bench() -> None:
    with pytest.raises(SystemExit, match="404"):
        figures._ok(SimpleNamespace(status_code=404))
