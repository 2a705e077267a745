"""The file of a tip and the letter of transfer as they are printed: nothing about who sent it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints.models import Evidence, Referral, Tip
from complaints.selectors import tips as selectors

from .clockface import day_text
from .findings import Finding, findings
from .labels import title_of
from .rows import photo_url
from .story import Line, conversation, minute_text, name_of
from .timeline import Entry, timeline
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
    """Everything the printed file shows."""

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
    """Return the file of a tip within the person's scope: a fixed number of queries."""
    known = gather(tip=tip, user=user, now=now)
    values = {"who": name_of(user), "when": minute_text(now, today=known.today)}
    return CaseFile(
        number=tip.number,
        title=title_of(tip),
        status=tip.get_status_display(),
        unit=tip.handling_unit.name,
        printed=_("Printed by %(who)s, %(when)s") % values,
        description=tip.description,
        facts=_facts(known),
        timeline=tuple(
            timeline(steps=known.steps, record=known.record, photos=known.photos, today=known.today)[::-1]
        ),
        findings=tuple(findings(record=known.record, photos=known.photos, today=known.today)),
        papers=tuple(_papers(known)),
        talk=tuple(conversation(messages=list(selectors.messages_of(tip=tip)), today=known.today)),
        sheets=tuple(_sheets(known.photos)),
    )


def _facts(known: Gathered) -> tuple[Fact, ...]:
    """Return the facts without a word about the reporter."""
    return tuple(facts_of(known.tip, today=known.today))


def _papers(known: Gathered) -> list[Paper]:
    referrals = [_referral(row) for row in known.record.referrals]
    objections = [
        Paper(
            title=_("Objection of %(day)s") % {"day": day_text(row.filed_date, today=known.today)},
            words=((_("What the reporter says"), row.words),),
        )
        for row in known.record.objections
    ]
    return [*referrals, *objections]


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
