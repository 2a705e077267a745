"""Triggers that note which days a change of records touches: whatever wrote them, and in the same transaction.

A service, `update()`, a cascade, the console: all reach the database, and none has to remember the daily sums. Which
columns figures read stands in `WATCHED`; a test compares it with the SQL of every source.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Field, Model

from complaints.models import (
    Conclusion,
    Disposal,
    Extension,
    HandlingStep,
    Objection,
    Period,
    Rating,
    Referral,
    RewardAssessment,
    RewardClaim,
    Supervision,
    Tip,
    TouchedDay,
    Whistle,
)

PREFIX = "touched_day_"
# Which rows each event of a table has.
EVENTS = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("NEW", "OLD")}
_MAKE = {
    "sqlite": 'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" {when} BEGIN {note}; END',
    "postgresql": (
        'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
        "$$ BEGIN {note}; RETURN NULL; END $$; "
        'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" FOR EACH ROW {when} EXECUTE FUNCTION "{name}"()'
    ),
}
# SQLite knows no names of zones. What is stored is UTC, and the zone of the bureau has had no summer time since 1991.
HOURS_EAST = 8


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A table figures read: the fields of the days it is counted on, and further fields a count depends on."""

    model: type[Model]
    days: tuple[str, ...]
    more: tuple[str, ...]

    @property
    def table(self) -> str:
        """The table in the database."""
        return self.model._meta.db_table

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose change matters."""
        return tuple(str(self._field(name).column) for name in (*self.days, *self.more))

    def _field(self, name: str) -> "Field[Any, Any]":
        found = self.model._meta.get_field(name)
        assert isinstance(found, Field)  # a column of this table
        return found

    def day_of(self, name: str, *, row: str) -> str:
        """Return the SQL of the local day of a field in a row: NEW, OLD or the name of a table."""
        field = self._field(name)
        value = f'{row}."{field.column}"'
        if not isinstance(field, DateTimeField):
            return value
        if connection.vendor == "sqlite":
            # To the second: with its fraction the last moment of a day is rounded up into the next one.
            return f"date(substr({value}, 1, 19), '+{HOURS_EAST} hours')"
        return f"({value} AT TIME ZONE '{settings.TIME_ZONE}')::date"


WATCHED = (
    Watched(model=Tip, days=("received_date",), more=("handling_unit",)),
    Watched(model=HandlingStep, days=("taken_date",), more=("tip", "action", "reason")),
    Watched(model=Period, days=("ended_date",), more=("tip", "clock", "due_date")),
    Watched(model=Conclusion, days=("decided_at",), more=("tip", "is_confirmed", "result")),
    Watched(
        model=Disposal,
        days=("decided_date", "rectified_date"),
        more=("tip", "is_confirmed", "measure", "fine_amount"),
    ),
    Watched(model=Referral, days=("transferred_at",), more=("tip",)),
    Watched(
        model=Whistle,
        days=("raised_at",),
        more=("tip", "answer_by", "answered_at", "is_returned", "ended_at"),
    ),
    Watched(model=Supervision, days=("raised_date",), more=("tip",)),
    Watched(model=Extension, days=("decided_at",), more=("tip", "is_granted")),
    Watched(model=Objection, days=("filed_date", "reviewed_date"), more=("tip", "is_upheld")),
    Watched(model=Rating, days=("rated_date",), more=("tip", "score")),
    Watched(model=RewardClaim, days=("paid_date", "ended_date"), more=("assessment", "state", "reply_days")),
    Watched(model=RewardAssessment, days=(), more=("tip", "proposed_cents")),
)
_CLAIM = next(one for one in WATCHED if one.model is RewardClaim)


def triggers() -> dict[str, str]:
    """Return the SQL that makes each trigger, by its name, for the engine in use; nothing for other engines."""
    if connection.vendor not in _MAKE:
        return {}
    return dict(_named(one, event) for one in WATCHED for event in EVENTS if _note(one, rows=EVENTS[event]))


def _named(one: Watched, event: str) -> tuple[str, str]:
    """Return the name of a trigger, which changes with what it does, and the SQL that makes it."""
    note = _note(one, rows=EVENTS[event])
    when = _differs(one) if event == "UPDATE" else ""
    mark = sha256(f"{when} {note}".encode()).hexdigest()[:8]
    name = f"{PREFIX}{one.model._meta.model_name}_{event.lower()}_{mark}"
    return name, _MAKE[connection.vendor].format(
        name=name, event=event, table=one.table, when=f"WHEN ({when})" if when else "", note=note
    )


def _differs(one: Watched) -> str:
    sign = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f'OLD."{column}" {sign} NEW."{column}"' for column in one.columns)


def _note(one: Watched, *, rows: tuple[str, ...]) -> str:
    """Return the statement that notes the days of these rows, each day once; empty where there is none."""
    days = [f"SELECT {one.day_of(name, row=row)} AS day" for row in rows for name in one.days]
    if "OLD" in rows and "NEW" in rows:
        days += _beyond(one)
    if not days:
        return ""
    found = " UNION ".join(days)
    table = TouchedDay._meta.db_table
    return f'INSERT INTO "{table}" (day) SELECT found.day FROM ({found}) AS found WHERE found.day IS NOT NULL'  # noqa: S608  names of our own tables


def _beyond(one: Watched) -> Iterable[str]:
    """Yield the days of other rows that a change moves: all of a tip that gets another unit, the claim of a reward."""
    claim, assessment = _CLAIM.table, RewardAssessment._meta.db_table
    paid = [
        f'SELECT {_CLAIM.day_of(name, row=claim)} AS day FROM "{claim}"'  # noqa: S608  see above
        for name in _CLAIM.days
    ]
    if one.model is RewardAssessment:
        return [f'{days} WHERE "{claim}"."assessment_id" = NEW."id"' for days in paid]
    if one.model is not Tip:
        return []
    joined = f'JOIN "{assessment}" ON "{assessment}"."id" = "{claim}"."assessment_id"'
    return [
        *(
            f'SELECT {child.day_of(name, row=child.table)} AS day FROM "{child.table}"'  # noqa: S608  see above
            f' WHERE "{child.table}"."tip_id" = NEW."id"'
            for child in WATCHED
            if "tip" in child.more
            for name in child.days
        ),
        *(f'{days} {joined} WHERE "{assessment}"."tip_id" = NEW."id"' for days in paid),
    ]


def install() -> bool:
    """Make the triggers that are missing and drop outdated ones; return whether any was missing."""
    wanted, there = triggers(), installed()
    remove(names=set(there) - set(wanted))
    missing = [sql for name, sql in wanted.items() if name not in there]
    with connection.cursor() as cursor:
        for sql in missing:
            cursor.execute(sql)
    return bool(missing)


def remove(*, names: Collection[str] | None = None) -> None:
    """Drop these triggers or all, as before tables are rebuilt: until all was recounted the sums do not hold."""
    with connection.cursor() as cursor:
        for name, table in installed().items():
            if names is not None and name not in names:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f'DROP TRIGGER "{name}"')
            else:
                cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
                cursor.execute(f'DROP FUNCTION "{name}"()')


def installed() -> dict[str, str]:
    """Return the triggers that are there, each with its table."""
    sql = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
    }.get(connection.vendor)
    if sql is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = dict(cursor.fetchall())
    return {name: table.strip('"') for name, table in found.items() if name.startswith(PREFIX)}
