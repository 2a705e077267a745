"""How long a tip is kept: which outcome counts, from which day, and the last day of the period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.enums import Action, Fact, KeepFrom, KeepUnit, Outcome, Result

# While one of these holds the file is still needed, whatever its period says.
STILL_NEEDED = frozenset(
    {Fact.HELD, Fact.OBJECTION_OPEN, Fact.SUPERVISED, Fact.SUPERVISION_ANSWERED, Fact.WITH_POLICE}
)
_CONFIRMED = frozenset({Result.TRUE, Result.PARTLY_TRUE})


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of the history and its day."""

    action: Action
    day: date


@dataclass(frozen=True, kw_only=True)
class Term:
    """A period of keeping."""

    count: int
    unit: KeepUnit
    since: KeepFrom


def outcome_of(*, acts: Iterable[Act], result: str) -> Outcome:
    """Return how a closed tip ended; the gravest counts.

    Args:
        result: the confirmed result, empty where nothing was verified.
    """
    taken = {act.action for act in acts}
    if Action.HAND_TO_POLICE in taken:
        return Outcome.REFERRED
    if result:
        return Outcome.FOUNDED if result in _CONFIRMED else Outcome.UNFOUNDED
    return Outcome.TRANSFERRED if Action.TRANSFER_OUT in taken else Outcome.DECLINED


def first_day(*, acts: Iterable[Act], received: date, since: KeepFrom) -> date | None:
    """Return the day a period counts from, that of the last such act; None while it has not come."""
    if since == KeepFrom.RECEIVED:
        return received
    wanted = _ACTS[since]
    return max((act.day for act in acts if act.action == wanted), default=None)


_ACTS: Mapping[KeepFrom, Action] = {KeepFrom.CLOSED: Action.CLOSE, KeepFrom.ARCHIVED: Action.ARCHIVE}


def last_day(*, start: date, term: Term) -> date:
    """Return the last day on which a tip must still be there.

    Legal basis: 民法典 201 (the first day does not count), 202 (a year ends on the same date; where the month has none,
    on its last day). A day off at the end moves nothing: nobody has to act on it.
    """
    if term.unit == KeepUnit.DAYS:
        return start + timedelta(days=term.count)
    try:
        return start.replace(year=start.year + term.count)
    except ValueError:
        return date(start.year + term.count, 2, 28)


def is_over(*, acts: Iterable[Act], received: date, term: Term, today: date) -> bool:
    """Say whether the period ended before `today`."""
    start = first_day(acts=acts, received=received, since=term.since)
    return start is not None and last_day(start=start, term=term) < today


def latest_receipt(*, terms: Iterable[Term], today: date) -> date | None:
    """Return the last day of receipt that any of these periods can have run out for; None without a period."""
    days = [term.count if term.unit == KeepUnit.DAYS else 365 * term.count for term in terms]
    return today - timedelta(days=min(days)) if days else None
