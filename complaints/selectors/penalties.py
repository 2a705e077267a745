"""Reads of penalties: what a case can be made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from complaints.enums import Measure, Result, Role
from complaints.models import AuditRow, Conclusion, Disposal, Tip
from complaints.policies import Person, may_read_tips, roles_held_by_unit, tips_visible_to

from .search import find

if TYPE_CHECKING:
    from django.db.models import QuerySet

# The act that says that a case was begun from a tip, and no more.
DRAFTED = "tip.case_drafted"
UPHELD = (Result.TRUE, Result.PARTLY_TRUE)
MOST = 50


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """A signed penalty a case can be begun with; `begun_date` is the day on which one was, None while none was."""

    tip: Tip
    disposal: Disposal
    begun_date: date | None


@dataclass(frozen=True, kw_only=True)
class Penalties:
    """The newest penalties found, `more` when there are further ones; `is_bounded` when old tips were not searched."""

    rows: tuple[Penalty, ...]
    more: bool
    is_bounded: bool


def may_begin_cases(user: Person) -> bool:
    """Whether the person may begin a case from a tip: an editor who reads tips."""
    return may_read_tips(user) and any(Role.EDITOR in roles for roles in roles_held_by_unit(user).values())


def newest_penalty(*, tip: Tip) -> Disposal | None:
    """Return the newest penalty of a tip whose result a leader has signed, or None; one query."""
    return _signed_penalties().filter(tip=tip).order_by("-decided_date", "-pk").first()


def penalties_for_cases(*, user: Person, unit: int | None, typed: str, today: date) -> Penalties:
    """Return the newest penalty of each tip in the person's scope that a case can be begun with.

    Args:
        unit: of this unit in charge alone; None for all.
        typed: words of the tip or a number of its own, or a part of the decision's number.
    """
    tips = tips_visible_to(user).filter(result__in=UPHELD)
    if unit is not None:
        tips = tips.filter(handling_unit=unit)
    penalties, is_bounded = _signed_penalties(), False
    if typed.strip():
        having = tips.filter(Exists(penalties.filter(tip=OuterRef("pk"))))
        found = find(tips=having, user=user, typed=typed, today=today)
        by_words = Q(tip__in=having.filter(found.condition).order_by().values("pk"))
        of_number = penalties.filter(decision_number__icontains=typed.strip()).values("tip")
        penalties = penalties.filter(by_words | Q(tip__in=of_number))
        is_bounded = found.is_bounded
    # The newest of each tip, told apart by the database: a tip may have several.
    newer = _signed_penalties().filter(tip=OuterRef("tip")).order_by("-decided_date", "-pk").values("pk")
    newest = penalties.filter(tip__in=tips.order_by().values("pk"), pk=newer[:1])
    rows = list(
        newest.select_related("tip__handling_unit", "tip__district").order_by("-decided_date", "-pk")[
            : MOST + 1
        ]
    )
    begun = _begun(row.tip.number for row in rows)
    return Penalties(
        rows=tuple(
            Penalty(tip=row.tip, disposal=row, begun_date=begun.get(row.tip.number)) for row in rows[:MOST]
        ),
        more=len(rows) > MOST,
        is_bounded=is_bounded,
    )


def _signed_penalties() -> "QuerySet[Disposal]":
    """Return the penalties a leader has signed, of tips whose result a leader has signed."""
    result = Conclusion.objects.filter(tip=OuterRef("tip"), is_confirmed=True)
    return Disposal.objects.signed().filter(Exists(result), measure=Measure.PENALTY)


def case_begun_on(*, number: str) -> date | None:
    """Return the last day on which a case was begun from a tip, None while none was; one query."""
    return _begun([number]).get(number)


def _begun(numbers: Iterable[str]) -> dict[str, date]:
    """Return the last day on which a case was begun, by number of the tip; one query."""
    rows = AuditRow.objects.filter(action=DRAFTED, subject__in=list(numbers)).order_by("sequence")
    return {subject: timezone.localdate(at) for subject, at in rows.values_list("subject", "taken_at")}
