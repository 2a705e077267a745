"""What is said where a ranking would stand and numbers are too small for one; empty where everything is compared."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.disclosure import STAGES, PublicCell, PublicReport


def district_note(report: PublicReport) -> str:
    """Say which districts take no part in the ranking, or that there is none."""
    return _of_cells(
        report.rows["district"],
        none=_("The numbers of the districts are under 20 or not told: no ranking is made for this period."),
        some=_(
            "Districts with fewer than 20 tips, or whose number is not told, are not ranked and come last."
        ),
    )


def operation_note(report: PublicReport) -> str:
    """Say which operations are not compared, or that none is."""
    return _of_cells(
        report.rows["operation"],
        none=_(
            "The numbers of the operations are under 20 or not told: they are not compared for this period."
        ),
        some=_(
            "Operations with fewer than 20 tips, or whose number is not told, are not compared and come last."
        ),
    )


def _of_cells(cells: Sequence[PublicCell], *, none: str, some: str) -> str:
    ranked = [cell for cell in cells if cell.is_ranked]
    if len(ranked) == len(cells):
        return ""
    return some if ranked else none


def stage_note(report: PublicReport) -> str:
    """Say of which steps too few ended in the period to tell how long they took."""
    told = {stage.figure.code for stage in report.stages}
    missing = [str(stage.name) for stage in STAGES if stage.code not in told]
    if not missing:
        return ""
    if not told:
        return _("Fewer than 20 tips went through each step: it is not told how long they took.")
    names = pgettext("list", ", ").join(missing)
    return _("Steps that fewer than 20 tips went through are not told: %(names)s.") % {"names": names}


NOTES: Mapping[str, Callable[[PublicReport], str]] = {
    "district": district_note,
    "operation": operation_note,
    "stages": stage_note,
}


def ranking_note(*, report: PublicReport, code: str) -> str:
    """Return what is said beside the chart or table of this code; nothing where it compares nothing."""
    return NOTES[code](report) if code in NOTES else ""
