"""Keeping the daily sums of figures: counting touched days again, and everything from nothing."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from secrets import token_hex
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Max, Min
from django.db.models.functions import TruncDate
from django.utils import timezone

from complaints.errors import ComplaintError
from complaints.models import CELL_COLUMNS, CellState, DayCell, Tip, TouchedDay
from complaints.rules.spans import SpanKind, span_around, stretches_of
from complaints.stats import touching
from complaints.stats.cells import CODES, columns_of, digest_in_use
from complaints.stats.counting import Counts, by_day_and_unit
from complaints.stats.sources import SOURCES, Source

# So many days are counted under one lock: SQLite lets nobody else write meanwhile.
DAYS_AT_ONCE = 31
MARKS_AT_ONCE = 500
Told = Callable[[date, int, int], None]
One = TypeVar("One")


class RecountOvertaken(ComplaintError):
    """Another recount of all daily sums began later and goes on instead."""

    code = "recount_overtaken"
    status = 409


def stop_watching() -> None:
    """Take the triggers away before tables are rebuilt; the cells are relied on no more."""
    touching.remove()


def watch(*, at: datetime) -> None:
    """Put the triggers in place after a migration; what was missed without them is counted anew by the daily task.

    A city without tips is counted at once: there is nothing to count.
    """
    if CellState._meta.db_table not in connection.introspection.table_names():
        return  # a migration back to before the table
    watch_again()
    if not CellState.objects.filter(digest=digest_in_use()).exists() and not Tip.objects.exists():
        rebuild(at=at)


def watch_again() -> None:
    """Put triggers in place that are missing; the cells are not relied on before all was counted anew."""
    if touching.install():
        CellState.objects.update(digest="")


def refresh() -> int:
    """Count the days touched since the last time again; return how many. A second run finds nothing.

    Cells that cannot be relied on are left to `rebuild`.
    """
    days = sorted(set(TouchedDay.objects.values_list("day", flat=True).distinct()))
    return sum(_recount(part) for part in _parts(days, DAYS_AT_ONCE))


@transaction.atomic
def _recount(days: Sequence[date]) -> int:
    """Count some days again. Marks first: a change that commits meanwhile leaves one that is not read here."""
    state = _locked()
    if state.digest != digest_in_use():
        return 0
    marks = list(TouchedDay.objects.filter(day__in=days).values_list("pk", "day"))
    touched = {day for _pk, day in marks}
    _count_anew(stretches_of(touched))
    _unmark([pk for pk, _day in marks])
    return len(touched)


def keep_up(*, at: datetime) -> int:
    """Refresh the cells; make them all where they cannot be relied on, as after an update. Return how many days."""
    if CellState.objects.filter(digest=digest_in_use()).exists():
        return refresh()
    return rebuild(at=at)


def rebuild(*, at: datetime, told: Told | None = None) -> int:
    """Count every day anew, a month at a time; return how many months there were.

    Meanwhile the portal goes on: changes leave marks, figures are counted from the records until the end.

    Args:
        told: called after each month with its first day, how many are done and how many there are.

    Raises:
        RecountOvertaken: somebody else began after this one.
    """
    token = _begun()
    months = _months()
    for done, (first, last) in enumerate(months, start=1):
        _count_month(first, last, token=token)
        if told is not None:
            told(first, done, len(months))
    _ended(months, token=token, at=at)
    return len(months)


@transaction.atomic
def _begun() -> str:
    touching.install()
    state, token = _locked(), token_hex(16)
    state.digest, state.builder = "", token
    state.save()
    return token


@transaction.atomic
def _count_month(first: date, last: date, *, token: str) -> None:
    _own(token)
    marks = list(TouchedDay.objects.filter(day__range=(first, last)).values_list("pk", flat=True))
    _count_anew([(first, last)])
    _unmark(marks)


@transaction.atomic
def _ended(months: Sequence[tuple[date, date]], *, token: str, at: datetime) -> None:
    state = _own(token)
    beyond = DayCell.objects.all()
    if months:
        beyond = beyond.exclude(day__range=(months[0][0], months[-1][1]))
    beyond.delete()
    state.digest, state.builder, state.built_at = digest_in_use(), "", at
    state.save()


def _own(token: str) -> CellState:
    state = _locked()
    if state.builder != token:
        raise RecountOvertaken
    return state


def _locked() -> CellState:
    """Return the state, locked: days are counted by one process at a time."""
    CellState.objects.get_or_create(pk=1)
    return CellState.objects.select_for_update().get(pk=1)


def _count_anew(stretches: Sequence[tuple[date, date]]) -> None:
    """Put what the records say in place of the cells of these days."""
    found = _counted(stretches)
    for first, last in stretches:
        DayCell.objects.filter(day__range=(first, last)).delete()
    DayCell.objects.bulk_create(
        [
            DayCell(day=day, unit_id=unit, **columns_of(counts))
            for (day, unit), counts in sorted(found.items())
        ],
        batch_size=MARKS_AT_ONCE,
    )


def _counted(stretches: Sequence[tuple[date, date]]) -> dict[tuple[date, int], Counts]:
    found: dict[tuple[date, int], Counts] = {}
    for key, counts in by_day_and_unit(stretches=stretches):
        cell = found.setdefault(key, dict.fromkeys(CODES, 0))
        for code, number in counts.items():
            cell[code] += number
    return found


def _unmark(keys: Sequence[int]) -> None:
    for part in _parts(keys, MARKS_AT_ONCE):
        TouchedDay.objects.filter(pk__in=part).delete()


def _parts(found: Sequence[One], many: int) -> Iterator[Sequence[One]]:
    for first in range(0, len(found), many):
        yield found[first : first + many]


def _months() -> list[tuple[date, date]]:
    """Return first and last day of every month from the first record to the last one."""
    days = [day for source in SOURCES for day in _ends(source) if day is not None]
    if not days:
        return []
    month, last = span_around(day=min(days), kind=SpanKind.MONTH), max(days)
    found = []
    while month.start <= last:
        found.append((month.start, month.end))
        month = month.after
    return found


def _ends(source: Source) -> tuple[date | None, date | None]:
    day: Any = (
        TruncDate(source.day, tzinfo=timezone.get_default_timezone()) if source.is_moment else source.day
    )
    rows = source.model._default_manager.exclude(**{source.day: None})
    ends = rows.order_by().aggregate(first=Min(day), last=Max(day))
    return ends["first"], ends["last"]


def differing_months(*, told: Told | None = None) -> Iterator[date]:
    """Yield the first day of each month whose untouched cells are not what the records say; changes nothing."""
    months = _months()
    for done, (first, last) in enumerate(months, start=1):
        with transaction.atomic():
            _locked()
            differs = _differs(first, last)
        if told is not None:
            told(first, done, len(months))
        if differs:
            yield first


def _differs(first: date, last: date) -> bool:
    touched = set(TouchedDay.objects.filter(day__range=(first, last)).values_list("day", flat=True))
    rows = DayCell.objects.filter(day__range=(first, last)).exclude(day__in=touched)
    kept = {(row.pop("day"), row.pop("unit")): row for row in rows.values("day", "unit", *CELL_COLUMNS)}
    counted = {
        key: columns_of(counts) for key, counts in _counted([(first, last)]).items() if key[0] not in touched
    }
    return kept != counted
