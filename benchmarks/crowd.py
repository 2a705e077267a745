"""Fills a database with a whole city's years of tips, without the work of submitting each one."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from os import urandom
from typing import Any

import django

from benchmarks import casework
from benchmarks.desk import PEOPLE
from benchmarks.population import City, read_city

READABLE, SEAL_BYTES = 80_000, 32
KINDS = ("general_hazard", "general_hazard", "violation", "major_hazard", "general_hazard")
INDUSTRIES = ("machinery", "chemical", "metallurgy", "commerce", "textile", "light_industry", "")
OPEN_STATES = (
    "registered",
    "accepted",
    "accepted",
    "verifying",
    "verifying",
    "verifying",
    "verified",
    "disposed",
)
SENTENCES = (
    "二楼打磨间全是铝粉，除尘器不转",
    "液氨罐旁边动火，没有人监护",
    "污水池有人下去，没有先检测也没有绳子",
    "配电箱敞开，电线泡在水里",
    "安全出口堆满纸箱，门打不开",
)
HOTLINE_EVERY, LETTERS = 6, 50


def main() -> None:
    """Add as many tips as the first argument says to the database of this environment."""
    django.setup()
    from django.utils import timezone

    fill(tips=int(sys.argv[1]), now=timezone.now())


def fill(*, tips: int, now: datetime) -> None:
    """Insert `tips` tips with what belongs to them; the same number gives the same city."""
    from benchmarks.bulk import filling, insert
    from complaints.models import (
        Conclusion,
        Disposal,
        HandlingStep,
        Message,
        Period,
        Supervision,
        Tip,
        TipUnit,
        Whistle,
    )
    from complaints.services.day_cells import rebuild

    city = read_city(tips=tips, now=now, busiest=PEOPLE["district"])
    tables = {
        Tip: _tips,
        HandlingStep: casework.steps,
        Period: casework.periods,
        TipUnit: casework.shared,
        Whistle: casework.whistles,
        Supervision: casework.supervisions,
        Conclusion: casework.conclusions,
        Disposal: casework.disposals,
        Message: casework.messages,
    }
    with filling(list(tables)):
        for model, rows in tables.items():
            insert(model, rows(city))
    rebuild(at=now)  # rows past the triggers leave no mark


TIP_COLUMNS = (
    "id", "number", "idempotency_key", "received_date", "handling_unit_id", "handler_id", "district_id", "town_id",
    "called_unit_id", "inspecting_unit_id", "status", "phase", "clock", "clock_started", "due_date", "order_date",
    "accepted_date", "unread_count", "kind", "industry", "channel", "is_supervised", "description_sealed",
    "entity_name_sealed", "point_sealed",
)  # fmt: skip


def _tips(city: City) -> Iterator[list[Any]]:
    from benchmarks.bulk import Columns
    from complaints.enums import IdentityMode
    from complaints.models import Tip

    prototype = Tip(
        content_digest=b"\0" * 32,
        identity_mode=IdentityMode.ANONYMOUS,
        received_date=city.today,
        handling_unit_id=city.units[0].office_id,
    )
    columns = Columns(prototype, varying=TIP_COLUMNS)
    for number in city.numbers:
        yield columns.row(**_facts(city, number), **_work(city, number), **_content(city, number))


def _facts(city: City, number: int) -> dict[str, Any]:
    district, town = city.place(number)
    is_call = number % HOTLINE_EVERY == 0
    return {
        "id": city.key(number),
        "number": city.name(number),
        "idempotency_key": f"{number:032x}",
        "received_date": city.received(number),
        "district_id": district,
        "town_id": town,
        "kind": KINDS[number % len(KINDS)],
        "industry": INDUSTRIES[number % len(INDUSTRIES)],
        "channel": "letter" if _is_letter(city, number) else "hotline_12350" if is_call else "portal",
    }


def _is_letter(city: City, number: int) -> bool:
    """What few tips have: as many in a small city as in a large one."""
    return number % max(1, city.tips // LETTERS) == 7


def _work(city: City, number: int) -> dict[str, Any]:
    unit, is_open = city.unit(number), city.is_open(number)
    turn = city.turn(number)
    status = OPEN_STATES[turn % len(OPEN_STATES)] if is_open else "closed"
    caller = city.whistling_town(number)
    return {
        "handling_unit_id": unit.office_id,
        "handler_id": unit.handlers[turn % len(unit.handlers)] if unit.handlers and turn % 3 else None,
        "called_unit_id": unit.office_id if caller else None,
        "inspecting_unit_id": caller,
        "status": status,
        "phase": "open" if is_open else "done",
        "is_supervised": city.is_late(number),
        "accepted_date": city.received(number) if status != "registered" else None,
        "unread_count": int(is_open and turn % casework.UNREAD_EVERY == 0),
        **_clock(city, number, status=status),
    }


def _clock(city: City, number: int, *, status: str) -> dict[str, Any]:
    from complaints.models.tip import NO_DUE_DATE

    if not city.is_open(number):
        return {"clock": "none", "clock_started": None, "due_date": None, "order_date": NO_DUE_DATE}
    started = city.received(number)
    due = started + timedelta(days=60)
    clock = "decide" if status == "registered" else "close"
    return {"clock": clock, "clock_started": started, "due_date": due, "order_date": due}


def _content(city: City, number: int) -> dict[str, Any]:
    # Nobody opens the oldest but the few letters: noise of the same length saves the time of sealing them.
    is_read = number >= city.tips - READABLE or _is_letter(city, number)
    seal = casework.sealed if is_read else _noise
    name, sentence = city.name(number), SENTENCES[number % len(SENTENCES)]
    point = f"{34.2 + number % 97 / 500:.5f},{108.85 + number % 89 / 400:.5f}"
    return {
        "description_sealed": seal("tip", "description", name, f"{sentence}，第 {number} 件"),
        "entity_name_sealed": seal("tip", "entity_name", name, f"西安某机械厂 {number % 5000}"),
        "point_sealed": seal("tip", "point", name, point) if number % 2 else b"",
    }


def _noise(_model: str, _field: str, _row: str, text: str) -> bytes:
    return urandom(len(text.encode()) + SEAL_BYTES)


if __name__ == "__main__":
    main()
