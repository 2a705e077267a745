"""What the system administrator changes besides roles: each change leaves a row in the audit log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.contrib.auth.models import User
from django.db.models import Model
from wagtail.models import ModelLogEntry

from . import audit

Act = Literal["added", "changed", "deleted"]


def note_change(*, row: Model, act: Act, fields: Iterable[str], at: datetime, actor: User) -> None:
    """Log that a row of one of the lists was added, changed or is about to be deleted, and in which fields.

    Call it inside the transaction of the change itself. Values are not logged: they are in the row.
    """
    name = row._meta.model_name or ""
    data = {"fields": sorted(fields)}
    audit.record(action=f"{name}.{act}", at=at, actor=actor, subject=f"{name}:{row.pk}", data=data)


# Settings that Wagtail's own pages change; it keeps a history entry in the transaction of the change.
KEPT_BY_WAGTAIL = frozenset({"home.bureausettings", "wagtailcore.site"})
_ACTS: dict[str, Act] = {"wagtail.create": "added", "wagtail.edit": "changed", "wagtail.delete": "deleted"}


def kept_by_wagtail(*, instance: ModelLogEntry, created: bool, **_kwargs: Any) -> None:
    """Log what Wagtail's history notes about one of these settings; called when the entry is saved."""
    kind, act = instance.content_type, _ACTS.get(instance.action)
    if created and act is not None and f"{kind.app_label}.{kind.model}" in KEPT_BY_WAGTAIL:
        subject = f"{kind.model}:{instance.object_id}"
        action = f"{kind.model}.{act}"
        audit.record(action=action, at=instance.timestamp, actor=instance.user, subject=subject)
