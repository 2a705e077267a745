"""Reads of the inside: the workplaces of a manager, their inbox, one tip, figures of a company."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from complaints.enums import Direction, InsideAct, InsideState, TipKind
from complaints.models import (
    Circular,
    Enterprise,
    EnterpriseManager,
    Evidence,
    GivenPassword,
    InternalStep,
    InternalTip,
    Message,
    RewardScale,
)
from complaints.policies import Person
from complaints.rules.accused import named_among
from complaints.rules.percents import whole_percent

from .enterprises import enterprises_visible_to

DONE = (InsideState.CLOSED, InsideState.UNTRUE, InsideState.TURNED)
LEAVING = (InsideAct.TURN, InsideAct.TURN_BY_ITSELF, InsideAct.TURN_UNCONFIRMED)
FIXED = (InsideState.FIXED, InsideState.ACCEPTED, InsideState.PAID, InsideState.CLOSED)


@dataclass(frozen=True, kw_only=True)
class InsideFigures:
    """What a company made of the tips of its own people, in whole yuan; `overdue` counts clocks past their day."""

    received: int
    fixed: int
    untrue: int
    untrue_major: int
    turned: int
    overdue: int
    unpaid: int
    paid_count: int
    paid_yuan: int

    def tells_fixed(self, *, least: int) -> bool:
        """Whether neither those put right nor the others are so few that one could be picked out."""
        others = self.received - self.fixed
        return self.fixed >= least and (others == 0 or others >= least)

    def tells_paid(self, *, least: int) -> bool:
        """Whether the sum paid stands for so many rewards that it is nobody's own."""
        return self.paid_count >= least

    @property
    def paid_shown(self) -> str:
        """The yuan paid as people read them; Django groups Chinese digits by four."""
        return f"{self.paid_yuan:,}"

    @property
    def fixed_percent(self) -> int | None:
        """How many of the tips found true or still open are put right; None without any."""
        return whole_percent(self.fixed, self.received - self.untrue)


def workplaces_of(user: Person) -> list[Enterprise]:
    """Return the enterprises a signed-in person manages the safety of; nothing for closed accounts."""
    if not user.is_active or user.pk is None:
        return []
    rows = Enterprise.objects.filter(managers__user=user.pk, managers__ended_at=None, is_active=True)
    return list(rows.select_related("district").order_by("name", "pk").distinct())


def inside_of_workplaces(user: Person) -> "QuerySet[InternalTip]":
    """Return the internal tips of the person's enterprises still inside, without those that name the person."""
    rows = InternalTip.objects.filter(enterprise__in=[one.pk for one in workplaces_of(user)])
    rows = rows.filter(tip__is_internal=True).exclude(kept_from=user.pk)
    return rows.select_related("tip", "enterprise")


def inbox(user: Person, *, is_done: bool) -> "QuerySet[InternalTip]":
    """Return what waits, the nearest last day first; or what is done, the newest first.

    `last_words` is the direction of the newest message: from the reporter, when nobody has answered it yet.
    """
    newest = Message.objects.filter(tip=OuterRef("tip"), is_inside=True).order_by("-pk")
    rows = inside_of_workplaces(user).annotate(last_words=Subquery(newest.values("direction")[:1]))
    if is_done:
        return rows.filter(state__in=DONE).order_by("-received_date", "-pk")
    return rows.exclude(state__in=DONE).order_by(F("due_date").asc(nulls_last=True), "pk")


def inside_for(user: Person, *, number: str) -> InternalTip | None:
    """Return one tip of the person's workplaces; None for a foreign, a turned and an unknown one alike."""
    return inside_of_workplaces(user).filter(tip__number=number).first()


def inside_photo_for(user: Person, *, public_id: UUID) -> Evidence | None:
    """Return a photo of a tip of the person's workplaces, None for any other."""
    rows = Evidence.objects.filter(public_id=public_id, tip__in=inside_of_workplaces(user).values("tip"))
    return rows.select_related("tip").first()


def photos_of(row: InternalTip) -> list[Evidence]:
    """Return the photos of a tip: first those of the reporter, then those of the managers, in their order."""
    rows = Evidence.objects.filter(tip=row.tip_id).order_by("internal_step_id", "position", "pk")
    return sorted(rows, key=lambda one: (one.internal_step_id or 0, one.position))


def words_of(row: InternalTip) -> list[Message]:
    """Return what reporter and company wrote to each other, in its order, with authors and the photos sent along."""
    rows = Message.objects.filter(tip=row.tip_id, is_inside=True)
    return list(rows.select_related("author").prefetch_related("photos"))


def words_of_reporter(row: InternalTip) -> list[str]:
    """Return what the reporter wrote by the receipt while the tip was inside."""
    rows = Message.objects.filter(tip=row.tip_id, is_inside=True, direction=Direction.FROM_REPORTER)
    return [one.body for one in rows]


def steps_of(row: InternalTip) -> list[InternalStep]:
    """Return the acts in their order, with who took them."""
    return list(row.steps.select_related("actor"))


def last_turn(row: InternalTip) -> InternalStep | None:
    """Return the act by which a tip left its company; None while it is inside."""
    return row.steps.filter(act__in=LEAVING).last()


def scale_of(enterprise: Enterprise) -> dict[str, RewardScale]:
    """Return the amounts of an enterprise by grade."""
    return {one.grade: one for one in enterprise.scale.all()}


def reading_managers() -> "QuerySet[EnterpriseManager]":
    """Return who reads what is told to a company: with an open account and a password they chose themselves.

    Whoever was invited and never signed in reads nothing.
    """
    rows = EnterpriseManager.objects.filter(ended_at=None, user__is_active=True)
    return rows.exclude(user__in=GivenPassword.objects.values("user"))


def has_managers(enterprise: Enterprise) -> bool:
    """Whether somebody reads what is told to the company."""
    return enterprise.is_active and reading_managers().filter(enterprise=enterprise).exists()


def managers_named(enterprise: Enterprise, *, texts: Iterable[str]) -> list[int]:
    """Return the accounts of managers whom these texts name, those who have yet to join among them."""
    users = [row.user for row in managers_of(enterprise)]
    found = named_among(texts, names=[user.get_full_name() for user in users])
    return [user.pk for user in users if user.get_full_name() in found]


def has_managers_besides(enterprise: Enterprise, *, named: Iterable[int]) -> bool:
    """Whether somebody reads what is told to the company whom it does not name."""
    rows = reading_managers().filter(enterprise=enterprise).exclude(user__in=list(named))
    return enterprise.is_active and rows.exists()


def readers_of(row: InternalTip) -> "QuerySet[EnterpriseManager]":
    """Return who may read and act on one internal tip: the managers of its company whom it does not name."""
    rows = reading_managers().filter(enterprise=row.enterprise_id, enterprise__is_active=True)
    return rows.exclude(user__in=row.kept_from.values("pk"))


def is_read(row: InternalTip) -> bool:
    """Whether somebody in the company may read an internal tip."""
    return readers_of(row).exists()


def has_second(row: InternalTip) -> bool:
    """Whether somebody is there to confirm what one person found, whom the tip does not name either."""
    return readers_of(row).exclude(user=row.refuted_by_id).exists()


def has_another(row: InternalTip, *, user: User) -> bool:
    """Whether somebody besides this person may act on an internal tip."""
    return readers_of(row).exclude(user=user).exists()


def managers_of(enterprise: Enterprise) -> list[EnterpriseManager]:
    """Return who manages the safety of an enterprise now."""
    return list(enterprise.managers.filter(ended_at=None).select_related("user"))


def figures_of(rows: "QuerySet[InternalTip]", *, today: date) -> InsideFigures:
    """Return counts over internal tips, those turned outside among them; one query, no text is opened."""
    found = _with_whole(rows).aggregate(**_counts(today))
    return InsideFigures(**{name: value or 0 for name, value in found.items()})


def figures_by_enterprise(user: Person, *, today: date) -> "QuerySet[Any, Any]":
    """Return this year's counts of each enterprise in a person's scope that had a tip, the most left alone first.

    Rows hold `enterprise`, `enterprise__name` and the names of `InsideFigures`; no text is opened.
    """
    seen = enterprises_visible_to(user).values("pk")
    rows = InternalTip.objects.filter(enterprise__in=seen, received_date__year=today.year).order_by()
    keyed: QuerySet[Any, Any] = _with_whole(rows).values("enterprise", "enterprise__name")
    counted: QuerySet[Any, Any] = keyed.annotate(**_counts(today))
    return counted.order_by("-overdue", "-unpaid", "enterprise__name", "enterprise")


def as_figures(row: Mapping[str, Any]) -> InsideFigures:
    """Return the figures of one row of `figures_by_enterprise`."""
    return InsideFigures(**{one.name: row[one.name] or 0 for one in fields(InsideFigures)})


def _with_whole(rows: "QuerySet[InternalTip]") -> "QuerySet[InternalTip]":
    return rows.annotate(whole=F("reward_yuan") + Coalesce("special_yuan", 0))


def _counts(today: date) -> dict[str, Any]:
    paid = Q(state__in=(InsideState.PAID, InsideState.CLOSED))
    return {
        "received": Count("pk"),
        "fixed": Count("pk", filter=Q(state__in=FIXED)),
        "untrue": Count("pk", filter=Q(state=InsideState.UNTRUE)),
        "untrue_major": Count("pk", filter=Q(state=InsideState.UNTRUE, tip__kind=TipKind.MAJOR_HAZARD)),
        "turned": Count("pk", filter=Q(state=InsideState.TURNED)),
        "overdue": Count("pk", filter=Q(due_date__lt=today)),
        "unpaid": Count("pk", filter=Q(state=InsideState.ACCEPTED, due_date__lt=today)),
        "paid_count": Count("pk", filter=paid & Q(whole__gt=0)),
        "paid_yuan": Sum("whole", filter=paid),
    }


def figures_of_year(enterprise: Enterprise, *, today: date) -> InsideFigures:
    """Return the counts of this year's tips of one enterprise, as the bureau reads them."""
    return figures_of(_of_year(enterprise, today=today), today=today)


def figures_for(user: User, enterprise: Enterprise, *, today: date) -> InsideFigures:
    """Return the counts of this year's tips as a manager reads them: one that names the person is in none of them."""
    return figures_of(_of_year(enterprise, today=today).exclude(kept_from=user), today=today)


def figures_shown(enterprise: Enterprise, *, today: date) -> InsideFigures:
    """Return the counts that everybody may read: without tips that name a manager, who would miss them in the inbox."""
    return figures_of(_of_year(enterprise, today=today).filter(kept_from=None), today=today)


def _of_year(enterprise: Enterprise, *, today: date) -> "QuerySet[InternalTip]":
    return enterprise.internal_tips.filter(received_date__year=today.year)


def doubted_of(enterprise: Enterprise) -> list[InternalTip]:
    """Return the major hazards that one person of the company found untrue and another has yet to confirm."""
    rows = enterprise.internal_tips.filter(state=InsideState.DOUBTED).select_related("tip")
    return list(rows.order_by("due_date", "pk"))


def overdue_of(enterprises: "Iterable[Enterprise | int]", *, today: date) -> list[InternalTip]:
    """Return the overdue tips of these enterprises, whose number, state and last day the bureau sees, not words."""
    rows = InternalTip.objects.filter(enterprise__in=enterprises, due_date__lt=today)
    return list(rows.select_related("tip", "enterprise").order_by("due_date", "pk"))


def is_manager_account(user: User) -> bool:
    """Whether an account belongs to a safety manager, of whatever enterprise and time."""
    return EnterpriseManager.objects.filter(user=user).exists()


def circulars_of(enterprise: Enterprise) -> "QuerySet[Circular]":
    """Return what an enterprise told its staff, the newest first: meant for whoever scans its code."""
    return Circular.objects.filter(internal__enterprise=enterprise)


def ledger_rows(enterprise: Enterprise, *, viewer: User) -> "QuerySet[InternalTip]":
    """Return the internal tips of an enterprise for its ledger, the oldest first, turned ones among them.

    Those that name the viewer are left out, turned or not.
    """
    rows = enterprise.internal_tips.exclude(kept_from=viewer)
    rows = rows.select_related("tip").prefetch_related("tip__photos")
    return rows.order_by("received_date", "pk")
