"""What was found and done on a tip: visits with their photos, results, measures with their days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import Conclusion, Disposal, Evidence, Inspection
from complaints.rules.deadlines import DayOverlay
from complaints.selectors.casework import CaseRecord

from .clockface import provisional_words
from .labels import Chip
from .story import Photo, name_of, shown_photos
from .timeline import measure_text


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One visit, result or measure: a heading with its day, words under their labels, photos."""

    title: str
    when: str
    who: str
    chip: Chip | None = None
    words: tuple[tuple[str, str], ...] = ()
    photos: tuple[Photo, ...] = ()


def findings(
    *, record: CaseRecord, photos: Sequence[Evidence], today: date, overlay: DayOverlay
) -> list[Finding]:
    """Return visits, then results, then measures, each oldest first."""
    return [
        *(_visit(row, photos=photos) for row in record.inspections),
        *(_result(row) for row in record.conclusions),
        *(_measure(row, today=today, overlay=overlay) for row in record.disposals),
    ]


def _pairs(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, text in pairs if text)


def _visit(row: Inspection, *, photos: Sequence[Evidence]) -> Finding:
    chip = None
    if row.is_removed is not None:
        chip = (
            Chip(tone="done", word=_("Danger removed"))
            if row.is_removed
            else Chip(tone="bad", word=_("Danger not removed"))
        )
    return Finding(
        title=_("Re-check") if row.is_recheck else pgettext("visit", "Inspection"),
        when=date_format(row.visited_date, "DATE_FORMAT"),
        who=row.office.name,
        chip=chip,
        words=_pairs(
            (_("Inspectors"), row.inspectors),
            (_("Found"), row.findings),
            (_("Ordered on the spot"), row.orders),
        ),
        photos=tuple(shown_photos(photo for photo in photos if photo.inspection_id == row.pk)),
    )


def _signed(row: Conclusion | Disposal) -> Chip:
    """Return how the signature of a leader stands."""
    state = {
        None: Chip(tone="wait", word=_("to be signed")),
        True: Chip(tone="done", word=_("signed")),
        False: Chip(tone="stop", word=_("returned")),
    }
    return state[row.is_confirmed]


def _result(row: Conclusion) -> Finding:
    return Finding(
        title=_("Result: %(result)s") % {"result": row.get_result_display()},
        when=_local_day(row.proposed_at),
        who=" · ".join(filter(None, [name_of(row.proposed_by), _signature(row)])),
        chip=_signed(row),
        words=_pairs(
            (_("Verified without a visit"), row.basis),
            (_("Found"), row.findings),
            (_("Measures proposed"), row.measures),
        ),
    )


def _signature(row: Conclusion | Disposal) -> str:
    """Return who signed and on which day, which may be another than that of the proposal."""
    if not row.is_confirmed or row.decided_at is None or not _has_signer(row):
        return ""
    values = {"who": name_of(row.decided_by), "day": _local_day(row.decided_at)}
    return _("signed by %(who)s on %(day)s") % values


def _has_signer(row: Conclusion | Disposal) -> bool:
    """Say whether somebody signed it: measures older than the signature count without one."""
    return isinstance(row, Conclusion) or row.was_proposed


def _local_day(moment: datetime) -> str:
    """Return the day of a moment where the bureau is: the database keeps it in another time zone."""
    return date_format(timezone.localdate(moment), "DATE_FORMAT")


def _measure(row: Disposal, *, today: date, overlay: DayOverlay) -> Finding:
    return Finding(
        title=measure_text(row, today=today, overlay=overlay),
        when=date_format(row.decided_date, "DATE_FORMAT"),
        who=" · ".join(filter(None, [name_of(row.recorded_by), _signature(row)])),
        chip=_rectification(row, today=today) if row.is_confirmed and row.rectify_by else _signed(row),
        words=_pairs(
            (_("Decided"), row.words), (_("To be published by"), _publication(row, overlay=overlay))
        ),
    )


def _publication(row: Disposal, *, overlay: DayOverlay) -> str:
    if row.publish_by is None:
        return ""
    warning = provisional_words(day=row.publish_by, overlay=overlay)
    return "\n".join(filter(None, [date_format(row.publish_by, "DATE_FORMAT"), warning]))


def _rectification(row: Disposal, *, today: date) -> Chip | None:
    """Return how an order to rectify stands."""
    if row.rectify_by is None:
        return None
    if row.rectified_date:
        return Chip(tone="done", word=_("rectified"))
    if row.rectify_by < today:
        return Chip(tone="bad", word=_("re-check overdue"))
    return Chip(tone="wait", word=_("being rectified"))
