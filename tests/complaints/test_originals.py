"""Originals opened for evidence: the sealed file to its custodian alone, two hashes, a confirmed hand-over."""

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from complaints.crypto.filecipher import open_file
from complaints.enums import UnsealStatus
from complaints.errors import ComplaintError, RequestNotFound, UnsealRefused
from complaints.models import AuditRow, Evidence, Membership, Tip, UnsealRequest
from complaints.services import custody, originals, reporter, unseal_expiry
from tests.custody_steps import NEXT_DAY, NOW, Three, approved, asked, handed_out, three
from tests.factories import TODAY, VAULT_FINGERPRINT, VAULT_SEED, TipFactory, jpeg, upload
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
PHOTO = jpeg(maker="Marker-Camera-1")
DIGEST = sha256(PHOTO).hexdigest()


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


@pytest.fixture
def tip(city: City) -> Tip:
    row: Tip = TipFactory(district=YANTA, photos=[PHOTO])
    return row


@pytest.fixture
def row(tip: Tip, people: Three) -> UnsealRequest:
    """Return an approved request for the only photo."""
    asking = asked(tip, people, target="original", photo=str(tip.photos.get().public_id), purpose="evidence")
    return approved(asking, people)


def sealed(row: UnsealRequest, people: Three, *, at: object = NOW) -> bytes:
    return originals.sealed_original(request_id=row.public_id, actor=people.custodian, at=at)  # type: ignore[arg-type]


def hand_over(row: UnsealRequest, people: Three, digest: str = DIGEST) -> None:
    originals.hand_over(request_id=row.public_id, opened_sha256=digest, actor=people.custodian, at=NOW)


def take_over(row: UnsealRequest, people: Three, digest: str = DIGEST) -> None:
    originals.take_over(request_id=row.public_id, received_sha256=digest, actor=people.asker, at=NOW)


def test_the_whole_way_of_an_original(row: UnsealRequest, people: Three) -> None:
    out = handed_out(row, people)
    data = sealed(row, people)
    hand_over(row, people)

    take_over(row, people, f" {DIGEST.upper()} ")

    row.refresh_from_db()
    assert sha256(data).hexdigest() == out.thing.sha256
    assert open_file(seed=VAULT_SEED, sealed=data, binding=out.thing.binding) == PHOTO
    assert (row.status, row.opened_sha256) == (UnsealStatus.READ, DIGEST)
    assert list(row.steps.values_list("act", flat=True)) == [
        "ask", "approve", "hand_out", "hand_over", "take_over",
    ]  # fmt: skip


def test_photos_sent_later_are_tied_to_the_number(tip: Tip, people: Three) -> None:
    reporter.send_message(
        typed=tip.acknowledgement.receipt,
        text="补一张",
        uploads=[upload(PHOTO)],
        today=TODAY,
        vault_fingerprint=VAULT_FINGERPRINT,
    )
    later = Evidence.objects.exclude(message=None).get()
    asking = approved(asked(tip, people, target="original", photo=str(later.public_id)), people)

    out = handed_out(asking, people)

    assert open_file(seed=VAULT_SEED, sealed=sealed(asking, people), binding=out.thing.binding) == PHOTO
    assert out.thing.binding == tip.number


def test_no_key_of_the_asker_is_needed(row: UnsealRequest, people: Three) -> None:
    with pytest.raises(UnsealRefused):
        custody.give_key(request_id=row.public_id, public_key="x", actor=people.asker, at=NOW)

    assert handed_out(row, people).reader_key == ""


def refused(row: UnsealRequest, actor: User, *, at: datetime = NOW) -> str:
    """Return the code with which the file is refused; the refusal left a row."""
    with pytest.raises(ComplaintError) as caught:
        originals.sealed_original(request_id=row.public_id, actor=actor, at=at)
    last = AuditRow.objects.order_by("-sequence")[0]
    assert (last.action, last.actor, last.data["code"]) == ("unseal.refused", actor, caught.value.code)
    return caught.value.code


def test_the_sealed_file_goes_to_whoever_holds_the_request(row: UnsealRequest, people: Three) -> None:
    before = refused(row, people.custodian)
    handed_out(row, people)

    others = [refused(row, other) for other in (people.second, people.asker, people.approver)]

    assert (before, others) == ("not_now", ["taken", "not_allowed", "not_allowed"])
    assert sealed(row, people)
    logged = AuditRow.objects.get(action="unseal.file")
    assert (logged.actor, logged.subject, logged.data["request"]) == (
        people.custodian,
        row.tip.number,
        row.pk,
    )


def test_the_sealed_file_stays_after_the_approval_ran_out(row: UnsealRequest, people: Three) -> None:
    handed_out(row, people)

    assert refused(row, people.custodian, at=NEXT_DAY) == "too_late"


def test_the_sealed_file_stays_once_the_role_was_taken(row: UnsealRequest, people: Three) -> None:
    handed_out(row, people)
    Membership.objects.filter(user=people.custodian).delete()

    assert refused(row, people.custodian) == "not_found"


def test_nothing_is_fetched_after_the_hand_over(row: UnsealRequest, people: Three) -> None:
    handed_out(row, people)
    hand_over(row, people)

    assert refused(row, people.custodian) == "not_now"


def test_a_hand_over_is_recorded_once_and_has_no_end(row: UnsealRequest, people: Three) -> None:
    handed_out(row, people)
    hand_over(row, people)

    with pytest.raises(UnsealRefused):
        hand_over(row, people)

    assert unseal_expiry.expire(at=NEXT_DAY + timedelta(days=30)) == 0


def test_an_unknown_request_is_not_there(people: Three) -> None:
    with pytest.raises(RequestNotFound):
        originals.sealed_original(request_id=uuid4(), actor=people.custodian, at=NOW)


def test_a_file_that_is_gone_is_said_and_frees_the_request(
    row: UnsealRequest, people: Three, evidence_root: Path
) -> None:
    handed_out(row, people)
    for path in evidence_root.rglob("*.original"):
        path.unlink()

    code = refused(row, people.custodian)

    row.refresh_from_db()
    assert (code, row.status, row.custodian) == ("file_gone", UnsealStatus.APPROVED, None)
    assert row.steps.latest("pk").detail == "missing_file"
