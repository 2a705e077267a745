"""Evidence in a private bucket: whole objects, locks in the database, and a store's exact moments made days.

A store writes beside each object when it came, which a folder need not: `settle_days` rewrites, once a day, everything
that came since the last time, so that what lies there tells a night and no moment (docs/adr/0007-no-exact-time.md).
Until then, and in the store's own journals, the moment is known to whoever runs the store.
"""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.db import connection

from portal.shared.buckets import PrivateBucket, as_disk_errors

from .storage_locks import DatabaseLocks, FileLocks, Locked, Locks

# Written at the end of each settling; the moment the store gives it divides what is settled from what came after.
MARKER = "settled"


class EvidenceBucket(Locked, PrivateBucket):
    """What `DurableStorage` is for a folder. An object the store has acknowledged is durable: that is its promise."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # Django's own signature
        self.put(name, content)
        return name

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]  # as above
        """Read an object whole: photos are small, and their seal can only be checked whole."""
        with as_disk_errors():
            found = self.client.get_object(Bucket=self.bucket_name, Key=self.key_of(name))
            with found["Body"] as body:
                return File(BytesIO(body.read()), name)

    def replace(self, name: str, content: File) -> None:  # type: ignore[type-arg]  # as above
        """Put new bytes under a name that exists, at once."""
        self.put(name, content)

    def put(self, name: str, content: File) -> None:  # type: ignore[type-arg]  # as above
        """Write an object under this very name; the store refuses bytes that were damaged on the way."""
        self._put(name, content.read())

    def _put(self, name: str, data: bytes) -> None:
        digest = hashlib.md5(data, usedforsecurity=False).digest()
        with as_disk_errors():
            self.client.put_object(
                Bucket=self.bucket_name,
                Key=self.key_of(name),
                Body=data,
                ContentMD5=base64.b64encode(digest).decode(),
                ContentType="application/octet-stream",
            )

    def url(self, name: str | None, *_args: object, **_kwargs: object) -> str:
        """Raise always: evidence has no address, it is shown by one view that checks and logs."""
        raise NotImplementedError("evidence has no address")

    def signed(self, name: str) -> str:
        """Raise always, as `url` does."""
        raise NotImplementedError("evidence has no address")

    def all_names(self) -> Iterator[str]:
        """Yield the names of all files."""
        return (name for name in super().all_names() if name != MARKER)

    def drafts(self) -> Iterator[str]:
        """Yield nothing: an object is there as a whole or not at all."""
        return iter(())

    def settle_days(self) -> int:
        """Rewrite what came since the last time, in the order of names, which are random; return how many.

        Killed before its end it begins again: what is settled twice tells a later moment, nothing else.
        """
        last = self._last_settled()
        moments = self.all_objects()
        fresh = sorted(name for name, at in moments if name != MARKER and (last is None or at >= last))
        for name in fresh:
            # Each for itself under the lock of writers: no purge takes a file away in between, which would come back.
            with self.writing():
                self._rewrite(name)
        self._put(MARKER, b"")
        return len(fresh)

    def _rewrite(self, name: str) -> None:
        if self.exists(name):
            with self.open(name) as file:
                self._put(name, file.read())

    def _last_settled(self) -> datetime | None:
        try:
            with as_disk_errors():
                found = self.client.head_object(Bucket=self.bucket_name, Key=MARKER)
        except FileNotFoundError:
            return None
        moment: datetime = found["LastModified"]
        return moment

    @property
    def _locks(self) -> Locks:
        """One machine alone (SQLite) needs no others to know."""
        return (
            DatabaseLocks() if connection.vendor == "postgresql" else FileLocks(Path(settings.EVIDENCE_ROOT))
        )
