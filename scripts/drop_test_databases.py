"""Removes the PostgreSQL test databases whose name begins with the given word, once a run has ended."""

import os
import re
import sys

import psycopg
from psycopg import sql

SHORTEST_NAME = 8


def drop(*, address: str, prefix: str) -> list[str]:
    """Drop every database called `prefix_…` and return their names.

    Raises:
        ValueError: the prefix is so short or odd that it might mean somebody's real database.
    """
    if len(prefix) < SHORTEST_NAME or not re.fullmatch(r"[a-z0-9_]+", prefix):
        raise ValueError(f"not the name of test databases: {prefix!r}")
    with psycopg.connect(address, autocommit=True) as connection:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname"
        names = [str(row[0]) for row in connection.execute(query, [f"{prefix}_"])]
        for name in names:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    return names


if __name__ == "__main__":
    print(f"{len(drop(address=os.environ['DATABASE_URL'], prefix=sys.argv[1]))} test databases removed")
