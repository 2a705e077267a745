"""Blind keys that find similar tips without reading them, and the suggestions made after a submission."""

from collections.abc import Iterable
from datetime import timedelta

from complaints.enums import DivisionLevel
from complaints.models import Division, DuplicateHint, Tip
from complaints.models.sealed import active_keyring
from complaints.rules import duplicates as rules
from complaints.selectors.merging import candidates_for

KEY_BYTES = 8
# By entity, by place and by town: at most so many each are decrypted and compared.
CANDIDATES = 20
HINTS = 5


def entity_keys(*, name: str, code: str, regions: Iterable[str]) -> list[bytes]:
    """Return the digests of an entity, that of the active key first; empty when none is named."""
    text = rules.plain_entity(name, regions=regions) or rules.plain_code(code)
    return _digests(text, purpose="entity") if text else []


def _digests(text: str, *, purpose: str) -> list[bytes]:
    return [one[:KEY_BYTES] for one in active_keyring().digests(text.encode(), purpose=purpose)]


def _cell_text(cell: tuple[int, int]) -> str:
    return f"{cell[0]}:{cell[1]}"


def region_names() -> tuple[str, ...]:
    """Return what often stands before a name: province, city and districts, the widest first; one query."""
    rows = Division.objects.exclude(level=DivisionLevel.TOWN).order_by("code").values_list("name", flat=True)
    return tuple(rows)


def set_blind_keys(*, tip: Tip, regions: Iterable[str]) -> None:
    """Set the keys of a tip that is not stored yet."""
    keys = entity_keys(name=tip.entity_name, code=tip.entity_code, regions=regions)
    point = point_of(tip)
    tip.entity_key = keys[0] if keys else b""
    tip.place_key = _digests(_cell_text(rules.cell_of(point)), purpose="place")[0] if point else b""


def point_of(tip: Tip) -> tuple[float, float] | None:
    """Return latitude and longitude in GCJ-02, None when no point was given."""
    latitude, _comma, longitude = tip.point.partition(",")
    return (float(latitude), float(longitude)) if longitude else None


def suggest_duplicates(*, tip_id: int) -> int:
    """Suggest which earlier open tips of its unit a tip may repeat; return how many suggestions are new.

    A second run changes nothing, and what an officer dismissed stays away.
    """
    tip = Tip.objects.get(pk=tip_id)
    regions = region_names()
    earlier = {one.pk: one for one in _candidates(tip=tip, regions=regions)}
    found = rules.likenesses(
        tip=_matter(tip), earlier=[_matter(one) for one in earlier.values()], regions=regions
    )
    known = set(tip.duplicate_hints.values_list("earlier_id", flat=True))
    fresh = [
        DuplicateHint(
            tip=tip,
            earlier=earlier[one.key],
            grounds=[ground.value for ground in one.grounds],
            found_date=tip.received_date,
        )
        for one in found[:HINTS]
        if one.key not in known
    ]
    DuplicateHint.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def after_submission(*, tip_id: int, **_rest: object) -> None:
    """Suggest duplicates once a tip is on disk; the sender does not wait for it to succeed."""
    suggest_duplicates(tip_id=tip_id)


def _candidates(*, tip: Tip, regions: tuple[str, ...]) -> list[Tip]:
    point = point_of(tip)
    cells = rules.cells_near(point) if point else []
    return candidates_for(
        tip=tip,
        entity_keys=entity_keys(name=tip.entity_name, code=tip.entity_code, regions=regions),
        place_keys=[key for cell in cells for key in _digests(_cell_text(cell), purpose="place")],
        since=tip.received_date - timedelta(days=rules.WINDOW_DAYS),
        most=CANDIDATES,
    )


def _matter(tip: Tip) -> rules.Matter:
    return rules.Matter(
        key=tip.pk,
        received_date=tip.received_date,
        kind=tip.kind,
        violation=tip.violation,
        operations=frozenset(tip.operations),
        entity=tip.entity_name,
        code=tip.entity_code,
        town=tip.town_id or "",
        address=tip.address,
        point=point_of(tip),
    )
