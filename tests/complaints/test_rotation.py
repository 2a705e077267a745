"""Changing the content key: everything follows, whoever writes meanwhile loses nothing, old keys go when they may."""

import base64
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from complaints.crypto.errors import DecryptionError
from complaints.crypto.keyring import KeyRing
from complaints.errors import DraftInvalid
from complaints.models import AuditRow, HandoverNote, Tip, TipReceipt, Vault
from complaints.models.sealed import active_keyring, sealed_fields
from complaints.services import evidence, intake, rotation
from complaints.services.audit import record
from complaints.services.audit_check import first_fault
from complaints.services.duplicates import suggest_duplicates
from complaints.services.notes import leave_note
from complaints.services.receipts import open_receipt
from tests import database_bytes
from tests.enterprise_steps import enterprise, tell_inside
from tests.factories import TODAY, TipFactory, noon, submit
from tests.fixtures import YANTA, City
from tests.generic_rows import MARKER, known_rows, make_row
from tests.parallel import at_once

pytestmark = pytest.mark.django_db


def key(key_id: str, *, suite: str = "intl", byte: int = 7) -> str:
    return f"{key_id}:{suite}:{base64.b64encode(bytes([byte]) * 32).decode()}"


def turn(settings: Settings, *, suite: str = "gm", key_id: str = "t2", byte: int = 9) -> str:
    """Put a new key before the others, as an operator does before a rotation; return it."""
    new = key(key_id, suite=suite, byte=byte)
    settings.KEY_RING = f"{new},{settings.KEY_RING}"
    return new


def whole_tip(**values: object) -> Tip:
    return TipFactory(
        district=YANTA, entity_name="西安某化工有限公司", lat=34.2183, lng=108.9642, photos=2, **values
    )


# --- everything follows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", ["intl", "gm"])
def test_after_a_rotation_the_new_key_alone_opens_everything(
    city: City, settings: Settings, officer: User, suite: str
) -> None:
    tip = whole_tip()
    leave_note(tip_id=tip.pk, author=officer, at=noon(TODAY), text="钥匙在门卫")
    words = (tip.description, tip.entity_name, tip.point)
    new = turn(settings, suite=suite)

    done = rotation.rotate(today=TODAY)

    settings.KEY_RING = new
    fresh, photos = Tip.objects.get(pk=tip.pk), list(tip.photos.all())
    assert (fresh.description, fresh.entity_name, fresh.point) == words
    assert HandoverNote.objects.get().text == "钥匙在门卫"
    assert all(
        evidence.read_photo(evidence=one, part=part)[:2] == b"\xff\xd8"
        for one in photos
        for part in evidence.RING_PARTS
    )
    assert (done.rows, done.files, done.looks, done.is_done) == (2, 4, 2, True)


def test_every_encrypted_text_of_every_model_follows(
    city: City, settings: Settings, officer: User, vault: Vault
) -> None:
    known = known_rows(whole_tip(), user=officer, vault=vault)
    rows = [make_row(model, known) for model in rotation.sealed_models() if model is not Tip]
    new = turn(settings)

    rotation.rotate(today=TODAY)

    settings.KEY_RING = new
    assert len(rows) > 8
    for row in rows:
        fresh = type(row)._base_manager.get(pk=row.pk)
        assert [getattr(fresh, text.name) for text in sealed_fields(type(row))] == [
            f"{MARKER} {text.name}" for text in sealed_fields(type(row))
        ]


def test_a_second_run_changes_nothing(city: City, settings: Settings) -> None:
    whole_tip()
    turn(settings)
    rotation.rotate(today=TODAY)
    before = database_bytes.dumped()

    again = rotation.rotate(today=TODAY)

    assert (again.rows, again.files, again.looks, again.is_done) == (0, 0, 1, True)
    assert database_bytes.dumped() == before


def test_files_keep_their_day_and_leave_nothing_beside_them(
    city: City, settings: Settings, evidence_root: Path
) -> None:
    whole_tip()
    before = {path.name: path.stat().st_mtime for path in evidence_root.rglob("*") if path.is_file()}
    turn(settings)

    rotation.rotate(today=TODAY)

    assert {path.name: path.stat().st_mtime for path in evidence_root.rglob("*") if path.is_file()} == before


def test_sealed_originals_are_not_touched(city: City, settings: Settings, evidence_root: Path) -> None:
    whole_tip()
    before = {path.name: path.read_bytes() for path in evidence_root.rglob("*.original")}
    turn(settings)

    rotation.rotate(today=TODAY)

    assert {path.name: path.read_bytes() for path in evidence_root.rglob("*.original")} == before


def test_similar_tips_are_still_found_during_and_after(city: City, settings: Settings) -> None:
    whole_tip()
    new = turn(settings)
    suggested = suggest_duplicates(tip_id=whole_tip().pk)
    rotation.rotate(today=TODAY)
    settings.KEY_RING = new

    after = whole_tip()

    assert suggested == suggest_duplicates(tip_id=after.pk) - 1 == 1
    assert len(set(Tip.objects.values_list("entity_key", flat=True))) == 1


def test_queries_do_not_grow_with_what_is_done_already(
    city: City, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    TipFactory.create_batch(3, district=YANTA)
    # The regions, one look into each table and one behind its last row, authenticators, and the digests of retries.
    tables, filled = len(rotation.sealed_models()) + len(rotation.BOUND), 2

    with django_assert_num_queries(1 + tables + filled + 1 + 1):
        rotation.rotate(today=TODAY)


# --- who writes meanwhile ----------------------------------------------------------------------------------------


def test_a_change_made_meanwhile_wins(
    city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = whole_tip()
    turn(settings)
    compute = rotation._recompute

    def somebody_writes(row: Tip, before: dict[str, bytes], *, regions: tuple[str, ...]) -> None:
        compute(row, before, regions=regions)
        fresh = Tip.objects.get(pk=tip.pk)
        if fresh.description != "改过的话":
            fresh.description = "改过的话"
            fresh.save(update_fields=["description_sealed"])

    monkeypatch.setattr(rotation, "_recompute", somebody_writes)

    done = rotation.rotate(today=TODAY)

    assert Tip.objects.get(pk=tip.pk).description == "改过的话"
    assert done.is_done


@pytest.mark.django_db(transaction=True)
def test_tips_come_in_while_everything_is_encrypted_anew(city: City, settings: Settings) -> None:
    for _number in range(5):
        whole_tip()
    turn(settings)
    over = Event()

    def send() -> list[str]:
        receipts = [submit(district=YANTA, photos=1).receipt]
        while not over.is_set():
            receipts.append(submit(district=YANTA, photos=1).receipt)
        return receipts

    def rotate() -> rotation.Rotation:
        try:
            return rotation.rotate(today=TODAY)
        finally:
            over.set()

    done, receipts = at_once([rotate, send])

    assert done.is_done
    assert [open_receipt(typed=one).tip.description for one in receipts] == ["冲床没有防护罩"] * len(receipts)
    assert rotation.all_is_active()


def test_a_row_that_no_key_opens_is_named_and_the_rest_is_done(city: City, settings: Settings) -> None:
    good, bad = whole_tip(), whole_tip()
    Tip.objects.filter(pk=bad.pk).update(address_sealed=b"\x01\x04intl\x02t1" + b"x" * 40)
    turn(settings)

    done = rotation.rotate(today=TODAY)

    assert done.unreadable == (f"complaints.Tip {bad.pk}",)
    assert not done.is_done
    assert active_keyring().is_active(Tip.objects.get(pk=good.pk).address_sealed)


def test_a_photo_purged_meanwhile_does_not_come_back(
    city: City, settings: Settings, evidence_root: Path
) -> None:
    photo = whole_tip().photos.all()[0]
    evidence.remove_files(names=[photo.path_of("shown")])
    turn(settings)

    assert not evidence.renew_photo(evidence=photo, part="shown")
    assert not (evidence_root / photo.path_of("shown")).exists()


# --- retries ----------------------------------------------------------------------------------------------------


def test_a_retry_after_the_key_changed_finds_its_tip(city: City, settings: Settings) -> None:
    values = {"idempotency_key": "a" * 32, "district": YANTA}
    first = submit(**values)
    turn(settings)

    again = submit(**values)

    assert again.number == first.number


def test_digests_of_retries_go_when_no_retry_can_use_them(city: City, settings: Settings) -> None:
    old, fresh = whole_tip(today=TODAY - timedelta(days=2)), whole_tip(today=TODAY - timedelta(days=1))
    turn(settings)

    rotation.rotate(today=TODAY)

    assert bytes(Tip.objects.get(pk=old.pk).content_digest) == b""
    assert len(bytes(Tip.objects.get(pk=fresh.pk).content_digest)) == 32


def test_digests_of_retries_go_from_internal_tips_too(city: City, settings: Settings) -> None:
    done = tell_inside(enterprise(city), today=TODAY - timedelta(days=2))
    turn(settings)

    rotation.rotate(today=TODAY)

    assert bytes(Tip.everywhere.get(number=done.number).content_digest) == b""


def test_a_wiped_digest_gives_no_receipt(city: City, settings: Settings) -> None:
    submit(idempotency_key="a" * 32, today=TODAY - timedelta(days=2), district=YANTA)
    turn(settings)
    rotation.rotate(today=TODAY)

    with pytest.raises(DraftInvalid):
        submit(idempotency_key="a" * 32, district=YANTA)


# --- when an old key may go -----------------------------------------------------------------------------------------


def needs(key_id: str = "t1") -> rotation.KeyNeeds:
    (found,) = [one for one in rotation.key_needs(today=TODAY) if one.key_id == key_id]
    return found


def test_receipts_and_audit_records_keep_their_key(city: City, settings: Settings, officer: User) -> None:
    whole_tip()
    record(action="tip.view", at=noon(TODAY), actor=officer)
    before = AuditRow.objects.count()
    turn(settings)
    whole_tip()
    record(action="tip.view", at=noon(TODAY), actor=officer)
    rotation.rotate(today=TODAY)

    found = needs()

    assert (found.receipts, found.audit_rows, found.is_free) == (1, before, False)
    assert found.retries_until == TODAY + timedelta(days=intake.RETRY_DAYS)


def test_receipts_of_an_unknown_key_count_for_every_older_one(city: City, settings: Settings) -> None:
    whole_tip()
    TipReceipt.objects.update(tag_key="")
    turn(settings)

    assert needs().receipts == 1


def test_an_old_key_without_receipts_and_records_is_free(settings: Settings) -> None:
    turn(settings)

    assert needs().is_free


def test_cut_down_to_its_marks_the_old_key_still_serves_receipts_and_the_log(
    city: City, settings: Settings, officer: User
) -> None:
    tip = whole_tip()
    record(action="tip.view", at=noon(TODAY), actor=officer)
    old_token, words = bytes(tip.description_sealed), tip.description
    new = turn(settings)
    rotation.rotate(today=TODAY)
    rotation.vouch_for_log(at=noon(TODAY))

    settings.KEY_RING = f"{new},{rotation.remnant_of(key_id='t1')}"

    assert open_receipt(typed=tip.acknowledgement.receipt).tip.description == words
    assert first_fault() is None
    assert not needs().is_whole
    with pytest.raises(DecryptionError):
        active_keyring().decrypt(old_token, aad=f"anshao:tip:description:{tip.number}".encode())


def test_a_remnant_of_before_is_told_and_given_its_last_record(
    city: City, settings: Settings, officer: User
) -> None:
    whole_tip()
    record(action="tip.view", at=noon(TODAY), actor=officer)
    signed = AuditRow.objects.count()
    new = turn(settings)
    call_command("rotate_keys", stdout=StringIO())
    cut = rotation.remnant_of(key_id="t1")
    settings.KEY_RING = f"{new},{cut.rpartition(';')[0]}"
    told, entry = StringIO(), StringIO()

    call_command("rotate_keys", stdout=told)
    call_command("rotate_keys", "--remnant", "t1", stdout=entry)

    assert "rotate_keys --remnant t1" in told.getvalue()
    assert entry.getvalue().strip() == cut
    assert cut.endswith(f";until={signed}")


def test_after_the_command_the_log_stands_without_the_old_key(settings: Settings, officer: User) -> None:
    record(action="tip.view", at=noon(TODAY), actor=officer)
    new = turn(settings)

    call_command("rotate_keys", stdout=StringIO())
    rows = AuditRow.objects.count()
    call_command("rotate_keys", stdout=StringIO())

    assert AuditRow.objects.count() == rows
    assert needs().audit_rows == 0
    settings.KEY_RING = new
    assert first_fault() is None
    AuditRow.objects.filter(sequence=1).update(subject="AS-2026-AAAAAA")
    assert first_fault() is not None


def test_nothing_is_vouched_for_in_a_log_at_fault(settings: Settings, officer: User) -> None:
    record(action="tip.view", at=noon(TODAY), actor=officer)
    AuditRow.objects.update(subject="AS-2026-AAAAAA")
    record(action="tip.view", at=noon(TODAY), actor=officer)
    turn(settings)

    with pytest.raises(CommandError, match="audit_verify"):
        call_command("rotate_keys", stdout=StringIO())


@pytest.mark.parametrize("left", ["rows", "files"])
def test_a_key_is_not_cut_down_while_content_needs_it(
    city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    whole_tip()
    turn(settings)
    with monkeypatch.context() as skipped:
        skipped.setattr(rotation, "_renew_rows" if left == "rows" else "_renew_files", lambda *_values: None)
        rotation.rotate(today=TODAY)

    with pytest.raises(rotation.StillNeeded):
        rotation.remnant_of(key_id="t1")


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_says_what_was_done_and_what_the_old_key_is_for(city: City, settings: Settings) -> None:
    whole_tip()
    turn(settings)
    out = StringIO()

    call_command("rotate_keys", stdout=out)

    assert "现用密钥 t2（gm）" in out.getvalue()
    assert "1 条记录，4 个照片文件" in out.getvalue()
    assert "旧密钥 t1：\n  内容：不再需要\n  查询码：1 个仍靠它识别" in out.getvalue()
    assert "rotate_keys --remnant t1" in out.getvalue()


def test_the_command_prints_no_key_unless_asked(city: City, settings: Settings) -> None:
    new = turn(settings)
    out, left = StringIO(), StringIO()

    call_command("rotate_keys", stdout=out)
    call_command("rotate_keys", "--remnant", "t1", stdout=left)

    secrets = [entry.rsplit(":", 1)[1] for entry in settings.KEY_RING.split(",")]
    assert not [secret for secret in secrets if secret in out.getvalue() + left.getvalue()]
    assert KeyRing.parse(f"{new},{left.getvalue().strip()}").ids == ("t2", "t1")


def test_the_command_fails_while_something_does_not_open(city: City, settings: Settings) -> None:
    tip = whole_tip()
    Tip.objects.filter(pk=tip.pk).update(address_sealed=b"\x01\x04intl\x02t1" + b"x" * 40)
    turn(settings)

    with pytest.raises(CommandError, match=rf"complaints.Tip {tip.pk}.*请勿移除"):
        call_command("rotate_keys", stdout=StringIO())


def test_the_command_fails_while_somebody_writes_with_the_old_key(
    city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_tip()
    turn(settings)
    monkeypatch.setattr(rotation, "MOST_LOOKS", 1)

    with pytest.raises(CommandError, match="重启全部服务"):
        call_command("rotate_keys", stdout=StringIO())


@pytest.mark.parametrize("key_id", ["t1", "t2", "nobody"])
def test_the_command_refuses_to_cut_down_what_is_needed(city: City, settings: Settings, key_id: str) -> None:
    whole_tip()
    turn(settings)

    with pytest.raises(CommandError, match="不能缩减"):
        call_command("rotate_keys", "--remnant", key_id, stdout=StringIO())
