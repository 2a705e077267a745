"""Closing a period: its figures are counted once, numbered, fingerprinted and never touched again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.errors import ComplaintError, NotAllowed, PeriodClosed, PeriodNotOver
from complaints.models import Office, PeriodReport
from complaints.policies import leads_top
from complaints.rules.moments import to_minute
from complaints.rules.spans import Span, closed_by, span_of
from complaints.rules.texts import showable
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.offices import district_codes
from complaints.stats import frozen, publishing
from complaints.stats.counting import By, count, present
from complaints.stats.inputs import inputs_digest
from complaints.stats.report import SPREAD_BY, report
from complaints.stats.stages import whole_by

from . import audit
from .refusals import refused_changes_are_logged

LONGEST_REASON = 200
Told = Callable[[str, int, int], None]


class PeriodBeforeStart(ComplaintError):
    """A report was to be closed of a period that was over before the first tip came in: nothing was counted then."""

    code = "period_before_start"
    status = 409
    public_message = _(
        "Nothing was closed: this period was over before the first tip came in. There is nothing to tell of it."
    )


# Records of a period that is over change now and then, not all the time.
MOST_TURNS = 3


def freeze(
    *, span: Span, at: datetime, actor: User | None = None, reason: str = "", told: Told | None = None
) -> PeriodReport:
    """Close a period and the shorter ones it is made of, or correct a closed one by a new version.

    Args:
        actor: a leader at the top; None for the machine.
        reason: why a closed period is corrected, at most 200 characters; without it a closed one stays as it is.
        told: called after each period that was closed, with its code, how many are done and how many there are.

    Raises:
        NotAllowed: the person does not lead the city's unit.
        PeriodNotOver: the last day is today or still to come.
        PeriodBeforeStart: it was over before the first tip came in. Of a longer period that the first tip lies in the
            parts before it are closed as well: they are known to hold nothing, and the guard has to know it too.
        PeriodClosed: it is closed already and no reason for a correction is given, or somebody was faster.

    Source: 要点 7 (月统计、季分析、半年通报、全年评估).
    """
    with refused_changes_are_logged(act="report.closed", subject=span.code, data={}, at=at, actor=actor):
        if actor is not None and not leads_top(actor):
            raise NotAllowed
        if timezone.localdate(at) <= span.end:
            raise PeriodNotOver
        if (first := frozen.first_day()) is None or span.end < first:
            raise PeriodBeforeStart
        words = showable(reason.strip(), longest=LONGEST_REASON)
        if not words and PeriodReport.objects.filter(code=span.code).exists():
            raise PeriodClosed
        closed = set(PeriodReport.objects.values_list("code", flat=True))
        waiting = [part for part in span.within if part.code not in closed]
        for place, part in enumerate(waiting, start=1):
            with suppress(PeriodClosed):  # by somebody else, just now
                _close(part, at=at, actor=actor, reason="")
            _tell(told, part, done=place, of=len(waiting) + 1)
        row = _close(span, at=at, actor=actor, reason=words)
        _tell(told, span, done=len(waiting) + 1, of=len(waiting) + 1)
        return row


def _tell(told: Told | None, span: Span, *, done: int, of: int) -> None:
    if told is not None:
        told(span.code, done, of)


def _wait_for_others() -> None:
    """Let one report be closed at a time: what is public of each is guarded beside what is public of the others.

    Two at once would not see each other, and together they could tell a small cell.
    """
    tops = Office.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk")
    list(tops.values_list("pk"))


def freeze_due(*, today: date, at: datetime) -> int:
    """Close what has come to its day and is not closed yet; return how many. A second run finds nothing."""
    first = frozen.first_day()
    if first is None:
        return 0
    closed = set(PeriodReport.objects.values_list("code", flat=True))
    due = [span for span in closed_by(today=today, since=first) if span.code not in closed]
    for span in due:
        if not PeriodReport.objects.filter(code=span.code).exists():
            with suppress(PeriodClosed):  # by a person, just now
                freeze(span=span, at=at)
    return len(due)


def _close(span: Span, *, at: datetime, actor: User | None, reason: str) -> PeriodReport:
    """Count first, which takes long and locks nothing; then wait for one's turn, guard and store."""
    figures, inputs = _counted(span)
    try:
        with transaction.atomic():
            _wait_for_others()
            versions = frozen.versions_of(code=span.code)
            if versions and not reason:
                raise PeriodClosed
            row = PeriodReport(
                code=span.code,
                kind=span.kind.value,
                start_date=span.start,
                end_date=span.end,
                version=len(versions) + 1,
                reason=reason if versions else "",
                frozen_at=to_minute(at),
                frozen_by=actor,
                figures=figures,
                inputs_digest=inputs,
            )
            row.shown = _shown(row, versions=versions)
            row.digest = frozen.digest_of(row)
            row.save()
            data = {"digest": row.digest}
            audit.record(action="report.closed", at=at, actor=actor, subject=row.number, data=data)
    except IntegrityError as error:
        raise PeriodClosed from error
    return row


def _counted(span: Span) -> tuple[Any, str]:
    """Return every figure of the city and the fingerprint of its records; anew where one changed meanwhile."""
    before = inputs_digest(span=span)
    for _turn in range(MOST_TURNS):
        figures, after = _figures(span), inputs_digest(span=span)
        if after == before:
            break
        before = after
    return figures, after


def _figures(span: Span) -> Any:
    """Return every figure of the city as JSON; a fixed number of queries, memory bounded by units and days."""
    whole = report(span=span, units=None, by=None, overlay=day_overlay())
    asked = present(span=span)
    return frozen.packed(
        report=whole,
        splits={by.value: count(span=span, by=by, asked=asked) for by in By},
        spreads={by.value: whole_by(span=span, units=None, by=by) for by in sorted(SPREAD_BY)},
    )


def _shown(row: PeriodReport, *, versions: list[PeriodReport]) -> Any:
    """Return what is public of a report, guarded beside what is public of the other periods of the year."""
    span = span_of(row.code)
    counted = publishing.Counted(
        whole=frozen.counts_of(row.figures["whole"]),
        by={
            by: {key: frozen.counts_of(one) for key, one in rows.items()}
            for by, rows in row.figures["by"].items()
        },
        stages=frozen.unpacked(row=row, by=None).stages,
    )
    beside = {other.code: other.shown["cells"] for other in frozen.latest_of_year(year=span.year)}
    found = publishing.shown(
        counted,
        span=span,
        districts=district_codes(),
        beside=beside,
        before=[version.shown["cells"] for version in versions],
    )
    return {**found, "months": _public_months(row, own=found["cells"])}


def _public_months(row: PeriodReport, *, own: dict[str, Any]) -> list[list[Any]]:
    """Return the twelve months up to the end of the period as their own reports show them, without unclosed ones."""
    codes = [month[0] for month in row.figures["months"]]
    reports = PeriodReport.objects.latest_versions().filter(code__in=codes)
    cells = {one.code: frozen.checked(one).shown["cells"] for one in reports} | {row.code: own}
    total = publishing.TOTAL
    return [
        [code, cells[code]["district"][total], cells[code]["timing"][total]]
        for code in codes
        if code in cells
    ]
