"""What happened to a tip, told in order: stages, timeline, conversation, excerpt of the audit log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from complaints.enums import Action, Direction
from complaints.models import AuditRow, Evidence, HandlingStep, Message, Tip

from .clockface import day_text
from .rows import photo_url


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of the way; `state` is done, now or empty."""

    label: str
    state: str
    when: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One act in the timeline or the audit log."""

    when: str
    title: str
    who: str
    note: str
    tone: str


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
    """One line of the conversation."""

    is_ours: bool
    is_reply: bool
    text: str
    who: str
    photos: tuple[Photo, ...]


def name_of(user: User | None) -> str:
    """Return how a person is called among colleagues; acts without one are the machine's."""
    return user.get_full_name() or user.get_username() if user else _("System")


def stages(*, tip: Tip, steps: Sequence[HandlingStep]) -> list[Stage]:
    """Return the way of a tip in short words, with the day of what is done and the last day of what is now."""
    done = {step.action: step.taken_date for step in steps}
    middle = [Action.DECLINE] if Action.DECLINE in done else [Action.ACCEPT, Action.REPLY]
    path = [Action.REGISTER, *middle, Action.CLOSE]
    now = next((action for action in path if action not in done), None)
    return [
        Stage(
            label=_stage_words()[action],
            state="done" if action in done else "now" if action == now else "",
            when=_stage_day(done.get(action), due=tip.due_date if action == now else None),
        )
        for action in path
    ]


def _stage_words() -> dict[Action, str]:
    return {
        Action.REGISTER: pgettext("stage", "Received"),
        Action.ACCEPT: pgettext("stage", "Acceptance"),
        Action.DECLINE: pgettext("stage", "Declined"),
        Action.REPLY: pgettext("stage", "Reply"),
        Action.CLOSE: pgettext("stage", "Closing"),
    }


def _stage_day(day: date | None, *, due: date | None) -> str:
    if day:
        return date_format(day, "m-d")
    return _("by %(day)s") % {"day": date_format(due, "m-d")} if due else ""


def timeline(
    *, tip: Tip, steps: Iterable[HandlingStep], photos: Sequence[Evidence], today: date
) -> list[Entry]:
    """Return the acts, newest first; those of the reporter to the day, those of staff to the minute."""
    entries = [_entry(step=step, tip=tip, photos=photos, today=today) for step in steps]
    return entries[::-1]


def _entry(*, step: HandlingStep, tip: Tip, photos: Sequence[Evidence], today: date) -> Entry:
    is_first = step.action == Action.REGISTER
    return Entry(
        when=moment_text(step, today=today),
        title=_("Tip received") if is_first else step.get_action_display(),
        who=name_of(step.actor),
        note=_photos_words(photos) if is_first else _note(step),
        tone={Action.REGISTER: "", Action.DECLINE: "amber", Action.CLOSE: "done"}.get(
            Action(step.action), "now"
        ),
    )


def _note(step: HandlingStep) -> str:
    return step.get_reason_display() if step.reason else ""


def _photos_words(photos: Sequence[Evidence]) -> str:
    first = [photo for photo in photos if photo.message_id is None]
    if not first:
        return ""
    text = ngettext(
        "%(n)d photo, cleared of what the camera wrote into it",
        "%(n)d photos, cleared of what the camera wrote into them",
        len(first),
    ) % {"n": len(first)}
    return text + (_("; the originals are sealed") if all(photo.vault_version for photo in first) else "")


def moment_text(step: HandlingStep, *, today: date) -> str:
    """Return when a step was taken, as finely as it is kept."""
    if step.taken_at is None:
        return day_text(step.taken_date, today=today)
    return _minute(step.taken_at, today=today)


def _minute(moment: datetime, *, today: date) -> str:
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


def conversation(*, messages: Iterable[Message], today: date) -> list[Line]:
    """Return the lines of a conversation; words whose working copy was wiped say so."""
    return [_line(row, today=today) for row in messages]


def _line(row: Message, *, today: date) -> Line:
    ours = row.direction == Direction.TO_REPORTER
    when = _minute(row.sent_at, today=today) if row.sent_at else day_text(row.sent_date, today=today)
    return Line(
        is_ours=ours,
        is_reply=row.is_reply,
        text=row.body or (_("Sent. Only the receipt opens these words now.") if ours else ""),
        who=_("%(who)s, %(when)s") % {"who": name_of(row.author) if ours else _("Reporter"), "when": when},
        photos=tuple(shown_photos(row.photos.all())),
    )


def audit_entries(*, rows: Iterable[AuditRow], today: date) -> list[Entry]:
    """Return audit rows in words; what no person did is kept to the day."""
    words = _audit_words()
    return [
        Entry(
            when=_minute(row.taken_at, today=today) if row.actor else _day(row.taken_at, today=today),
            title=words.get(row.action, row.action),
            who=name_of(row.actor),
            note="",
            tone="",
        )
        for row in rows
    ]


def _day(moment: datetime, *, today: date) -> str:
    return day_text(timezone.localdate(moment), today=today)


def _audit_words() -> dict[str, str]:
    return {
        "tip.view": _("Opened the tip"),
        "tip.take": _("Took the tip on"),
        "tip.accept": _("Accepted the tip"),
        "tip.decline": _("Declined the tip"),
        "tip.reply": _("Answered the reporter"),
        "tip.close": _("Closed the case"),
        "tip.message": _("Wrote to the reporter"),
        "photo.view": _("Opened a photo"),
    }
