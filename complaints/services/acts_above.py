"""Writes acts of apps that lie above this one into the audit log: they announce them, and cannot reach it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from complaints import events

from . import audit


def listen() -> None:
    """Follow the acts that are announced; called once when the app is ready."""
    events.act_taken.connect(on_act, dispatch_uid="audit.act")


def on_act(
    *,
    action: str,
    at: datetime,
    actor: User | None = None,
    subject: str = "",
    data: dict[str, Any] | None = None,
    **_signal: Any,
) -> None:
    """Append one row, in the transaction of the act: what cannot be logged is not done."""
    audit.record(action=action, at=at, actor=actor, subject=subject, data=data)
