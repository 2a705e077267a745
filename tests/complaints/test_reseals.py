"""Moving what is sealed to a new vault version: two people, only what is unchanged, nothing lost in a crash."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from complaints.crypto import envelope as cipher
from complaints.enums import KeyFault, Role, SealedKind
from complaints.errors import ComplaintError, KeyRefused, NotAllowed
from complaints.models import AuditRow, Evidence, Membership, Reseal, SealedIdentity, Tip, Vault
from complaints.models.sealed import is_bound
from complaints.rules.reseal import APPROVED_FOR
from complaints.selectors.keys import SealedItem, sealed_counts
from complaints.services import evidence
from complaints.services.evidence import evidence_storage
from complaints.services.evidence_sweep import sweep_orphans
from complaints.services.reseals import (
    Batch,
    Moved,
    Outcome,
    ask_reseal,
    decide_reseal,
    hand_out,
    hand_out_original,
    take_identities,
    take_original,
)
from tests.factories import TODAY, VAULT_FINGERPRINT, VAULT_SEED, UserFactory, VaultFactory, noon
from tests.fixtures import City
from tests.key_steps import (
    NEW_FINGERPRINT,
    Rotation,
    opened_names,
    opened_original,
    resealed,
    resealed_file,
    rotation,
)

NOON = noon(TODAY)
PINNED = {"pinned": NEW_FINGERPRINT}
NAME = {"name": "张三丰", "phone": "13800001234"}


@pytest.fixture
def custodian(city: City) -> User:
    row: User = UserFactory(username="linbao", roles=[(Role.CUSTODIAN, city.city)])
    return row


@pytest.fixture
def head(city: City) -> User:
    row: User = UserFactory(username="juzhang", roles=[(Role.LEADER, city.city)])
    return row


@pytest.fixture
def turned(city: City, vault: Vault) -> Rotation:
    """Two tips with a name and a photo each, sealed to the old vault; the new one is there."""
    return rotation(old=vault)


def ask(actor: User, *, at: datetime = NOON, version: int = 1, pinned: str = NEW_FINGERPRINT) -> Reseal:
    return ask_reseal(actor=actor, version=version, pinned=pinned, at=at)


@pytest.fixture
def job(turned: Rotation, custodian: User, head: User) -> Reseal:
    """An approved job."""
    asked = ask(custodian)
    return decide_reseal(actor=head, job_id=asked.public_id, is_approved=True, at=NOON)


def batch(job: Reseal, actor: User, *, identity: int = 0, original: int = 0) -> list[SealedItem]:
    return whole_batch(job, actor, identity=identity, original=original).items


def whole_batch(job: Reseal, actor: User, *, identity: int = 0, original: int = 0) -> Batch:
    return hand_out(
        actor=actor, job_id=job.public_id, identity=identity, original=original, at=NOON, **PINNED
    )


def take(job: Reseal, actor: User, moves: list[Moved]) -> Outcome:
    return take_identities(actor=actor, job_id=job.public_id, moves=moves, at=NOON, **PINNED)


def photo_bytes(job: Reseal, actor: User, photo: Evidence) -> bytes:
    return hand_out_original(actor=actor, job_id=job.public_id, public_id=photo.public_id, at=NOON, **PINNED)


def take_photo(job: Reseal, actor: User, photo: Evidence, sealed: bytes, *, before: str = "") -> Outcome:
    return take_original(
        actor=actor,
        job_id=job.public_id,
        public_id=photo.public_id,
        before=before or photo.sealed_sha256,
        sealed=sealed,
        at=NOON,
        **PINNED,
    )


def move_photo(job: Reseal, actor: User, photo: Evidence) -> bytes:
    """Move one original as a browser does; return its clear bytes before."""
    sealed = photo_bytes(job, actor, photo)
    before = opened_original(photo, seed=VAULT_SEED)
    take_photo(job, actor, photo, resealed_file(sealed, binding=photo.binding))
    return before


def fault_of(caught: "pytest.ExceptionInfo[KeyRefused]") -> KeyFault:
    return caught.value.fault


def originals_on_disk() -> set[str]:
    return {name for name in evidence_storage().all_names() if ".original" in name}


# --- asking and deciding ------------------------------------------------------------------------------------------


def test_a_custodian_asks_and_a_leader_at_the_top_approves(
    turned: Rotation, custodian: User, head: User
) -> None:
    asked = ask(custodian)
    decided = decide_reseal(actor=head, job_id=asked.public_id, is_approved=True, at=NOON)

    assert (asked.source, asked.target) == (turned.old, turned.new)
    assert (decided.asked_by, decided.decided_by, decided.is_approved) == (custodian, head, True)
    rows = AuditRow.objects.filter(subject="vault:1").order_by("sequence").values_list("action", "actor")
    assert list(rows) == [("vault.reseal_asked", custodian.pk), ("vault.reseal_approved", head.pk)]


@pytest.mark.parametrize("who", ["officer", "leader", "auditor", "administrator", "custodian"])
def test_nobody_else_approves(
    turned: Rotation, custodian: User, request: pytest.FixtureRequest, who: str
) -> None:
    asked, person = ask(custodian), request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        decide_reseal(actor=person, job_id=asked.public_id, is_approved=True, at=NOON)

    asked.refresh_from_db()
    assert asked.is_approved is None
    assert AuditRow.objects.filter(action="vault.refused", actor=person).count() == 1


def test_whoever_holds_both_roles_approves_nothing_of_their_own(turned: Rotation, city: City) -> None:
    both = UserFactory(roles=[(Role.CUSTODIAN, city.city), (Role.LEADER, city.city)])
    asked = ask(both)

    with pytest.raises(KeyRefused) as caught:
        decide_reseal(actor=both, job_id=asked.public_id, is_approved=True, at=NOON)

    assert fault_of(caught) == KeyFault.BOTH_ENDS


def test_the_database_too_wants_two_people(turned: Rotation, custodian: User) -> None:
    asked = ask(custodian)

    with pytest.raises(IntegrityError):
        Reseal.objects.filter(pk=asked.pk).update(decided_by=custodian)


@pytest.mark.parametrize("who", ["officer", "leader", "head", "administrator"])
def test_only_a_custodian_asks(turned: Rotation, request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(NotAllowed):
        ask(request.getfixturevalue(who))


@pytest.mark.parametrize("version", [2, 3, 0])
def test_there_is_nothing_to_move_from_the_version_in_use(
    turned: Rotation, custodian: User, version: int
) -> None:
    with pytest.raises(KeyRefused) as caught:
        ask(custodian, version=version)

    assert fault_of(caught) == KeyFault.NOTHING_TO_MOVE


def test_nothing_moves_before_the_settings_name_the_new_key(turned: Rotation, custodian: User) -> None:
    with pytest.raises(KeyRefused) as caught:
        ask(custodian, pinned=VAULT_FINGERPRINT)

    assert fault_of(caught) == KeyFault.NOTHING_TO_MOVE


def test_one_request_at_a_time(turned: Rotation, custodian: User, head: User) -> None:
    asked = ask(custodian)
    with pytest.raises(KeyRefused) as caught:
        ask(custodian)
    decide_reseal(actor=head, job_id=asked.public_id, is_approved=False, at=NOON)

    again = ask(custodian)

    assert fault_of(caught) == KeyFault.ALREADY_ASKED
    assert again.pk != asked.pk


def test_a_decision_stands(job: Reseal, head: User) -> None:
    with pytest.raises(KeyRefused) as caught:
        decide_reseal(actor=head, job_id=job.public_id, is_approved=False, at=NOON)

    assert fault_of(caught) == KeyFault.NOT_READY


# --- handing out --------------------------------------------------------------------------------------------------


def test_identities_come_first_then_originals(job: Reseal, custodian: User, turned: Rotation) -> None:
    first = batch(job, custodian)
    then = batch(job, custodian, identity=first[-1].cursor)
    last = batch(job, custodian, identity=first[-1].cursor, original=then[-1].cursor)

    assert [item.kind for item in first] == [SealedKind.IDENTITY] * 2
    assert [item.binding for item in first] == [tip.idempotency_key for tip in turned.tips]
    assert [item.kind for item in then] == [SealedKind.ORIGINAL] * 2
    assert last == []
    rows = AuditRow.objects.filter(action="vault.reseal_handed_out").order_by("sequence")
    assert [row.data["kind"] for row in rows] == ["identity", "original"]
    assert [row.data["count"] for row in rows] == [2, 2]


def stranger_tries(job: Reseal, actor: User, photo: Evidence, *, at: datetime, pinned: str) -> list[str]:
    """Try every door of a job; return the codes of the refusals."""
    place = {"actor": actor, "job_id": job.public_id, "pinned": pinned, "at": at}
    doors = [
        lambda: hand_out(identity=0, original=0, **place),  # type: ignore[arg-type]  # one table of values
        lambda: hand_out_original(public_id=photo.public_id, **place),  # type: ignore[arg-type]
        lambda: take_identities(moves=[], **place),  # type: ignore[arg-type]
        lambda: take_original(public_id=photo.public_id, before="", sealed=b"", **place),  # type: ignore[arg-type]
    ]
    codes = []
    for door in doors:
        with pytest.raises(ComplaintError) as caught:
            door()
        codes.append(caught.value.code)
    return codes


@pytest.mark.parametrize("who", ["head", "officer", "leader", "auditor", "administrator"])
def test_only_the_custodian_who_asked_works_on_a_job(
    job: Reseal, request: pytest.FixtureRequest, who: str
) -> None:
    person, photo = request.getfixturevalue(who), Evidence.objects.earliest("pk")

    codes = stranger_tries(job, person, photo, at=NOON, pinned=NEW_FINGERPRINT)

    assert codes == ["not_allowed"] * 4
    assert AuditRow.objects.filter(action="vault.refused", actor=person).count() == 4


def test_another_custodian_has_to_ask_first(job: Reseal, city: City) -> None:
    other = UserFactory(roles=[(Role.CUSTODIAN, city.city)])

    codes = stranger_tries(job, other, Evidence.objects.earliest("pk"), at=NOON, pinned=NEW_FINGERPRINT)

    assert codes == ["not_allowed"] * 4


@pytest.mark.parametrize(
    ("later", "pinned"),
    [
        (APPROVED_FOR, NEW_FINGERPRINT),
        (timedelta(0), VAULT_FINGERPRINT),
        (timedelta(0), "0000-" * 15 + "0000"),
    ],
    ids=["over", "pin moved back", "no pin"],
)
def test_nothing_leaves_without_a_valid_approval(
    job: Reseal, custodian: User, later: timedelta, pinned: str
) -> None:
    photo = Evidence.objects.earliest("pk")

    assert stranger_tries(job, custodian, photo, at=NOON + later, pinned=pinned) == ["not_ready"] * 4


def test_nothing_leaves_before_the_approval_or_after_a_refusal(
    turned: Rotation, custodian: User, head: User
) -> None:
    asked, photo = ask(custodian), Evidence.objects.earliest("pk")
    before = stranger_tries(asked, custodian, photo, at=NOON, pinned=NEW_FINGERPRINT)
    decide_reseal(actor=head, job_id=asked.public_id, is_approved=False, at=NOON)

    after = stranger_tries(asked, custodian, photo, at=NOON, pinned=NEW_FINGERPRINT)

    assert before == after == ["not_ready"] * 4


def test_a_job_nobody_knows(custodian: User, vault: Vault) -> None:
    with pytest.raises(KeyRefused):
        hand_out(actor=custodian, job_id=uuid4(), identity=0, original=0, at=NOON, **PINNED)


# --- taking back --------------------------------------------------------------------------------------------------


def test_identities_move_and_both_hashes_are_logged(job: Reseal, custodian: User, turned: Rotation) -> None:
    items = batch(job, custodian)

    outcome = take(job, custodian, [resealed(item) for item in items])

    assert (outcome.moved, outcome.changed, outcome.left) == (2, 0, 2)
    assert [opened_names(tip)["name"] for tip in turned.tips] == ["张三丰"] * 2
    assert set(SealedIdentity.objects.values_list("vault_id", flat=True)) == {2}
    row = AuditRow.objects.get(action="vault.reseal_moved")
    stored = SealedIdentity.objects.get(tip=turned.tips[0]).envelope
    assert row.data["items"][0] == {
        "before": items[0].sha256,
        "after": sha256(stored.encode()).hexdigest(),
    }
    job.refresh_from_db()
    assert (job.moved, job.finished_at) == (2, None)


def test_a_batch_sent_twice_moves_once(job: Reseal, custodian: User, turned: Rotation) -> None:
    moves = [resealed(item) for item in batch(job, custodian)]
    take(job, custodian, moves)
    stored = list(SealedIdentity.objects.order_by("pk").values_list("envelope", flat=True))

    again = take(job, custodian, moves)

    assert (again.moved, again.changed) == (0, 2)
    assert list(SealedIdentity.objects.order_by("pk").values_list("envelope", flat=True)) == stored


def test_what_has_changed_meanwhile_stays(job: Reseal, custodian: User, turned: Rotation) -> None:
    moves = [resealed(item) for item in batch(job, custodian)]
    changed = SealedIdentity.objects.get(tip=turned.tips[0])
    fresh = cipher.seal_fields(
        public_key=bytes(turned.old.public_key),
        vault=1,
        binding=turned.tips[0].idempotency_key,
        field="identity",
        fields={"name": "李四"},
    ).to_json()
    SealedIdentity.objects.filter(pk=changed.pk).update(envelope=fresh)

    outcome = take(job, custodian, moves)

    assert (outcome.moved, outcome.changed) == (1, 1)
    assert opened_names(turned.tips[0], seed=VAULT_SEED) == {"name": "李四"}


@pytest.mark.parametrize("case", ["same vault", "no json", "edited version", "cut"])
def test_what_is_not_sealed_for_the_new_vault_replaces_nothing(
    job: Reseal, custodian: User, turned: Rotation, case: str
) -> None:
    items = batch(job, custodian)
    good, other = resealed(items[0]), resealed(items[1])
    bad = {
        "same vault": items[1].envelope,
        "no json": "{",
        "edited version": other.envelope.replace('"v":1', '"v":2'),
        "cut": other.envelope[:-40],
    }[case]

    with pytest.raises(KeyRefused) as caught:
        take(job, custodian, [good, Moved(cursor=other.cursor, before=other.before, envelope=bad)])

    assert fault_of(caught) == KeyFault.MISFIT
    assert set(SealedIdentity.objects.values_list("vault_id", flat=True)) == {1}
    assert AuditRow.objects.filter(action="vault.refused").count() == 1


def test_originals_move_and_the_old_file_goes(
    job: Reseal,
    custodian: User,
    turned: Rotation,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    photo = Evidence.objects.earliest("pk")
    before_hash, before_files = photo.sealed_sha256, originals_on_disk()

    with django_capture_on_commit_callbacks(execute=True):
        before = move_photo(job, custodian, photo)

    photo.refresh_from_db()
    assert (photo.vault_version, photo.reseals) == (2, 1)
    assert opened_original(photo) == before
    assert len(originals_on_disk()) == len(before_files)
    assert originals_on_disk() - before_files == {photo.path_of("original")}
    row = AuditRow.objects.get(action="vault.reseal_moved")
    assert row.data["items"] == [{"before": before_hash, "after": photo.sealed_sha256}]
    assert photo.path_of("shown").endswith(".shown")


def test_an_original_that_changed_or_misfits_stays(job: Reseal, custodian: User, turned: Rotation) -> None:
    photo, files = Evidence.objects.earliest("pk"), originals_on_disk()
    sealed = photo_bytes(job, custodian, photo)
    again = resealed_file(sealed, binding=photo.binding)

    changed = take_photo(job, custodian, photo, again, before="0" * 64)
    for bad in (sealed, b"", b"ANSF", again[:100]):
        with pytest.raises(KeyRefused):
            take_photo(job, custodian, photo, bad)

    assert (changed.moved, changed.changed) == (0, 1)
    photo.refresh_from_db()
    assert (photo.vault_version, photo.reseals) == (1, 0)
    assert originals_on_disk() == files


def test_a_crash_after_the_file_and_before_the_row_loses_nothing(
    job: Reseal, custodian: User, turned: Rotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = Evidence.objects.earliest("pk")
    sealed = photo_bytes(job, custodian, photo)
    before = opened_original(photo, seed=VAULT_SEED)

    def die(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    again = resealed_file(sealed, binding=photo.binding)
    monkeypatch.setattr(Evidence, "save", die)
    with pytest.raises(RuntimeError):
        take_photo(job, custodian, photo, again)
    monkeypatch.undo()
    row = Evidence.objects.get(pk=photo.pk)
    left = opened_original(row, seed=VAULT_SEED)
    outcome = take_photo(job, custodian, row, resealed_file(sealed, binding=row.binding))

    row.refresh_from_db()
    assert left == opened_original(row) == before
    assert (outcome.moved, row.reseals) == (1, 1)


def test_the_sweep_takes_the_file_a_crash_left_over_and_no_other(
    job: Reseal, custodian: User, turned: Rotation
) -> None:
    photo = Evidence.objects.earliest("pk")
    move_photo(job, custodian, photo)  # what follows the commit has not run: the old file is still there
    before = originals_on_disk()

    swept = sweep_orphans()

    photo.refresh_from_db()
    assert swept == 1
    assert before - originals_on_disk() == {photo.path_of("original").removesuffix("1")}
    assert opened_original(photo)
    assert sweep_orphans() == 0


def test_photos_of_messages_are_tied_to_the_number(turned: Rotation) -> None:
    photo = Evidence.objects.select_related("tip").earliest("pk")
    with_tip = photo.binding
    photo.message_id = 1

    assert with_tip == photo.tip.idempotency_key
    assert photo.binding == photo.tip.number


def test_the_last_one_ends_the_job(job: Reseal, custodian: User, turned: Rotation) -> None:
    take(job, custodian, [resealed(item) for item in batch(job, custodian)])
    for photo in Evidence.objects.all():
        move_photo(job, custodian, photo)

    job.refresh_from_db()
    assert (job.moved, job.finished_at) == (4, NOON)
    assert sealed_counts(version=1).total == 0
    assert AuditRow.objects.filter(action="vault.reseal_done").count() == 1
    with pytest.raises(KeyRefused):
        batch(job, custodian)


def test_a_new_start_goes_on_where_the_crash_was(job: Reseal, custodian: User, turned: Rotation) -> None:
    first = batch(job, custodian)[0]
    take(job, custodian, [resealed(first)])

    again = batch(job, custodian)

    assert [item.binding for item in again] == [turned.tips[1].idempotency_key]


def test_a_batch_holds_no_more_than_the_page_can_carry(
    job: Reseal, custodian: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.selectors.keys.IDENTITIES_AT_ONCE", 1)

    assert [len(batch(job, custodian)), len(batch(job, custodian, identity=10**9))] == [1, 2]


def test_a_file_that_is_gone_is_no_lie(job: Reseal, custodian: User, turned: Rotation) -> None:
    photo = Evidence.objects.earliest("pk")
    evidence.remove_files(names=[photo.path_of("original")])

    with pytest.raises(KeyRefused) as caught:
        photo_bytes(job, custodian, photo)

    assert fault_of(caught) == KeyFault.ORIGINAL_GONE
    assert AuditRow.objects.get(action="vault.refused").data == {
        "act": "reseal_hand_out", "code": "original_gone",
    }  # fmt: skip
    assert not AuditRow.objects.filter(action="vault.reseal_file").exists()


def test_each_file_that_leaves_is_a_row_signed_outside_the_database(
    job: Reseal,
    custodian: User,
    turned: Rotation,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    photo = Evidence.objects.earliest("pk")

    with django_capture_on_commit_callbacks() as after:
        photo_bytes(job, custodian, photo)

    row = AuditRow.objects.get(action="vault.reseal_file")
    assert (row.actor, row.data["sha256"]) == (custodian, photo.sealed_sha256)
    assert len(after) == 1


def test_a_photo_of_another_vault_is_not_handed_out(job: Reseal, custodian: User, settings: Settings) -> None:
    Evidence.objects.update(vault_version=2)

    with pytest.raises(KeyRefused):
        photo_bytes(job, custodian, Evidence.objects.earliest("pk"))
    with pytest.raises(KeyRefused):
        hand_out_original(actor=custodian, job_id=job.public_id, public_id=UUID(int=1), at=NOON, **PINNED)


# --- who can only write to the database ---------------------------------------------------------------------------


def swap_names(one: Tip, other: Tip) -> None:
    """Give two tips each other's envelope and idempotency key, as whoever can write to the database can."""
    keys, rows = (one.idempotency_key, other.idempotency_key), [one.sealed_identity, other.sealed_identity]
    texts = [row.envelope for row in rows]
    Tip.objects.filter(pk=one.pk).update(idempotency_key="0" * 32)
    Tip.objects.filter(pk=other.pk).update(idempotency_key=keys[0])
    Tip.objects.filter(pk=one.pk).update(idempotency_key=keys[1])
    for row, text in zip(rows, reversed(texts), strict=True):
        SealedIdentity.objects.filter(pk=row.pk).update(envelope=text)


def test_what_was_moved_between_tips_stays_with_an_alarm(
    job: Reseal, custodian: User, turned: Rotation, caplog: pytest.LogCaptureFixture
) -> None:
    swap_names(*turned.tips)

    found = whole_batch(job, custodian)

    assert found.items == []
    everything = [*SealedIdentity.objects.order_by("pk"), *Evidence.objects.order_by("pk")]
    assert found.held_back == [
        sha256(one.envelope.encode()).hexdigest() if isinstance(one, SealedIdentity) else one.sealed_sha256
        for one in everything
    ]
    rows = AuditRow.objects.filter(action="vault.reseal_misplaced")
    assert [row.data["count"] for row in rows] == [2, 2]
    assert not AuditRow.objects.filter(action="vault.reseal_handed_out").exists()
    assert "another tip" in caplog.text


def test_what_was_moved_after_it_was_handed_out_is_not_replaced(
    job: Reseal, custodian: User, turned: Rotation
) -> None:
    moves = [resealed(item) for item in batch(job, custodian)]
    SealedIdentity.objects.update(bound_mark=b"\1" * 32)

    outcome = take(job, custodian, moves)

    assert (outcome.moved, outcome.changed) == (0, 2)


def test_what_was_resealed_is_marked_anew(job: Reseal, custodian: User, turned: Rotation) -> None:
    take(job, custodian, [resealed(item) for item in batch(job, custodian)])
    for photo in Evidence.objects.all():
        move_photo(job, custodian, photo)

    assert all(is_bound(row) for row in [*SealedIdentity.objects.all(), *Evidence.objects.all()])


def test_the_log_names_no_tip_that_was_moved(job: Reseal, custodian: User, turned: Rotation) -> None:
    take(job, custodian, [resealed(item) for item in batch(job, custodian)])

    said = str([row.data for row in AuditRow.objects.filter(action__startswith="vault.")])

    assert [tip.number for tip in turned.tips if tip.number in said] == []


def approved_by_the_table(asked: Reseal, head: User) -> datetime:
    Reseal.objects.filter(pk=asked.pk).update(is_approved=True, decided_by=head, decided_at=NOON)
    return NOON


def approved_for_longer(asked: Reseal, head: User) -> datetime:
    decide_reseal(actor=head, job_id=asked.public_id, is_approved=True, at=NOON)
    late = NOON + APPROVED_FOR + timedelta(hours=1)
    Reseal.objects.filter(pk=asked.pk).update(decided_at=late)
    return late


def approved_with_an_edited_record(asked: Reseal, head: User) -> datetime:
    decide_reseal(actor=head, job_id=asked.public_id, is_approved=True, at=NOON)
    record = AuditRow.objects.get(action="vault.reseal_approved")
    AuditRow.objects.filter(pk=record.pk).update(data={**record.data, "until": "2099-01-01T00:00:00+00:00"})
    return NOON


def approved_for_another(asked: Reseal, head: User) -> datetime:
    decide_reseal(actor=head, job_id=asked.public_id, is_approved=True, at=NOON)
    third = VaultFactory(version=3, seed=b"3" * 32)
    Reseal.objects.filter(pk=asked.pk).update(source=third)
    return NOON


@pytest.mark.parametrize(
    "forge",
    [approved_by_the_table, approved_for_longer, approved_with_an_edited_record, approved_for_another],
)
def test_an_approval_written_into_the_table_hands_nothing_out(
    turned: Rotation, custodian: User, head: User, forge: Callable[[Reseal, User], datetime]
) -> None:
    asked = ask(custodian)
    at = forge(asked, head)

    with pytest.raises(KeyRefused) as caught:
        hand_out(actor=custodian, job_id=asked.public_id, identity=0, original=0, at=at, **PINNED)

    assert fault_of(caught) == KeyFault.UNPROVEN


def test_an_approval_ends_with_the_role_of_whoever_gave_it(job: Reseal, custodian: User, head: User) -> None:
    Membership.objects.filter(user=head).delete()

    with pytest.raises(KeyRefused) as caught:
        batch(job, custodian)

    assert fault_of(caught) == KeyFault.NOT_READY
