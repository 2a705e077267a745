"""承办: to which units a tip may go on, and to which it goes back or up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from complaints.enums import Action, OfficeLevel, Problem

from .routing import COUNTY_LEVELS


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit in the tree of units."""

    office_id: int
    level: str
    parent_id: int | None = None
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class Passing:
    """One act of the history: the unit that was in charge then, and the unit the tip went to."""

    action: Action
    office_id: int | None
    towards_id: int | None


Units = Mapping[int, Unit]
# Acts after which another unit may lead.
LEAD_CHANGES = (Action.DISPATCH, Action.HAND_BACK, Action.ANSWER_WHISTLE, Action.ESCALATE)


def dispatch_problem(
    *, office_id: int, holder_id: int, passings: Iterable[Passing], units: Units, involves_death: bool
) -> Problem | None:
    """Return why a tip cannot be dispatched from its unit to another one, None when it can.

    Legal basis: 安全生产法 73 (a death stays at county level or above); the rest keeps a tip from going in circles.
    """
    unit = units.get(office_id)
    if unit is None or not unit.is_active:
        return Problem.UNIT_UNKNOWN
    if office_id == holder_id:
        return Problem.UNIT_TAKES_PART
    if office_id in _passed_on(passings):
        return Problem.UNIT_HAD_IT
    if involves_death and unit.level not in COUNTY_LEVELS:
        return Problem.UNIT_TOO_LOW
    return None if _is_near(office_id, holder_id, units) else Problem.UNIT_NOT_NEAR


def _passed_on(passings: Iterable[Passing]) -> set[int | None]:
    """Return the units that had the tip and gave it away: it does not come to them again by the same door.

    A town gives it away by a whistle, too. Whoever first says that a death is involved must escalate (安全生产法 73),
    which gives nothing away: the level above may leave the case to that district. Escalating once more passes it on.
    """
    rows = list(passings)
    first = next((one for one in rows if one.action == Action.ESCALATE), None)
    return {one.office_id for one in rows if one is not first and _has_moved(one)}


def _has_moved(one: Passing) -> bool:
    """Say whether another unit led afterwards; a whistle or an escalation may leave a tip where it is."""
    if one.action in (Action.DISPATCH, Action.HAND_BACK):
        return True
    return one.action in LEAD_CHANGES and one.towards_id not in (None, one.office_id)


def _is_near(office_id: int, holder_id: int, units: Units) -> bool:
    parents = [units[one].parent_id if one in units else None for one in (office_id, holder_id)]
    above = [unit_above(office_id=one, units=units) for one in (office_id, holder_id)]
    beside = parents[0] is not None and parents[0] == parents[1]
    below_one = above[0] == above[1] and above[0] not in (office_id, holder_id)
    return beside or below_one or is_under(office_id=office_id, above_id=holder_id, units=units)


def is_under(*, office_id: int, above_id: int, units: Units) -> bool:
    """Say whether one unit stands somewhere below another; no unit is below itself."""
    return any(unit.office_id == above_id for unit in _above(office_id, units))


def _above(office_id: int, units: Units) -> Iterator[Unit]:
    """Yield the units above, the nearest first; a circle made by mistake ends the climb."""
    seen = {office_id}
    unit = units.get(office_id)
    while unit is not None and unit.parent_id is not None and unit.parent_id not in seen:
        seen.add(unit.parent_id)
        unit = units.get(unit.parent_id)
        if unit is not None:
            yield unit


def sender_of(*, passings: Iterable[Passing], holder_id: int) -> int | None:
    """Return the unit that dispatched the tip to the one in charge, None when it did not come by dispatch.

    Units that dispatched it one after the other get it back one after the other.
    """
    way: list[Passing] = []
    for one in passings:
        if one.action == Action.DISPATCH:
            way.append(one)
        elif one.action == Action.HAND_BACK and way:
            way.pop()
    while way and way[-1].towards_id != holder_id:
        way.pop()  # a whistle or an escalation took it out of that unit's hands
    return way[-1].office_id if way else None


def unit_in_use(*, office_id: int, units: Units) -> int | None:
    """Return this unit, or the nearest one above it that is in use."""
    candidates = [units[office_id], *_above(office_id, units)] if office_id in units else []
    return next((unit.office_id for unit in candidates if unit.is_active), None)


def unit_above(*, office_id: int, units: Units) -> int:
    """Return the nearest unit above that is in use; nobody is above the top one, there it is the unit itself.

    Who answers for supervision, extensions and objections follows from this alone: a unit taken out of use in the
    middle of the tree leaves nobody without a level above.
    """
    in_use = (unit.office_id for unit in _above(office_id, units) if unit.is_active)
    return next(in_use, office_id)


def escalation_target(*, holder_id: int, units: Units) -> int | None:
    """Return the next unit above at county level or above; the unit itself when there is none and it is of that level.

    A unit below county level with nothing above it leads to the oldest city unit; None when there is none either.

    Legal basis: 安全生产法 73.
    """
    lawful = [unit for unit in _above(holder_id, units) if unit.is_active and unit.level in COUNTY_LEVELS]
    if lawful:
        return lawful[0].office_id
    if holder_id in units and units[holder_id].level in COUNTY_LEVELS:
        return holder_id
    cities = [u.office_id for u in units.values() if u.is_active and u.level == OfficeLevel.CITY.value]
    return min(cities, default=None)
