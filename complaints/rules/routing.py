"""Which unit handles a tip: by town, then district, then the default unit."""

from collections.abc import Iterable
from dataclasses import dataclass

from complaints.enums import OfficeLevel


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """One unit and the divisions it answers for."""

    office_id: int
    level: str
    divisions: frozenset[str]
    is_default: bool


# A development zone handles its towns in place of the district (要点); a town itself inspects, it does not lead.
_LEADS = (OfficeLevel.ZONE.value, OfficeLevel.DISTRICT.value, OfficeLevel.CITY.value)


def handling_office(*, district: str, town: str, offices: Iterable[Coverage]) -> int | None:
    """Return the id of the unit that handles a tip in this place, or None when there is not even a default unit.

    The town is asked before the district, a zone before a district office; an unknown place goes to the default.
    """
    units = sorted(offices, key=lambda unit: unit.office_id)
    for division in filter(None, (town, district)):
        for level in _LEADS:
            for unit in units:
                if unit.level == level and division in unit.divisions:
                    return unit.office_id
    return next((unit.office_id for unit in units if unit.is_default), None)
