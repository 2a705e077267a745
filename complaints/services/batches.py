"""The payment batch: what a unit has to pay, as CSV and as a workbook, sealed to a key that lives in the payer's tab.

It holds numbers and amounts. The server knows no account: names and accounts are filled in where the notes are read.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from complaints.crypto import base64text
from complaints.crypto.filecipher import seal_file
from complaints.enums import Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.models import Office, RewardClaim
from complaints.models.reward import from_cents
from complaints.selectors.claims import claims_to_pay
from portal.shared.plain_cells import plain_cell

from . import audit, identity, ledger
from .refusals import refused_changes_are_logged

# The payer's key is no vault's.
TAB_VAULT = 0
FIELD = "batch"
CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
Row = Sequence[object]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A sealed file: `binding` is what it was tied to; `count` rewards, `cents` in all, `name` for the file."""

    sealed: bytes = field(repr=False)
    binding: str
    name: str
    count: int
    cents: int


def payment_batch(*, office_id: int, form: str, public_key: str, actor: User, at: datetime) -> Batch:
    """Return what the actor may pay for a unit, sealed to the public key of the actor's tab; logged with its hash.

    Args:
        form: `csv` or `xlsx`.
        public_key: base64, of the key pair the tab made for this file.

    Raises:
        NotAllowed: no payer of the unit.
        DraftInvalid: an unknown form, or no public key.
    """
    subject, data = f"office:{office_id}", {"office": office_id, "form": form if form in FORMATS else ""}
    with refused_changes_are_logged(act="reward.batch", subject=subject, data=data, at=at, actor=actor):
        ledger.require_payer(actor=actor, office_id=office_id)
        _require(form=form, public_key=public_key)
        claims = [one for one in claims_to_pay(office_id=office_id) if not _has_own_part(one, actor=actor)]
    plain = (csv_of if form == CSV else xlsx_of)(rows_of(claims))
    binding, cents = str(uuid4()), sum(one.assessment.proposed_cents for one in claims)
    sealed = seal_file(
        data=plain,
        public_key=base64text.decode(public_key),
        vault=TAB_VAULT,
        binding=binding,
        field=FIELD,
    )
    digest = sha256(plain).hexdigest()
    told = {**data, "count": len(claims), "cents": cents, "sha256": digest}
    audit.record(action="reward.batch", at=at, actor=actor, subject=subject, data=told)
    name = f"{Office.objects.get(pk=office_id).name}-{timezone.localdate(at):%Y%m%d}.{form}"
    return Batch(sealed=sealed, binding=binding, name=name, count=len(claims), cents=cents)


def _require(*, form: str, public_key: str) -> None:
    found = []
    if form not in FORMATS:
        found.append(FieldProblem(field="form", problem=Problem.UNKNOWN_CODE))
    if not identity.is_reader_key(public_key):
        found.append(FieldProblem(field="public_key", problem=Problem.WRONG_TYPE))
    if found:
        raise DraftInvalid(found)


def _has_own_part(claim: RewardClaim, *, actor: User) -> bool:
    return actor.pk in (claim.assessment.proposer_id, claim.assessment.approver_id)


def rows_of(claims: Sequence[RewardClaim]) -> list[Row]:
    """Return the table: a head, one row a reward with empty cells for whom it goes to, and the sum."""
    head = [_("Reward"), _("Yuan"), _("Claimed on"), _("Name"), _("Bank"), _("Account")]
    rows: list[Row] = [
        [
            one.assessment.number,
            from_cents(one.assessment.proposed_cents),
            one.claimed_date.isoformat() if one.claimed_date else "",
            "",
            "",
            "",
        ]
        for one in claims
    ]
    total = from_cents(sum(one.assessment.proposed_cents for one in claims))
    return [head, *rows, [_("Sum"), total, "", "", "", ""]]


def csv_of(rows: Sequence[Row]) -> bytes:
    """Return the rows as CSV in UTF-8 with a byte order mark, so that spreadsheets read Chinese."""
    out = io.StringIO()
    csv.writer(out).writerows([[plain_cell(str(cell)) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Sequence[Row]) -> bytes:
    """Return the rows as a workbook: amounts are numbers, everything else is text, nothing is a formula."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([plain_cell(cell) for cell in row])
    for column, width in zip("ABCDEF", (18, 14, 14, 16, 28, 26), strict=True):
        sheet.column_dimensions[column].width = width
    for cell in sheet["B"][1:]:
        cell.number_format = "#,##0.00"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
