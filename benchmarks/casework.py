"""What happened to the tips of a made city beside their registration: rows for the tables round the tip."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from benchmarks.population import City

# Every so many tips of a unit have one.
UNREAD_EVERY, PROPOSED_EVERY, CONCLUDED_EVERY, SHARED_EVERY, DONE_WHISTLE_EVERY = 10, 11, 10, 10, 200


def steps(city: City) -> Iterator[list[Any]]:
    """Each tip was registered."""
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


def periods(city: City) -> Iterator[list[Any]]:
    """The periods of the open tips, and those that ended lately."""
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


def shared(city: City) -> Iterator[list[Any]]:
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


def whistles(city: City) -> Iterator[list[Any]]:
    """Towns wait for some of the open tips, and waited for some of the closed ones."""
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


def supervisions(city: City) -> Iterator[list[Any]]:
    """The level above looks into what is overdue, and did into some of the closed ones."""
    from benchmarks.bulk import Columns
    from complaints.models import Supervision

    prototype = Supervision(
        tip_id=1,
        office_id=city.units[0].office_id,
        unit_id=city.units[0].office_id,
        cause="overdue",
        raised_date=city.today,
        answer_by=city.today,
    )
    columns = Columns(prototype, varying=("id", "tip_id", "raised_date", "ended_date"))
    for number in city.numbers:
        is_late = city.is_late(number)
        if is_late or not (city.is_open(number) or number % 20):
            ended = None if is_late else city.received(number) + timedelta(days=90)
            raised = city.today if is_late else city.received(number) + timedelta(days=60)
            key = city.key(number)
            yield columns.row(id=key, tip_id=key, raised_date=min(raised, city.today), ended_date=ended)


def conclusions(city: City) -> Iterator[list[Any]]:
    """Results that wait for a signature, and signed ones."""
    from benchmarks.bulk import Columns
    from complaints.models import Conclusion

    prototype = Conclusion(tip_id=1, result="true", proposed_at=city.now)
    columns = Columns(
        prototype, varying=("id", "public_id", "tip_id", "decided_at", "is_confirmed", "proposed_by_id")
    )
    for number in city.numbers:
        is_open = city.is_open(number)
        handlers = city.unit(number).handlers
        turn = city.turn(number)
        if turn % (PROPOSED_EVERY if is_open else CONCLUDED_EVERY) == 0:
            yield columns.row(
                id=city.key(number),
                public_id=_uuid(city.key(number)),
                tip_id=city.key(number),
                decided_at=None if is_open else signed(city, number),
                is_confirmed=None if is_open else True,
                proposed_by_id=handlers[0] if handlers else None,
            )


def disposals(city: City) -> Iterator[list[Any]]:
    """Measures that wait for a signature, and signed ones; other tips than those whose result waits."""
    from benchmarks.bulk import Columns
    from complaints.models import Disposal

    prototype = Disposal(tip_id=1, measure="notice", decided_date=city.today, recorded_at=city.now)
    columns = Columns(
        prototype,
        varying=("id", "public_id", "tip_id", "decided_date", "decided_at", "is_confirmed", "recorded_by_id"),
    )
    for number in city.numbers:
        is_open = city.is_open(number)
        handlers = city.unit(number).handlers
        turn = number // len(city.units)
        if turn % (PROPOSED_EVERY if is_open else CONCLUDED_EVERY) == 1:
            yield columns.row(
                id=city.key(number),
                public_id=_uuid(city.key(number)),
                tip_id=city.key(number),
                decided_date=city.today if is_open else signed(city, number).date(),
                decided_at=None if is_open else signed(city, number),
                is_confirmed=None if is_open else True,
                recorded_by_id=handlers[0] if handlers else None,
            )


def signed(city: City, number: int) -> datetime:
    """Return when a leader signed what came of a closed tip: some weeks after it came in, never after now."""
    days = (city.today - city.received(number)).days
    return city.now - timedelta(days=max(0, days - 20 - number % 9))


def messages(city: City) -> Iterator[list[Any]]:
    """The reporter's words nobody has read yet."""
    from benchmarks.bulk import Columns
    from complaints.models import Message

    prototype = Message(tip_id=1, direction="from_reporter", sent_date=city.today)
    columns = Columns(prototype, varying=("id", "public_id", "tip_id", "body_sealed"))
    for number in city.open_numbers:
        if city.turn(number) % UNREAD_EVERY == 0:
            key = city.key(number)
            body = sealed("message", "body", str(_uuid(key)), f"今天又看到了，第 {number} 件")
            yield columns.row(id=key, public_id=_uuid(key), tip_id=key, body_sealed=body)


def _uuid(key: int) -> UUID:
    return UUID(int=key)


def sealed(model: str, field: str, row: str, text: str) -> bytes:
    """Encrypt as the column does, without the cost of a model instance."""
    from complaints.models.sealed import aad_for, active_keyring

    return active_keyring().encrypt(text.encode(), aad=aad_for(model=model, field=field, row=row))
