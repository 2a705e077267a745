"""Rows of the inbox: everything of one page made ready at once, so that a template asks the database nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Evidence, Tip, Whistle
from complaints.policies import Person, leads
from complaints.rules.deadlines import DayOverlay
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.inbox import open_whistles_on, seen_numbers
from complaints.selectors.tips import own_photos

from .clockface import ClockFace, clock_face
from .labels import Chip, is_for_another_body, status_chip, title_of


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A word below the state of a tip; a late one stands out."""

    word: str
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """One tip in a list; `is_new` means that this person never opened it, `photo_count` leaves later messages out.

    `unread_count` is for the unit in charge, which reads the words. `lead_unit` names the unit in charge of a tip the
    person's own units only take part in.
    """

    pk: int
    number: str
    url: str
    title: str
    entity: str
    thumb_url: str
    photo_count: int
    unread_count: int
    is_new: bool
    kind: str
    industry: str
    district: str
    town: str
    chip: Chip
    clock: ClockFace | None
    handler: str
    marks: tuple[Mark, ...]
    lead_unit: str

    @property
    def is_unread(self) -> bool:
        """Whether the row stands out: never opened, or with words nobody read."""
        return self.is_new or bool(self.unread_count)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What was read for a whole page of tips."""

    photos: dict[int, list[Evidence]]
    seen: set[str]
    whistles: dict[int, Whistle]
    overlay: DayOverlay
    now: datetime


def inbox_rows(
    *, tips: Sequence[Tip], user: Person, now: datetime, overlay: DayOverlay | None = None
) -> list[InboxRow]:
    """Return the rows of a page of tips; four queries, whatever their number, one fewer with the special days."""
    page = list(tips)
    known = _Known(
        photos=own_photos(tips=page),
        seen=seen_numbers(user=user, numbers=[tip.number for tip in page]),
        whistles=open_whistles_on(tips=page),
        overlay=day_overlay() if overlay is None else overlay,
        now=now,
    )
    return [_row(tip=tip, known=known, is_ours=leads(user, tip)) for tip in page]


def photo_url(*, photo: Evidence, part: str) -> str:
    """Return the checked address of a photo: `shown` or `thumb`."""
    return reverse("tips:photo", args=[photo.public_id, part])


def tip_url(*, number: str) -> str:
    """Return the address of a tip's page."""
    return reverse("tips:inspect", args=[number])


def _row(*, tip: Tip, known: _Known, is_ours: bool) -> InboxRow:
    photos = known.photos.get(tip.pk, [])
    return InboxRow(
        pk=tip.pk,
        number=tip.number,
        url=tip_url(number=tip.number),
        title=title_of(tip),
        entity=tip.entity_name,
        thumb_url=photo_url(photo=photos[0], part="thumb") if photos else "",
        photo_count=len(photos),
        unread_count=tip.unread_count if is_ours else 0,
        is_new=tip.number not in known.seen,
        kind=tip.get_kind_display() if tip.kind else "",
        industry=tip.get_industry_display() if tip.industry else "",
        district=tip.district.name if tip.district else "",
        town=tip.town.name if tip.town else "",
        chip=status_chip(tip),
        clock=clock_face(tip=tip, today=timezone.localdate(known.now), overlay=known.overlay),
        handler=tip.handler.get_full_name() or tip.handler.get_username() if tip.handler else "",
        marks=tuple(_marks(tip, whistle=known.whistles.get(tip.pk), now=known.now)),
        lead_unit="" if is_ours else tip.handling_unit.name,
    )


def _marks(tip: Tip, *, whistle: Whistle | None, now: datetime) -> list[Mark]:
    """Return what stands out beside the state of a tip: a death first, then who waits for whom on it."""
    marks = [_whistle_mark(whistle, now=now)] if whistle else []
    if is_for_another_body(tip):
        marks.insert(0, Mark(word=_("Another body's: to be passed on"), is_late=True))
    if tip.involves_death:
        marks.insert(0, Mark(word=_("A death is involved"), is_late=True))
    if tip.is_supervised:
        marks.append(Mark(word=_("Under supervision"), is_late=True))
    if tip.withdrawn_date is not None:
        marks.append(Mark(word=_("Withdrawn by the reporter")))
    return marks


def _whistle_mark(whistle: Whistle, *, now: datetime) -> Mark:
    if whistle.answered_at is None:
        is_late = whistle.answer_by < now
        return Mark(
            word=_("Whistle not answered · too late") if is_late else _("Whistle not answered"),
            is_late=is_late,
        )
    is_late = whistle.arrive_by is not None and whistle.arrive_by < timezone.localdate(now)
    return Mark(
        word=_("District not there in time") if is_late else _("District on its way"), is_late=is_late
    )
