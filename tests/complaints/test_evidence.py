"""Photos at rest: noise without the keys, the original for the vault alone, days instead of moments, no orphans."""

import hashlib
import os
import stat
import threading
from datetime import datetime
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from complaints.crypto import filecipher
from complaints.crypto.errors import DecryptionError
from complaints.errors import PhotoUnreadable, TooBusy, TooManyOrphans
from complaints.models import Evidence, Tip
from complaints.services import evidence, intake
from complaints.services.evidence import evidence_storage, read_photo
from complaints.services.evidence_sweep import sweep_orphans
from tests.factories import VAULT_SEED, TipFactory, jpeg, submit, upload
from tests.fixtures import City

pytestmark = pytest.mark.django_db
MAKER = "MARKER-CAMERA-7731"


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and path.name != ".lock")


def test_every_photo_becomes_three_files_of_noise(city: City, evidence_root: Path) -> None:
    original = jpeg(maker=MAKER)
    TipFactory(photos=[original, original])

    stored = files(evidence_root)

    assert sorted(path.suffix for path in stored) == [".original"] * 2 + [".shown"] * 2 + [".thumb"] * 2
    for content in (path.read_bytes() for path in stored):
        assert MAKER.encode() not in content
        assert b"\xff\xd8\xff" not in content[:400]
        assert original[200:260] not in content


def test_names_say_nothing(city: City, evidence_root: Path) -> None:
    tip = TipFactory(photos=1)

    assert {path.stem for path in files(evidence_root)} == {tip.photos.get().public_id.hex}


def test_shown_and_thumb_open_with_the_key_ring_as_clean_jpegs(city: City) -> None:
    photo = TipFactory(photos=[jpeg(width=1600, height=1200, maker=MAKER)]).photos.get()

    for part, width in (("shown", photo.shown_width), ("thumb", photo.thumb_width)):
        data = read_photo(evidence=photo, part=part)
        with Image.open(_file(data)) as image:
            assert (image.format, image.width, dict(image.getexif())) == ("JPEG", width, {})
        assert MAKER.encode() not in data


def _file(data: bytes) -> "os.PathLike[str] | object":
    import io

    return io.BytesIO(data)


def test_the_original_opens_with_the_vaults_key_to_the_same_bytes(city: City, evidence_root: Path) -> None:
    original = jpeg(width=900, height=700, maker=MAKER)
    tip = TipFactory(photos=[original])
    photo = tip.photos.get()
    sealed = (evidence_root / photo.path_of("original")).read_bytes()

    opened = filecipher.open_file(seed=VAULT_SEED, sealed=sealed, binding=tip.idempotency_key)

    assert opened == original
    assert (filecipher.vault_of(sealed), photo.vault_version) == (1, 1)


def test_an_original_sent_with_a_message_is_bound_to_the_number(city: City, evidence_root: Path) -> None:
    from tests.complaints.test_messages import send

    tip = TipFactory()
    send(tip, uploads=[upload()])

    sealed = (evidence_root / tip.photos.get().path_of("original")).read_bytes()

    assert filecipher.open_file(seed=VAULT_SEED, sealed=sealed, binding=tip.number) == jpeg()


def test_a_file_moved_to_another_photo_or_part_does_not_open(city: City, evidence_root: Path) -> None:
    one, two = (TipFactory(photos=1).photos.get() for _ in range(2))
    (evidence_root / one.path_of("shown")).replace(evidence_root / two.path_of("shown"))
    (evidence_root / one.path_of("thumb")).rename(evidence_root / one.path_of("shown"))

    for photo in (one, two):
        with pytest.raises(PhotoUnreadable):
            read_photo(evidence=photo, part="shown")


def test_an_original_moved_to_another_tip_does_not_open(city: City, evidence_root: Path) -> None:
    one, two = TipFactory(photos=1), TipFactory()
    sealed = (evidence_root / one.photos.get().path_of("original")).read_bytes()

    with pytest.raises(DecryptionError):
        filecipher.open_file(seed=VAULT_SEED, sealed=sealed, binding=two.idempotency_key)


def test_files_and_folders_tell_a_day_and_no_moment(city: City, evidence_root: Path) -> None:
    TipFactory(photos=3)
    sweep_orphans()

    times = {path.stat().st_mtime for path in evidence_root.rglob("*") if path.name != ".lock"}

    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    assert {
        timezone.localtime(datetime.fromtimestamp(one, tz=timezone.get_current_timezone())) for one in times
    } == {today}


def test_nobody_else_on_the_machine_reads_them(city: City, evidence_root: Path) -> None:
    before = os.umask(0)
    try:
        TipFactory(photos=1)
    finally:
        os.umask(before)

    assert {stat.S_IMODE(path.stat().st_mode) for path in files(evidence_root)} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in evidence_root.iterdir() if path.is_dir()} == {0o700}


def test_a_file_is_on_the_disk_before_it_has_its_name(
    city: City, evidence_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda number: (order.append("sync"), sync(number))[1])
    monkeypatch.setattr(Path, "rename", lambda path, to: (order.append("name"), rename(path, to))[1])

    TipFactory(photos=1)

    assert order.count("name") == 3
    assert all(order[index - 1] == "sync" and order[index + 1] == "sync" for index in _places(order, "name"))


def _places(order: list[str], what: str) -> list[int]:
    return [index for index, one in enumerate(order) if one == what]


# --- orphans ------------------------------------------------------------------------------------------------------


def test_orphans_are_swept_once_and_nothing_else(city: City, evidence_root: Path) -> None:
    tip = TipFactory(photos=2)
    (evidence_root / "ab").mkdir(exist_ok=True)
    (evidence_root / "ab" / f"{'ab' * 16}.shown").write_bytes(b"x")
    (evidence_root / "ab" / ".0123456789abcdef.part").write_bytes(b"x")

    assert (sweep_orphans(), sweep_orphans()) == (2, 0)
    assert len(files(evidence_root)) == 6
    assert read_photo(evidence=tip.photos.all()[0], part="shown")


def test_sweeping_an_empty_storage_is_no_error(db: None) -> None:
    assert sweep_orphans() == 0


@pytest.mark.django_db(transaction=True)
def test_sweeping_waits_for_a_submission_under_way(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    written, may_go_on, swept = threading.Event(), threading.Event(), threading.Event()
    attach = evidence.attach_photos

    def slow(**values: object) -> object:
        written.set()
        may_go_on.wait(timeout=20)
        return attach(**values)

    monkeypatch.setattr(evidence, "attach_photos", slow)
    sender = threading.Thread(target=_closing(lambda: submit(photos=1)))
    sweeper = threading.Thread(target=_closing(lambda: (sweep_orphans(), swept.set())))
    sender.start()
    written.wait(timeout=20)
    sweeper.start()
    waited = not swept.wait(timeout=0.3)
    may_go_on.set()
    sender.join(timeout=20)
    sweeper.join(timeout=20)

    assert waited
    assert swept.is_set()
    assert read_photo(evidence=Evidence.objects.get(), part="shown")


def _closing(call: object) -> object:
    from django.db import connection

    def run() -> None:
        try:
            call()  # type: ignore[operator]  # a plain function
        finally:
            connection.close()

    return run


# --- the bounded pool ----------------------------------------------------------------------------------------------


def test_a_flood_of_photos_is_turned_away(
    city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PHOTO_WORKERS = 1
    monkeypatch.setattr(evidence, "WAIT_SECONDS", 0.05)
    evidence._slots.cache_clear()

    with evidence._photo_slot(), pytest.raises(TooBusy):
        submit(photos=1)

    assert submit(photos=1).photo_count == 1
    evidence._slots.cache_clear()


def test_a_refused_photo_gives_its_place_back(city: City, settings: Settings) -> None:
    settings.PHOTO_WORKERS = 1
    evidence._slots.cache_clear()

    for _ in range(2):
        with pytest.raises(evidence.DraftInvalid):
            submit(photos=[b"no photo"])

    assert submit(photos=1).photo_count == 1
    evidence._slots.cache_clear()


def test_the_storage_is_ours(evidence_root: Path) -> None:
    assert Path(evidence_storage().location) == evidence_root


def test_a_wrong_database_does_not_cost_the_evidence(city: City, evidence_root: Path) -> None:
    for _tip in range(10):
        TipFactory(photos=1)
    Evidence.objects.all().delete()

    with pytest.raises(TooManyOrphans):
        sweep_orphans()

    assert sweep_orphans(force=True) == 30


def test_files_of_others_are_left_alone(city: City, evidence_root: Path) -> None:
    evidence_root.mkdir(parents=True, exist_ok=True)
    (evidence_root / "notes.txt").write_text("from the operator")

    assert sweep_orphans() == 0
    assert (evidence_root / "notes.txt").exists()


def test_a_commit_whose_answer_is_lost_keeps_the_photos(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows stand, the connection breaks right after: the retry must find whole photos."""
    real = intake._store

    def store_and_lose(**values: object) -> Tip:
        real(**values)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(intake, "_store", store_and_lose)
    with pytest.raises(OperationalError):
        TipFactory(photos=1)

    photo = Evidence.objects.get()
    assert read_photo(evidence=photo, part="shown").startswith(b"\xff\xd8")


def test_the_database_holds_no_hash_of_the_picture(city: City) -> None:
    picture = jpeg(maker=MAKER)
    photo = TipFactory(photos=[picture]).photos.get()

    with evidence_storage().open(photo.path_of("original")) as file:
        assert photo.sealed_sha256 == hashlib.sha256(file.read()).hexdigest()
    assert hashlib.sha256(picture).hexdigest() not in str(vars(photo))
