"""What a refused act leaves behind: nothing in any table of ours, but the rows of the audit log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from complaints.errors import ComplaintError
from complaints.models import AuditHead, AuditRow
from tests import database_bytes

LOG = {AuditRow._meta.db_table, AuditHead._meta.db_table}


def content() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of ours but the audit log."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(database_bytes.tables() - LOG):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own table names
            found[table] = sorted(cursor.fetchall(), key=repr)
        return found


def refused(call: Callable[[], object], error: type[ComplaintError]) -> tuple[AuditRow, ...]:
    """Make a call that must be refused and change nothing; return the rows it left in the log."""
    before, newest = content(), AuditRow.objects.count()

    with pytest.raises(error):
        call()

    assert content() == before
    return tuple(AuditRow.objects.order_by("sequence")[newest:])


def told(rows: tuple[AuditRow, ...]) -> list[tuple[str, str, int | None, dict[str, str]]]:
    return [(row.action, row.subject, row.actor_id, row.data) for row in rows]
