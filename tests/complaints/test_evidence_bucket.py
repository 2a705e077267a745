"""Evidence in a private bucket: whole or not at all, swept, settled to days, kept together by locks, backed up."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from complaints.errors import PhotoUnreadable, StorageFull
from complaints.models import Evidence, Tip
from complaints.services import evidence, evidence_bucket, evidence_sweep
from complaints.services.daily import run_daily
from complaints.services.evidence import read_photo
from complaints.services.evidence_sweep import remove_drafts, settle_days, sweep_orphans
from complaints.services.storage_locks import DatabaseLocks, FileLocks, Locks
from portal.settings.storage import storages
from portal.shared.buckets import StorageAway
from tests.backup_steps import empty, made_in, own_data_dir, restored_from
from tests.factories import TODAY, TipFactory, noon, submit
from tests.fixtures import City
from tests.store import evidence_bucket as bucket
from tests.store import media_bucket, store_client
from tests.store_stub import KEY, SECRET, Stub

pytestmark = pytest.mark.django_db


@pytest.fixture
def stub(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Let evidence lie in a store whose objects are files; return the folder of the bucket."""
    server = Stub(folder=tmp_path / "store")
    server.begin()
    url = f"s3://{KEY}:{SECRET}@127.0.0.1:{server.server_address[1]}/city?tls=0"
    settings.STORAGES = {**settings.STORAGES, **storages(url, evidence_root=str(tmp_path))}
    bucket().client.create_bucket(Bucket="city-evidence")
    yield tmp_path / "store" / "city-evidence"
    server.shutdown()
    server.server_close()


# --- whole or not at all -----------------------------------------------------------------------------------------


def test_photos_of_a_tip_lie_in_the_bucket_and_nowhere_else(
    city: City, store: str, evidence_root: Path
) -> None:
    submit(photos=2)

    photos = list(Evidence.objects.all())
    assert sorted(bucket().all_names()) == sorted(
        photo.path_of(part) for photo in photos for part in ("shown", "thumb", "original")
    )
    assert read_photo(evidence=photos[0], part="shown").startswith(b"\xff\xd8")
    assert not [path for path in evidence_root.rglob("*") if path.is_file() and path.name != ".lock"]


def test_a_submission_that_fails_leaves_no_object(
    city: City, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_values: object) -> None:
        raise DatabaseError("broken")

    monkeypatch.setattr(evidence, "attach_photos", broken)

    with pytest.raises(DatabaseError):
        submit(photos=1)

    assert (Tip.objects.count(), list(bucket().all_names())) == (0, [])


def test_without_the_store_a_tip_with_photos_is_refused_in_words_and_one_without_passes(
    city: City, store: str, settings: Settings, free_port: int
) -> None:
    settings.STORAGES["evidence"]["OPTIONS"]["endpoint_url"] = f"http://127.0.0.1:{free_port}"
    settings.STORAGES = dict(settings.STORAGES)

    with pytest.raises(StorageFull):
        submit(photos=1)

    assert (Tip.objects.count(), submit(photos=0).photo_count) == (0, 0)


def test_a_missing_object_is_a_photo_that_cannot_be_read(city: City, store: str) -> None:
    photo = TipFactory(photos=1).photos.get()
    bucket().delete(photo.path_of("shown"))

    with pytest.raises(PhotoUnreadable):
        read_photo(evidence=photo, part="shown")


def test_bytes_damaged_on_the_way_are_refused_by_the_store(
    stub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = SimpleNamespace(md5=lambda data, **_more: hashlib.md5(data + b"!", usedforsecurity=False))
    monkeypatch.setattr(evidence_bucket, "hashlib", wrong)

    with pytest.raises(StorageAway, match="BadDigest"):
        bucket().save("ab/cd.shown", ContentFile(b"1"))

    assert not list(stub.iterdir())


def test_a_photo_moves_to_a_new_key_in_its_place(city: City, store: str, settings: Settings) -> None:
    from complaints.crypto.keyring import KeyRing

    photo = TipFactory(photos=1).photos.get()
    settings.KEY_RING = f"{KeyRing.generate(key_id='k9', suite='intl')},{settings.KEY_RING}"

    assert not evidence.is_under_active_key(evidence=photo, part="shown")
    assert evidence.renew_photo(evidence=photo, part="shown")
    assert evidence.is_under_active_key(evidence=photo, part="shown")
    assert read_photo(evidence=photo, part="shown")


# --- what killed processes leave ---------------------------------------------------------------------------------


def test_objects_without_a_row_are_swept_once_and_nothing_else(
    city: City, store: str, store_port: int
) -> None:
    tip = TipFactory(photos=1)
    bucket().save(f"ab/{'ab' * 16}.shown", ContentFile(b"x"))
    bucket().save("notes.txt", ContentFile(b"from the operator"))

    assert (sweep_orphans(), sweep_orphans(), remove_drafts()) == (1, 0, 0)

    assert len(list(bucket().all_names())) == 4
    assert read_photo(evidence=tip.photos.get(), part="shown")


def test_many_objects_are_listed_page_by_page(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{number:02x}/{number:032x}.shown" for number in range(7)]
    for name in names:
        bucket().save(name, ContentFile(b"x"))
    pages = (
        bucket()
        .client.get_paginator("list_objects_v2")
        .paginate(Bucket=bucket().bucket_name, PaginationConfig={"PageSize": 2})
    )

    assert [one["Key"] for page in pages for one in page["Contents"]] == names == list(bucket().all_names())


# --- a night instead of a moment ---------------------------------------------------------------------------------


def aged(folder: Path, *, seconds: float) -> dict[str, int]:
    """Let every object in the folder be older; return their times by name."""
    for path in folder.iterdir():
        moment = path.stat().st_mtime - seconds
        os.utime(path, (moment, moment))
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_settling_gives_a_night_to_what_came_since_the_last_time(
    city: City, stub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_sweep, "STRAGGLERS", 0)
    first = TipFactory(photos=1).photos.get()
    shown = read_photo(evidence=first, part="shown")
    before = aged(stub, seconds=3600)

    assert settle_days() == 3
    assert all(path.stat().st_mtime_ns > before[path.name] for path in stub.iterdir() if path.name in before)
    assert read_photo(evidence=first, part="shown") == shown

    settled = aged(stub, seconds=3600)
    second = TipFactory(photos=1).photos.get()
    assert settle_days() == 3
    again = {path.name: path.stat().st_mtime_ns for path in stub.iterdir()}
    assert {name for name in settled if again[name] != settled[name]} == {evidence_bucket.MARKER}
    assert read_photo(evidence=second, part="shown")
    assert settle_days() == 0


def test_those_that_were_on_their_way_are_settled_with_the_next(city: City, stub: Path) -> None:
    """Records count up when they are written, not when they are committed: the last ones are settled twice."""
    submit(photos=1)

    assert (settle_days(), settle_days()) == (3, 3)
    assert bucket().settled_up_to() == Evidence.objects.get().pk


def test_objects_are_settled_in_the_order_of_their_random_names(
    city: City, stub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(photos=3)
    order: list[str] = []

    def note(_self: object, name: str) -> bool:
        order.append(name)
        return True

    monkeypatch.setattr(evidence_bucket.EvidenceBucket, "_copy_onto_itself", note)

    settle_days()

    assert order == sorted(order)
    assert len(order) == 9


def test_what_was_destroyed_or_replaced_meanwhile_does_not_come_back(city: City, stub: Path) -> None:
    photo = TipFactory(photos=1).photos.get()
    bucket().delete(photo.path_of("thumb"))
    bucket().replace(photo.path_of("original"), ContentFile(b"sealed anew"))

    assert settle_days() == 2

    assert not bucket().exists(photo.path_of("thumb"))
    with bucket().open(photo.path_of("original")) as file:
        assert file.read() == b"sealed anew"


def test_a_store_of_others_copies_an_object_onto_itself_as_well(city: City, store: str) -> None:
    photo = TipFactory(photos=1).photos.get()

    assert settle_days() == 3
    assert read_photo(evidence=photo, part="shown")


def test_a_folder_has_nothing_to_settle(city: City) -> None:
    submit(photos=1)

    assert settle_days() == 0


def test_the_mark_is_no_file_of_a_photo(city: City, stub: Path) -> None:
    submit(photos=1)

    done = run_daily(today=TODAY, now=noon(TODAY))

    assert (done.counts["settle_evidence"], done.counts["sweep"], done.failed) == (3, 0, ())
    assert evidence_bucket.MARKER not in set(bucket().all_names())


# --- locks -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["files", "database"])
def locks(request: pytest.FixtureRequest, tmp_path: Path) -> Locks:
    """Return the locks of one machine, and of several where the database can hold them."""
    if request.param == "files":
        return FileLocks(tmp_path / "locked")
    if connection.vendor != "postgresql":
        pytest.skip("locks in the database are PostgreSQL's")
    return DatabaseLocks()


class Other:
    """Somebody else, in a thread with a connection of their own."""

    def __init__(self, hold: Callable[[], AbstractContextManager[Any]], *, begins: bool = True) -> None:
        self._hold, self._begins, self.got = hold, begins, None
        self._held, self._end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            with self._hold() as self.got:
                self._held.set()
                self._end.wait(timeout=20)
        finally:
            connection.close()

    def __enter__(self) -> "Other":
        if self._begins:
            self.begin()
        return self

    def begin(self) -> None:
        """Let them try."""
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join(timeout=20)

    def holds(self, *, within: float) -> bool:
        """Whether they hold it within so many seconds."""
        return self._held.wait(timeout=within)


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_each_other_and_a_sweep_waits_for_all(locks: Locks) -> None:
    with ExitStack() as held, Other(locks.sweeping, begins=False) as sweeper:
        held.enter_context(locks.writing())
        writer = held.enter_context(Other(locks.writing))
        assert writer.holds(within=20)
        sweeper.begin()
        assert not sweeper.holds(within=0.3)
        held.close()
        assert sweeper.holds(within=20)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_waits_holds_up_nobody(locks: Locks) -> None:
    with ExitStack() as held, Other(locks.sweeping, begins=False) as sweeper:
        held.enter_context(locks.writing())
        sweeper.begin()
        assert not sweeper.holds(within=0.3)
        with Other(locks.writing) as sender:
            assert sender.holds(within=5)
            assert not sweeper.holds(within=0.1)
        held.close()
        assert sweeper.holds(within=20)


@pytest.mark.django_db(transaction=True)
def test_nothing_goes_while_a_backup_copies(locks: Locks) -> None:
    with locks.copying(), Other(locks.removing) as remover:
        assert remover.holds(within=20)
        assert remover.got is False
    with locks.removing() as is_free, locks.removing() as is_free_too:
        assert is_free is is_free_too is True


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_keeps_no_lock(locks: Locks) -> None:
    with pytest.raises(DatabaseError), locks.writing(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")
    with pytest.raises(DatabaseError), transaction.atomic(), locks.writing(), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")

    with Other(locks.sweeping) as sweeper:
        assert sweeper.holds(within=20)


@pytest.mark.django_db(transaction=True)
def test_a_dead_connection_keeps_no_lock(locks: Locks) -> None:
    with locks.writing():
        connection.close()

    with Other(locks.sweeping) as sweeper:
        assert sweeper.holds(within=20)


# --- backups -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_backup_takes_both_buckets_and_a_restoration_fills_them(
    city: City, store: str, store_port: int, settings: Settings, tmp_path: Path, evidence_root: Path
) -> None:
    data_dir = own_data_dir(settings, tmp_path / "data")
    photo = TipFactory(photos=1).photos.get()
    media_bucket().save("images/a.webp", ContentFile(b"RIFF"))
    before = held(store_port)

    made = made_in(tmp_path / "backup")
    for storage in (bucket(), media_bucket()):
        for name in list(storage.all_names()):
            storage.delete(name)
    empty(data_dir, evidence_root)
    restored = restored_from(tmp_path / "backup")

    assert (made.missing, restored.files, held(store_port)) == ((), made.files, before)
    assert read_photo(evidence=Evidence.objects.get(pk=photo.pk), part="shown")


def held(port: int) -> dict[str, bytes]:
    """Return every object of both buckets by its name."""
    client = store_client(port)
    return {
        name: client.get_object(Bucket=storage.bucket_name, Key=name)["Body"].read()
        for storage in (bucket(), media_bucket())
        for name in storage.all_names()
    }


@pytest.mark.django_db(transaction=True)
def test_a_bucket_that_holds_something_is_not_restored_into(
    city: City, store: str, settings: Settings, tmp_path: Path, evidence_root: Path
) -> None:
    from complaints.errors import BackupRefused

    data_dir = own_data_dir(settings, tmp_path / "data")
    TipFactory(photos=1)
    made_in(tmp_path / "backup")
    empty(data_dir, evidence_root)

    with pytest.raises(BackupRefused) as caught:
        restored_from(tmp_path / "backup")

    assert caught.value.args[0] == "not_empty"
    assert len(list(bucket().all_names())) == 3
