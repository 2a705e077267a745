"""Everything the page of one tip shows, gathered once, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import policies
from complaints.enums import Action, Clock, Phase
from complaints.models import HandoverNote, Message, Tip
from complaints.selectors import tips as selectors
from complaints.selectors.custody import requests_on
from complaints.selectors.deadlines import policy_on
from complaints.selectors.routing import body_to_pass_on_to

from .acts.forms import Situation, Typed
from .audit_words import audit_entries
from .card import Card, Seen
from .cards import TOLD_ON_CARDS, cards
from .case_note import CaseNote, case_note
from .clockface import ClockFace, clock_face
from .findings import Finding, findings
from .from_inside import from_inside
from .gathered import Gathered, timeline_of
from .labels import Chip, status_chip, title_of, urgent_chips, waiting_chips
from .map import TipMap, tip_map
from .rows import tip_url
from .steps import StepForm, step_forms
from .story import Line, Photo, Stage, conversation, minute_text, name_of, shown_photos, stages, told_by
from .timeline import Entry
from .tip_facts import Fact, facts_of
from .turn import whose_turn
from .unseal_form import AskForm, ask_form

# Words of a reporter that take more lines than this are folded; a line on a computer holds about so many characters.
MOST_LINES, LINE_CHARS = 14, 46


@dataclass(frozen=True, kw_only=True)
class NoteLine:
    """A note officers left each other."""

    who: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Towards:
    """Whom words may go to, where several reported the same; no number means all of them."""

    number: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class TipPage:
    """The page of one tip for one person.

    `is_long`: the description takes more lines than are shown at once. `turn` says whose turn it is where the case
    waits for no step of the person's own, else nothing.
    `audit` is None for people who may not read the log; `newest_message` and `newest_step` are the keys of the newest
    ones shown, or 0.
    """

    number: str
    title: str
    place: str
    handler: str
    chips: tuple[Chip, ...]
    clock: ClockFace | None
    stages: tuple[Stage, ...]
    steps: tuple[StepForm, ...]
    turn: str
    cards: tuple[Card, ...]
    photos: tuple[Photo, ...]
    joined_photos: tuple[tuple[str, tuple[Photo, ...]], ...]
    description: str
    is_long: bool
    facts: tuple[Fact, ...]
    map: TipMap | None
    timeline: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    notes: tuple[NoteLine, ...]
    talk: tuple[Line, ...]
    towards: tuple[Towards, ...]
    newest_message: int
    newest_step: int
    unread_count: int
    audit: tuple[Entry, ...] | None
    may_write: bool
    may_note: bool
    may_take: bool
    case: CaseNote
    unseal: AskForm | None
    previous_url: str
    next_url: str

    @property
    def buttons(self) -> tuple[StepForm, ...]:
        """The steps with a number on the keyboard."""
        return tuple(step for step in self.steps if step.key)

    @property
    def rest(self) -> tuple[StepForm, ...]:
        """The steps behind the three dots."""
        return tuple(step for step in self.steps if not step.key)


def tip_page(*, known: Gathered, typed: Typed | None = None, opened: str = "") -> TipPage:
    """Return the page of a tip for the person it was gathered for."""
    tip, user = known.tip, known.user
    today, handles = known.today, policies.may_write(user, tip)
    forms = _forms(known, typed=typed, opened=opened)
    said = list(selectors.messages_of(tip=tip, user=user))
    talk = _talk(known, said=said)
    return TipPage(
        number=tip.number,
        title=title_of(tip),
        place=_place(tip),
        handler=name_of(tip.handler) if tip.handler else "",
        chips=(status_chip(tip), *urgent_chips(tip), *waiting_chips(tip, facts=known.history.facts)),
        clock=clock_face(tip=tip, today=today, overlay=known.overlay),
        stages=tuple(stages(tip=tip, steps=known.steps, overlay=known.overlay, today=known.today)),
        steps=forms,
        turn=_turn(known, forms=forms),
        cards=tuple(cards(_seen(known, forms=forms, handles=handles))),
        photos=tuple(shown_photos(known.own_photos)),
        joined_photos=_joined_photos(known),
        description=tip.description,
        is_long=_lines_of(tip.description) > MOST_LINES,
        facts=(*facts_of(tip, today=today), *_came(known)),
        map=tip_map(tip),
        timeline=tuple(timeline_of(known)),
        findings=_findings(known),
        notes=tuple(_notes(known)),
        talk=talk,
        towards=tuple(_towards(known, typed=typed)),
        newest_message=max((row.pk for row in said), default=0),
        newest_step=known.steps[-1].pk if known.steps else 0,
        unread_count=sum(line.is_new for line in talk),
        audit=_audit(tip=tip, user=user, photos=known.photos, today=today),
        may_write=handles and tip.phase == Phase.OPEN,
        may_note=policies.may_note(user, tip),
        may_take=policies.works_in(user, tip) and tip.handler is None and tip.phase == Phase.OPEN,
        case=case_note(known=known),
        unseal=_ask_form(known, typed=typed, opened=opened) if handles else None,
        **_neighbour_urls(tip=tip, user=user),
    )


def _came(known: Gathered) -> Iterator[Fact]:
    way = from_inside(known.tip, today=known.today)
    if way:
        yield Fact(label=_("From inside a company"), value=way, is_wide=True)


def _findings(known: Gathered) -> tuple[Finding, ...]:
    return tuple(findings(record=known.record, photos=known.photos, today=known.today, overlay=known.overlay))


def _joined_photos(known: Gathered) -> tuple[tuple[str, tuple[Photo, ...]], ...]:
    return tuple((number, tuple(shown_photos(rows))) for number, rows in known.joined_photos.items())


def _ask_form(known: Gathered, *, typed: Typed | None, opened: str) -> AskForm:
    # A request is about one tip: originals of a merged one are asked for there.
    kept = [row for row in known.photos if row.vault_version is not None and row.tip_id == known.tip.pk]
    return ask_form(originals=sorted(kept, key=lambda photo: photo.pk), typed=typed, opened=opened)


def _forms(known: Gathered, *, typed: Typed | None, opened: str) -> tuple[StepForm, ...]:
    moves = policies.moves_open_to(known.user, known.tip, known.history)
    situation = Situation(
        tip=known.tip,
        user=known.user,
        today=known.today,
        terms=policy_on(day=known.today),
        overlay=known.overlay,
        facts=known.history.facts,
        closing=known.record.running(Clock.CLOSE),
        is_inspected=known.history.is_inspected,
    )
    return tuple(step_forms(situation=situation, moves=moves, typed=typed, opened=opened))


def _seen(known: Gathered, *, forms: Sequence[StepForm], handles: bool) -> Seen:
    return Seen(
        tip=known.tip,
        user=known.user,
        record=known.record,
        steps=forms,
        now=known.now,
        overlay=known.overlay,
        own_units=policies.scope_of(known.user).offices_with(policies.HANDLING_ROLES),
        handles=handles,
        passes_on_to=body_to_pass_on_to(tip=known.tip),
        kept_from=policies.moves_kept_from(known.user, known.tip, known.history),
        requests=requests_on(tip=known.tip, user=known.user, now=known.now),
        said={Action(step.action): step.memo for step in known.steps if step.action in TOLD_ON_CARDS},
    )


def _lines_of(text: str) -> int:
    return sum(1 + len(line) // LINE_CHARS for line in text.splitlines())


def _talk(known: Gathered, *, said: Sequence[Message]) -> tuple[Line, ...]:
    told = told_by(messages=said, tip=known.tip, steps=known.steps)
    return tuple(conversation(messages=said, today=known.today, record=known.record, told=told))


def _turn(known: Gathered, *, forms: Sequence[StepForm]) -> str:
    if any(form.is_main for form in forms):
        return ""
    return whose_turn(tip=known.tip, record=known.record, facts=known.history.facts, now=known.now)


def _towards(known: Gathered, *, typed: Typed | None) -> list[Towards]:
    """Return whom the officer may write to: all first, then each alone; nothing to choose where there is one."""
    numbers = list(known.record.reporters.values())
    if not numbers:
        return []
    chosen = typed.values.get("to", "") if typed and typed.action == "message" else ""
    everyone = _("To all %(n)d reporters") % {"n": len(numbers)}
    alone = [(number, _("Only to the reporter of %(number)s") % {"number": number}) for number in numbers]
    return [
        Towards(number=number, label=label, is_chosen=number == chosen)
        for number, label in [("", everyone), *alone]
    ]


def _notes(known: Gathered) -> list[NoteLine]:
    return [NoteLine(who=_note_source(row, known=known), text=row.text) for row in known.record.notes]


def _note_source(row: HandoverNote, *, known: Gathered) -> str:
    """Return who left a note and when, and on which tip where it came along with a merged one."""
    values = {"who": name_of(row.author), "when": minute_text(row.written_at, today=known.today)}
    if row.tip_id == known.tip.pk:
        return _("%(who)s, %(when)s") % values
    return _("%(who)s, %(when)s, on %(number)s") % {**values, "number": row.tip.number}


def _audit(*, tip: Tip, user: User, photos: list, today: date) -> tuple[Entry, ...] | None:  # type: ignore[type-arg]
    if not policies.may_read_audit(user, tip):
        return None
    own = [row for row in photos if row.tip_id == tip.pk]
    return tuple(audit_entries(rows=selectors.audit_excerpt(tip=tip, photos=own), today=today))


def _neighbour_urls(*, tip: Tip, user: User) -> dict[str, str]:
    before, after = selectors.neighbours(user=user, tip=tip)
    return {
        "previous_url": tip_url(number=before.number) if before else "",
        "next_url": tip_url(number=after.number) if after else "",
    }


def _place(tip: Tip) -> str:
    names = [row.name for row in (tip.district, tip.town) if row]
    return " · ".join(filter(None, [tip.entity_name, " ".join(names)]))
