"""What a run of the bench leaves behind, who watches the home page meanwhile, and which parts are measured."""

import http.server
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__ as bench
from benchmarks import record
from benchmarks.record import Bar, Part, page, picture, recording
from benchmarks.requests import Sent, together
from benchmarks.watch import Watch, watching

DAY = date(2026, 3, 5)


# --- the record --------------------------------------------------------------------------------------------------


def test_what_is_printed_is_shown_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with recording() as found:
        sys.stdout.write("a table\n")
    sys.stdout.write("after\n")

    assert capsys.readouterr().out == "a table\nafter\n"
    assert found.text.getvalue() == "a table\n"


def test_output_is_given_back_after_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), recording():
        raise ZeroDivisionError
    sys.stdout.write("still here\n")

    assert capsys.readouterr().out == "still here\n"


def test_the_page_says_what_was_kept_and_nothing_of_the_machine_s_folders() -> None:
    with recording() as found:
        sys.stdout.write("\nfilled /tmp/anshao-bench-x/city in 3 s\n")
    text = page({"intake": found.part(day=DAY, broken=[])})

    assert "✓ all budgets kept" in text
    assert "## Intake\n\nMeasured on 2026-03-05 (" in text
    assert "filled … in 3 s" in text
    assert "anshao-bench" not in text


def test_the_page_names_what_was_not_kept() -> None:
    text = page({"intake": part(), "desk": part(broken=("form: 16 queries, at most 15",))})

    assert "- ✗ form: 16 queries, at most 15" in text
    assert "✓" not in text


def part(*, day: str = "2026-03-05", text: str = "a table", broken: tuple[str, ...] = ()) -> Part:
    bars = (Bar(name="CPU of a tip, 1 sender", value=0.4, floor=0.3, unit="s"),)
    return Part(day=day, machine="2 cores", text=text, bars=bars, broken=broken)


@given(
    st.lists(
        st.builds(
            Bar,
            name=st.text("ab<&>中", max_size=12),
            value=st.floats(0, 1e6),
            floor=st.floats(0, 1e6),
            unit=st.sampled_from(["ms", "s"]),
        ),
        max_size=12,
    )
)
def test_the_picture_is_sound_and_nothing_leaves_it(bars: list[Bar]) -> None:
    drawn = ElementTree.fromstring(  # noqa: S314  our own drawing
        picture(bars)
    )

    boxes = [one for one in drawn.iter() if one.tag.endswith("rect")][1:]
    assert len(boxes) == 2 * len(bars)
    height = float(drawn.attrib["viewBox"].split()[3])
    for box in boxes:
        x, y, width = (float(box.attrib[name]) for name in ("x", "y", "width"))
        assert width >= 0
        assert x + width <= record.WIDTH
        assert y < height


def test_the_longer_bar_is_the_larger_number() -> None:
    drawn = ElementTree.fromstring(  # noqa: S314  our own drawing
        picture([Bar(name="a", value=50.0, floor=100.0, unit="ms")])
    )

    floor, value = (
        float(one.attrib["width"]) for one in drawn.iter() if one.attrib.get("fill") in ("#9aa3ad", "#1456a0")
    )
    assert value == pytest.approx(floor / 2, abs=0.1)


def test_a_record_is_a_page_a_picture_and_its_figures(tmp_path: Path) -> None:
    record.write({"intake": part()}, folder=tmp_path, order=bench.PARTS)

    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["performance.json", "performance.md", "performance.svg"]
    assert "a table" in (tmp_path / "performance.md").read_text()
    assert "1 sender" in (tmp_path / "performance.svg").read_text()
    assert record.read(folder=tmp_path) == {"intake": part()}


def test_a_part_measured_anew_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    record.write({"desk": part(text="desk"), "intake": part(text="old")}, folder=tmp_path, order=bench.PARTS)
    record.write({"intake": part(text="new", day="2026-04-01")}, folder=tmp_path, order=bench.PARTS)

    found = record.read(folder=tmp_path)
    assert list(found) == ["intake", "desk"]
    assert (found["intake"].text, found["desk"]) == ("new", part(text="desk"))
    assert (tmp_path / "performance.md").read_text().count("Measured on 2026-04-01") == 1


def test_a_part_that_is_measured_no_more_goes(tmp_path: Path) -> None:
    record.write({"desk": part()}, folder=tmp_path, order=("desk",))
    record.write({"intake": part()}, folder=tmp_path, order=("intake",))

    assert list(record.read(folder=tmp_path)) == ["intake"]


def test_nothing_measured_is_nothing(tmp_path: Path) -> None:
    assert record.read(folder=tmp_path) == {}


# --- the parts -----------------------------------------------------------------------------------------------------


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Measure nothing; return which parts were asked for."""
    asked: list[str] = []

    def stand_in(part: str, **_more: object) -> list[str]:
        asked.append(part)
        sys.stdout.write(f"table of {part}\n")
        return ["desk: slow"] if part == "desk" else []

    monkeypatch.setattr(bench, "_measured", stand_in)
    monkeypatch.setattr(bench.server, "prepare", lambda **_more: None)
    monkeypatch.setattr(bench.server, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    return asked


def test_a_whole_run_measures_every_part_and_leaves_a_record(measured: list[str], tmp_path: Path) -> None:
    assert bench.main([]) == 1
    assert measured == ["intake", "register", "cases", "desk"]
    text = (tmp_path / "docs" / "performance.md").read_text()
    assert "desk: slow" in text
    assert text.index("table of intake") < text.index("table of desk")
    assert text.count("table of intake") == 1


def test_a_part_leaves_no_record(measured: list[str], tmp_path: Path) -> None:
    assert bench.main(["intake", "cases"]) == 0
    assert measured == ["intake", "cases"]
    assert list((tmp_path / "docs").iterdir()) == []


def test_a_part_leaves_one_where_it_is_asked_to(measured: list[str], tmp_path: Path) -> None:
    bench.main([])

    assert bench.main(["cases", "--write"]) == 0
    assert "desk: slow" in (tmp_path / "docs" / "performance.md").read_text()


@pytest.mark.parametrize("arguments", [["nothing"], ["--minutes", "long"]])
def test_an_unknown_part_is_refused(measured: list[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(arguments)

    assert measured == []


# --- the crowd -----------------------------------------------------------------------------------------------------


def test_a_crowd_sends_until_its_time_is_over() -> None:
    def call() -> Sent:
        time.sleep(0.01)
        return Sent(status=200, seconds=0.01, body=b"", key="")

    sent = together(call=call, senders=2, each=1, until=time.perf_counter() + 0.2)

    assert 4 <= len(sent) <= 44


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 500)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_values: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[int]:
    """Serve a page on this machine; return its port."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def watched(port: int, path: str) -> Watch:
    with watching(port=port, path=path) as found:
        deadline = time.monotonic() + 20
        while len(found.seconds) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
    return found


def test_somebody_opens_the_home_page_meanwhile(site: int) -> None:
    found = watched(site, "/")

    assert found.failed == 0
    assert 0 < found.p95_ms < 5000


def test_a_page_that_fails_is_counted(site: int) -> None:
    found = watched(site, "/broken")

    assert found.failed == len(found.seconds) >= 3


def test_a_watch_that_saw_nothing_waited_for_nothing() -> None:
    assert Watch().p95_ms == 0.0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"home_ms": 1000.0}, []),
        ({"home_ms": 1001.0}, ["64 senders: the home page takes 1001 ms meanwhile (p95), at most 1000"]),
        ({"home_failed": 2}, ["64 senders: the home page failed 2 times"]),
    ],
)
def test_who_only_reads_must_not_wait_for_who_sends(values: dict[str, float], words: list[str]) -> None:
    load = bench.Load(name="64 senders", cpu=0.3, wall=1.0, throughput=4.0, failed=0, **values)  # type: ignore[arg-type]
    pages = {"form": {"queries": 1, "ms": 1.0, "kb": 1.0}}

    assert bench.faults(loads=[load], base={"cpu": 0.3}, peak=300.0, pages=pages) == words
