"""Reads of the register: what a person supervises, what a file may say, visits of a year, the order of priority."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import override

from complaints.enums import DivisionLevel, Industry, Result, RiskClass, Role
from complaints.models import Division, Enterprise, EnterpriseCode, InspectionCeiling, SiteVisit, Tip
from complaints.policies import HANDLING_ROLES, READING_ROLES, Person, scope_of
from complaints.rules.register import Places, Vocabulary, priority, read_code, vocabulary, year_before

UPHELD = (Result.TRUE, Result.PARTLY_TRUE)


def enterprises_visible_to(user: Person) -> "QuerySet[Enterprise]":
    """Return the enterprises a person may look at: supervised by the own units and those below, or in the own town."""
    return _within(user, READING_ROLES)


def enterprises_kept_by(user: Person) -> "QuerySet[Enterprise]":
    """Return the enterprises whose entry a person may change and whom they may visit: handlers, not auditors."""
    return _within(user, HANDLING_ROLES)


def enterprises_supervised_by(user: Person) -> "QuerySet[Enterprise]":
    """Return the enterprises whose safety managers a person may invite and end: handlers of the unit in charge.

    A town keeps the entries of its enterprises; who reads their internal tips is decided by the unit that supervises.
    """
    return Enterprise.objects.filter(office__in=scope_of(user).offices_with(HANDLING_ROLES))


def _within(user: Person, roles: Iterable[Role]) -> "QuerySet[Enterprise]":
    scope = scope_of(user)
    offices, towns = scope.offices_with(roles), scope.towns_with(roles)
    reach = Q(office__in=offices)
    return Enterprise.objects.filter(reach | Q(town__in=towns) if towns else reach)


def may_see_register(user: Person) -> bool:
    """Whether the register exists for this person: whoever reads tips of some unit."""
    return bool(scope_of(user).offices_with(READING_ROLES))


def may_keep_register(user: Person) -> bool:
    """Whether the person may add enterprises and bring files: whoever handles tips in some unit."""
    return bool(scope_of(user).offices_with(HANDLING_ROLES))


def reach_of(user: Person) -> tuple[frozenset[int], frozenset[str]]:
    """Return the units and the towns whose enterprises a person may change."""
    scope = scope_of(user)
    return frozenset(scope.offices_with(HANDLING_ROLES)), frozenset(scope.towns_with(HANDLING_ROLES))


def enterprise_for(*, user: Person, pk: int) -> Enterprise | None:
    """Return one enterprise of a person's scope; None for a foreign one and for one that does not exist."""
    rows = enterprises_visible_to(user).select_related("district", "town", "office")
    return rows.filter(pk=pk).first()


def by_priority(rows: "QuerySet[Enterprise]") -> "QuerySet[Enterprise]":
    """Order enterprises as they are to be inspected; the same order as `rules.register.priority`."""
    ranks = [When(risk_class=one, then=Value(priority(risk_class=one, upheld=0))) for one in RiskClass]
    rank = Case(*ranks, default=Value(0), output_field=IntegerField())
    step = priority(risk_class=RiskClass.LOW, upheld=1)
    return rows.annotate(priority=rank + F("upheld_count") * step).order_by("-priority", "name", "pk")


def code_in_use(*, enterprise: Enterprise) -> EnterpriseCode | None:
    """Return the code on the poster that counts now."""
    return enterprise.codes.filter(retired_date=None).first()


def enterprise_of_code(*, typed: str) -> EnterpriseCode | None:
    """Return the code as it was scanned or typed, in use or retired; None for an unknown one."""
    code = read_code(typed)
    rows = EnterpriseCode.objects.select_related("enterprise__district", "enterprise__office")
    return rows.filter(code=code).first() if code else None


def visits_done(*, enterprise: Enterprise, year: int) -> int:
    """Return how many visits of a year count against the ceiling."""
    return SiteVisit.objects.filter(enterprise=enterprise, year=year, counts=True).count()


def ceiling_on(*, enterprise: Enterprise, day: date) -> int | None:
    """Return how many inspections the class of an enterprise gets in the year, None where nothing was set."""
    row = InspectionCeiling.in_force(risk_class=enterprise.risk_class, day=day)
    return row.per_year if row else None


def visits_of(*, enterprise: Enterprise, most: int) -> list[SiteVisit]:
    """Return the newest visits, at most so many."""
    return list(enterprise.visits.select_related("officer")[:most])


def upheld_by_entity(*, today: date) -> Mapping[bytes, int]:
    """Return how many matters were found true in the year before a day, by the blind key of the entity.

    A matter is the leading tip: what was merged into it is the same danger told again, and what proved false is none.
    """
    since = year_before(today)
    rows = Tip.objects.filter(
        received_date__gt=since, received_date__lte=today, result__in=UPHELD, merged_into=None
    )
    found: dict[bytes, int] = {}
    for key in rows.exclude(entity_key=b"").values_list("entity_key", flat=True).iterator():
        found[bytes(key)] = found.get(bytes(key), 0) + 1
    return found


def register_vocabulary() -> Vocabulary:
    """Return what a file may say, in Chinese and English and by code; one query."""
    names: dict[str, str] = {}
    risks: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            names |= {str(one.label): one.value for one in Industry}
            risks |= {str(one.label): one.value for one in RiskClass}
    short = {"重大": "major", "较大": "larger", "一般": "general", "低": "low"}
    colours = {"红": "major", "橙": "larger", "黄": "general", "蓝": "low"}
    return vocabulary(places=_places(), names=names, risks={**risks, **short, **colours})


def _places() -> Places:
    rows = Division.objects.exclude(level=DivisionLevel.CITY).order_by("code")
    districts: dict[str, str] = {}
    towns: dict[str, dict[str, str]] = {}
    for code, name, level, parent in rows.values_list("code", "name", "level", "parent_id"):
        if level == DivisionLevel.DISTRICT:
            districts |= {code: code, name: code}
        else:
            towns.setdefault(parent, {}).update({code: code, name: code})
    return Places(districts=districts, towns=towns)


def with_visits(rows: "QuerySet[Enterprise]", *, day: date) -> "QuerySet[Enterprise]":
    """Annotate `visit_count`, the counting visits of the year of a day, and `ceiling`, None where none is set."""
    counting = Q(visits__year=day.year, visits__counts=True)
    newest = InspectionCeiling.objects.filter(
        risk_class=OuterRef("risk_class"), effective_from__lte=day
    ).order_by("-effective_from")
    return rows.annotate(
        visit_count=Count("visits", filter=counting), ceiling=Subquery(newest.values("per_year")[:1])
    )
