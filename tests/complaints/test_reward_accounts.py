"""The accounts of rewards: ledger lines, reconciliation of ledger, states and log, the sealed batch."""

import csv
import io
from base64 import b64encode
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from complaints.crypto import envelope as cipher
from complaints.crypto.filecipher import open_file
from complaints.enums import (
    ClaimState,
    IdentityMode,
    LedgerAccount,
    LedgerAct,
    ReconcileFault,
    RewardState,
)
from complaints.errors import ComplaintError, DraftInvalid, NotAllowed
from complaints.models import AuditRow, LedgerEntry, RewardAssessment, RewardBudget, RewardClaim
from complaints.selectors.ledger import ledger_lines
from complaints.selectors.reconciliation import reconcile
from complaints.services.batches import csv_of, payment_batch, rows_of, xlsx_of
from complaints.services.claim_terms import forfeit, release, remind
from complaints.services.ledger import appropriate, take_back
from complaints.services.payments import pay, unpay
from tests.claim_steps import Approved, approved, claim
from tests.factories import TODAY, noon
from tests.fixtures import City
from tests.reward_steps import AT, Three, three

pytestmark = pytest.mark.django_db
SEED = bytes(range(64, 96))
KEY = b64encode(cipher.public_key_of(SEED)).decode()


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


@pytest.fixture
def paid(city: City, people: Three) -> Approved:
    given = approved(city, people)
    claim(given.tip)
    pay(number=given.row.number, actor=people.payer, at=AT)
    return given


def faults() -> list[ReconcileFault]:
    return [one.fault for one in reconcile().differences]


# --- reconciliation ---------------------------------------------------------------------------------------------------


def test_everything_that_happens_agrees(city: City, people: Three, paid: Approved) -> None:
    lapsed, back, open_one = (approved(city, people) for _number in range(3))
    release(number=back.row.number, reason="处罚撤销", actor=people.approver, at=AT)
    unpay(number=paid.row.number, reason="退回", asks_anew=False, actor=people.payer, at=AT)
    pay(number=paid.row.number, actor=people.payer, at=AT)
    claim(open_one.tip)
    due = lapsed.claim.due_date
    remind(now=noon(due))
    late = noon(due.replace(year=due.year + 1))
    forfeit(now=late)
    take_back(office_id=city.yanta.pk, year=TODAY.year, amount=Decimal(100), actor=people.payer, at=AT)

    found = reconcile()

    assert found.differences == []
    assert found.rewards == 4
    states = list(RewardClaim.objects.order_by("pk").values_list("state", flat=True))
    assert states == [ClaimState.PAID, ClaimState.FORFEITED, ClaimState.RELEASED, ClaimState.CLAIMED]
    call_command("reconcile_rewards", verbosity=0)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (lambda row: RewardClaim.objects.update(state=ClaimState.CLAIMED), ReconcileFault.LEDGER),
        (lambda row: RewardAssessment.objects.update(proposed_cents=1), ReconcileFault.LEDGER),
        (lambda row: AuditRow.objects.filter(action="reward.paid").delete(), ReconcileFault.LOG),
        (lambda row: RewardAssessment.objects.update(state=RewardState.RELEASED), ReconcileFault.STATE),
        (lambda row: RewardAssessment.objects.update(state=RewardState.PROPOSED), ReconcileFault.CLAIM),
        (lambda row: RewardBudget.objects.update(appropriated_cents=10**9), ReconcileFault.BUDGET),
        (
            lambda row: LedgerEntry.objects.filter(account=LedgerAccount.PAID).update(cents=2),
            ReconcileFault.LEDGER,
        ),
        (lambda row: AuditRow.objects.filter(action="budget.appropriate").delete(), ReconcileFault.BUDGET),
    ],
)
def test_what_somebody_wrote_past_the_program_is_found(
    paid: Approved, tamper: Any, expected: ReconcileFault
) -> None:
    assert faults() == []

    tamper(paid.row)

    assert expected in faults()
    with pytest.raises(CommandError):
        call_command("reconcile_rewards", verbosity=0)


def test_only_the_own_units_are_compared(city: City, paid: Approved) -> None:
    RewardClaim.objects.update(state=ClaimState.CLAIMED)

    assert reconcile(offices=[city.lianhu.pk]).differences == []
    assert not reconcile(offices=[city.yanta.pk]).agrees


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_lines_of_the_ledger_with_the_balance_after_each(city: City, people: Three, paid: Approved) -> None:
    unpay(number=paid.row.number, reason="退回", asks_anew=False, actor=people.payer, at=AT)

    lines = ledger_lines(budget=RewardBudget.objects.get())

    assert [(one.act, one.reserved, one.paid, one.free) for one in lines] == [
        (LedgerAct.APPROPRIATE, 0, 0, 100000000),
        (LedgerAct.RESERVE, 1500000, 0, 98500000),
        (LedgerAct.PAY, -1500000, 1500000, 98500000),
        (LedgerAct.UNPAY, 1500000, -1500000, 98500000),
    ]
    assert [one.number for one in lines] == ["", *[paid.row.number] * 3]


def test_a_budget_of_zero_approves_nothing(city: City, people: Three) -> None:
    from complaints.errors import RewardRefused
    from tests.reward_steps import approve, fined_tip, propose

    row = propose(fined_tip(100000), people.proposer)

    with pytest.raises(RewardRefused):
        approve(row, people.approver)
    assert AuditRow.objects.get(action="reward.refused").data["code"] == "no_budget"
    assert not RewardClaim.objects.exists()


# --- the batch --------------------------------------------------------------------------------------------------------


def taken(city: City, people: Three, form: str, **values: Any) -> bytes:
    """Return the file as the payer's tab opens it."""
    plain = {"office_id": city.yanta.pk, "form": form, "public_key": KEY, "actor": people.payer, "at": AT}
    batch = payment_batch(**{**plain, **values})
    return open_file(seed=SEED, sealed=batch.sealed, binding=batch.binding, field="batch")


@pytest.fixture
def claimed(city: City, people: Three) -> Approved:
    given = approved(city, people, mode=IdentityMode.REAL_NAME)
    claim(given.tip)
    return given


def test_the_batch_is_named_by_the_day_of_the_place(city: City, people: Three) -> None:
    early = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)

    batch = payment_batch(office_id=city.yanta.pk, form="csv", public_key=KEY, actor=people.payer, at=early)

    assert batch.name.endswith("-20260310.csv")


def test_the_batch_as_csv(city: City, people: Three, claimed: Approved) -> None:
    rows = list(csv.reader(io.StringIO(taken(city, people, "csv").decode("utf-8-sig"))))

    assert rows[1][:3] == [claimed.row.number, "15000.00", TODAY.isoformat()]
    assert rows[-1][1] == "15000.00"
    assert all(cell == "" for row in rows[1:] for cell in row[3:])


def test_the_batch_as_a_workbook_without_formulas(city: City, people: Three, claimed: Approved) -> None:
    sheet = load_workbook(io.BytesIO(taken(city, people, "xlsx"))).active

    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert sheet["A2"].value == claimed.row.number
    assert (sheet["B2"].value, sheet["B3"].value) == (15000, 15000)


def test_what_looks_like_a_formula_stays_text() -> None:
    rows = [["=1+1", "+2", "-3", "@x", "\t=4", Decimal("1.50")]]

    sheet = load_workbook(io.BytesIO(xlsx_of(rows))).active

    assert [cell.data_type for cell in sheet[1]] == ["s"] * 5 + ["n"]
    assert csv_of(rows).decode("utf-8-sig").startswith("'=1+1,'+2,'-3,'@x,")


def test_the_batch_leaves_its_sum_and_hash_in_the_log(city: City, people: Three, claimed: Approved) -> None:
    taken(city, people, "csv")

    row = AuditRow.objects.get(action="reward.batch")
    assert (row.subject, row.actor) == (f"office:{city.yanta.pk}", people.payer)
    assert (row.data["count"], row.data["cents"], len(row.data["sha256"])) == (1, 1500000, 64)


def test_a_batch_is_for_the_payer_of_the_unit_alone(city: City, people: Three, claimed: Approved) -> None:
    for other in (people.proposer, people.approver, people.city_approver):
        with pytest.raises(NotAllowed):
            taken(city, people, "csv", actor=other)
    with pytest.raises(NotAllowed):
        taken(city, people, "csv", office_id=city.lianhu.pk)
    assert AuditRow.objects.filter(action="setting.refused", data__act="reward.batch").count() == 4


@pytest.mark.parametrize("values", [{"form": "pdf"}, {"public_key": "x"}, {"public_key": ""}])
def test_a_batch_nobody_can_open_is_not_made(city: City, people: Three, values: dict[str, str]) -> None:
    with pytest.raises(DraftInvalid):
        taken(city, people, **{"form": "csv", **values})


def test_whoever_had_another_part_does_not_find_it_in_the_batch(
    city: City, people: Three, claimed: Approved
) -> None:
    RewardAssessment.objects.update(approver=people.payer)

    assert rows_of([])[-1][1] == Decimal("0.00")
    rows = list(csv.reader(io.StringIO(taken(city, people, "csv").decode("utf-8-sig"))))
    assert claimed.row.number not in {row[0] for row in rows}


def test_other_tabs_cannot_open_it(city: City, people: Three, claimed: Approved) -> None:
    from complaints.crypto.errors import DecryptionError

    batch = payment_batch(office_id=city.yanta.pk, form="csv", public_key=KEY, actor=people.payer, at=AT)

    with pytest.raises(DecryptionError):
        open_file(seed=bytes(32), sealed=batch.sealed, binding=batch.binding, field="batch")
    assert claimed.row.number.encode() not in batch.sealed


def test_refusals_of_a_budget_leave_one_row(city: City, people: Three) -> None:
    for amount in (Decimal(-1), Decimal("NaN"), Decimal(0)):
        before = AuditRow.objects.count()
        with pytest.raises(ComplaintError):
            appropriate(office_id=city.yanta.pk, year=TODAY.year, amount=amount, actor=people.payer, at=AT)
        assert AuditRow.objects.count() == before + 1
