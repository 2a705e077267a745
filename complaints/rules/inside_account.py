"""Which days an account of internal tips covers: closed months alone, so that no figure moves when a tip comes in."""

from dataclasses import dataclass
from datetime import date

from .spans import SpanKind, span_around


@dataclass(frozen=True, kw_only=True)
class AccountDays:
    """First and last day of an account, both counted."""

    first: date
    last: date


def closed_days(*, today: date) -> AccountDays:
    """Return the days until the end of the last closed month, in the year of that month.

    A figure that is new on the day of a tip tells colleagues when it came; in January the account is that of last year.
    Source: DOMAIN 7, published periods are frozen; that a month is the unit is house practice (docs/adr/0037).
    """
    last = span_around(day=today, kind=SpanKind.MONTH).before.end
    return AccountDays(first=last.replace(month=1, day=1), last=last)


def running_days(*, today: date) -> AccountDays:
    """Return the days of this year until today, for whoever reads each of these tips anyway."""
    return AccountDays(first=today.replace(month=1, day=1), last=today)
