"""Opening against somebody who can write to the database and no more, and against people who have left meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from complaints import migrations
from complaints.crypto.keyring import KeyRing
from complaints.enums import Role, UnsealFault, UnsealStatus
from complaints.errors import NotAllowed, UnsealRefused
from complaints.models import (
    AuditHead,
    AuditRow,
    Evidence,
    IdentityAccess,
    Membership,
    SealedIdentity,
    SealedNote,
    Tip,
    UnsealRequest,
)
from complaints.models.sealed import is_bound
from complaints.services import custody, originals, rotation, unseal_expiry
from tests.custody_steps import (
    NEXT_DAY,
    NOW,
    OTHER_KEY,
    Three,
    approved,
    asked,
    delivered,
    handed_out,
    ready,
    request_in,
    three,
)
from tests.factories import TODAY, TipFactory, UserFactory, noon
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
S, F = UnsealStatus, UnsealFault


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


@pytest.fixture
def tip(city: City) -> Tip:
    row: Tip = TipFactory(district=YANTA, real_name=True, photos=1)
    return row


@pytest.fixture
def other(city: City) -> Tip:
    row: Tip = TipFactory(district=YANTA, real_name=True)
    return row


@pytest.fixture
def approved_row(tip: Tip, people: Three) -> UnsealRequest:
    row = request_in(S.APPROVED, tip=tip, people=people)
    ready(row, people)
    return row


def fault_of(call: Callable[[], Any]) -> UnsealFault:
    with pytest.raises(UnsealRefused) as caught:
        call()
    return caught.value.fault


def last_refusal() -> str:
    return str(AuditRow.objects.filter(action="unseal.refused").latest("sequence").data["code"])


def change(row: UnsealRequest, **values: object) -> None:
    UnsealRequest.objects.filter(pk=row.pk).update(**values)


# --- what is sealed belongs to its tip --------------------------------------------------------------------------


def swap(one: Tip, two: Tip) -> None:
    """Exchange envelope and idempotency key of two tips: each opens, under the other's number."""
    keys, texts = (
        (one.idempotency_key, two.idempotency_key),
        (one.sealed_identity.envelope, two.sealed_identity.envelope),
    )
    Tip.objects.filter(pk=one.pk).update(idempotency_key="0" * 32)
    Tip.objects.filter(pk=two.pk).update(idempotency_key=keys[0])
    Tip.objects.filter(pk=one.pk).update(idempotency_key=keys[1])
    SealedIdentity.objects.filter(tip=one).update(envelope=texts[1])
    SealedIdentity.objects.filter(tip=two).update(envelope=texts[0])


def test_a_name_moved_to_another_tip_is_not_handed_out(
    approved_row: UnsealRequest, tip: Tip, other: Tip, people: Three, caplog: pytest.LogCaptureFixture
) -> None:
    swap(tip, other)

    assert fault_of(lambda: handed_out(approved_row, people)) == F.MISPLACED
    assert last_refusal() == "misplaced"
    assert [record.levelname for record in caplog.records if "not received with it" in record.message]
    assert not IdentityAccess.objects.exists()


def test_a_name_moved_to_another_tip_is_not_approved(tip: Tip, other: Tip, people: Three) -> None:
    row = asked(tip, people)
    swap(tip, other)

    assert fault_of(lambda: approved(row, people)) == F.MISPLACED


def test_a_name_without_a_mark_is_not_handed_out(approved_row: UnsealRequest, people: Three) -> None:
    SealedIdentity.objects.update(bound_mark=b"")

    assert fault_of(lambda: handed_out(approved_row, people)) == F.MISPLACED


def test_the_migration_marks_what_was_there(tip: Tip) -> None:
    [path] = Path(migrations.__path__[0]).glob("*_sealed_bindings.py")
    for model in (SealedIdentity, Evidence):
        model.objects.update(bound_mark=b"")

    import_module(f"{migrations.__name__}.{path.stem}").mark_all(apps, None)

    assert is_bound(SealedIdentity.objects.get())
    assert is_bound(Evidence.objects.get())


@pytest.mark.parametrize("column", ["idempotency_key", "sealed_sha256"])
def test_an_original_that_was_changed_in_the_table_is_not_handed_out(
    tip: Tip, people: Three, column: str
) -> None:
    photo = tip.photos.get()
    row = request_in(S.APPROVED, tip=tip, people=people, target="original", photo=str(photo.public_id))
    if column == "idempotency_key":
        Tip.objects.filter(pk=tip.pk).update(idempotency_key="0" * 32)
    else:
        Evidence.objects.filter(pk=photo.pk).update(sealed_sha256="0" * 64)

    assert fault_of(lambda: handed_out(row, people)) == F.MISPLACED


def test_marks_are_made_anew_when_the_key_changes(tip: Tip, settings: Settings) -> None:
    new = KeyRing.generate(key_id="t2", suite="gm")
    settings.KEY_RING = f"{new},{settings.KEY_RING}"

    done = rotation.rotate(today=TODAY)
    settings.KEY_RING = new

    assert done.is_done
    assert is_bound(SealedIdentity.objects.get())
    assert is_bound(Evidence.objects.get())


def test_a_mark_that_does_not_fit_is_not_made_anew(tip: Tip, settings: Settings) -> None:
    SealedIdentity.objects.update(envelope="{}")
    settings.KEY_RING = f"{KeyRing.generate(key_id='t2', suite='gm')},{settings.KEY_RING}"

    done = rotation.rotate(today=TODAY)

    assert done.unreadable == (f"complaints.SealedIdentity {tip.sealed_identity.pk}",)
    assert not done.is_done


# --- a decision is proven by the log ----------------------------------------------------------------------------


def test_an_approval_written_into_the_table_hands_nothing_out(tip: Tip, people: Three) -> None:
    row = asked(tip, people)
    ready(row, people)
    change(row, status=S.APPROVED, approver=people.approver, valid_until=NEXT_DAY, decided_at=NOW)

    assert fault_of(lambda: handed_out(row, people)) == F.UNPROVEN
    assert last_refusal() == "unproven"
    assert not IdentityAccess.objects.exists()


@pytest.mark.parametrize("column", ["valid_until", "asker", "approver", "target", "tip"])
def test_a_true_approval_is_good_for_what_was_approved_alone(
    approved_row: UnsealRequest, other: Tip, people: Three, city: City, column: str
) -> None:
    officer = UserFactory(roles=[(Role.OFFICER, city.yanta)])
    leader = UserFactory(roles=[(Role.LEADER, city.yanta)])
    values = {
        "valid_until": NEXT_DAY + timedelta(days=1),
        "asker": officer,
        "approver": leader,
        "target": "claim",
        "tip": other,
    }
    change(approved_row, **{column: values[column]})

    assert fault_of(lambda: handed_out(approved_row, people)) == F.UNPROVEN


def test_an_edited_record_proves_nothing(approved_row: UnsealRequest, people: Three) -> None:
    later = NEXT_DAY + timedelta(days=1)
    record = AuditRow.objects.get(action="unseal.approve")
    AuditRow.objects.filter(pk=record.pk).update(data={**record.data, "until": later.isoformat()})
    change(approved_row, valid_until=later)

    assert fault_of(lambda: handed_out(approved_row, people)) == F.UNPROVEN


def test_what_is_left_of_an_older_key_proves_nothing(
    approved_row: UnsealRequest, people: Three, settings: Settings
) -> None:
    new = KeyRing.generate(key_id="t2", suite="gm")
    settings.KEY_RING = f"{new},{settings.KEY_RING}"
    rotation.rotate(today=TODAY)
    rotation.vouch_for_log(at=NOW)
    settings.KEY_RING = f"{new},{rotation.remnant_of(key_id='t1')}"

    assert fault_of(lambda: handed_out(approved_row, people)) == F.UNPROVEN


def test_a_key_written_into_the_table_gets_no_note(approved_row: UnsealRequest, people: Three) -> None:
    change(approved_row, asker_key=OTHER_KEY)

    assert fault_of(lambda: handed_out(approved_row, people)) == F.UNPROVEN


def test_a_request_put_into_a_custodians_hands_gives_no_file(tip: Tip, people: Three) -> None:
    row = asked(tip, people, target="original", photo=str(tip.photos.get().public_id))
    change(
        row,
        status=S.OPENED,
        approver=people.approver,
        custodian=people.custodian,
        valid_until=NEXT_DAY,
        opened_at=NOW,
    )

    who = {"request_id": row.public_id, "actor": people.custodian, "at": NOW}
    assert fault_of(lambda: originals.sealed_original(**who)) == F.UNPROVEN


def test_records_hold_for_whom_until_when_and_what_was_sealed(
    approved_row: UnsealRequest, tip: Tip, people: Three
) -> None:
    out = handed_out(approved_row, people)

    for action in ("unseal.approve", "unseal.hand_out"):
        data = AuditRow.objects.get(action=action).data
        assert (data["asker"], data["sealed"]) == (people.asker.pk, out.thing.sha256)
        assert datetime.fromisoformat(data["until"]) == approved_row.valid_until


# --- who has left meanwhile -------------------------------------------------------------------------------------


def leave(user: Any) -> None:
    Membership.objects.filter(user=user).delete()


def test_no_note_is_delivered_to_an_asker_who_has_left(approved_row: UnsealRequest, people: Three) -> None:
    handed_out(approved_row, people)
    leave(people.asker)

    assert fault_of(lambda: delivered(approved_row, people)) == F.ASKER_GONE
    assert not SealedNote.objects.exists()


def test_an_asker_who_has_left_reads_nothing(tip: Tip, people: Three) -> None:
    row = request_in(S.OPENED, tip=tip, people=people)
    leave(people.asker)

    who = {"request_id": row.public_id, "actor": people.asker, "at": NOW}
    assert fault_of(lambda: custody.read_note(**who)) == F.ASKER_GONE
    assert SealedNote.objects.exists()


def test_an_asker_who_has_left_takes_no_file_over(tip: Tip, people: Three) -> None:
    row = request_in(
        S.APPROVED, tip=tip, people=people, target="original", photo=str(tip.photos.get().public_id)
    )
    handed_out(row, people)
    originals.hand_over(request_id=row.public_id, opened_sha256="a" * 64, actor=people.custodian, at=NOW)
    leave(people.asker)

    who = {"request_id": row.public_id, "actor": people.asker, "at": NOW}
    assert fault_of(lambda: originals.take_over(received_sha256="a" * 64, **who)) == F.ASKER_GONE


@pytest.mark.parametrize("how", ["closed", "role"])
def test_an_approval_ends_with_the_role_of_whoever_gave_it(
    approved_row: UnsealRequest, people: Three, how: str
) -> None:
    if how == "role":
        leave(people.approver)
    else:
        people.approver.is_active = False
        people.approver.save()

    assert fault_of(lambda: handed_out(approved_row, people)) == F.APPROVER_GONE


# --- taking back --------------------------------------------------------------------------------------------------


def revoke(row: UnsealRequest, actor: Any) -> None:
    custody.revoke(request_id=row.public_id, actor=actor, at=NOW)


@pytest.mark.parametrize("who", ["approver", "another"])
def test_a_leader_takes_an_approval_back(
    approved_row: UnsealRequest, people: Three, city: City, who: str
) -> None:
    leader = people.approver if who == "approver" else UserFactory(roles=[(Role.LEADER, city.city)])

    revoke(approved_row, leader)

    assert fault_of(lambda: handed_out(approved_row, people)) == F.NOT_NOW
    assert UnsealRequest.objects.get().status == S.WITHDRAWN
    record = AuditRow.objects.get(action="unseal.revoke")
    assert (record.actor, record.data["request"]) == (leader, approved_row.pk)


def test_an_approval_taken_back_does_not_come_back_in_the_table(
    approved_row: UnsealRequest, people: Three
) -> None:
    revoke(approved_row, people.approver)
    change(approved_row, status=S.APPROVED)

    assert fault_of(lambda: handed_out(approved_row, people)) == F.UNPROVEN


def test_a_spoilt_record_of_taking_back_brings_no_approval_back(
    approved_row: UnsealRequest, people: Three
) -> None:
    revoke(approved_row, people.approver)
    AuditRow.objects.filter(action="unseal.revoke").update(mac=b"\1" * 32)
    change(approved_row, status=S.APPROVED)

    assert fault_of(lambda: handed_out(approved_row, people)) == F.UNPROVEN


def test_nothing_is_delivered_once_the_approval_was_taken_back(
    approved_row: UnsealRequest, people: Three
) -> None:
    handed_out(approved_row, people)
    revoke(approved_row, people.approver)

    assert fault_of(lambda: delivered(approved_row, people)) == F.NOT_NOW


def test_what_was_delivered_is_not_taken_back(tip: Tip, people: Three) -> None:
    row = request_in(S.OPENED, tip=tip, people=people)

    assert fault_of(lambda: revoke(row, people.approver)) == F.NOT_NOW


@pytest.mark.parametrize("who", ["asker", "custodian"])
def test_nobody_else_takes_an_approval_back(approved_row: UnsealRequest, people: Three, who: str) -> None:
    with pytest.raises(NotAllowed):
        revoke(approved_row, getattr(people, who))


def test_an_asker_withdraws_and_may_ask_again(approved_row: UnsealRequest, tip: Tip, people: Three) -> None:
    custody.withdraw(request_id=approved_row.public_id, actor=people.asker, at=NOW)

    again = asked(tip, people)

    assert UnsealRequest.objects.get(pk=approved_row.pk).status == S.WITHDRAWN
    assert again.status == S.ASKED
    with pytest.raises(NotAllowed):
        custody.withdraw(request_id=again.public_id, actor=people.approver, at=NOW)


def test_a_request_that_ran_out_keeps_no_new_one_away(tip: Tip, people: Three) -> None:
    old = request_in(S.APPROVED, tip=tip, people=people)

    again = asked(tip, people, at=NEXT_DAY)

    assert UnsealRequest.objects.get(pk=old.pk).status == S.EXPIRED
    assert again.status == S.ASKED
    assert unseal_expiry.expire(at=noon(TODAY)) == 0


# --- outside the database -----------------------------------------------------------------------------------------


def test_a_hand_out_is_signed_outside_the_database(
    approved_row: UnsealRequest,
    people: Three,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    head = AuditHead.objects.values().get()
    with django_capture_on_commit_callbacks(execute=True):
        handed_out(approved_row, people)
    AuditRow.objects.filter(sequence__gt=head["sequence"]).delete()
    AuditHead.objects.filter(pk=head["id"]).update(**head)

    with pytest.raises(CommandError, match="较早的一份"):
        call_command("audit_verify")
