"""What is printed of a tip: its file, the letter of transfer, the copy of an answer. Nothing about who sent it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.enums import Direction
from complaints.models import Evidence, Message, Objection, Referral, Tip
from complaints.rules.workflow import REPLY_ITEMS
from complaints.selectors import tips as selectors

from .clockface import day_text, with_years
from .findings import Finding, findings
from .labels import title_of
from .rows import photo_url
from .story import Line, conversation, minute_text, name_of
from .timeline import Entry, objector, timeline
from .tip_page import Fact, Gathered, facts_of, gather


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One photo on the photo sheet, with the hash that proves the sealed original unchanged."""

    url: str
    caption: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A heading with labelled words: the criminal referral, an objection."""

    title: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """Everything the printed file shows; `lacks` says what it does not hold, and why."""

    number: str
    title: str
    status: str
    unit: str
    printed: str
    description: str
    facts: tuple[Fact, ...]
    timeline: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    papers: tuple[Paper, ...]
    talk: tuple[Line, ...]
    sheets: tuple[Sheet, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReplyCopy:
    """An answer as it stood before it was sent, in its four items."""

    number: str
    title: str
    unit: str
    printed: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The letter of transfer."""

    number: str
    body: str
    unit: str
    phone: str
    day: str
    received: str
    description: str
    facts: tuple[Fact, ...]
    photo_count: int


def case_file(*, tip: Tip, user: User, now: datetime) -> CaseFile:
    """Return the file of a tip within the person's scope: a fixed number of queries; every day carries its year."""
    with with_years():
        return _case_file(gather(tip=tip, user=user, now=now), user=user, now=now)


def _case_file(known: Gathered, *, user: User, now: datetime) -> CaseFile:
    tip, messages = known.tip, list(selectors.messages_of(tip=known.tip, user=user))
    return CaseFile(
        number=tip.number,
        title=title_of(tip),
        status=tip.get_status_display(),
        unit=tip.handling_unit.name,
        printed=_printed(user=user, now=now),
        description=tip.description,
        facts=_facts(known),
        timeline=tuple(
            timeline(steps=known.steps, record=known.record, photos=known.photos, today=known.today)[::-1]
        ),
        findings=tuple(
            findings(record=known.record, photos=known.photos, today=known.today, overlay=known.overlay)
        ),
        papers=tuple(_papers(known)),
        talk=tuple(conversation(messages=messages, today=known.today, record=known.record)),
        sheets=tuple(_sheets(known.photos)),
        lacks=tuple(_lacks(messages, photos=known.photos, today=known.today)),
    )


def _printed(*, user: User, now: datetime) -> str:
    values = {"who": name_of(user), "when": minute_text(now, today=timezone.localdate(now))}
    return _("Printed by %(who)s, %(when)s") % values


def _lacks(messages: Sequence[Message], *, photos: Sequence[Evidence], today: date) -> list[str]:
    """Return what a reader of the file looks for in vain, each with the reason; the first holds for every file."""
    gone = [row for row in messages if row.direction == Direction.TO_REPORTER and not row.body_sealed]
    lines = [_("Who reported: that is sealed, and no part of any file, whether a name was given or not.")]
    for row in gone:
        if row.is_reply:
            day = day_text(row.sent_date, today=today)
            lines.append(
                _("The answer of %(day)s: it was sealed to the receipt when it was sent, and no copy stays.")
                % {"day": day}
                + " "
                + _("A copy printed before it was sent belongs here.")
            )
    count = sum(not row.is_reply for row in gone)
    if count:
        lines.append(_lost_words(count))
    if photos:
        lines.append(_("The originals of the photos: sealed. The hash of each stands below its photo."))
    return lines


def _lost_words(count: int) -> str:
    words = ngettext(
        "%(n)d message of officers to the reporter: once the tip is answered, only the receipt opens it.",
        "%(n)d messages of officers to the reporter: once the tip is answered, only the receipt opens them.",
        count,
    )
    return words % {"n": count}


def _facts(known: Gathered) -> tuple[Fact, ...]:
    """Return the facts without a word about the reporter."""
    return tuple(facts_of(known.tip, today=known.today))


def _papers(known: Gathered) -> list[Paper]:
    referrals = [_referral(row) for row in known.record.referrals]
    objections = [
        Paper(
            title=_("Objection of %(day)s") % {"day": day_text(row.filed_date, today=known.today)},
            words=_objection(row, known=known),
        )
        for row in known.record.objections
        if known.record.reads_words
    ]
    return [*referrals, *objections]


def _objection(row: Objection, *, known: Gathered) -> tuple[tuple[str, str], ...]:
    who = objector(row, record=known.record)
    return (*([(_("Who objects"), who)] if who else []), (_("What the reporter says"), row.words))


def _referral(row: Referral) -> Paper:
    words = (
        (_("Officers"), " ".join(name_of(officer) for officer in row.officers.all())),
        (_("Suspected offence"), row.offence),
        (_("Facts and evidence"), row.facts),
        (_("Goods of the case"), row.goods),
        (_("Tests and appraisals"), row.appraisal),
        (_("Other papers"), row.other),
        (_("Police unit"), " ".join(filter(None, [row.police_name, row.police_receipt]))),
    )
    return Paper(title=_("Criminal referral"), words=tuple(pair for pair in words if pair[1]))


def _sheets(photos: Sequence[Evidence]) -> list[Sheet]:
    return [
        Sheet(
            url=photo_url(photo=row, part="shown"),
            caption=_("Photo %(n)d of %(all)d") % {"n": number, "all": len(photos)} + _source(row),
            sha256=row.sealed_sha256,
            width=row.shown_width,
            height=row.shown_height,
        )
        for number, row in enumerate(photos, start=1)
    ]


def _source(row: Evidence) -> str:
    if row.inspection_id is not None:
        return " · " + _("taken by officers")
    return " · " + (_("sent later by the reporter") if row.message_id is not None else _("sent with the tip"))


def reply_copy(*, tip: Tip, user: User, now: datetime, words: Mapping[str, str]) -> ReplyCopy:
    """Return an answer that is not sent yet for the printer, with the headings the reporter will read."""
    labels = reply_labels()
    with with_years():
        return ReplyCopy(
            number=tip.number,
            title=title_of(tip),
            unit=tip.handling_unit.name,
            printed=_printed(user=user, now=now),
            items=tuple((labels[name], words.get(name, "").strip()) for name in REPLY_ITEMS),
        )


def reply_labels() -> dict[str, str]:
    """Return the names of the four items of a reply (106号)."""
    return {
        "conclusion": _("Conclusion of the verification"),
        "findings": _("What was found"),
        "decision": _("What was decided"),
        "reward": _("Whether a reward is due"),
    }


def transfer_letter(*, tip: Tip, user: User, now: datetime) -> Letter | None:
    """Return the letter that goes with a tip to the competent body, None before it was transferred."""
    known = gather(tip=tip, user=user, now=now)
    transfer = known.record.transfer
    if transfer is None:
        return None
    return Letter(
        number=tip.number,
        body=transfer.body,
        unit=tip.handling_unit.name,
        phone=tip.handling_unit.phone,
        day=date_format(transfer.sent_date, "DATE_FORMAT"),
        received=date_format(tip.received_date, "DATE_FORMAT"),
        description=tip.description,
        facts=tuple(facts_of(tip, today=timezone.localdate(now), with_unit=False)),
        photo_count=len(known.own_photos),
    )
