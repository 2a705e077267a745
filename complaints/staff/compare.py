"""Two tips side by side: what is the same stands out."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Tip
from complaints.selectors import tips as selectors

from .labels import Chip, status_chip, title_of
from .rows import tip_url
from .story import Photo, shown_photos
from .tip_facts import facts_of


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fact of both tips."""

    label: str
    mine: str
    theirs: str

    @property
    def is_same(self) -> bool:
        """Whether both say the same."""
        return bool(self.mine) and self.mine == self.theirs


@dataclass(frozen=True, kw_only=True)
class One:
    """One of the two."""

    number: str
    url: str
    title: str
    chip: Chip
    description: str
    photos: tuple[Photo, ...]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Both tips and their facts in rows."""

    mine: One
    theirs: One
    rows: tuple[Row, ...]

    @property
    def both(self) -> tuple[One, One]:
        """The two in order."""
        return self.mine, self.theirs


def comparison(*, tip: Tip, other: Tip, user: User, now: datetime) -> Pair:
    """Return two tips within the person's scope side by side."""
    today = timezone.localdate(now)
    mine, theirs = (
        {fact.label: fact.value for fact in facts_of(one, today=today, with_unit=False)}
        for one in (tip, other)
    )
    labels = dict.fromkeys([*mine, *theirs])
    return Pair(
        mine=_one(tip),
        theirs=_one(other),
        rows=tuple(
            Row(label=label, mine=mine.get(label, ""), theirs=theirs.get(label, "")) for label in labels
        ),
    )


def _one(tip: Tip) -> One:
    photos = [
        row for row in selectors.photos_of(tip=tip) if row.message_id is None and row.inspection_id is None
    ]
    return One(
        number=tip.number,
        url=tip_url(number=tip.number),
        title=title_of(tip),
        chip=status_chip(tip),
        description=tip.description or _("The reporter wrote nothing."),
        photos=tuple(shown_photos(photos)),
    )
