"""What is printed of a tip: its file, the letter of transfer, the copy of an answer. Nothing about who sent it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.enums import Action, Direction
from complaints.models import Evidence, Message, Objection, Referral, Tip
from complaints.rules.workflow import REPLY_ITEMS
from complaints.selectors import tips as selectors
from complaints.services.handling import reply_headings
from complaints.services.photo_check import PhotoFault, photo_faults
from portal.shared.bilingual import in_a_row

from .clockface import day_text, with_years
from .findings import Finding, findings
from .gathered import Gathered, gather, timeline_of
from .labels import title_of
from .rows import photo_url
from .story import Line, answer_names, conversation, minute_text, name_of, told_by
from .timeline import Entry, objector
from .tip_facts import Fact, facts_of


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One photo on the photo sheet, with the hash that proves the sealed original unchanged.

    `faults` say what the test at printing found wrong; without a copy that opens there is no picture (`is_shown`).
    """

    url: str
    caption: str
    sha256: str
    width: int
    height: int
    is_shown: bool
    faults: tuple[str, ...]


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


def case_file_to_review(*, tip: Tip, user: User, now: datetime) -> CaseFile:
    """Return the file for a reviewer of another unit: course, findings, measures.

    Without the conversation, what the reporter objected, colleagues' notes and every photo of the reporter; who gets it
    was granted this very file (docs/adr/0040). Who reported is in no file.
    """
    with with_years():
        known = gather(tip=tip, user=user, now=now)
        record = replace(
            known.record, reads_words=False, notes=[], reporters={}, merged=[], lead=None, hints=[]
        )
        visits = [photo for photo in known.photos if photo.inspection_id is not None]
        plain = replace(known, record=record, photos=visits)
        left_out = _(
            "What the reporter wrote and photographed, and notes of colleagues: not part of a review."
        )
        whole = _case_file(plain, user=user, now=now)
        return replace(whole, talk=(), sheets=(), lacks=(whole.lacks[0], left_out))


def _case_file(known: Gathered, *, user: User, now: datetime) -> CaseFile:
    tip, messages = known.tip, list(selectors.messages_of(tip=known.tip, user=user))
    sheets, told = _sheets(known.photos, tip=tip), told_by(messages=messages, tip=tip, steps=known.steps)
    return CaseFile(
        number=tip.number,
        title=title_of(tip),
        status=tip.get_status_display(),
        unit=tip.handling_unit.name,
        printed=_printed(user=user, now=now),
        description=tip.description,
        facts=_facts(known),
        timeline=tuple(timeline_of(known)[::-1]),
        findings=tuple(
            findings(record=known.record, photos=known.photos, today=known.today, overlay=known.overlay)
        ),
        papers=tuple(_papers(known)),
        talk=tuple(conversation(messages=messages, today=known.today, record=known.record, told=told)),
        sheets=tuple(sheets),
        lacks=tuple(_lacks(messages, sheets=sheets, today=known.today, told=told)),
    )


def _printed(*, user: User, now: datetime) -> str:
    values = {"who": name_of(user), "when": minute_text(now, today=timezone.localdate(now))}
    return _("Printed by %(who)s, %(when)s") % values


def _lacks(
    messages: Sequence[Message], *, sheets: Sequence[Sheet], today: date, told: Mapping[int, Action]
) -> list[str]:
    """Return what a reader of the file looks for in vain, each with the reason; the first holds for every file."""
    gone = [row for row in messages if row.direction == Direction.TO_REPORTER and not row.body_sealed]
    lines = [_("Who reported: that is sealed, and no part of any file, whether a name was given or not.")]
    lines += [
        _lost_answer(told[row.pk], day=day_text(row.sent_date, today=today)) for row in gone if row.is_reply
    ]
    count = sum(not row.is_reply for row in gone)
    if count:
        lines.append(_lost_words(count))
    if sheets:
        lines.append(_("The originals of the photos: sealed. The hash of each stands below its photo."))
    lost = sum(bool(one.faults) for one in sheets)
    if lost:
        words = ngettext(
            "%(n)d photo whose stored file is missing or altered: it says so in its place.",
            "%(n)d photos whose stored files are missing or altered: it says so in their place.",
            lost,
        )
        lines.append(words % {"n": lost})
    return lines


def _lost_answer(act: Action, *, day: str) -> str:
    """Return that an answer is not in the file; of one written on the reply page a copy may have been printed."""
    if act != Action.REPLY:
        words = _("%(what)s of %(day)s: it was sealed to the receipt when it was sent, and no copy stays.")
        return words % {"what": answer_names()[act], "day": day}
    words = _("The answer of %(day)s: it was sealed to the receipt when it was sent, and no copy stays.")
    return in_a_row([words % {"day": day}, _("A copy printed before it was sent belongs here.")])


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


def _sheets(photos: Sequence[Evidence], *, tip: Tip) -> list[Sheet]:
    """Return the photo sheet; each photo is tested as it is printed."""
    return [
        _sheet(row, tip=tip, numbered=_("Photo %(n)d of %(all)d") % {"n": number, "all": len(photos)})
        for number, row in enumerate(photos, start=1)
    ]


def _sheet(row: Evidence, *, tip: Tip, numbered: str) -> Sheet:
    faults = photo_faults(evidence=row)
    return Sheet(
        url=photo_url(photo=row, part="shown"),
        caption=" · ".join([numbered, *_source(row, tip=tip)]),
        sha256=row.sealed_sha256,
        width=row.shown_width,
        height=row.shown_height,
        is_shown=PhotoFault.SHOWN_UNREADABLE not in faults,
        faults=tuple(text for fault, text in _fault_words().items() if fault in faults),
    )


def _fault_words() -> dict[PhotoFault, str]:
    return {
        PhotoFault.SHOWN_UNREADABLE: _("The copy to be shown is missing or damaged; it cannot be printed."),
        PhotoFault.ORIGINAL_MISSING: _("The sealed original is missing in the storage."),
        PhotoFault.ORIGINAL_ALTERED: _(
            "The sealed original does not fit this hash: it was altered or damaged."
        ),
    }


def _source(row: Evidence, *, tip: Tip) -> list[str]:
    """Return where a photo comes from; of another report about the same only the number is told."""
    later = row.message_id is not None
    sent = _("sent later by the reporter") if later else _("sent with the tip")
    source = _("taken by officers") if row.inspection_id is not None else sent
    if row.tip_id == tip.pk:
        return [source]
    return [source, _("another tip, %(number)s") % {"number": row.tip.number}]


def reply_copy(*, tip: Tip, user: User, now: datetime, words: Mapping[str, str]) -> ReplyCopy:
    """Return an answer that is not sent yet for the printer, with the headings the reporter will read."""
    labels = reply_headings()
    with with_years():
        return ReplyCopy(
            number=tip.number,
            title=title_of(tip),
            unit=tip.handling_unit.name,
            printed=_printed(user=user, now=now),
            items=tuple((labels[name], words.get(name, "").strip()) for name in REPLY_ITEMS),
        )


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
