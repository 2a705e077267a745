"""Fills a database with a whole city's years of tips, without the work of submitting each one."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from os import urandom
from typing import Any
from uuid import UUID

import django

YEARS = 10
# The small city has as many open ones as a page shows at most, so that pages of the same length are compared.
OPEN_SHARE, LEAST_OPEN = 0.02, 900
READABLE, SEAL_BYTES = 80_000, 32
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
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
# Every so many open tips one of a kind.
UNREAD_EVERY, WHISTLE_EVERY, PROPOSED_EVERY, CONCLUDED_EVERY, SHARED_EVERY = 40, 50, 45, 10, 10
HOTLINE_EVERY, LETTER_EVERY, DONE_WHISTLE_EVERY = 6, 20_000, 200


def main() -> None:
    """Add as many tips as the first argument says to the database of this environment."""
    django.setup()
    from django.utils import timezone

    fill(tips=int(sys.argv[1]), now=timezone.now())


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit in charge: who works in it, where its tips happen (district and town), its towns with units."""

    office_id: int
    handlers: Sequence[int]
    places: Sequence[tuple[str, str]]
    town_units: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class City:
    """What decides about each tip: its number alone, so that the same number gives the same city."""

    tips: int
    first_key: int
    now: datetime
    today: date
    units: Sequence[Unit]

    @property
    def numbers(self) -> range:
        """All tips."""
        return range(self.tips)

    @property
    def open_numbers(self) -> range:
        """The tips somebody works on, the newest."""
        return range(self.tips - max(LEAST_OPEN, int(self.tips * OPEN_SHARE)), self.tips)

    def is_open(self, number: int) -> bool:
        """Whether somebody works on the tip."""
        return number >= self.open_numbers.start

    def key(self, number: int) -> int:
        """The primary key of a tip."""
        return self.first_key + number

    def received(self, number: int) -> date:
        """The day a tip came: the open ones within two months, the others over the years."""
        days = number % 75 if self.is_open(number) else YEARS * 365 * (self.tips - number) // self.tips
        return self.today - timedelta(days=days)

    def unit(self, number: int) -> Unit:
        """The unit in charge."""
        return self.units[number % len(self.units)]

    def place(self, number: int) -> tuple[str, str]:
        """District and town."""
        places = self.unit(number).places
        return places[number // len(self.units) % len(places)]

    def whistling_town(self, number: int) -> int | None:
        """The town unit whose whistle is open over an open tip."""
        is_one = self.is_open(number) and number // len(self.units) % WHISTLE_EVERY < 5
        return self.unit(number).town_units.get(self.place(number)[1]) if is_one else None


def fill(*, tips: int, now: datetime) -> None:
    """Insert `tips` tips with what belongs to them; the same number gives the same city."""
    from benchmarks.bulk import filling, insert
    from complaints.models import (
        Conclusion,
        HandlingStep,
        Message,
        Period,
        Supervision,
        Tip,
        TipUnit,
        Whistle,
    )

    city = read_city(tips=tips, now=now)
    tables = {
        Tip: _tips, HandlingStep: _steps, Period: _periods, TipUnit: _shared, Whistle: _whistles,
        Supervision: _supervisions, Conclusion: _conclusions, Message: _messages,
    }  # fmt: skip
    with filling(list(tables)):
        for model, rows in tables.items():
            insert(model, rows(city))


def read_city(*, tips: int, now: datetime) -> City:
    """Return the units of the database as they shall get tips."""
    from django.utils import timezone

    from complaints.models import Office, Tip

    newest = Tip.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    offices = Office.objects.exclude(level="town").order_by("pk")
    units = [_unit(office) for office in offices.prefetch_related("divisions", "children__divisions")]
    return City(
        tips=tips, first_key=newest + 1, now=now, today=timezone.localdate(now), units=[*units]
    )  # fmt: skip


def _unit(office: Any) -> Unit:
    from complaints.models import Division

    districts = [one.code for one in office.divisions.all()]
    towns = Division.objects.filter(level="town").order_by("code")
    inside = towns.filter(parent__in=districts) | towns.filter(code__in=districts)
    places = [(one.parent_id or "", one.code) for one in (inside if districts else towns)]
    handlers = office.memberships.filter(role="officer").order_by("pk").values_list("user_id", flat=True)
    below = office.children.all() if office.level == "district" else ()
    return Unit(
        office_id=office.pk,
        handlers=list(handlers),
        places=places,
        town_units={one.code: unit.pk for unit in below for one in unit.divisions.all()},
    )


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
        "number": _name(city, number),
        "idempotency_key": f"{number:032x}",
        "received_date": city.received(number),
        "district_id": district,
        "town_id": town,
        "kind": KINDS[number % len(KINDS)],
        "industry": INDUSTRIES[number % len(INDUSTRIES)],
        "channel": "letter" if _is_letter(number) else "hotline_12350" if is_call else "portal",
    }


def _is_letter(number: int) -> bool:
    """What few tips have, however many there are."""
    return number % LETTER_EVERY == 7


def _work(city: City, number: int) -> dict[str, Any]:
    unit, is_open = city.unit(number), city.is_open(number)
    turn = number // len(city.units)
    status = OPEN_STATES[turn % len(OPEN_STATES)] if is_open else "closed"
    caller = city.whistling_town(number)
    return {
        "handling_unit_id": unit.office_id,
        "handler_id": unit.handlers[turn % len(unit.handlers)] if unit.handlers and turn % 3 else None,
        "called_unit_id": unit.office_id if caller else None,
        "inspecting_unit_id": caller,
        "status": status,
        "phase": "open" if is_open else "done",
        "is_supervised": _is_late(city, number),
        "accepted_date": city.received(number) if status != "registered" else None,
        "unread_count": int(is_open and turn % UNREAD_EVERY == 0),
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
    is_read = number >= city.tips - READABLE or _is_letter(number)
    seal = _sealed if is_read else _noise
    name, sentence = _name(city, number), SENTENCES[number % len(SENTENCES)]
    point = f"{34.2 + number % 97 / 500:.5f},{108.85 + number % 89 / 400:.5f}"
    return {
        "description_sealed": seal("tip", "description", name, f"{sentence}，第 {number} 件"),
        "entity_name_sealed": seal("tip", "entity_name", name, f"西安某机械厂 {number % 5000}"),
        "point_sealed": seal("tip", "point", name, point) if number // len(city.units) % 2 else b"",
    }


def _is_late(city: City, number: int) -> bool:
    """An overdue tip: the level above looks in, as the daily task has it."""
    return city.is_open(number) and city.received(number) + timedelta(days=60) < city.today


def _name(city: City, number: int) -> str:
    return f"AS-{city.received(number).year}-{_code(number)}"


def _sealed(model: str, field: str, row: str, text: str) -> bytes:
    """Encrypt as the column does, without the cost of a model instance."""
    from complaints.models.sealed import aad_for, active_keyring

    return active_keyring().encrypt(text.encode(), aad=aad_for(model=model, field=field, row=row))


def _noise(_model: str, _field: str, _row: str, text: str) -> bytes:
    return urandom(len(text.encode()) + SEAL_BYTES)


def _code(number: int) -> str:
    """Return six characters, another for each number."""
    text = ""
    for _ in range(6):
        number, rest = divmod(number, len(ALPHABET))
        text = ALPHABET[rest] + text
    return text


def _steps(city: City) -> Iterator[list[Any]]:
    from benchmarks.bulk import Columns
    from complaints.models import HandlingStep

    prototype = HandlingStep(tip_id=1, action="register", target="registered", taken_date=city.today)
    columns = Columns(prototype, varying=("id", "public_id", "tip_id", "taken_date", "office_id"))
    for number in city.numbers:
        key = city.key(number)
        yield columns.row(
            id=key,
            public_id=_uuid(key),
            tip_id=key,
            taken_date=city.received(number),
            office_id=city.unit(number).office_id,
        )


def _periods(city: City) -> Iterator[list[Any]]:
    from benchmarks.bulk import Columns
    from complaints.models import Period

    prototype = Period(tip_id=1, clock="close", started_date=city.today, days=60, due_date=city.today)
    columns = Columns(prototype, varying=("id", "tip_id", "started_date", "due_date", "ended_date"))
    for number in city.numbers[city.tips * 3 // 4 :]:
        started = city.received(number)
        yield columns.row(
            id=city.key(number),
            tip_id=city.key(number),
            started_date=started,
            due_date=started + timedelta(days=60),
            ended_date=None if city.is_open(number) else started + timedelta(days=30),
        )


def _shared(city: City) -> Iterator[list[Any]]:
    """A second unit helps with some: still with the open ones, in the past with the closed ones."""
    from benchmarks.bulk import Columns
    from complaints.models import TipUnit

    prototype = TipUnit(tip_id=1, office_id=1, part="co_unit", since_date=city.today)
    columns = Columns(prototype, varying=("id", "tip_id", "office_id", "ended_date"))
    for number in city.numbers[::SHARED_EVERY]:
        other = city.units[(number // SHARED_EVERY + 1 + number) % len(city.units)]
        yield columns.row(
            id=city.key(number),
            tip_id=city.key(number),
            office_id=other.office_id,
            ended_date=None if city.is_open(number) else city.received(number) + timedelta(days=30),
        )


def _whistles(city: City) -> Iterator[list[Any]]:
    from benchmarks.bulk import Columns
    from complaints.models import Whistle

    prototype = Whistle(tip_id=1, town_id=1, called_id=1, raised_at=city.now, answer_by=city.now)
    names = (
        "id",
        "public_id",
        "tip_id",
        "town_id",
        "called_id",
        "raised_at",
        "answer_by",
        "answered_at",
        "ended_at",
    )
    columns = Columns(prototype, varying=names)
    for number in city.numbers:
        town = city.whistling_town(number)
        if town is None and (city.is_open(number) or number % DONE_WHISTLE_EVERY):
            continue
        unit, key = city.unit(number), city.key(number)
        raised = city.now - timedelta(days=(city.today - city.received(number)).days, hours=number % 24)
        ended = raised + timedelta(hours=number % 36) if town is None else None
        yield columns.row(
            id=key,
            public_id=_uuid(key),
            tip_id=key,
            town_id=town or unit.office_id,
            called_id=unit.office_id,
            raised_at=raised,
            answer_by=raised + timedelta(hours=24),
            answered_at=ended,
            ended_at=ended,
        )


def _supervisions(city: City) -> Iterator[list[Any]]:
    from benchmarks.bulk import Columns
    from complaints.models import Supervision

    prototype = Supervision(
        tip_id=1,
        office_id=city.units[0].office_id,
        cause="overdue",
        raised_date=city.today,
        answer_by=city.today,
    )
    columns = Columns(prototype, varying=("id", "tip_id", "ended_date"))
    for number in city.numbers:
        is_late = _is_late(city, number)
        if is_late or not (city.is_open(number) or number % 20):
            ended = None if is_late else city.received(number) + timedelta(days=90)
            yield columns.row(id=city.key(number), tip_id=city.key(number), ended_date=ended)


def _conclusions(city: City) -> Iterator[list[Any]]:
    from benchmarks.bulk import Columns
    from complaints.models import Conclusion

    prototype = Conclusion(tip_id=1, result="true", proposed_at=city.now)
    columns = Columns(
        prototype, varying=("id", "public_id", "tip_id", "decided_at", "is_confirmed", "proposed_by_id")
    )
    for number in city.numbers:
        is_open = city.is_open(number)
        handlers = city.unit(number).handlers
        turn = number // len(city.units)
        if turn % (PROPOSED_EVERY if is_open else CONCLUDED_EVERY) == 0:
            yield columns.row(
                id=city.key(number),
                public_id=_uuid(city.key(number)),
                tip_id=city.key(number),
                decided_at=None if is_open else city.now,
                is_confirmed=None if is_open else True,
                proposed_by_id=handlers[0] if handlers else None,
            )


def _messages(city: City) -> Iterator[list[Any]]:
    """The reporter's words nobody has read yet."""
    from benchmarks.bulk import Columns
    from complaints.models import Message

    prototype = Message(tip_id=1, direction="from_reporter", sent_date=city.today)
    columns = Columns(prototype, varying=("id", "public_id", "tip_id", "body_sealed"))
    for number in city.open_numbers:
        if number // len(city.units) % UNREAD_EVERY == 0:
            key = city.key(number)
            body = _sealed("message", "body", str(_uuid(key)), f"今天又看到了，第 {number} 件")
            yield columns.row(id=key, public_id=_uuid(key), tip_id=key, body_sealed=body)


def _uuid(key: int) -> UUID:
    return UUID(int=key)


if __name__ == "__main__":
    main()
