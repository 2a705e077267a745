"""Everything the page of one tip shows, gathered once, as plain values."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import policies
from complaints.enums import Phase
from complaints.models import Tip
from complaints.selectors import tips as selectors
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.history import history_of

from .clockface import ClockFace, clock_face, day_text
from .labels import Chip, identity_words, operation_words, status_chip, title_of, urgent_chips
from .map import TipMap, tip_map
from .rows import tip_url
from .steps import StepForm, Typed, step_forms
from .story import (
    Entry,
    Line,
    Photo,
    Stage,
    audit_entries,
    conversation,
    name_of,
    shown_photos,
    stages,
    timeline,
)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and its value; wide ones take a line of their own."""

    label: str
    value: str
    is_wide: bool = False


@dataclass(frozen=True, kw_only=True)
class TipPage:
    """The page of one tip for one person.

    `audit` is None for people who may not read the log; `newest_message` is the key of the newest one shown, or 0.
    """

    number: str
    title: str
    place: str
    handler: str
    chips: tuple[Chip, ...]
    clock: ClockFace | None
    stages: tuple[Stage, ...]
    steps: tuple[StepForm, ...]
    photos: tuple[Photo, ...]
    description: str
    facts: tuple[Fact, ...]
    map: TipMap | None
    timeline: tuple[Entry, ...]
    talk: tuple[Line, ...]
    newest_message: int
    unread_count: int
    audit: tuple[Entry, ...] | None
    identity: tuple[str, str]
    may_write: bool
    may_take: bool
    previous_url: str
    next_url: str


def tip_page(*, tip: Tip, user: User, today: date, typed: Typed | None = None, opened: str = "") -> TipPage:
    """Return the page of a tip that lies within the person's scope."""
    overlay, terms = day_overlay(), policy_on(day=today)
    steps, photos = list(selectors.steps_of(tip=tip)), list(selectors.photos_of(tip=tip))
    said = list(selectors.messages_of(tip=tip))
    moves = policies.moves_open_to(user, tip, history_of(tip=tip, today=today, steps=steps))
    handles = policies.may_write(user, tip)
    return TipPage(
        number=tip.number,
        title=title_of(tip),
        place=_place(tip),
        handler=name_of(tip.handler) if tip.handler else "",
        chips=(status_chip(tip), *urgent_chips(tip)),
        clock=clock_face(tip=tip, today=today, overlay=overlay),
        stages=tuple(stages(tip=tip, steps=steps)),
        steps=tuple(
            step_forms(tip=tip, moves=moves, close_days=terms.close_days, typed=typed, opened=opened)
        ),
        photos=tuple(shown_photos(photo for photo in photos if photo.message_id is None)),
        description=tip.description,
        facts=tuple(_facts(tip, today=today)),
        map=tip_map(tip),
        timeline=tuple(timeline(tip=tip, steps=steps, photos=photos, today=today)),
        talk=tuple(conversation(messages=said, today=today)),
        newest_message=max((row.pk for row in said), default=0),
        unread_count=tip.unread_count,
        audit=_audit(tip=tip, user=user, photos=photos, today=today),
        identity=identity_words(tip),
        may_write=handles and tip.phase == Phase.OPEN,
        may_take=handles and tip.handler is None and tip.phase == Phase.OPEN,
        **_neighbour_urls(tip=tip, user=user),
    )


def _audit(*, tip: Tip, user: User, photos: list, today: date) -> tuple[Entry, ...] | None:  # type: ignore[type-arg]
    if not policies.may_read_audit(user, tip):
        return None
    return tuple(audit_entries(rows=selectors.audit_excerpt(tip=tip, photos=photos), today=today))


def _neighbour_urls(*, tip: Tip, user: User) -> dict[str, str]:
    before, after = selectors.neighbours(user=user, tip=tip)
    return {
        "previous_url": tip_url(number=before.number) if before else "",
        "next_url": tip_url(number=after.number) if after else "",
    }


def _place(tip: Tip) -> str:
    names = [row.name for row in (tip.district, tip.town) if row]
    return " · ".join(filter(None, [tip.entity_name, " ".join(names)]))


def _facts(tip: Tip, *, today: date) -> list[Fact]:
    """Return what the reporter said and where it stands; nothing here narrows down who that was."""
    kind = tip.get_violation_display() if tip.violation else tip.get_kind_display() if tip.kind else ""
    work = " · ".join(
        filter(None, [tip.get_industry_display() if tip.industry else "", operation_words(tip)])
    )
    seen = (
        _("%(day)s (kept to the day)") % {"day": day_text(tip.occurred_on, today=today)}
        if tip.occurred_on
        else ""
    )
    pairs = [
        (pgettext("tip", "Source"), tip.get_channel_display()),
        (_("Received"), day_text(tip.received_date, today=today)),
        (_("Type"), kind),
        (_("Seen on"), seen),
        (_("Industry"), work),
        (_("Identity"), identity_words(tip)[0]),
        (_("Unit in charge"), tip.handling_unit.name),
        (_("Officer"), name_of(tip.handler) if tip.handler else _("nobody yet")),
    ]
    wide = [(_("Entity"), _entity(tip)), (_("Place"), _where(tip))]
    return [Fact(label=label, value=value) for label, value in pairs if value] + [
        Fact(label=label, value=value, is_wide=True) for label, value in wide if value
    ]


def _entity(tip: Tip) -> str:
    return " ".join(filter(None, [tip.entity_name, tip.entity_code]))


def _where(tip: Tip) -> str:
    names = "".join(row.name for row in (tip.district, tip.town) if row)
    place = " ".join(filter(None, [names, tip.address]))
    pointed = _("the point is the reporter's, some tens of metres off at best") if tip.point else ""
    if not (place and pointed):
        return place or pointed
    return _("%(place)s (%(pointed)s)") % {"place": place, "pointed": pointed}
