"""The bundle for the police: five papers from the record, the photos that may be shown, and their hashes.

Everything in it is what officers found and wrote. No word, name or number of the reporter goes in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from complaints.enums import Measure, Result
from complaints.errors import PhotoUnreadable
from complaints.models import Disposal, Evidence, Inspection, Referral, Tip
from complaints.selectors.referrals import ReferralRecord, record_for_papers
from portal.shared.archives import with_sums, zipped

from .evidence import CODE_LENGTH, read_photo
from .paper import Paper, Part, pdf_of


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A ZIP file, its hash and the names in it."""

    data: bytes
    sha256: str
    names: tuple[str, ...]


def bundle(*, tip: Tip, referral: Referral) -> Bundle:
    """Return the bundle of one referral; the caller has checked the right.

    `SHA256SUMS.txt` has the form `sha256sum -c` reads.

    Raises:
        PhotoUnreadable: names every photo whose stored file is missing or damaged; a bundle with a gap is none.
    """
    record = record_for_papers(tip=tip, referral=referral)
    photos = {_photo_name(photo, place): photo for place, photo in enumerate(record.photos, start=1)}
    copies = _shown_copies(photos)
    with override("zh-hans"):
        papers = five_papers(tip=tip, referral=referral, record=record, photo_names=list(photos))
        files = {
            f"{place}-{paper.title}.pdf": pdf_of(paper=paper, made=_day_of(referral))
            for place, paper in enumerate(papers, start=1)
        }
    files |= copies
    files = with_sums(files)
    data = zipped(files, day=_day_of(referral))
    return Bundle(data=data, sha256=sha256(data).hexdigest(), names=tuple(files))


def _shown_copies(photos: Mapping[str, Evidence]) -> dict[str, bytes]:
    """Return the shown copies by their names in the bundle; raises PhotoUnreadable with all that cannot be read."""
    copies: dict[str, bytes] = {}
    lost: list[str] = []
    for name, photo in photos.items():
        try:
            copies[name] = read_photo(evidence=photo, part="shown")
        except PhotoUnreadable as error:
            lost += error.names
    if lost:
        raise PhotoUnreadable(lost)
    return copies


def five_papers(
    *, tip: Tip, referral: Referral, record: ReferralRecord, photo_names: Sequence[str]
) -> tuple[Paper, ...]:
    """Return letter, report, list of goods, test reports and other material, in the language in force.

    Legal basis: 移送规定 6.
    """
    bodies = {
        _("Letter of criminal referral"): _letter(tip=tip, referral=referral, record=record),
        _("Report on the investigation"): _report(tip=tip, referral=referral, record=record),
        _("List of goods involved"): _goods(referral),
        _("Test reports and appraisals"): _told(
            referral.appraisal, none=_("There is no report or appraisal.")
        ),
        _("Other material"): (
            *_told(referral.other, none=_("There is no other material.")),
            *_photo_list(record.photos, names=photo_names, tip=tip),
        ),
    }
    return tuple(_paper(title, parts, tip=tip, referral=referral) for title, parts in bodies.items())


def _paper(title: str, parts: tuple[Part, ...], *, tip: Tip, referral: Referral) -> Paper:
    return Paper(
        title=title,
        reference=_("Case %(number)s") % {"number": tip.number},
        parts=parts,
        unit=tip.handling_unit.name,
        day=_spoken(_day_of(referral)),
        seal=_("(stamp)"),
    )


def _letter(*, tip: Tip, referral: Referral, record: ReferralRecord) -> tuple[Part, ...]:
    police = referral.police_name or _("Public security organ")
    opening = _(
        "%(police)s: In handling the case named below our unit found a suspicion of crime. Under Article 3 of the "
        "Provisions on the Transfer of Suspected Criminal Cases by Administrative Law Enforcement Organs the case is "
        "transferred to you. Please review it and tell us in writing what you decide."
    )
    decided = referral.decided_by
    lines = [
        (_("Suspected offence"), referral.offence),
        (_("Entity"), _entity(tip)),
        (_("Place"), tip.address),
        (_("Officers of the case"), _names(record.officers)),
        (_("Decided by"), _name(decided) if decided and referral.is_referred else ""),
        (_("Enclosed"), _("report, list of goods, test reports and appraisals, other material, photos")),
    ]
    return (
        Part(text=opening % {"police": police}),
        Part(text=_labelled(lines)),
        Part(heading=_("Facts"), text=referral.facts),
    )


def _report(*, tip: Tip, referral: Referral, record: ReferralRecord) -> tuple[Part, ...]:
    found, accepted = record.conclusion, tip.accepted_date
    case = [
        (_("Origin"), _("a report from the public, number %(number)s") % {"number": tip.number}),
        (_("Accepted on"), _spoken(accepted) if accepted else ""),
        (_("Entity"), _entity(tip)),
        (_("Place"), tip.address),
        (_("Officers of the case"), _names(record.officers)),
    ]
    result = [
        (_("Result"), Result(found.result).label),
        (_("Verified without a visit"), found.basis),
        (_("Findings"), found.findings),
        (_("Measures"), found.measures),
    ]  if found else []  # fmt: skip
    return (
        Part(heading=_("The case"), text=_labelled(case)),
        Part(heading=_("Inspections"), text=_visits(record.inspections)),
        Part(heading=_("Result of the verification"), text=_labelled(result) or _("Not concluded yet.")),
        Part(heading=_("What was done"), text=_measures(record.disposals)),
        Part(heading=_("Suspected crime"), text=f"{referral.offence}\n{referral.facts}"),
    )


def _visits(rows: Sequence[Inspection]) -> str:
    parts = [
        _labelled(
            [
                (_("Day"), _spoken(row.visited_date)),
                (_("Unit"), row.office.name),
                (_("Inspectors"), row.inspectors),
                (_("Findings"), row.findings),
                (_("Ordered on the spot"), row.orders),
            ]
        )
        for row in rows
    ]
    return "\n\n".join(parts) or _("No inspection is recorded.")


def _measures(rows: Sequence[Disposal]) -> str:
    parts = [
        _labelled(
            [
                (_("Measure"), Measure(row.measure).label),
                (_("Day"), _spoken(row.decided_date)),
                (_("Decision number"), row.decision_number),
                (_("Fine (yuan)"), f"{row.fine_amount:.2f}" if row.fine_amount is not None else ""),
                (_("Particulars"), row.words),
            ]
        )
        for row in rows
    ]
    return "\n\n".join(parts) or _("Nothing is recorded yet.")


def _goods(referral: Referral) -> tuple[Part, ...]:
    names = [line.strip() for line in referral.goods.splitlines() if line.strip()]
    if not names:
        return (Part(text=_("No goods are involved.")),)
    rows = tuple((str(place), name) for place, name in enumerate(names, start=1))
    return (Part(rows=((_("No."), _("Goods")), *rows), widths=(1, 8)),)


def _told(text: str, *, none: str) -> tuple[Part, ...]:
    return (Part(text=text or none),)


def _photo_list(photos: Sequence[Evidence], *, names: Sequence[str], tip: Tip) -> tuple[Part, ...]:
    """Return the photos with where they come from; the sealed original is named by its hash."""
    if not photos:
        return ()
    head = (_("File"), _("Origin"), _("SHA-256 of the sealed original"))
    rows = tuple(
        (name, _origin(photo, tip=tip), photo.sealed_sha256)
        for name, photo in zip(names, photos, strict=True)
    )
    return (Part(heading=_("Photos"), rows=(head, *rows), widths=(9, 5, 14)),)


def _origin(photo: Evidence, *, tip: Tip) -> str:
    """Return where a photo comes from; one of another report about the same carries its number and no more."""
    origin = _("taken at the inspection") if photo.inspection_id else _("sent with the report")
    if photo.tip_id == tip.pk:
        return origin
    return f"{origin}\n" + _("another tip, %(number)s") % {"number": photo.tip.number}


def _photo_name(photo: Evidence, place: int) -> str:
    return f"photos/{place:03d}-{photo.public_id.hex[:CODE_LENGTH]}.jpg"


def _entity(tip: Tip) -> str:
    return " ".join(filter(None, [tip.entity_name, tip.entity_code]))


def _names(people: Sequence[User]) -> str:
    return pgettext("list", ", ").join(_name(person) for person in people)


def _name(person: User) -> str:
    return person.get_full_name() or person.get_username()


def _labelled(lines: Sequence[tuple[str, object]]) -> str:
    """Return what is known, one to a line under its name."""
    mark = pgettext("after a label", ": ")
    return "\n".join(f"{label}{mark}{text}" for label, text in lines if text)


def _day_of(referral: Referral) -> date:
    """Return the day the papers carry: that of the decision, before it that of the proposal."""
    return timezone.localdate(referral.decided_at) if referral.decided_at else referral.proposed_date


def _spoken(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
