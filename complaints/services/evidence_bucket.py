"""Evidence in a private bucket: whole objects, locks in the database, and a store's exact moments made days.

A store writes beside each object when it came, which a folder need not: once a day everything that came since the last
time is copied onto itself (`evidence_sweep.settle_days`), so that what lies there tells a night and no moment
(docs/adr/0007-no-exact-time.md).
Until then, and in the store's own journals, the moment is known to whoever runs the store.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.db import connection

from portal.shared.buckets import PrivateBucket, as_disk_errors

from .storage_locks import DatabaseLocks, FileLocks, Locked, Locks

# Holds the number of the last record whose objects were settled.
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
            with closing(found["Body"]) as body:
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

    def settled_up_to(self) -> int:
        """Return what `note_settled` was told last; 0 at the beginning."""
        try:
            with self.open(MARKER) as file:
                return int(file.read() or 0)
        except FileNotFoundError:
            return 0

    def note_settled(self, number: int) -> None:
        """Remember up to which record the objects tell a night."""
        self._put(MARKER, str(number).encode())

    def settle(self, names: Iterable[str]) -> int:
        """Let the store copy each object onto itself, in the order given; return how many were there.

        The store copies what lies there at that moment: nothing that was replaced meanwhile comes back.
        """
        return sum(self._copy_onto_itself(name) for name in names)

    def _copy_onto_itself(self, name: str) -> bool:
        key = self.key_of(name)
        try:
            with as_disk_errors():
                self.client.copy_object(
                    Bucket=self.bucket_name,
                    Key=key,
                    CopySource={"Bucket": self.bucket_name, "Key": key},
                    MetadataDirective="REPLACE",
                    ContentType="application/octet-stream",
                )
        except FileNotFoundError:  # destroyed meanwhile
            return False
        return True

    @property
    def _locks(self) -> Locks:
        """One machine alone (SQLite) needs no others to know."""
        return (
            DatabaseLocks() if connection.vendor == "postgresql" else FileLocks(Path(settings.EVIDENCE_ROOT))
        )
