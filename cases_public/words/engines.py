"""One table of words for each kind of database: FTS5 without a copy of the text, or tsvector with GIN.

Both hold the place of each pair, so that pairs in a row find exactly the characters in a row.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import connection

from .grams import GAP, pairs, pairs_of_text


class Engine(Protocol):
    """What the services and selectors need."""

    def write(self, *, page_id: int, text: str) -> None:
        """Add the words of a case that has none yet."""

    def forget(self, *, page_id: int, text: str) -> None:
        """Take the words of a case away, if there are any; `text` is the very text that was written."""

    def find(self, *, words: Sequence[str]) -> list[int]:
        """Return the keys of the pages that hold all these words of two characters or more; one query."""

    def tidy(self) -> None:
        """Let what was taken away leave the disk as well."""


class SqliteEngine:
    """FTS5, contentless: it keeps pairs and places and no text; to delete, it is told the text again."""

    def write(self, *, page_id: int, text: str) -> None:
        """Add the words of a case that has none yet."""
        _execute(
            "INSERT INTO cases_public_words(rowid, words) VALUES (%s, %s)",
            [page_id, " ".join(pairs_of_text(text))],
        )

    def forget(self, *, page_id: int, text: str) -> None:
        """Take the words of a case away; `text` is the very text that was written.

        What is not there must not be taken away: FTS5 believes what it is told and would count wrongly from then on.
        """
        _execute(
            "INSERT INTO cases_public_words(cases_public_words, rowid, words) SELECT 'delete', %s, %s"
            " WHERE EXISTS (SELECT 1 FROM cases_public_words_docsize WHERE id = %s)",
            [page_id, " ".join(pairs_of_text(text)), page_id],
        )

    def find(self, *, words: Sequence[str]) -> list[int]:
        """Return the keys of the pages that hold all these words."""
        phrases = " AND ".join(f'"{" ".join(pairs(word))}"' for word in words)
        return _keys("SELECT rowid FROM cases_public_words WHERE cases_public_words MATCH %s", phrases)

    def tidy(self) -> None:
        """Merge the parts of the index: what was deleted lies in the old ones until then."""
        _execute("INSERT INTO cases_public_words(cases_public_words) VALUES ('optimize')", [])


class PostgresEngine:
    """A tsvector for each case, made here, so that no parser or dictionary of the server changes it."""

    def write(self, *, page_id: int, text: str) -> None:
        """Add the words of a case that has none yet."""
        _execute(
            "INSERT INTO cases_public_words(page_id, words) VALUES (%s, %s::tsvector)",
            [page_id, vector(pairs_of_text(text))],
        )

    def forget(self, *, page_id: int, text: str) -> None:
        """Take the words of a case away."""
        _execute("DELETE FROM cases_public_words WHERE page_id = %s", [page_id])

    def find(self, *, words: Sequence[str]) -> list[int]:
        """Return the keys of the pages that hold all these words."""
        phrases = " & ".join(f"({' <-> '.join(pairs(word))})" for word in words)
        return _keys("SELECT page_id FROM cases_public_words WHERE words @@ %s::tsquery", phrases)

    def tidy(self) -> None:
        """Nothing: the server's own vacuum does it."""


def vector(found: Iterable[str]) -> str:
    """Return pairs with their places as PostgreSQL writes a tsvector; gaps take a place and are left out."""
    places: dict[str, list[str]] = defaultdict(list)
    for place, pair in enumerate(found, start=1):
        if pair != GAP:
            places[pair].append(str(place))
    return " ".join(f"{pair}:{','.join(at)}" for pair, at in places.items())


def _execute(sql: str, values: Sequence[int | str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _keys(sql: str, phrases: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [phrases])
        return [key for (key,) in cursor.fetchall()]
