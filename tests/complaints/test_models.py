"""Tables: content columns are sealed to their row, and nothing shows more than a number."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from pytest_django import Settings

from complaints.crypto.errors import DecryptionError
from complaints.crypto.keyring import KeyRing
from complaints.enums import Action, Clock, Direction, SealedBy, TipStatus
from complaints.models import AuditRow, HandlingStep, Message, SealedIdentity, Tip, Vault
from complaints.models.sealed import SealedText, aad_for, active_keyring
from tests.factories import TODAY, TipFactory, noon, step
from tests.fixtures import City

pytestmark = pytest.mark.django_db
CONTENT = ("description", "entity_name", "entity_code", "address", "point")


@pytest.fixture
def tip(city: City) -> Tip:
    values = {
        "description": "粉尘",
        "entity_name": "某厂",
        "entity_code": "91350100M000100Y43",
        "address": "某路",
    }
    return TipFactory(**values, lat=34.2183, lng=108.9642)


def test_content_reads_as_noise_in_the_row(tip: Tip) -> None:
    for name in CONTENT:
        sealed = bytes(getattr(tip, f"{name}_sealed"))
        assert getattr(tip, name)
        assert getattr(tip, name).encode() not in sealed


@pytest.mark.parametrize("name", CONTENT)
def test_content_moved_to_another_row_does_not_open(tip: Tip, name: str) -> None:
    other = TipFactory()
    Tip.objects.filter(pk=other.pk).update(**{f"{name}_sealed": getattr(tip, f"{name}_sealed")})

    with pytest.raises(DecryptionError):
        getattr(Tip.objects.get(pk=other.pk), name)


def test_content_moved_to_another_column_does_not_open(tip: Tip) -> None:
    Tip.objects.filter(pk=tip.pk).update(address_sealed=tip.description_sealed)

    with pytest.raises(DecryptionError):
        Tip.objects.get(pk=tip.pk).address  # noqa: B018  reading decrypts


def test_content_moved_to_another_table_does_not_open(tip: Tip) -> None:
    message = Message.objects.create(tip=tip, direction=Direction.FROM_REPORTER, sent_date=TODAY)
    Message.objects.filter(pk=message.pk).update(body_sealed=tip.description_sealed)

    with pytest.raises(DecryptionError):
        Message.objects.get(pk=message.pk).body  # noqa: B018  reading decrypts


def test_the_same_words_are_never_the_same_bytes(city: City) -> None:
    one, two = TipFactory(description="同样的话"), TipFactory(description="同样的话")

    assert bytes(one.description_sealed) != bytes(two.description_sealed)


def test_empty_text_is_stored_as_nothing(city: City) -> None:
    tip = TipFactory(entity_name="")

    assert (bytes(tip.entity_name_sealed), tip.entity_name) == (b"", "")


def test_a_changed_column_is_read_anew(tip: Tip) -> None:
    assert tip.description == "粉尘"

    tip.description = "液氨"

    assert tip.description == "液氨"
    tip.refresh_from_db()
    assert tip.description == "粉尘"


def test_text_under_an_older_key_still_opens(tip: Tip, settings: Settings) -> None:
    settings.KEY_RING = f"{KeyRing.generate(key_id='n2', suite='gm')},{settings.KEY_RING}"

    fresh = Tip.objects.get(pk=tip.pk)

    assert fresh.description == "粉尘"
    fresh.description = "新"
    assert active_keyring().is_active(bytes(fresh.description_sealed))


def test_the_descriptor_itself_is_reachable() -> None:
    assert isinstance(Tip.description, SealedText)
    assert (
        aad_for(model="tip", field="description", row="AS-2026-7K4MQ2")
        == b"anshao:tip:description:AS-2026-7K4MQ2"
    )


def test_every_sealed_column_is_written_through_its_descriptor() -> None:
    for model in apps.get_app_config("complaints").get_models():
        columns = [field.name for field in model._meta.fields if field.name.endswith("_sealed")]
        for column in columns:
            assert isinstance(getattr(model, column.removesuffix("_sealed")), SealedText), column


def test_mutators_store_what_they_say_and_nothing_else(tip: Tip) -> None:
    tip.photo_count = 99
    tip.set_status(TipStatus.ACCEPTED)
    tip.set_clock(clock=Clock.CLOSE, started=TODAY, due=TODAY + timedelta(days=60))

    stored = Tip.objects.get(pk=tip.pk)
    assert (stored.status, stored.clock, stored.due_date) == (
        TipStatus.ACCEPTED,
        Clock.CLOSE,
        TODAY + timedelta(60),
    )
    assert stored.photo_count == 0


# --- what shows -------------------------------------------------------------------------------------------------


def test_a_tip_and_what_hangs_on_it_show_the_number_or_a_key_only(city: City, officer: object) -> None:
    tip = TipFactory(replied=True, real_name=True, photos=1, description="MARKER-TEXT")

    shown = [
        str(row)
        for row in (
            tip, tip.receipts.get(), tip.sealed_identity, tip.photos.get(), *tip.steps.all(), *tip.messages.all(),
            *(copy for message in tip.messages.all() for copy in message.sealed_copies.all()),
        )
    ]  # fmt: skip

    assert shown[:3] == [tip.number] * 3
    assert not any("MARKER" in text or "张" in text for text in shown)


def test_no_table_holds_a_moment_of_the_reporter() -> None:
    moments = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("complaints").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.DateTimeField | models.TimeField)
    }

    # All of them belong to staff or the daily task, and are empty or midnight for acts of a reporter.
    assert moments == {
        "AuditRow.taken_at", "CellState.built_at", "Conclusion.decided_at", "Conclusion.proposed_at",
        "DailyRun.finished_at", "DailyRun.started_at", "Disposal.decided_at", "Disposal.recorded_at",
        "DuplicateHint.dismissed_at", "Extension.asked_at", "Extension.decided_at",
        "FileFinding.answered_at", "FileSample.drawn_at",
        "GivenPassword.given_at", "SampledFile.closed_at", "SampledFile.granted_at", "SampledFile.scored_at",
        "KeyChallenge.valid_until", "KeyHolding.held_at", "KeyHolding.received_at",
        "PeriodReport.frozen_at", "ReplyDraft.saved_at", "Reseal.asked_at", "Reseal.decided_at", "Reseal.finished_at",
        "HandlingStep.taken_at", "HandoverNote.written_at", "IdentityAccess.handed_at", "Inspection.recorded_at",
        "LedgerEntry.taken_at", "ManagerInvite.ended_at", "ManagerInvite.expires_at", "ManagerInvite.issued_at",
        "RewardAssessment.decided_at", "RewardAssessment.proposed_at",
        "Message.sent_at", "Referral.decided_at", "Referral.transfer_by", "Referral.transferred_at",
        "ClaimStep.taken_at", "EnterpriseManager.ended_at", "EnterpriseManager.invited_at", "InternalStep.taken_at",
        "PracticeOffer.drafted_at", "PracticeOffer.offered_at", "SiteVisit.visited_at",
        "SealedNote.keep_until", "UnsealRequest.asked_at", "UnsealRequest.decided_at", "UnsealRequest.delivered_at",
        "UnsealRequest.opened_at", "UnsealRequest.read_at", "UnsealRequest.valid_until", "UnsealStep.taken_at",
        "Whistle.answer_by", "Whistle.answered_at", "Whistle.arrived_at", "Whistle.ended_at", "Whistle.raised_at",
    }  # fmt: skip


def test_acts_of_the_reporter_are_kept_to_the_day_and_do_not_stand_in_the_log(city: City) -> None:
    objected, withdrawn = TipFactory(review=True), TipFactory()
    step(tip=withdrawn, action=Action.WITHDRAW, at=noon(TODAY))
    step(tip=TipFactory(replied=True), action=Action.RATE, at=noon(TODAY))

    acts = HandlingStep.objects.filter(
        action__in=(Action.REGISTER, Action.OBJECT, Action.WITHDRAW, Action.RATE)
    )

    assert objected.status == TipStatus.REVIEW
    assert (acts.count(), {act.taken_at for act in acts}) == (6, {None})
    # Between acts of staff, whose minutes are known, a row would tell the minute of the reporter.
    assert not AuditRow.objects.filter(action__in=("tip.object", "tip.withdraw", "tip.rate")).exists()


def test_no_table_has_room_for_an_address_or_a_device() -> None:
    suspicious = ("ip", "agent", "cookie", "session", "device", "browser", "host")
    names = {
        field.name
        for model in apps.get_app_config("complaints").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.Field)
    }

    assert not [name for name in names if any(part in name.split("_") for part in suspicious)]
    assert not [
        field
        for model in apps.get_app_config("complaints").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.GenericIPAddressField)
    ]


def test_vault_and_identity_show_version_and_number(city: City, vault: Vault) -> None:
    tip = TipFactory(real_name=True)

    assert (str(vault), str(SealedIdentity.objects.get())) == ("1", tip.number)
    assert tip.sealed_identity.sealed_by == SealedBy.SERVER


def test_no_table_of_ours_is_in_wagtails_reference_index() -> None:
    for model in apps.get_app_config("complaints").get_models():
        assert getattr(model, "wagtail_reference_index_ignore", False) is True, model
