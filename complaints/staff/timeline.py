"""The acts on a tip in order: who did what towards whom, what officers told each other, who waited for whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.enums import Action, Measure
from complaints.models import (
    Conclusion,
    Disposal,
    Evidence,
    HandlingStep,
    Objection,
    RoutingDecision,
    Supervision,
    Whistle,
)
from complaints.rules.deadlines import DayOverlay
from complaints.selectors.casework import CaseRecord

from .clockface import day_text, marked
from .story import moment_text, name_of, reporter_name, taker_of

_WAITS = frozenset(
    {
        Action.WHISTLE, Action.DECLINE, Action.RETURN_WHISTLE, Action.RETURN_RESULT, Action.RETURN_MEASURE,
        Action.HAND_BACK, Action.ESCALATE, Action.END_WHISTLE, Action.VERIFY_AGAIN, Action.REMIND,
        Action.ASK_EXTENSION, Action.PAUSE, Action.SUPERVISE, Action.OBJECT, Action.WITHDRAW, Action.POLICE_REFUSES,
    }
)  # fmt: skip
_ENDS = frozenset(
    {
        Action.CLOSE,
        Action.ARCHIVE,
        Action.APPROVE_RESULT,
        Action.APPROVE_UNFOUNDED,
        Action.DISPOSE,
        Action.REPLY,
    }
)


# Whom a whistle calls and who takes a supervision up stands in the words.
_TOLD_IN_FULL = frozenset(
    {Action.WHISTLE, Action.ANSWER_WHISTLE, Action.WITHDRAW_WHISTLE, Action.END_WHISTLE, Action.REMIND}
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One act in the timeline or the audit log."""

    when: str
    title: str
    who: str
    note: str
    tone: str


def timeline(
    *,
    steps: Sequence[HandlingStep],
    record: CaseRecord,
    photos: Sequence[Evidence],
    today: date,
    overlay: DayOverlay,
) -> list[Entry]:
    """Return the acts, newest first; those of the reporter to the day, those of staff to the minute."""
    told = _particulars(steps=steps, record=record, today=today, overlay=overlay)
    entries = [
        _entry(step=step, told=told.get(step.pk, ()), photos=photos, today=today, is_newest=step is steps[-1])
        for step in steps
    ]
    return entries[::-1]


def _entry(
    *, step: HandlingStep, told: Sequence[str], photos: Sequence[Evidence], today: date, is_newest: bool
) -> Entry:
    action = Action(step.action)
    is_first = action == Action.REGISTER
    goes_on = step.towards is not None and action not in _TOLD_IN_FULL
    towards = _("towards %(unit)s") % {"unit": step.towards.name} if step.towards and goes_on else ""
    reason = step.get_reason_display() if step.reason else ""
    handler = _("Officer: %(name)s") % {"name": name_of(step.handler)} if step.handler else ""
    lines = [_photos_words(photos) if is_first else "", reason, towards, handler, *told, step.memo]
    return Entry(
        when=moment_text(step, today=today),
        title=_("Tip received") if is_first else step.get_action_display(),
        who=taker_of(step),
        note="\n".join(line for line in lines if line),
        tone=_tone(action, is_newest=is_newest),
    )


def _tone(action: Action, *, is_newest: bool) -> str:
    if action in _WAITS:
        return "amber"
    if action in _ENDS:
        return "done"
    return "now" if is_newest else ""


def _photos_words(photos: Sequence[Evidence]) -> str:
    first = [photo for photo in photos if photo.message_id is None and photo.inspection_id is None]
    if not first:
        return ""
    text = ngettext(
        "%(n)d photo, cleared of what the camera wrote into it",
        "%(n)d photos, cleared of what the camera wrote into them",
        len(first),
    ) % {"n": len(first)}
    return text + (_("; the originals are sealed") if all(photo.vault_version for photo in first) else "")


def _particulars(
    *, steps: Sequence[HandlingStep], record: CaseRecord, today: date, overlay: DayOverlay
) -> dict[int, tuple[str, ...]]:
    """Return what the record adds to each act: the n-th act of a kind made the n-th thing of it."""
    rated = sum(step.action == Action.RATE for step in steps)
    queues = _queues(record, today=today, overlay=overlay, rated=rated)
    return {step.pk: next(queues[step.action], ()) for step in steps if step.action in queues}


def _queues(
    record: CaseRecord, *, today: date, overlay: DayOverlay, rated: int
) -> dict[str, Iterator[tuple[str, ...]]]:
    results = iter(
        [(row.get_result_display(), without_visit(row), row.findings) for row in record.conclusions]
    )
    told = {row.pk: (measure_text(row, today=today, overlay=overlay), row.words) for row in record.disposals}
    visits = [row for row in record.inspections if not row.is_recheck]
    rechecks = [row for row in record.inspections if row.is_recheck]
    return {
        Action.REGISTER: iter([(_routed(record.routing),)] if record.routing else []),
        Action.WHISTLE: iter([(_called(row),) for row in record.whistles]),
        Action.ANSWER_WHISTLE: iter([(_waited(row),) for row in record.whistles if _was_taken_up(row)]),
        Action.RETURN_WHISTLE: iter([(_waited(row),) for row in record.whistles if row.is_returned]),
        Action.END_WHISTLE: iter([(_called(row),) for row in record.whistles if row.is_moot]),
        Action.ARRIVE: iter([(_came(row),) for row in record.whistles if row.arrived_at]),
        Action.INSPECT: iter([(row.findings, row.orders) for row in visits]),
        Action.RECHECK: iter([(_removed(is_removed=row.is_removed), row.findings) for row in rechecks]),
        Action.CONCLUDE: results,
        Action.CONCLUDE_UNFOUNDED: results,
        Action.PROPOSE_MEASURE: iter([told[row.pk] for row in record.disposals if row.was_proposed]),
        Action.DISPOSE: iter([told[row.pk] for row in record.signed_disposals]),
        Action.ASK_EXTENSION: iter([(_("by %(n)d days") % {"n": row.days},) for row in record.extensions]),
        Action.SUPERVISE: iter([_supervised(row) for row in record.supervisions]),
        Action.OBJECT: iter([_objected(row, record=record) for row in record.objections]),
        # Of several ratings the last one counts; the others went with the answers that became void.
        Action.RATE: iter([()] * (rated - 1) + [(score_text(record.rating.score),)] if record.rating else []),
        Action.TRANSFER_OUT: iter([(record.transfer.body,)] if record.transfer else []),
    }


def _routed(row: RoutingDecision) -> str:
    """Return where a tip went when it came in, and why."""
    if row.rule_name:
        words = _("Sent to %(unit)s: the rule “%(rule)s” fits")
        return words % {"unit": row.office.name, "rule": row.rule_name}
    return _("Sent to %(unit)s: %(reason)s") % {"unit": row.office.name, "reason": row.get_reason_display()}


def _was_taken_up(row: Whistle) -> bool:
    return row.answered_at is not None and not row.is_returned


def _supervised(row: Supervision) -> tuple[str, ...]:
    values = {"asked": row.unit.name, "unit": row.office.name}
    return (row.get_cause_display(), _("%(asked)s answers %(unit)s") % values)


def _objected(row: Objection, *, record: CaseRecord) -> tuple[str, ...]:
    """Return who objects, where several reported the same, and the words, which are for the unit in charge."""
    if not record.reads_words:
        return ()
    return (objector(row, record=record), row.words)


def objector(row: Objection, *, record: CaseRecord) -> str:
    """Return whose reporter objects, empty where there is one alone."""
    return reporter_name(row.raised_on.number) if record.reporters and row.raised_on else ""


def without_visit(row: Conclusion) -> str:
    """Return how a result was verified where nobody was on the spot, else nothing."""
    return _("Verified without a visit: %(how)s") % {"how": row.basis} if row.basis else ""


def score_text(score: int) -> str:
    """Return the rating of the reporter in words."""
    return _("%(score)d of 5") % {"score": score}


def _called(whistle: Whistle) -> str:
    return _("%(town)s calls %(called)s") % {"town": whistle.town.name, "called": whistle.called.name}


def _waited(whistle: Whistle) -> str:
    """Return how long the town waited for the first word of the district."""
    if whistle.answered_at is None:
        return ""
    values = {
        "town": whistle.town.name,
        "called": whistle.called.name,
        "time": duration_text(whistle.answered_at - whistle.raised_at),
    }
    if whistle.answered_at > whistle.answer_by:
        late = duration_text(whistle.answered_at - whistle.answer_by)
        return _("%(town)s waited %(time)s for %(called)s, %(late)s too long") % {**values, "late": late}
    return _("%(town)s waited %(time)s for %(called)s, in time") % values


def _came(whistle: Whistle) -> str:
    """Return how long the district was on its way."""
    if whistle.arrived_at is None or whistle.answered_at is None:
        return ""
    time = duration_text(whistle.arrived_at - whistle.answered_at)
    return _("%(called)s came %(time)s after its answer") % {"called": whistle.called.name, "time": time}


def duration_text(span: timedelta) -> str:
    """Return a span as people say it: minutes, hours, from two days on days."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def _removed(*, is_removed: bool | None) -> str:
    return "" if is_removed is None else _("Danger removed") if is_removed else _("Danger not removed")


def measure_text(row: Disposal, *, today: date, overlay: DayOverlay | None = None) -> str:
    """Return a measure in one line: what, number, fine, until when; with `overlay` a day that may move is marked."""
    parts = [row.get_measure_display(), row.decision_number]
    if row.fine_amount is not None and row.measure == Measure.PENALTY:
        parts.append(_("fine %(amount)s yuan") % {"amount": f"{row.fine_amount:,.2f}"})
    if row.rectify_by:
        day = day_text(row.rectify_by, today=today)
        if overlay is not None and row.is_unfulfilled:
            day = marked(day, day=row.rectify_by, overlay=overlay)
        parts.append(_("rectify by %(day)s") % {"day": day})
    if row.rectified_date:
        parts.append(
            _("found rectified on %(day)s") % {"day": date_format(row.rectified_date, "DATE_FORMAT")}
        )
    return " · ".join(part for part in parts if part)
