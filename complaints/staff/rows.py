"""Rows of the inbox: everything of one page made ready at once, so that a template asks the database nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from complaints.models import Evidence, Tip
from complaints.policies import Person
from complaints.rules.deadlines import DayOverlay
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.inbox import seen_numbers
from complaints.selectors.tips import own_photos

from .clockface import ClockFace, clock_face
from .labels import Chip, status_chip, title_of


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """One tip in a list; `is_new` means that this person never opened it, `photo_count` leaves later messages out."""

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

    @property
    def is_unread(self) -> bool:
        """Whether the row stands out: never opened, or with words nobody read."""
        return self.is_new or bool(self.unread_count)


def inbox_rows(*, tips: Sequence[Tip], user: Person, today: date) -> list[InboxRow]:
    """Return the rows of a page of tips; three queries, whatever their number."""
    page = list(tips)
    photos = own_photos(tips=page)
    seen = seen_numbers(user=user, numbers=[tip.number for tip in page])
    overlay = day_overlay()
    return [
        _row(
            tip=tip,
            photos=photos.get(tip.pk, ()),
            is_new=tip.number not in seen,
            today=today,
            overlay=overlay,
        )
        for tip in page
    ]


def photo_url(*, photo: Evidence, part: str) -> str:
    """Return the checked address of a photo: `shown` or `thumb`."""
    return reverse("tips:photo", args=[photo.public_id, part])


def tip_url(*, number: str) -> str:
    """Return the address of a tip's page."""
    return reverse("tips:inspect", args=[number])


def _row(*, tip: Tip, photos: Sequence[Evidence], is_new: bool, today: date, overlay: DayOverlay) -> InboxRow:
    return InboxRow(
        pk=tip.pk,
        number=tip.number,
        url=tip_url(number=tip.number),
        title=title_of(tip),
        entity=tip.entity_name,
        thumb_url=photo_url(photo=photos[0], part="thumb") if photos else "",
        photo_count=len(photos),
        unread_count=tip.unread_count,
        is_new=is_new,
        kind=tip.get_kind_display() if tip.kind else "",
        industry=tip.get_industry_display() if tip.industry else "",
        district=tip.district.name if tip.district else "",
        town=tip.town.name if tip.town else "",
        chip=status_chip(tip),
        clock=clock_face(tip=tip, today=today, overlay=overlay),
        handler=tip.handler.get_full_name() or tip.handler.get_username() if tip.handler else "",
    )
