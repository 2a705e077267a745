"""Guard: every encrypted column and every file is rotated, purged and backed up, whatever a later model brings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Model

from complaints.enums import ClaimState, RewardState, TipStatus
from complaints.models import Evidence, RewardAssessment, RewardClaim, Tip, Vault
from complaints.models.sealed import sealed_fields
from complaints.services import evidence, retention, rotation
from complaints.services.backups import layout, places
from portal.settings import base
from tests import database_bytes
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import YANTA, City
from tests.generic_rows import MARKER, known_rows, make_row
from tests.guards.leaks import found_in

# Binary columns no rotation touches, and why.
NOT_UNDER_THE_RING = {
    "complaints.Tip.content_digest": "a mark of the day, good for a retry; wiped by the rotation when older",
    "complaints.TipReceipt.salt": "random",
    "complaints.TipReceipt.slow_hash": "Argon2id of the receipt",
    "complaints.TipReceipt.public_key": "public",
    "complaints.RewardClaim.code_salt": "random",
    "complaints.RewardClaim.code_hash": "Argon2id of the claim code",
    "complaints.SealedMessage.sealed": "sealed to a receipt",
    "complaints.Vault.public_key": "public",
    "complaints.AuditRow.previous_mac": "a record of the log is never changed; every key of the ring verifies",
    "complaints.AuditRow.mac": "as above",
    "complaints.AuditHead.mac": "as above",
    "complaints.AuditHead.seal": "made anew with the next record",
}
# What points at a tip and is dealt with by name.
NOT_CASCADING = {
    "complaints.Tip.merged_into": "the whole matter goes, merged tips first",
    "complaints.RewardAssessment.tip": "the account of the money stays; its words and facts go",
    "complaints.SampledFile.tip": "place and points of a reviewed file stay for the figures of its unit; the words go",
}
# What stays without a word of the tip.
OUTLIVING = {
    "complaints.RewardAssessment", "complaints.LedgerEntry", "complaints.RewardClaim", "complaints.ClaimStep",
    "complaints.SampledFile", "complaints.FileFinding",
}  # fmt: skip
NOT_IN_A_BACKUP = {"STATIC_ROOT": "collected again from the code"}
LATE = TODAY.replace(year=TODAY.year + 40)


def binary_columns() -> Iterator[tuple[type[Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.BinaryField):
                yield model, field.name


def unexplained(model: type[Model], name: str) -> bool:
    """Whether nobody says what becomes of a binary column when the content key changes."""
    columns = {text.column for text in sealed_fields(model)} | rotation.COMPUTED.get(
        model._meta.label, frozenset()
    )
    return name not in columns and f"{model._meta.label}.{name}" not in NOT_UNDER_THE_RING


def tied_models() -> list[type[Model]]:
    """Return every model whose rows belong to a tip, directly or through another one."""
    found: list[type[Model]] = [Tip]
    for _round in range(5):
        for model in apps.get_models():
            targets = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
            if model not in found and targets & set(found):
                found.append(model)
    return found[1:]


def test_every_binary_column_is_rotated_or_says_why_not() -> None:
    found = list(binary_columns())

    assert [f"{model._meta.label}.{name}" for model, name in found if unexplained(model, name)] == []
    assert {f"{model._meta.label}.{name}" for model, name in found} >= set(NOT_UNDER_THE_RING)


def test_every_encrypted_text_has_its_column_and_its_model_is_found() -> None:
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        assert {text.column for text in sealed_fields(model)} <= names
        assert bool(sealed_fields(model)) == (model in rotation.sealed_models())


def test_everything_that_points_at_a_tip_goes_with_it() -> None:
    odd = [
        f"{one.field.model._meta.label}.{one.field.name}"
        for one in Tip._meta.related_objects
        if one.on_delete is not models.CASCADE  # type: ignore[attr-defined]  # relations of rows have it
    ]

    assert set(odd) == set(NOT_CASCADING)


@pytest.mark.django_db
def test_a_purge_takes_a_row_of_every_model_tied_to_a_tip(
    city: City, officer: User, vault: Vault, evidence_root: Path
) -> None:
    tip = TipFactory(district=YANTA, declined=True, photos=1)
    Tip.objects.get(pk=tip.pk).set_status(TipStatus.CLOSED)
    tip.steps.create(action="close", target=TipStatus.CLOSED, taken_date=TODAY)
    known = known_rows(tip, user=officer, vault=vault)
    rows = [make_row(model, known) for model in tied_models() if model._meta.label != "complaints.LegalHold"]
    RewardAssessment.objects.update(state=RewardState.REFUSED)
    RewardClaim.objects.update(state=ClaimState.RELEASED)
    before = {type(row) for row in rows}

    done = retention.purge(as_of=LATE, at=noon(LATE))

    left = [row._meta.label for row in rows if type(row)._base_manager.filter(pk=row.pk).exists()]
    assert (done.tips, set(left)) == (1, OUTLIVING)
    assert RewardAssessment.objects.values_list("tip", "inputs", "lines").get() == (None, {}, [])
    assert len(before) >= 18
    assert found_in(database_bytes.dumped(), {"words": MARKER, "key": tip.idempotency_key}) == set()
    assert [path for path in evidence_root.rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_every_file_of_a_photo_is_rotated_or_sealed_and_purged(city: City, evidence_root: Path) -> None:
    TipFactory(district=YANTA, photos=1)

    written = {
        path.suffix[1:] for path in evidence_root.rglob("*") if path.is_file() and path.name != ".lock"
    }

    assert written == {*evidence.RING_PARTS, "original"}
    photo = Evidence.objects.get()
    assert {photo.path_of(part) for part in written} <= set(photo.every_path())


def test_every_storage_and_every_folder_is_in_the_backup() -> None:
    roots = {name: Path(getattr(base, name)) for name in dir(base) if name.endswith("_ROOT")}
    kept = {Path(base.EVIDENCE_ROOT), Path(base.MEDIA_ROOT), Path(base.CHECKPOINT_DIR)}

    assert {name for name, root in roots.items() if root not in kept} == set(NOT_IN_A_BACKUP)
    assert set(settings.STORAGES) == {"default", "staticfiles", "evidence"}
    assert tuple(places.places()) == tuple(name for name in layout.names() if name != layout.DATABASE)
    roots_taken = {place.root for place in places.places().values() if isinstance(place, places.Folder)}
    assert roots_taken == {
        Path(one) for one in (settings.EVIDENCE_ROOT, settings.MEDIA_ROOT, settings.CHECKPOINT_DIR)
    }


def test_every_file_column_lies_in_the_media_folder() -> None:
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]

    assert fields
    assert [str(field) for field in fields if field.storage.location != default_storage.location] == []


class Planted(models.Model):
    """A model somebody adds without a thought of rotation."""

    secret = models.BinaryField()

    class Meta:
        app_label = "planted"


def test_guard_finds_a_forgotten_column() -> None:
    assert unexplained(Planted, "secret")
