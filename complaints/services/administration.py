"""What the system administrator changes besides roles: each change leaves a row in the audit log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.contrib.auth.models import User
from django.db.models import Model

from . import audit

Act = Literal["added", "changed", "deleted"]


def note_change(*, row: Model, act: Act, fields: Iterable[str], at: datetime, actor: User) -> None:
    """Log that a row of one of the lists was added, changed or is about to be deleted, and in which fields.

    Call it inside the transaction of the change itself. Values are not logged: they are in the row.
    """
    name = row._meta.model_name or ""
    data = {"fields": sorted(fields)}
    audit.record(action=f"{name}.{act}", at=at, actor=actor, subject=f"{name}:{row.pk}", data=data)
