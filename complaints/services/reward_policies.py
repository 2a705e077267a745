"""Reward rules as dated rows: loaded, added, ended; never two at once, never changed once they count."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from complaints.enums import Problem, RewardFault
from complaints.errors import DraftInvalid, FieldProblem, RewardRefused
from complaints.models import RewardPolicy
from complaints.rules.reward_policy import overlap, policy_problems
from complaints.selectors.shipped_rewards import shipped_policies

from .administration import Act, note_change
from .refusals import refused_changes_are_logged


def load_policies(*, rows: Iterable[RewardPolicy] | None = None) -> int:
    """Add the rows that ship with the program where they are missing; return how many. Nothing is changed.

    A row whose short name and first day are known is left alone, whatever its figures; one that would overlap with a
    row somebody entered is left out.

    Raises:
        DraftInvalid: a row cannot be worked with; nothing was added.
    """
    with transaction.atomic():
        known = _locked()
        days = {(row.code, row.effective_from) for row in known}
        fresh = [row for row in rows or shipped_policies() if (row.code, row.effective_from) not in days]
        added = 0
        for row in fresh:
            _require_figures(row)
            if not _overlaps(row, known):
                row.save(force_insert=True)
                known.append(row)
                added += 1
    return added


def ensure_shipped_policies() -> None:
    """Load what ships with the program; does nothing while the table is not there (in the middle of migrating)."""
    if RewardPolicy._meta.db_table in connection.introspection.table_names():
        load_policies()


def add_policy(*, row: RewardPolicy, fields: Iterable[str], at: datetime, actor: User) -> RewardPolicy:
    """Store a new row that begins tomorrow at the earliest.

    Args:
        row: not stored yet.
        fields: which figures somebody entered, for the log.

    Raises:
        DraftInvalid: it begins too early, overlaps, or has figures that cannot be.
    """
    with _changing(act="added", row=row, at=at, actor=actor) as known:
        _require_fits(row, known=known, today=timezone.localdate(at))
        row.save(force_insert=True)
        note_change(row=row, act="added", fields=fields, at=at, actor=actor)
    return row


def change_policy(*, row: RewardPolicy, fields: Iterable[str], at: datetime, actor: User) -> RewardPolicy:
    """Store other figures of a row that has not begun.

    Raises:
        RewardRefused: the row is in force, or was.
        DraftInvalid: as for `add_policy`.
    """
    today = timezone.localdate(at)
    with _changing(act="changed", row=row, at=at, actor=actor) as known:
        _require_open(row, known=known, today=today)
        _require_fits(row, known=[one for one in known if one.pk != row.pk], today=today)
        row.save()
        note_change(row=row, act="changed", fields=fields, at=at, actor=actor)
    return row


def end_policy(*, row: RewardPolicy, last_day: date | None, at: datetime, actor: User) -> RewardPolicy:
    """Let a row end on a day, tomorrow at the earliest, or go on until further notice; all else stays as it is.

    Raises:
        RewardRefused: the row has ended already.
        DraftInvalid: the last day is too early, or the row would overlap with a later one.
    """
    today = timezone.localdate(at)
    with _changing(act="changed", row=row, at=at, actor=actor) as known:
        stored = next((one for one in known if one.pk == row.pk), None)
        if stored is None or (stored.effective_to is not None and stored.effective_to <= today):
            raise RewardRefused(RewardFault.RULE_FIXED)
        if last_day is not None and last_day <= today:
            raise _problem("effective_to", Problem.ENDS_TOO_EARLY)
        stored.effective_to = last_day
        _require_figures(stored)
        _require_alone(stored, [one for one in known if one.pk != row.pk])
        stored.save(update_fields=["effective_to"])
        note_change(row=stored, act="changed", fields=["effective_to"], at=at, actor=actor)
    return stored


def delete_policy(*, row: RewardPolicy, at: datetime, actor: User) -> None:
    """Delete a row that has not begun; raises RewardRefused for any other."""
    with _changing(act="deleted", row=row, at=at, actor=actor) as known:
        _require_open(row, known=known, today=timezone.localdate(at))
        note_change(row=row, act="deleted", fields=(), at=at, actor=actor)
        row.delete()


@contextmanager
def _changing(*, act: Act, row: RewardPolicy, at: datetime, actor: User) -> Iterator[list[RewardPolicy]]:
    """Yield all rows under a lock: two people who each add half of an overlap wait for each other.

    What is refused leaves a row in the log.
    """
    subject = f"rewardpolicy:{row.pk or ''}"
    data = {"rule": row.code}
    log = refused_changes_are_logged(
        act=f"rewardpolicy.{act}", subject=subject, data=data, at=at, actor=actor
    )
    with log, transaction.atomic():
        yield _locked()


def _locked() -> list[RewardPolicy]:
    """Return all rows under a lock, read once more after it: PostgreSQL keeps from a statement what was added
    while it waited.
    """
    rows = RewardPolicy.objects.order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    return list(rows)


def _problem(field: str, problem: Problem) -> DraftInvalid:
    return DraftInvalid([FieldProblem(field=field, problem=problem)])


def _require_open(row: RewardPolicy, *, known: list[RewardPolicy], today: date) -> None:
    """A row cannot be used before it is in force: acceptance days do not lie ahead."""
    stored = next((one for one in known if one.pk == row.pk), None)
    if stored is None or stored.effective_from <= today:
        raise RewardRefused(RewardFault.RULE_FIXED)


def _require_fits(row: RewardPolicy, *, known: list[RewardPolicy], today: date) -> None:
    if row.effective_from <= today:
        raise _problem("effective_from", Problem.TOO_EARLY)
    _require_figures(row)
    if any((one.code == row.code) != (_place(one) == _place(row)) for one in known):
        raise _problem("code", Problem.CODE_TAKEN)
    _require_alone(row, known)


def _place(row: RewardPolicy) -> tuple[str, str]:
    return row.region, row.sector


def _require_figures(row: RewardPolicy) -> None:
    problems = policy_problems(row.as_terms())
    if problems:
        raise DraftInvalid(problems)


def _require_alone(row: RewardPolicy, others: list[RewardPolicy]) -> None:
    if _overlaps(row, others):
        raise _problem("effective_from", Problem.POLICIES_OVERLAP)


def _overlaps(row: RewardPolicy, others: list[RewardPolicy]) -> bool:
    return any(overlap(row.as_terms(), one.as_terms()) for one in others)
