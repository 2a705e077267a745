"""What happened to a tip: its stages, its photos, the conversation with the reporter."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import Action, Direction, Phase, TipStatus
from complaints.models import Evidence, HandlingStep, Message, Tip
from complaints.rules.deadlines import DayOverlay
from complaints.selectors.casework import CaseRecord
from complaints.selectors.merging import hearers_of
from complaints.services.results import UNFOUNDED

from .clockface import day_text, provisional_words
from .rows import photo_url

BY_REPORTER = frozenset({Action.OBJECT, Action.WITHDRAW, Action.RATE})


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of the way; `state` is done, now or empty; `warning` says that its last day may still move."""

    label: str
    state: str
    when: str
    warning: str = ""


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photo: `shown_url` is logged when it is opened."""

    thumb_url: str
    shown_url: str
    caption: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the conversation; `towards` says whom our words reach where several reported the same.

    `said_by` names the side in what was said while the tip was inside a company, whose words are not the unit's; empty
    for what is said between unit and reporter. `answers` is what a line decides, such as the answer or the result of a
    review; empty for what is merely said.
    """

    is_ours: bool
    said_by: str
    answers: str
    is_new: bool
    text: str
    who: str
    towards: str
    photos: tuple[Photo, ...]


def name_of(user: User | None) -> str:
    """Return how a person is called among colleagues; acts without one are the machine's."""
    return user.get_full_name() or user.get_username() if user else _("System")


def taker_of(step: HandlingStep) -> str:
    """Return who took a step, as colleagues say it; of reporters nothing is known."""
    return _("Reporter") if step.action in BY_REPORTER else name_of(step.actor)


def stages(*, tip: Tip, steps: Sequence[HandlingStep], overlay: DayOverlay, today: date) -> list[Stage]:
    """Return the way of a tip in short words, with the day of what is done and the last day of what is now."""
    path, at = _path(tip=tip, done={Action(step.action) for step in steps})
    days = _first_days(steps)
    warning = provisional_words(day=tip.due_date, overlay=overlay) if tip.due_date else ""
    return [
        Stage(
            label=label,
            state="done" if place < at else "now" if place == at else "",
            when=_stage_day(
                max((days[action] for action in ways if action in days), default=None)
                if place < at
                else None,
                due=tip.due_date if place == at else None,
                today=today,
            ),
            warning=warning if place == at else "",
        )
        for place, (label, ways) in enumerate(path)
    ]


def _first_days(steps: Iterable[HandlingStep]) -> dict[Action, date]:
    """Return the first day of each act since the case was last reopened; what was before it lasts where not redone."""
    days: dict[Action, date] = {}
    before: dict[Action, date] = {}
    for step in steps:
        if step.action in (Action.REOPEN, Action.VERIFY_AGAIN):
            before, days = before | days, {}
        days.setdefault(Action(step.action), step.taken_date)
    return before | days


_Station = tuple[str, tuple[Action, ...]]
_SHORT = frozenset({TipStatus.MERGED, TipStatus.DECLINED, TipStatus.TRANSFERRED_OUT})
_ENDS = frozenset({TipStatus.CLOSED, TipStatus.ARCHIVED})


def _path(*, tip: Tip, done: set[Action]) -> tuple[list[_Station], int]:
    """Return the stations of this tip and which of them it is at; past the last one when nothing is left to do."""
    received = (pgettext("stage", "Received"), (Action.REGISTER,))
    closing = (pgettext("stage", "Closing"), (Action.CLOSE,))
    short = _short_way(tip.status, done=done)
    if short is not None:
        path = [received, short, closing][: 2 if tip.status == TipStatus.MERGED else 3]
        return path, 2 if tip.phase == Phase.OPEN else len(path)
    disposal = (pgettext("stage", "Measures"), (Action.DISPOSE,))
    review = (pgettext("stage", "Review"), (Action.OBJECT,))
    path = [
        received,
        (pgettext("stage", "Acceptance"), (Action.ACCEPT,)),
        (pgettext("stage", "Verification"), (Action.APPROVE_RESULT, Action.APPROVE_UNFOUNDED)),
        *([] if tip.result in UNFOUNDED and Action.DISPOSE not in done else [disposal]),
        (pgettext("stage", "Reply"), (Action.REPLY,)),
        *([review] if tip.status == TipStatus.REVIEW else []),
        closing,
    ]
    return path, _station(TipStatus(tip.status), length=len(path))


def _short_way(status: str, *, done: set[Action]) -> _Station | None:
    """Return the one station of a tip that was not taken, or passed on; a closed one remembers which it was."""
    was_short = Action.TRANSFER_OUT in done or not done & {Action.ACCEPT, Action.REOPEN}
    is_short = status in _SHORT or (status in _ENDS and was_short)
    if is_short:
        ways = {
            Action.MERGE: pgettext("stage", "Merged"),
            Action.DECLINE: pgettext("stage", "Declined"),
            Action.TRANSFER_OUT: pgettext("stage", "Transferred"),
        }
        return next(((label, (action,)) for action, label in ways.items() if action in done), None)
    return None


def _station(status: TipStatus, *, length: int) -> int:
    """Return the place of a state on the way, counted from the end where the way may be shorter."""
    places = {
        TipStatus.REGISTERED: 1,
        TipStatus.SCREENING: 1,
        TipStatus.ACCEPTED: 2,
        TipStatus.VERIFYING: 2,
        TipStatus.VERIFIED: 3,
        TipStatus.DISPOSED: length - 2,
        TipStatus.REPLIED: length - 1,
        TipStatus.REVIEW: length - 2,
    }
    return places.get(status, length)


def _stage_day(day: date | None, *, due: date | None, today: date) -> str:
    if day:
        return _short_day(day, today=today)
    return _("by %(day)s") % {"day": _short_day(due, today=today)} if due else ""


def _short_day(day: date, *, today: date) -> str:
    """Return a day in digits, with its year unless it is this one."""
    return date_format(day, "m-d" if day.year == today.year else "Y-m-d")


def moment_text(step: HandlingStep, *, today: date) -> str:
    """Return when a step was taken, as finely as it is kept."""
    if step.taken_at is None:
        return day_text(step.taken_date, today=today)
    return minute_text(step.taken_at, today=today)


def minute_text(moment: datetime, *, today: date) -> str:
    """Return a moment of an act of staff: day and minute."""
    local = timezone.localtime(moment)
    return f"{day_text(local.date(), today=today)} {date_format(local, 'H:i')}"


def shown_photos(photos: Iterable[Evidence]) -> list[Photo]:
    """Return photos with their checked addresses, numbered as people count."""
    rows = list(photos)
    return [
        Photo(
            thumb_url=photo_url(photo=row, part="thumb"),
            shown_url=photo_url(photo=row, part="shown"),
            caption=_("Photo %(n)d of %(all)d") % {"n": number, "all": len(rows)},
            width=row.thumb_width,
            height=row.thumb_height,
        )
        for number, row in enumerate(rows, start=1)
    ]


def reporter_name(number: str) -> str:
    """Return what tells one reporter of a case from another: the public number, nothing else is known."""
    return _("Reporter of %(number)s") % {"number": number}


# Acts that send the reporter words of weight, each once.
_TELLING = (Action.REPLY, Action.DECLINE, Action.TRANSFER_OUT, Action.UPHOLD)


def told_by(*, messages: Iterable[Message], tip: Tip, steps: Iterable[HandlingStep]) -> dict[int, Action]:
    """Return by which act each answer went out, by message key: the n-th such act sent the n-th of them.

    Answers a tip got before it was merged into this one are answers; of its acts nothing is known here.
    """
    answers = [row for row in messages if row.is_reply]
    own = (row.pk for row in answers if row.tip_id == tip.pk)
    acts = (Action(one.action) for one in steps if one.action in _TELLING)
    return {row.pk: Action.REPLY for row in answers} | dict(zip(own, acts, strict=False))


def answer_names() -> dict[Action, str]:
    """Return what is called an answer, and what is called otherwise, by the act that sent it."""
    return {
        Action.REPLY: pgettext("to the reporter", "Reply"),
        Action.DECLINE: _("Notice that it is not taken on"),
        Action.TRANSFER_OUT: _("Notice of transfer"),
        Action.UPHOLD: _("Result of the review"),
    }


def conversation(
    *, messages: Iterable[Message], today: date, record: CaseRecord, told: Mapping[int, Action]
) -> list[Line]:
    """Return the lines of a conversation; words whose working copy was wiped say so.

    Who only takes part has nothing to read in the unit's name: for them no line is new. `told` is what `told_by` found.
    """
    rows, numbers, names = list(messages), record.reporters, answer_names()
    hearers = hearers_of(messages=rows) if numbers else {}
    lines = [
        replace(
            _line(row, today=today, numbers=numbers, hearers=hearers.get(row.pk, frozenset())),
            answers=names[told[row.pk]] if row.pk in told else "",
        )
        for row in rows
    ]
    return lines if record.reads_words else [replace(line, is_new=False) for line in lines]


def _line(row: Message, *, today: date, numbers: Mapping[int, str], hearers: Collection[int]) -> Line:
    to_reporter = row.direction == Direction.TO_REPORTER
    ours = to_reporter and not row.is_inside
    when = minute_text(row.sent_at, today=today) if row.sent_at else day_text(row.sent_date, today=today)
    who = name_of(row.author) if to_reporter else _speaker(row, numbers=numbers)
    return Line(
        is_ours=ours,
        said_by=_side_inside(row) if row.is_inside else "",
        answers="",
        is_new=not to_reporter and not row.is_read,
        text=row.body or (_("Sent. Only the receipt opens these words now.") if to_reporter else ""),
        who=_("%(who)s, %(when)s") % {"who": who, "when": when},
        towards=_towards(hearers, numbers=numbers) if to_reporter and numbers else "",
        photos=tuple(shown_photos(row.photos.all())),
    )


def _side_inside(row: Message) -> str:
    """Return who spoke while the tip was inside a company: officers must never take its words for the reporter's."""
    if row.direction == Direction.TO_REPORTER:
        return _("The company says")
    return _("The reporter says, to the company")


def _speaker(row: Message, *, numbers: Mapping[int, str]) -> str:
    return reporter_name(row.tip.number) if numbers else _("Reporter")


def _towards(hearers: Collection[int], *, numbers: Mapping[int, str]) -> str:
    """Return whom words reach: all, or those named by their numbers."""
    reached = [number for key, number in numbers.items() if key in hearers]
    if not reached:
        return ""
    if len(reached) == len(numbers):
        return _("to all %(n)d reporters") % {"n": len(reached)}
    return _("only to %(who)s") % {"who": pgettext("list", ", ").join(map(reporter_name, reached))}
