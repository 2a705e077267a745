"""Keeping the register of enterprises: entries, codes on posters, and the daily count of matters found true."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints.enterprise_errors import EnterpriseNotFound
from complaints.enums import Problem
from complaints.errors import DraftInvalid, FieldProblem, NotAllowed
from complaints.models import Enterprise, EnterpriseCode
from complaints.rules.register import RegisterRow, new_code
from complaints.rules.routing import Coverage, handling_office
from complaints.selectors.enterprises import (
    enterprises_kept_by,
    enterprises_supervised_by,
    reach_of,
    upheld_by_entity,
)
from complaints.selectors.offices import coverages

from . import audit
from .duplicates import entity_keys, region_names

BATCH = 1000
FIELDS = ("name", "industry", "district_id", "town_id", "address", "risk_class", "office_id")


def office_finder(units: list[Coverage]) -> Callable[[str, str], int | None]:
    """Return a function from district and town to the unit that supervises there, each place worked out once."""
    known: dict[tuple[str, str], int | None] = {}

    def find(district: str, town: str) -> int | None:
        if (district, town) not in known:
            known[district, town] = handling_office(district=district, town=town, offices=units)
        return known[district, town]

    return find


def is_within(*, office: int | None, town: str, reach: tuple[frozenset[int], frozenset[str]]) -> bool:
    """Whether an enterprise of this unit and town is the business of a person with this reach."""
    offices, towns = reach
    return office in offices or (bool(town) and town in towns)


def values_of(row: RegisterRow, *, office: int) -> dict[str, Any]:
    """Return the columns of an entry from a checked row."""
    return {
        "name": row.name,
        "industry": row.industry,
        "district_id": row.district,
        "town_id": row.town or None,
        "address": row.address,
        "risk_class": row.risk_class,
        "office_id": office,
    }


@transaction.atomic
def add_enterprise(*, row: RegisterRow, actor: User, at: datetime) -> Enterprise:
    """Add one enterprise with a first code for its poster.

    Raises:
        NotAllowed: it would be supervised by a unit outside the person's.
        DraftInvalid: its credit code is in the register already.
    """
    office = _office_within(row, actor=actor)
    if Enterprise.objects.filter(credit_code=row.credit_code).exists():
        raise DraftInvalid([FieldProblem(field="credit_code", problem=Problem.CODE_KNOWN)])
    with _one_of_a_code():
        entry = Enterprise.objects.create(credit_code=row.credit_code, **values_of(row, office=office))
    issue_first(entry, day=timezone.localdate(at))
    audit.record(action="enterprise.added", at=at, actor=actor, subject=subject_of(entry))
    return entry


@transaction.atomic
def change_enterprise(*, pk: int, row: RegisterRow, is_active: bool, actor: User, at: datetime) -> Enterprise:
    """Change an entry; the unit in charge follows from the place. A second time changes nothing.

    Raises:
        EnterpriseNotFound: it does not exist, or not for this person.
        NotAllowed: it would move to a unit outside the person's.
        DraftInvalid: the credit code is another enterprise's.
    """
    entry = enterprises_kept_by(actor).select_for_update().filter(pk=pk).first()
    if entry is None:
        raise EnterpriseNotFound
    office = _office_within(row, actor=actor)
    if Enterprise.objects.filter(credit_code=row.credit_code).exclude(pk=pk).exists():
        raise DraftInvalid([FieldProblem(field="credit_code", problem=Problem.CODE_KNOWN)])
    wanted = values_of(row, office=office) | {"credit_code": row.credit_code, "is_active": is_active}
    changed = [name for name, value in wanted.items() if getattr(entry, name) != value]
    if changed:
        for name in changed:
            setattr(entry, name, wanted[name])
        with _one_of_a_code():
            entry.save(update_fields=changed)
        data = {"fields": sorted(name.removesuffix("_id") for name in changed)}
        audit.record(action="enterprise.changed", at=at, actor=actor, subject=subject_of(entry), data=data)
    return entry


@contextmanager
def _one_of_a_code() -> Iterator[None]:
    """Refuse a credit code that somebody else stored in the same moment, as one that was there before."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise DraftInvalid([FieldProblem(field="credit_code", problem=Problem.CODE_KNOWN)]) from None


def _office_within(row: RegisterRow, *, actor: User) -> int:
    office = handling_office(district=row.district, town=row.town, offices=coverages())
    if office is None or not is_within(office=office, town=row.town, reach=reach_of(actor)):
        raise NotAllowed
    return office


def issue_first(entry: Enterprise, *, day: date) -> EnterpriseCode:
    """Give an enterprise its first code; call it in the transaction that makes the entry."""
    return EnterpriseCode.objects.create(enterprise=entry, code=new_code(), issued_date=day)


@transaction.atomic
def reissue_code(*, pk: int, actor: User, at: datetime) -> EnterpriseCode:
    """Retire the code on the posters of an enterprise and give it a new one.

    For the unit that supervises it or one above, as for its managers: a new code makes every poster on the walls a dead
    one. A town that only keeps the entry asks its district.

    Raises:
        EnterpriseNotFound: it does not exist, or not for this person.
    """
    entry = enterprises_supervised_by(actor).select_for_update().filter(pk=pk).first()
    if entry is None:
        raise EnterpriseNotFound
    day = timezone.localdate(at)
    entry.codes.filter(retired_date=None).update(retired_date=day)
    fresh = issue_first(entry, day=day)
    audit.record(action="enterprise.code_issued", at=at, actor=actor, subject=subject_of(entry))
    return fresh


def recount_upheld(*, today: date) -> int:
    """Count for each enterprise the matters of the last year that were found true; return how many entries changed.

    A tip names its entity by name or code; the blind keys tell which enterprise that is without opening a tip.
    """
    found, regions, changed = upheld_by_entity(today=today), region_names(), []
    rows = Enterprise.objects.only("name", "credit_code", "upheld_count")
    if not found:
        return rows.exclude(upheld_count=0).update(upheld_count=0)
    for entry in rows.iterator(chunk_size=2000):
        keys = {
            *entity_keys(name=entry.name, code="", regions=regions),
            *entity_keys(name="", code=entry.credit_code, regions=()),
        }
        count = sum(found.get(key, 0) for key in keys)
        if count != entry.upheld_count:
            entry.upheld_count = count
            changed.append(entry)
    Enterprise.objects.bulk_update(changed, ["upheld_count"], batch_size=BATCH)
    return len(changed)


def subject_of(entry: Enterprise) -> str:
    """Return what the audit log calls an enterprise."""
    return f"enterprise:{entry.pk}"
