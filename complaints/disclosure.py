"""The only door for other apps: frozen, redacted facts. Nothing here carries content or leads back to a tip."""

from dataclasses import dataclass
from datetime import date

from complaints.enums import OfficeLevel
from complaints.models import Office
from complaints.selectors.deadlines import policy_on


@dataclass(frozen=True, kw_only=True)
class PublicUnit:
    """A handling unit as the public may know it."""

    name: str
    phone: str


def public_units() -> list[PublicUnit]:
    """Return the active city, district and zone units with their telephone, in their order."""
    rows = Office.objects.filter(is_active=True).exclude(level=OfficeLevel.TOWN)
    return [PublicUnit(name=row.name, phone=row.phone) for row in rows]


@dataclass(frozen=True, kw_only=True)
class PublicPeriods:
    """The legal periods in force, as the home page promises them."""

    decide_working_days: int
    close_days: int
    reply_days: int
    source: str


def public_periods(*, today: date) -> PublicPeriods:
    """Return the periods a tip of this day falls under; one query."""
    policy = policy_on(day=today)
    return PublicPeriods(
        decide_working_days=policy.decide_working_days,
        close_days=policy.close_days,
        reply_days=policy.reply_days,
        source=policy.source,
    )
