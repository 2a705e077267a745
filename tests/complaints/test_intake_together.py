"""Many senders at the same moment, and a disk that is full: one tip per key, and never half a tip."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from complaints.errors import DraftInvalid, NotReady, StorageFull, TooBusy
from complaints.models import Evidence, HandlingStep, Tip, TipReceipt
from complaints.services import intake
from complaints.services.evidence import read_photo
from complaints.services.evidence_sweep import sweep_orphans
from complaints.services.receipts import RECEIPTS_PER_TIP, open_receipt
from complaints.services.storage_faults import storage_faults_as_refusals
from tests import database_bytes
from tests.factories import jpeg, submit
from tests.fixtures import City
from tests.parallel import at_once

together = pytest.mark.django_db(transaction=True)


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and path.name != ".lock"]


@together
def test_one_key_from_eight_senders_makes_one_tip(city: City, evidence_root: Path) -> None:
    key = token_hex(16)

    results = at_once([lambda: submit(idempotency_key=key, photos=1)] * 8)

    done = [result for result in results if not isinstance(result, Exception)]
    refused = [result for result in results if isinstance(result, Exception)]
    assert {type(one) for one in refused} <= {DraftInvalid}
    assert len({one.number for one in done}) == 1
    assert len(done) == TipReceipt.objects.count() == RECEIPTS_PER_TIP
    assert (Tip.objects.count(), Evidence.objects.count(), HandlingStep.objects.count()) == (1, 1, 1)
    assert len(files(evidence_root)) == 3
    assert {open_receipt(typed=one.receipt).tip.number for one in done} == {done[0].number}


@together
def test_different_senders_do_not_hinder_each_other(city: City) -> None:
    results = at_once([submit] * 8)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert (Tip.objects.count(), TipReceipt.objects.count(), HandlingStep.objects.count()) == (8, 8, 8)


@together
def test_a_number_already_given_is_not_given_twice(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    first = submit()
    numbers = iter([first.number, first.number, "AS-2026-ZZZZZZ"])
    monkeypatch.setattr(intake, "new_number", lambda **_year: next(numbers))

    second = submit()

    assert second.number == "AS-2026-ZZZZZZ"


@together
def test_a_clash_nobody_could_foresee_is_said_in_words(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    first = submit()
    monkeypatch.setattr(intake, "_free_number", lambda **_year: first.number)

    with pytest.raises(NotReady):
        submit()


# --- a full disk -----------------------------------------------------------------------------------------------

# Everything the storage asks the operating system that can fail for want of room.
POSITIONS: list[tuple[Any, str]] = [
    (Path, "mkdir"), (Path, "open"), (Path, "rename"), (os, "fsync"), (os, "utime"), (os, "open"),
]  # fmt: skip


class FullDisk:
    """Lets the first calls through and refuses the next one, whichever it is."""

    def __init__(self, *, after: int, code: int = errno.ENOSPC) -> None:
        self.left, self.code, self.fired = after, code, False

    def wrap(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if not self.fired:
                self.left -= 1
                if self.left < 0:
                    self.fired = True
                    raise OSError(self.code, os.strerror(self.code))
            return original(*args, **kwargs)

        return call


def attempts(code: int) -> Iterator[tuple[FullDisk, Any]]:
    """Yield one submission for every position at which the disk can be full, until none is left."""
    for after in range(200):
        disk = FullDisk(after=after, code=code)
        patches = [
            mock.patch.object(owner, name, disk.wrap(getattr(owner, name))) for owner, name in POSITIONS
        ]
        for patch in patches:
            patch.start()
        failure = outcome_of(lambda: submit(photos=[jpeg(), jpeg(shade=10)]))
        mock.patch.stopall()
        yield disk, failure
        if not disk.fired:
            return


@together
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_at_any_moment_leaves_nothing(city: City, evidence_root: Path, code: int) -> None:
    outcomes = list(attempts(code))

    failures, (last, nothing) = outcomes[:-1], outcomes[-1]
    assert len(failures) >= 30
    assert {type(failure) for _disk, failure in failures} == {StorageFull}
    assert (last.fired, nothing.photo_count) == (False, 2)
    assert (Tip.objects.count(), Evidence.objects.count(), TipReceipt.objects.count()) == (1, 2, 1)
    assert (len(files(evidence_root)), sweep_orphans()) == (6, 0)


def until_refused(most: int) -> int:
    """Submit until the database has no more room; return how many went in."""
    for count in range(most):
        try:
            submit(photos=1, description="长" * 4000)
        except StorageFull:
            return count
    return most


if "sqlite" in settings.DATABASES["default"]["ENGINE"]:

    @together
    def test_a_full_database_file_leaves_nothing(city: City, evidence_root: Path) -> None:
        tip = Tip.objects.get(number=submit(photos=1).number)
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {database_bytes.sqlite_pages() + 8}")

        more = until_refused(200)

        connection.close()  # the limit belongs to the connection
        assert 0 < more < 200
        assert Tip.objects.count() == TipReceipt.objects.count() == Evidence.objects.count() == more + 1
        assert len(files(evidence_root)) == 3 * (more + 1)
        assert read_photo(evidence=tip.photos.get(), part="shown").startswith(b"\xff\xd8")
        assert submit(photos=1).photo_count == 1


class FullTable:
    """Fails the nth statement that writes, the way a database without room does."""

    def __init__(self, *, after: int) -> None:
        self.left, self.fired = after, False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")) and not self.fired:
            self.left -= 1
            if self.left < 0:
                self.fired = True
                raise OperationalError("no room") from _Cause(sqlite_errorcode=13, sqlstate="53100")
        return execute(sql, params, many, context)


@together
def test_a_database_without_room_at_any_statement_leaves_nothing(city: City, evidence_root: Path) -> None:
    refused = 0
    for after in range(40):
        table = FullTable(after=after)
        with connection.execute_wrapper(table):
            refused += isinstance(outcome_of(lambda: submit(photos=2)), StorageFull)
        if not table.fired:
            break

    assert refused == after >= 4
    assert (Tip.objects.count(), Evidence.objects.count(), HandlingStep.objects.count()) == (1, 2, 1)
    assert len(files(evidence_root)) == 6


def outcome_of(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as error:  # noqa: BLE001  the test looks at every outcome
        return error


class _Cause(Exception):
    def __init__(self, **codes: object) -> None:
        self.__dict__.update(codes)


@pytest.mark.parametrize(
    ("cause", "refusal"),
    [
        (_Cause(sqlite_errorcode=13), StorageFull),  # SQLITE_FULL
        (_Cause(sqlite_errorcode=10 | (19 << 8)), StorageFull),  # SQLITE_IOERR_SHMSIZE
        (_Cause(sqlite_errorcode=14), StorageFull),  # SQLITE_CANTOPEN
        (_Cause(sqlite_errorcode=5), TooBusy),  # SQLITE_BUSY
        (_Cause(sqlite_errorcode=5 | (2 << 8)), TooBusy),  # SQLITE_BUSY_SNAPSHOT
        (_Cause(sqlstate="53100"), StorageFull),  # disk_full
        (_Cause(sqlstate="40P01"), TooBusy),  # deadlock_detected
        (_Cause(sqlstate="53300"), TooBusy),  # too_many_connections
        (_Cause(sqlite_errorcode=1), OperationalError),  # a fault of ours stays one
        (_Cause(sqlstate="42P01"), OperationalError),
        (None, OperationalError),
    ],
)
def test_what_a_database_says_is_understood(cause: Exception | None, refusal: type[Exception]) -> None:
    with pytest.raises(refusal), storage_faults_as_refusals():
        raise OperationalError("what it says is not looked at: full, locked") from cause


def test_other_errors_pass_untouched() -> None:
    with pytest.raises(ZeroDivisionError), storage_faults_as_refusals():
        raise ZeroDivisionError
