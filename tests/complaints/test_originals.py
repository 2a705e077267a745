"""Originals opened for evidence: the sealed file to its custodian alone, two hashes, a confirmed hand-over."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from complaints.crypto.filecipher import open_file
from complaints.enums import UnsealFault, UnsealStatus
from complaints.errors import DraftInvalid, NotAllowed, RequestNotFound, UnsealRefused
from complaints.models import Evidence, Tip, UnsealRequest
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


def test_the_sealed_file_goes_to_whoever_holds_the_request(row: UnsealRequest, people: Three) -> None:
    with pytest.raises(RequestNotFound):
        sealed(row, people)
    handed_out(row, people)

    for other in (people.second, people.asker, people.approver):
        with pytest.raises(RequestNotFound):
            originals.sealed_original(request_id=row.public_id, actor=other, at=NOW)

    assert sealed(row, people)


def test_the_sealed_file_stays_after_the_approval_ran_out(row: UnsealRequest, people: Three) -> None:
    handed_out(row, people)

    with pytest.raises(RequestNotFound):
        sealed(row, people, at=NEXT_DAY)


def test_a_request_for_a_name_gives_no_file(city: City, people: Three) -> None:
    tip = TipFactory(district=YANTA, real_name=True, photos=1)
    asking = approved(asked(tip, people), people)
    custody.give_key(request_id=asking.public_id, public_key=_key(), actor=people.asker, at=NOW)
    handed_out(asking, people)

    with pytest.raises(RequestNotFound):
        sealed(asking, people)


def _key() -> str:
    from tests.custody_steps import READER_KEY

    return READER_KEY


def test_a_photo_of_another_tip_cannot_be_asked_for(tip: Tip, people: Three) -> None:
    other = TipFactory(district=YANTA, photos=1)

    with pytest.raises(DraftInvalid):
        asked(tip, people, target="original", photo=str(other.photos.get().public_id))


def test_a_photo_without_an_original_cannot_be_asked_for(tip: Tip, people: Three) -> None:
    Evidence.objects.update(vault_version=None, sealed_sha256="")

    with pytest.raises(DraftInvalid):
        asked(tip, people, target="original", photo=str(tip.photos.get().public_id))


def test_each_photo_is_a_request_of_its_own(city: City, people: Three) -> None:
    tip = TipFactory(district=YANTA, photos=2)
    photos = [str(photo.public_id) for photo in tip.photos.all()]

    for photo in photos:
        asked(tip, people, target="original", photo=photo)

    with pytest.raises(UnsealRefused) as caught:
        asked(tip, people, target="original", photo=photos[0])
    assert caught.value.fault == UnsealFault.WAITING


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64, "0" * 63, "0" * 65])
def test_only_a_hash_is_recorded(row: UnsealRequest, people: Three, digest: str) -> None:
    handed_out(row, people)

    with pytest.raises(DraftInvalid):
        hand_over(row, people, digest)


def test_another_file_is_not_confirmed(row: UnsealRequest, people: Three) -> None:
    handed_out(row, people)
    hand_over(row, people)

    with pytest.raises(UnsealRefused) as caught:
        take_over(row, people, "0" * 64)

    assert caught.value.fault == UnsealFault.OTHER_HASH


def test_nothing_is_confirmed_before_the_hand_over(row: UnsealRequest, people: Three) -> None:
    handed_out(row, people)

    with pytest.raises(UnsealRefused):
        take_over(row, people)
    with pytest.raises(NotAllowed):
        originals.take_over(request_id=row.public_id, received_sha256=DIGEST, actor=people.custodian, at=NOW)


def test_a_hand_over_is_recorded_once_and_has_no_end(row: UnsealRequest, people: Three) -> None:
    handed_out(row, people)
    hand_over(row, people)

    with pytest.raises(UnsealRefused):
        hand_over(row, people)

    assert unseal_expiry.expire(at=NEXT_DAY + timedelta(days=30)) == 0


def test_an_unknown_request_is_not_there(people: Three) -> None:
    with pytest.raises(RequestNotFound):
        originals.sealed_original(request_id=uuid4(), actor=people.custodian, at=NOW)


def test_a_file_that_is_gone_is_an_error_not_another_file(
    row: UnsealRequest, people: Three, evidence_root: Path
) -> None:
    handed_out(row, people)
    photo = row.photo
    assert photo is not None
    (evidence_root / photo.path_of("original")).unlink()

    with pytest.raises(FileNotFoundError):
        sealed(row, people)
