"""More time for a conclusion: an extension once, by the level above, and pauses while another body decides."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import Action, Clock, Problem
from complaints.errors import IllegalMove
from complaints.models import Extension, Period, Tip
from complaints.selectors.deadlines import policy_on

from . import clocks, messages, steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals


@refusals_are_logged(Action.ASK_EXTENSION)
@storage_faults_as_refusals()
@transaction.atomic
def ask_extension(*, tip_id: int, actor: User, at: datetime, days: int, memo: str) -> Extension:
    """Ask the level above for more time to conclude, once in a handling period and only while it has not run out.

    Args:
        days: calendar days, at least 1 and at most what the policy of the period allows.
        memo: why; the level above reads it, the reporter does not.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing, `days` is out of range, or the period is over.

    Legal basis: 19号 (once, at most 30 days).
    """
    taking = steps.begin(tip_id=tip_id, action=Action.ASK_EXTENSION, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    period = _running(tip=taking.tip)
    problem = extension_problem(period=period, days=days, today=taking.today)
    if problem is not None:
        steps.refuse("days", problem)
    steps.finish(taking, memo=words["memo"])
    asked_at = steps.to_minute(at)
    return Extension.objects.create(
        tip=taking.tip, period=period, days=days, asked_by=actor, asked_at=asked_at
    )


def extension_problem(*, period: Period, days: int, today: date) -> Problem | None:
    """Return what is wrong with asking for `days` more, None when nothing is."""
    if today > period.due_date:
        return Problem.PERIOD_OVER
    if not 1 <= days <= policy_on(day=period.started_date).extension_days:
        return Problem.BAD_EXTENSION
    return None


@refusals_are_logged(Action.GRANT_EXTENSION)
@storage_faults_as_refusals()
@transaction.atomic
def grant_extension(*, tip_id: int, actor: User, at: datetime, note: str) -> Extension:
    """Grant what was asked for: the period grows, and the reporter is told by how many days and why (`note`).

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; NotAllowed for whoever asked.
        DraftInvalid: `note` is missing.

    Legal basis: 19号 (approval of the superior, the reason told to the reporter).
    """
    taking = steps.begin(tip_id=tip_id, action=Action.GRANT_EXTENSION, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"note": note})
    row = _asked(tip=taking.tip)
    steps.finish(taking)
    period = clocks.extend(tip=taking.tip, days=row.days)
    if period is None:
        raise IllegalMove("no period for conclusion runs")
    _tell(taking, text=_longer(days=row.days, note=words["note"]))
    row.period = period
    return _decide(row, actor=actor, at=at, is_granted=True)


@refusals_are_logged(Action.REFUSE_EXTENSION)
@storage_faults_as_refusals()
@transaction.atomic
def refuse_extension(*, tip_id: int, actor: User, at: datetime, memo: str) -> Extension:
    """Refuse what was asked for, with the reason; it may be asked again.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; NotAllowed for whoever asked.
        DraftInvalid: `memo` is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.REFUSE_EXTENSION, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    row = _asked(tip=taking.tip)
    steps.finish(taking, memo=words["memo"])
    return _decide(row, actor=actor, at=at, is_granted=False)


@refusals_are_logged(Action.PAUSE)
@storage_faults_as_refusals()
@transaction.atomic
def pause_period(*, tip_id: int, actor: User, at: datetime, memo: str, note: str) -> Period:
    """Stand the period for conclusion still while another body decides.

    Args:
        memo: who decides what, for the record.
        note: what the reporter is told.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` or `note` is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.PAUSE, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo, "note": note})
    steps.finish(taking, memo=words["memo"])
    clocks.pause(tip=taking.tip, today=taking.today)
    _tell(taking, text=words["note"])
    return _running(tip=taking.tip)


@refusals_are_logged(Action.RESUME)
@storage_faults_as_refusals()
@transaction.atomic
def resume_period(*, tip_id: int, actor: User, at: datetime, memo: str) -> Period:
    """Let the period for conclusion go on: the calendar days it stood still do not count.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` (what was decided) is missing.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.RESUME, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    steps.finish(taking, memo=words["memo"])
    clocks.resume(tip=taking.tip, today=taking.today)
    return _running(tip=taking.tip)


def _running(*, tip: Tip) -> Period:
    period = tip.periods.running().filter(clock=Clock.CLOSE).first()
    if period is None:
        raise IllegalMove("no period for conclusion runs")
    return period


def _asked(*, tip: Tip) -> Extension:
    row = tip.extensions.filter(decided_at=None).first()
    if row is None:
        raise IllegalMove("no extension was asked for")
    return row


def _decide(row: Extension, *, actor: User, at: datetime, is_granted: bool) -> Extension:
    row.decided_by, row.decided_at, row.is_granted = actor, steps.to_minute(at), is_granted
    row.save(update_fields=["period", "decided_by", "decided_at", "is_granted"])
    return row


def _longer(*, days: int, note: str) -> str:
    """Return what the reporter reads, in Chinese like every official word.

    No last day: sealed words cannot be mended when the calendar moves it. The progress above them shows it.
    """
    with override("zh-hans"):
        words = _(
            "The handling period was extended by %(days)s days; the new last day stands in the progress."
        )
        return words % {"days": days} + f"\n\n{note}"


def _tell(taking: steps.Taking, *, text: str) -> None:
    assert taking.actor is not None
    messages.seal_to_reporter(tip=taking.tip, text=text, author=taking.actor, at=taking.at)
