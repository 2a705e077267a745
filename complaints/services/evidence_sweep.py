"""Files of photos that belong to no row: what a crash in the middle of a submission leaves, and nothing else."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from uuid import UUID

from complaints.errors import TooManyOrphans
from complaints.models import Evidence

from .evidence import evidence_storage, remove_files
from .evidence_bucket import EvidenceBucket

# What a crash with every server thread in the middle of nine photos may leave; and, where no file at all has a row,
# what one submission may leave: more of them look like the wrong database.
MOST_ORPHANS = 300
MOST_STRANGERS = 27
UUID_DIGITS = 32
# As many keys as every database takes in one question.
BATCH = 500
# More photos than can be on their way at one moment.
STRAGGLERS = 1000
_OURS = re.compile(r"[0-9a-f]{2}/(?:[0-9a-f]{32}\.(?:shown|thumb|original\d*)|\.[0-9a-f]{16}\.part)")


def remove_drafts() -> int:
    """Delete half-written files of writers that were killed; return how many. Nobody writes while it looks."""
    storage = evidence_storage()
    with storage.sweeping():
        drafts = list(storage.drafts())
        remove_files(names=drafts)
    return len(drafts)


def sweep_orphans(*, force: bool = False) -> int:
    """Delete evidence files no row knows; return how many.

    Args:
        force: delete even when most files have no row.

    Raises:
        TooManyOrphans: more files than a crash can leave; the database is probably not the one of these files.
    """
    storage = evidence_storage()
    # Looked through without the lock, however long it takes: what is being sent meanwhile is asked about again.
    ours = [name for name in storage.all_names() if _OURS.fullmatch(name)]
    suspects = _without_rows(
        ours, known=dict(Evidence.objects.values_list("public_id", "reseals").iterator())
    )
    with storage.sweeping():
        orphans = list(_still_without_rows(suspects))
        most = max(MOST_ORPHANS, len(ours) // 10) if len(orphans) < len(ours) else MOST_STRANGERS
        if not force and len(orphans) > most:
            raise TooManyOrphans(f"{len(orphans)} of {len(ours)} files")
        remove_files(names=orphans)
    return len(orphans)


def settle_days() -> int:
    """Let what a store says of photos tell a night instead of a moment; return how many objects were settled.

    A folder tells days from the beginning. Names are random, so their order says nothing; records count up, and a few
    of those settled last are settled once more, as a submission may commit after one that began later.
    """
    storage = evidence_storage()
    if not isinstance(storage, EvidenceBucket):
        return 0
    photos = Evidence.objects.filter(pk__gt=storage.settled_up_to() - STRAGGLERS).order_by("pk")
    top, names = 0, []
    for photo in photos.only("pk", "public_id", "reseals").iterator():
        top = photo.pk
        names += [photo.path_of(part) for part in ("shown", "thumb", "original")]
    count = storage.settle(sorted(names))
    if top:
        storage.note_settled(top)
    return count


def _still_without_rows(suspects: Sequence[str]) -> Iterable[str]:
    """Yield those that have no row now, when nothing is being sent."""
    left = iter(suspects)
    while batch := list(islice(left, BATCH)):
        keys = {UUID(key) for name in batch if len(key := _key_of(name)) == UUID_DIGITS}
        rows = Evidence.objects.filter(public_id__in=keys).values_list("public_id", "reseals")
        yield from _without_rows(batch, known=dict(rows))


def _without_rows(names: Iterable[str], *, known: Mapping[UUID, int]) -> list[str]:
    return [name for name in names if not _has_row(name, known)]


def _key_of(name: str) -> str:
    return name.rsplit("/", 1)[-1].partition(".")[0]


def _has_row(name: str, known: Mapping[UUID, int]) -> bool:
    """Whether a file belongs to a row; of a re-sealed original only the newest does."""
    key, _dot, part = name.rsplit("/", 1)[-1].partition(".")
    if len(key) != UUID_DIGITS or UUID(key) not in known:
        return False
    return not part.startswith("original") or part == f"original{known[UUID(key)] or ''}"
