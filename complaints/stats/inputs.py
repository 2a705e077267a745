"""The fingerprint of what figures rest on: the facts of every record counted, in a fixed order."""

from hashlib import sha256

from complaints.rules.spans import Span

from .sources import SOURCES

CHUNK_ROWS = 2_000


def inputs_digest(*, span: Span) -> str:
    """Return the SHA-256 over the facts of every record of a span, in hex; one query for each kind, read in pieces.

    The same records give the same digest on any engine. It changes with every late entry, and with every tip purged:
    then it says that the figures cannot be counted again, not that they were wrong.
    """
    digest = sha256()
    for source in SOURCES:
        digest.update(f"{source.model.__name__}.{source.day}\n".encode())
        rows = source.rows(span=span).order_by("pk").values_list("pk", *source.facts)
        for row in rows.iterator(chunk_size=CHUNK_ROWS):
            digest.update(("|".join(map(str, row)) + "\n").encode())
    return digest.hexdigest()
