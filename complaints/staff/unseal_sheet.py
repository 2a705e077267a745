"""The chain-of-custody sheet as it is printed: what, who, when, why, with the hashes; never what was opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import OpeningFault, UnsealAct, UnsealPurpose, UnsealTarget
from complaints.models import UnsealRequest, UnsealStep
from complaints.selectors import custody as selectors

from .story import name_of
from .unseal_words import unit_of, what_of


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the sheet shows; `hashes` are pairs of a label and 64 hex digits, `signatures` who signs as what."""

    number: str
    tip_number: str
    unit: str
    facts: tuple[tuple[str, str], ...]
    hashes: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str, str], ...]
    signatures: tuple[tuple[str, str], ...]
    printed: str


def sheet_of(*, row: UnsealRequest, user: User, now: datetime) -> Sheet:
    """Return the sheet of a request whose envelope was handed out."""
    return Sheet(
        number=row.number,
        tip_number=row.tip.number,
        unit=row.tip.handling_unit.name,
        facts=tuple((label, value) for label, value in _facts(row) if value),
        hashes=tuple((label, value) for label, value in _hashes(row) if value),
        steps=tuple(_steps(selectors.steps_of(row=row))),
        signatures=(
            (_("Handed over by (custodian)"), name_of(row.custodian)),
            (_("Received by"), name_of(row.asker)),
        ),
        printed=_("Printed by %(who)s, %(when)s") % {"who": name_of(user), "when": _moment(now)},
    )


def _facts(row: UnsealRequest) -> list[tuple[str, str]]:
    photo = str(row.photo.public_id) if row.photo else ""
    return [
        (_("What"), what_of(row)),
        (_("Photo"), photo),
        (_("Purpose"), str(UnsealPurpose(row.purpose).label)),
        (_("Reason"), row.reason),
        (_("Asker"), " · ".join(filter(None, [name_of(row.asker), unit_of(row.asker)]))),
        (_("Approved by"), name_of(row.approver)),
        (_("Reason for approving or returning"), row.answer),
        (_("Custodian"), name_of(row.custodian)),
    ]


def _hashes(row: UnsealRequest) -> list[tuple[str, str]]:
    accesses = selectors.accesses_of(row=row)
    sealed = accesses[-1].sealed_sha256 if accesses else ""
    is_file = row.target == UnsealTarget.ORIGINAL
    return [
        (_("SHA-256 of the sealed file") if is_file else _("SHA-256 of the sealed envelope"), sealed),
        (_("SHA-256 of the opened file"), row.opened_sha256),
    ]


def _steps(steps: Iterable[UnsealStep]) -> list[tuple[str, str, str]]:
    return [(_moment(step.taken_at), _said(step), name_of(step.actor)) for step in steps]


def _said(step: UnsealStep) -> str:
    """Return the act; of what did not open, why."""
    label = str(UnsealAct(step.act).label)
    if step.act != UnsealAct.REPORT_FAULT:
        return label
    return label + pgettext("after a label", ": ") + str(OpeningFault(step.detail).label)


def _moment(moment: datetime) -> str:
    """Return day with year and minute: a sheet is read in later years."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'DATE_FORMAT')} {date_format(local, 'H:i')}"
