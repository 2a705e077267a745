"""Fills a database with a whole city's years of tips, without the work of submitting each one."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from os import urandom
from typing import Any
from uuid import UUID, uuid4

import django

YEARS = 10
OPEN_SHARE, LEAST_OPEN = 0.02, 400
BATCH = 5000
READABLE, SEAL_BYTES = 50_000, 32
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SENTENCES = (
    "二楼打磨间全是铝粉，除尘器不转",
    "液氨罐旁边动火，没有人监护",
    "污水池有人下去，没有先检测也没有绳子",
    "配电箱敞开，电线泡在水里",
    "安全出口堆满纸箱，门打不开",
)


def main() -> None:
    """Add as many tips as the first argument says to the database of this environment."""
    django.setup()
    from django.utils import timezone

    fill(tips=int(sys.argv[1]), today=timezone.localdate())


def fill(*, tips: int, today: date) -> None:
    """Insert `tips` tips with one step each; the same number gives the same city."""
    from django.db import connection, transaction

    from complaints.models import HandlingStep, Office, Tip, TipUnit

    offices = list(Office.objects.exclude(level="town").order_by("pk"))
    with transaction.atomic():
        _insert(Tip, _tips(tips=tips, today=today, offices=offices))
        keys = Tip.objects.order_by("pk").values_list("pk", "received_date", "handling_unit_id")
        _insert(HandlingStep, _steps(keys.iterator(chunk_size=BATCH)))
        shared = Tip.objects.filter(phase="open").order_by("pk").values_list("pk", flat=True)[: tips // 200]
        TipUnit.objects.bulk_create(
            TipUnit(tip_id=key, office=offices[key % len(offices)], part="co_unit", since_date=today)
            for key in list(shared)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what the daily task and the database server do by themselves


class Columns:
    """The columns of a table: what is the same in every row is made ready for the database once."""

    def __init__(self, prototype: Any, *, varying: Sequence[str]) -> None:
        from django.db import connections

        self.connection = connections["default"]  # the connection itself: its stand-in asks for it each time
        self.fields = [field for field in prototype._meta.concrete_fields if not field.primary_key]
        self.base = [self._stored(field, field.pre_save(prototype, add=True)) for field in self.fields]
        self.places = {
            field.attname: (place, field)
            for place, field in enumerate(self.fields)
            if field.attname in varying
        }

    def row(self, **values: Any) -> list[Any]:
        """Return one row with these values in place of the prototype's."""
        row = list(self.base)
        for name, value in values.items():
            place, field = self.places[name]
            # Numbers, texts and bytes go in as they are; that saves most of the time.
            row[place] = self._stored(field, value) if isinstance(value, date | UUID) else value
        return row

    def _stored(self, field: Any, value: Any) -> Any:
        ready = field.get_db_prep_save(value, self.connection)
        return ready.dumps(ready.obj) if hasattr(ready, "dumps") else ready


TIP_COLUMNS = (
    "number", "idempotency_key", "received_date", "handling_unit_id", "status", "phase", "clock", "clock_started",
    "due_date", "order_date", "unread_count", "description_sealed", "entity_name_sealed",
)  # fmt: skip


def _tips(*, tips: int, today: date, offices: Sequence[Any]) -> Iterator[list[Any]]:
    from complaints.enums import IdentityMode
    from complaints.models import Tip

    prototype = Tip(
        content_digest=b"\0" * 32,
        identity_mode=IdentityMode.ANONYMOUS,
        kind="general_hazard",
        industry="machinery",
        received_date=today,
        handling_unit=offices[0],
    )
    columns = Columns(prototype, varying=TIP_COLUMNS)
    for number in range(tips):
        yield columns.row(**_values(number, tips=tips, today=today, offices=offices))


def _values(number: int, *, tips: int, today: date, offices: Sequence[Any]) -> dict[str, Any]:
    from complaints.models.tip import NO_DUE_DATE

    is_open = number >= tips - max(LEAST_OPEN, int(tips * OPEN_SHARE))
    days = number % 60 if is_open else YEARS * 365 * (tips - number) // tips
    received = today - timedelta(days=days)
    due = received + timedelta(days=60) if is_open else None
    name, sentence = f"AS-{received.year}-{_code(number)}", SENTENCES[number % len(SENTENCES)]
    # Nobody opens the oldest: noise of the same length saves the time of sealing them.
    seal = _sealed if number >= tips - READABLE else _noise
    return {
        "number": name,
        "idempotency_key": f"{number:032x}",
        "received_date": received,
        "handling_unit_id": offices[number % len(offices)].pk,
        "status": "accepted" if is_open else "closed",
        "phase": "open" if is_open else "done",
        "clock": "close" if is_open else "none",
        "clock_started": received if is_open else None,
        "due_date": due,
        "order_date": due or NO_DUE_DATE,
        "unread_count": int(is_open and number % 40 == 0),
        "description_sealed": seal("description", name, f"{sentence}，第 {number} 件"),
        "entity_name_sealed": seal("entity_name", name, f"西安某机械厂 {number % 5000}"),
    }


def _sealed(field: str, row: str, text: str) -> bytes:
    """Encrypt as the column does, without the cost of a model instance."""
    from complaints.models.sealed import aad_for, active_keyring

    return active_keyring().encrypt(text.encode(), aad=aad_for(model="tip", field=field, row=row))


def _noise(_field: str, _row: str, text: str) -> bytes:
    return urandom(len(text.encode()) + SEAL_BYTES)


def _code(number: int) -> str:
    """Return six characters, another for each number."""
    text = ""
    for _ in range(6):
        number, rest = divmod(number, len(ALPHABET))
        text = ALPHABET[rest] + text
    return text


def _steps(keys: Iterable[tuple[int, date, int]]) -> Iterator[list[Any]]:
    from complaints.models import HandlingStep

    prototype = HandlingStep(tip_id=1, action="register", target="registered", taken_date=date(2020, 1, 1))
    columns = Columns(prototype, varying=("public_id", "tip_id", "taken_date", "office_id"))
    for tip, day, office in keys:
        yield columns.row(public_id=uuid4(), tip_id=tip, taken_date=day, office_id=office)


def _insert(model: type[Any], rows: Iterator[list[Any]]) -> None:
    """Insert rows in large batches: COPY on PostgreSQL, prepared statements elsewhere."""
    from django.db import connection

    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    names, table = ", ".join(f'"{name}"' for name in columns), model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', batch)  # noqa: S608  names of our own tables


if __name__ == "__main__":
    main()
