"""A city in miniature under load: each part is killed once and comes back, and the version changes while tips arrive.

Run by `make city`, which installs what it needs. Nothing that was acknowledged is lost, nothing is there twice, and
whoever asks meanwhile is told in Chinese what is wrong.
"""

import json
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.factories import jpeg
from tests.miniature import parts
from tests.miniature.city import City, build
from tests.miniature.senders import API, CONTENT_TYPE, Answer, Crowd, api_body, ask

CALM_SECONDS, AWAY_SECONDS = 6.0, 8.0
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
FORM, HOME = "/report/", "/"


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    """Start a city and end it."""
    built = build()
    yield built
    built.end()


@pytest.fixture(scope="module")
def crowd(city: City) -> Iterator[Crowd]:
    """Let tips arrive at a steady rate for the whole time."""
    people = Crowd(port=city.port, photo=jpeg(width=1200, height=900), senders=4, every_seconds=1.0)
    people.begin()
    yield people
    people.end()


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What a part's absence means: what people must still be able to do, and how many answers may fail."""

    part: str
    takes_tips: bool
    shows_pages: bool


FAULTS = [
    Fault(part="node-a", takes_tips=True, shows_pages=True),
    Fault(part="node-b", takes_tips=True, shows_pages=True),
    Fault(part="worker", takes_tips=True, shows_pages=True),
    Fault(part="replica", takes_tips=True, shows_pages=True),
    Fault(part="redis", takes_tips=True, shows_pages=True),
    Fault(part="store", takes_tips=False, shows_pages=True),
    Fault(part="primary", takes_tips=False, shows_pages=True),
    Fault(part="gateway", takes_tips=False, shows_pages=False),
]


def pages(city: City) -> dict[str, Answer]:
    """Ask for what people open, often enough to meet both nodes."""
    return {
        f"{path} {turn}": ask(port=city.port, path=path)
        for path in (HOME, "/cases/", FORM)
        for turn in range(3)
    }


def new_tip(city: City) -> Answer:
    """Send a tip once, whatever comes back."""
    heads = {"Content-Type": CONTENT_TYPE, "Idempotency-Key": secrets.token_hex(16), "Accept-Language": "zh"}
    return ask(port=city.port, path=API, method="POST", body=api_body(photos=[jpeg()]), **heads)


@pytest.mark.timeout(1500)
def test_each_part_is_killed_once_while_tips_arrive(city: City, crowd: Crowd) -> None:
    for _ in range(2):  # pages that were asked for before are what memory and replica may answer
        pages(city)
    report: list[str] = []
    for fault in FAULTS:
        crowd.phase = f"before {fault.part}"
        time.sleep(CALM_SECONDS)
        crowd.phase = f"without {fault.part}"
        city.parts[fault.part].kill()
        began = time.monotonic()
        told, tip = pages(city), new_tip(city)
        time.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - began)))
        crowd.phase = f"after {fault.part}"
        city.parts[fault.part].start()
        back = parts.wait_for("a tip is taken again", lambda: new_tip(city).status == 201, seconds=60)
        report.append(_line(fault, told=told, tip=tip, back=back))
        _check_what_was_told(fault, told=told, tip=tip)
    _write(city, report)


def _check_what_was_told(fault: Fault, *, told: dict[str, Answer], tip: Answer) -> None:
    if fault.part == "gateway":
        assert {answer.status for answer in (*told.values(), tip)} == {0}
        return
    assert 0 not in {answer.status for answer in (*told.values(), tip)}, fault.part
    if fault.shows_pages:
        found = {path: answer.status for path, answer in told.items() if not path.startswith(FORM)}
        assert set(found.values()) == {200}, (fault.part, found)
    if fault.takes_tips:
        assert tip.status == 201, (fault.part, tip.text[:300])
    for answer in (*told.values(), tip):
        if answer.status not in {200, 201}:
            assert answer.status == 503, (fault.part, answer.status, answer.text[:300])
            assert CHINESE.search(answer.text), (fault.part, answer.text[:300])


def _line(fault: Fault, *, told: dict[str, Answer], tip: Answer, back: float) -> str:
    statuses = sorted({answer.status for answer in told.values()})
    return f"{fault.part}: pages {statuses}, a new tip {tip.status}, tips taken again after {back:.1f} s"


@pytest.mark.timeout(600)
def test_a_new_version_comes_while_tips_arrive(city: City, crowd: Crowd) -> None:
    crowd.phase = "before the upgrade"
    time.sleep(CALM_SECONDS)
    crowd.phase = "upgrade"
    city.run("manage.py", "migrate", "--noinput", MINIATURE_UPGRADED="1")
    for name in ("node-a", "node-b"):
        node = city.parts[name]
        parts.take_out(city.parts["gateway"], folder=city.folder, port=int(node.environment["PORT"]))
        time.sleep(2.0)  # what the gateway had sent there is answered
        node.stop()
        node.environment = {**node.environment, "MINIATURE_UPGRADED": "1"}
        node.start()
        parts.take_out(city.parts["gateway"], folder=city.folder, port=None)
        time.sleep(CALM_SECONDS)
    crowd.phase = "after the upgrade"
    time.sleep(CALM_SECONDS)

    told = {status: count for (phase, status), count in crowd.told.items() if phase == "upgrade"}
    assert set(told) == {201}, told


@pytest.mark.timeout(600)
def test_nothing_is_lost_nothing_is_doubled_nothing_lies_about(city: City, crowd: Crowd) -> None:
    crowd.phase = "end"
    crowd.end()
    sent = len(crowd.acknowledged)

    found = city.look()

    assert crowd.given_up == []
    assert sent > 100
    assert set(crowd.acknowledged) <= set(found["tips"])
    # A second try whose first answer was lost gets a further receipt to the same tip (docs/adr/0005).
    assert len(set(found["tips"].values())) == len(found["tips"]) <= found["receipts"]
    assert {crowd.acknowledged[key]["number"] for key in crowd.acknowledged} <= set(found["tips"].values())
    assert (found["broken"], found["audit"], found["swept"][1]) == ({}, None, 0)
    _write(city, [f"{sent} tips acknowledged, {len(found['tips'])} in the register, 0 lost, 0 doubled"])


@pytest.mark.timeout(300)
def test_every_acknowledged_receipt_opens(city: City, crowd: Crowd) -> None:
    receipts = [one["receipt"] for one in crowd.acknowledged.values()][
        :: max(1, len(crowd.acknowledged) // 25)
    ]

    statuses = [
        ask(
            port=city.port,
            path="/api/v1/tips/status",
            method="POST",
            body=json.dumps({"receipt": receipt}).encode(),
            **{"Content-Type": "application/json"},
        ).status
        for receipt in receipts
    ]

    assert len(receipts) >= 25
    assert set(statuses) == {200}


@pytest.mark.timeout(300)
def test_the_replica_is_level_and_answers_pages(city: City) -> None:
    parts.wait_for("the replica is level", city.replica_is_level)


@pytest.mark.timeout(300)
def test_a_film_comes_from_the_store_through_the_gateway_and_no_stranger_gets_it(city: City) -> None:
    folder = city.folder / "store" / "city-media"
    (folder / "images%2Fa.webp").write_bytes(b"RIFF" * 1000)

    whole = ask(port=city.port, path="/media/images/a.webp")
    part = ask(port=city.port, path="/media/images/a.webp", Range="bytes=4-7")
    direct = ask(port=city.port, path="/from-the-store/city-media/images/a.webp")

    assert (whole.status, len(whole.body), whole.headers["Content-Type"]) == (200, 4000, "image/webp")
    assert (part.status, part.body) == (206, b"RIFF")
    assert direct.status == 404
    assert not [name for name in whole.headers if "amz" in name.lower()]


@pytest.mark.timeout(300)
def test_nothing_of_a_tip_is_in_any_log(city: City, crowd: Crowd) -> None:
    receipts = [one["receipt"] for one in crowd.acknowledged.values()]
    logs = [*city.folder.glob("*.log"), *(city.folder / "gateway").glob("*.log")]
    text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)

    assert logs
    assert not [receipt for receipt in receipts if receipt in text]
    assert "科技路" not in text
    assert not [name for name in ("SECRET_KEY", "KEY_RING") if city.environment[name] in text]


def _write(city: City, lines: list[str]) -> None:
    """Keep a record of the run beside the code, as anybody may want to see it."""
    record = Path("var") / "city-in-miniature.txt"
    record.parent.mkdir(exist_ok=True)
    with record.open("a", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))
