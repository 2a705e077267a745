"""The acts on a tip in order: who did what towards whom, what officers told each other, who waited for whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.enums import Action, Measure
from complaints.models import Disposal, Evidence, HandlingStep, Objection, Whistle
from complaints.selectors.casework import CaseRecord

from .clockface import day_text
from .story import moment_text, name_of, reporter_name

_BY_REPORTER = frozenset({Action.OBJECT, Action.WITHDRAW, Action.RATE})
_WAITS = frozenset(
    {
        Action.WHISTLE, Action.DECLINE, Action.RETURN_WHISTLE, Action.RETURN_RESULT, Action.HAND_BACK, Action.ESCALATE,
        Action.ASK_EXTENSION, Action.PAUSE, Action.SUPERVISE, Action.OBJECT, Action.WITHDRAW, Action.POLICE_REFUSES,
    }
)  # fmt: skip
_ENDS = frozenset(
    {Action.CLOSE, Action.ARCHIVE, Action.APPROVE_RESULT, Action.APPROVE_UNFOUNDED, Action.REPLY}
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
    *, steps: Sequence[HandlingStep], record: CaseRecord, photos: Sequence[Evidence], today: date
) -> list[Entry]:
    """Return the acts, newest first; those of the reporter to the day, those of staff to the minute."""
    told = _particulars(steps=steps, record=record, today=today)
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
    goes_on = step.towards is not None and action != Action.WHISTLE  # whom a whistle calls is told in full
    towards = _("towards %(unit)s") % {"unit": step.towards.name} if step.towards and goes_on else ""
    reason = step.get_reason_display() if step.reason else ""
    lines = [_photos_words(photos) if is_first else "", reason, towards, *told, step.memo]
    return Entry(
        when=moment_text(step, today=today),
        title=_("Tip received") if is_first else step.get_action_display(),
        who=_("Reporter") if action in _BY_REPORTER else name_of(step.actor),
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
    *, steps: Iterable[HandlingStep], record: CaseRecord, today: date
) -> dict[int, tuple[str, ...]]:
    """Return what the record adds to each act: the n-th act of a kind made the n-th thing of it."""
    queues = _queues(record, today=today)
    return {step.pk: next(queues[step.action], ()) for step in steps if step.action in queues}


def _queues(record: CaseRecord, *, today: date) -> dict[str, Iterator[tuple[str, ...]]]:
    results = iter([(row.get_result_display(), row.findings) for row in record.conclusions])
    visits = [row for row in record.inspections if not row.is_recheck]
    rechecks = [row for row in record.inspections if row.is_recheck]
    return {
        Action.WHISTLE: iter([(_called(row),) for row in record.whistles]),
        Action.ANSWER_WHISTLE: iter([(_waited(row),) for row in record.whistles if not row.is_returned]),
        Action.RETURN_WHISTLE: iter([(_waited(row),) for row in record.whistles if row.is_returned]),
        Action.ARRIVE: iter([(_came(row),) for row in record.whistles if row.arrived_at]),
        Action.INSPECT: iter([(row.findings, row.orders) for row in visits]),
        Action.RECHECK: iter([(_removed(is_removed=row.is_removed), row.findings) for row in rechecks]),
        Action.CONCLUDE: results,
        Action.CONCLUDE_UNFOUNDED: results,
        Action.DISPOSE: iter([(measure_text(row, today=today), row.words) for row in record.disposals]),
        Action.ASK_EXTENSION: iter([(_("by %(n)d days") % {"n": row.days},) for row in record.extensions]),
        Action.SUPERVISE: iter([(row.get_cause_display(), row.office.name) for row in record.supervisions]),
        Action.OBJECT: iter([_objected(row, record=record) for row in record.objections]),
        Action.RATE: iter([(score_text(record.rating.score),)] if record.rating else []),
        Action.TRANSFER_OUT: iter([(record.transfer.body,)] if record.transfer else []),
    }


def _objected(row: Objection, *, record: CaseRecord) -> tuple[str, ...]:
    """Return who objects, where several reported the same, and the words, which are for the unit in charge."""
    if not record.reads_words:
        return ()
    return (objector(row, record=record), row.words)


def objector(row: Objection, *, record: CaseRecord) -> str:
    """Return whose reporter objects, empty where there is one alone."""
    return reporter_name(row.raised_on.number) if record.reporters and row.raised_on else ""


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


def measure_text(row: Disposal, *, today: date) -> str:
    """Return a measure in one line: what, number, fine, until when."""
    parts = [row.get_measure_display(), row.decision_number]
    if row.fine_amount is not None and row.measure == Measure.PENALTY:
        parts.append(_("fine %(amount)s yuan") % {"amount": f"{row.fine_amount:,.2f}"})
    if row.rectify_by:
        parts.append(_("rectify by %(day)s") % {"day": day_text(row.rectify_by, today=today)})
    if row.rectified_date:
        parts.append(
            _("found rectified on %(day)s") % {"day": date_format(row.rectified_date, "DATE_FORMAT")}
        )
    return " · ".join(part for part in parts if part)
