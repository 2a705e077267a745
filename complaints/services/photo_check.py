"""Testing stored photos: does the sealed original fit its hash, and does the copy that is shown still open."""

from collections.abc import Iterator
from enum import StrEnum
from hashlib import file_digest

from complaints.errors import PhotoUnreadable
from complaints.models import Evidence

from .evidence import evidence_storage, read_photo


class PhotoFault(StrEnum):
    """What is wrong with the files of one photo."""

    SHOWN_UNREADABLE = "shown_unreadable"
    ORIGINAL_MISSING = "original_missing"
    ORIGINAL_ALTERED = "original_altered"


def photo_faults(*, evidence: Evidence) -> frozenset[PhotoFault]:
    """Return what is wrong with the stored files of a photo, nothing when all is well; reads both files.

    The hash is that of the sealed original, so that the test needs no key of the vault. An original that was never
    kept (no vault at hand) is not missed.
    """
    return frozenset(_faults(evidence))


def _faults(evidence: Evidence) -> Iterator[PhotoFault]:
    try:
        read_photo(evidence=evidence, part="shown")
    except PhotoUnreadable:
        yield PhotoFault.SHOWN_UNREADABLE
    if evidence.vault_version is None:
        return
    try:
        with evidence_storage().open(evidence.path_of("original")) as file:
            found = file_digest(file, "sha256").hexdigest()
    except OSError:
        yield PhotoFault.ORIGINAL_MISSING
    else:
        if found != evidence.sealed_sha256:
            yield PhotoFault.ORIGINAL_ALTERED
