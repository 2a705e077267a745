"""Rows in plenty for figures: tips, periods and results written straight, as no service makes hundreds in a second."""

from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any

from complaints.enums import Clock, IdentityMode, Result
from complaints.models import Conclusion, Office, Period, Tip
from tests.factories import noon


def tips(many: int, *, unit: Office, day: date, **values: Any) -> list[Tip]:
    """Store so many tips received on a day."""
    usual = {"content_digest": b"\0" * 32, "identity_mode": IdentityMode.ANONYMOUS, "handling_unit": unit}
    rows = [
        Tip(
            number=f"T{token_hex(6)}",
            idempotency_key=token_hex(16),
            received_date=day,
            accepted_date=day,
            **{**usual, **values},
        )
        for _one in range(many)
    ]
    return Tip.objects.bulk_create(rows)


def conclude(
    rows: list[Tip],
    *,
    started: date,
    days: int,
    allowed: int = 60,
    paused: int = 0,
    result: Result = Result.TRUE,
) -> None:
    """Store that work on these tips began on a day and was concluded so many days later, with this result."""
    ended = started + timedelta(days=days)
    Period.objects.bulk_create(
        Period(
            tip=row,
            clock=Clock.CLOSE,
            started_date=started,
            days=allowed,
            due_date=started + timedelta(days=allowed),
            ended_date=ended,
            paused_days=paused,
        )
        for row in rows
    )
    sign(rows, at=noon(ended), result=result)


def sign(rows: list[Tip], *, at: datetime, result: Result) -> None:
    """Store a signed result of each tip."""
    Conclusion.objects.bulk_create(
        Conclusion(tip=row, result=result, proposed_at=at, decided_at=at, is_confirmed=True) for row in rows
    )
