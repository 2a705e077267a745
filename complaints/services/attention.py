"""The ranking of where to look next: counts joined to the register by blind keys, scored, named and explained."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet

from complaints.enums import AttentionLine, Industry, Subject, Uncounted
from complaints.models import AttentionWeights, Division, Enterprise, Tip
from complaints.policies import READING_ROLES, Person, scope_of, tips_visible_to
from complaints.rules.attention import Score, ranked, scored
from complaints.rules.spans import Span
from complaints.selectors import attention as stats
from complaints.selectors.enterprises import enterprises_visible_to, with_visits

from .duplicates import entity_keys, region_names

# So many are told of; who wants more narrows the period or the units.
MOST = 100
KEPT_SECONDS = 3600
_TIP = "tip-"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One ranked subject with its name; `enterprise` where it stands in the register."""

    score: Score
    name: str
    uncounted: Mapping[Uncounted, int]
    enterprise: Enterprise | None = None


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The ranking of one subject in one period; `more` are those with points beyond the ones told of."""

    span: Span
    subject: Subject
    weights: AttentionWeights
    rows: tuple[Looked, ...]
    more: int


def ranking(*, user: Person, span: Span, subject: Subject, today: date) -> Ranking:
    """Return where to look within a person's scope; a bounded number of queries, whatever the number of tips.

    Source: 要点 8 (enterprises), 10 (dangerous operations); the weights of the last day of the period count.
    """
    weights = AttentionWeights.in_force(day=min(span.end, today))
    found, inside = stats.groups(user=user, span=span), stats.inside(user=user, span=span, today=today)
    counts, entities = _COUNTED[subject](found, inside, user)
    scores = ranked(scored(key=key, counts=one, weights=weights.weights) for key, one in counts.items())
    shown = scores[:MOST]
    rows = _named(shown, subject=subject, user=user, span=span, entities=entities, today=today)
    return Ranking(
        span=span, subject=subject, weights=weights, rows=tuple(rows), more=len(scores) - len(shown)
    )


Entities = Mapping[str, frozenset[bytes]]


def _by_enterprise(
    found: list[stats.Group], inside: stats.Inside, user: Person
) -> tuple[dict[str, stats.Counts], Entities]:
    """Return counts by enterprise of the register, or by newest tip for an entity that is not in it."""
    known = known_keys(user=user)
    rows: dict[str, list[stats.Group]] = {}
    by_key: dict[bytes, list[stats.Group]] = {}
    for group in found:
        if group.entity:
            by_key.setdefault(group.entity, []).append(group)
    entities: dict[str, set[bytes]] = {}
    for entity, groups in by_key.items():
        newest = max(group.newest for group in groups)
        for name in [str(pk) for pk in known.get(entity, ())] or [f"{_TIP}{newest}"]:
            rows.setdefault(name, []).extend(groups)
            entities.setdefault(name, set()).add(entity)
    counts = {name: _of_one(groups) for name, groups in rows.items()}
    for pk, more in inside.by_enterprise.items():
        counts[str(pk)] = stats.summed([counts.get(str(pk), {}), more])
    return counts, {name: frozenset(keys) for name, keys in entities.items()}


def _of_one(groups: list[stats.Group]) -> stats.Counts:
    """An enterprise that tips name sometimes by name and sometimes by code is one entity."""
    total = stats.summed(group.counts for group in groups)
    total[AttentionLine.REPEAT] = max(0, total[AttentionLine.VERIFIED] - 1)
    return total


def _by_industry(
    found: list[stats.Group], inside: stats.Inside, _user: Person
) -> tuple[dict[str, stats.Counts], Entities]:
    return _by_place(found, inside, name="industry", place=0), {}


def _by_town(
    found: list[stats.Group], inside: stats.Inside, _user: Person
) -> tuple[dict[str, stats.Counts], Entities]:
    return _by_place(found, inside, name="town", place=1), {}


def _by_place(
    found: list[stats.Group], inside: stats.Inside, *, name: str, place: int
) -> dict[str, stats.Counts]:
    rows: dict[str, list[stats.Group]] = {}
    for group in found:
        rows.setdefault(getattr(group, name), []).append(group)
    counts = {key: stats.with_repeats(groups) for key, groups in rows.items() if key}
    for pk, more in inside.by_enterprise.items():
        key = inside.places[pk][place]
        if key:
            counts[key] = stats.summed([counts.get(key, {}), more])
    return counts


_COUNTED = {Subject.ENTERPRISE: _by_enterprise, Subject.INDUSTRY: _by_industry, Subject.TOWN: _by_town}


def known_keys(*, user: Person) -> Mapping[bytes, list[int]]:
    """Return which enterprises of the person's register a blind key stands for; worked out once an hour.

    As in the daily recount: each enterprise by its name and by its credit code, under every key of the ring.
    """
    scope = scope_of(user)
    reach = repr((sorted(scope.offices_with(READING_ROLES)), sorted(scope.towns_with(READING_ROLES))))
    kept = f"register-keys:{sha256(reach.encode()).hexdigest()[:32]}"
    found: dict[bytes, list[int]] | None = cache.get(kept)
    if found is None:
        found, regions = {}, region_names()
        rows = enterprises_visible_to(user).values_list("pk", "name", "credit_code")
        for pk, name, code in rows.iterator(chunk_size=2000):
            for key in _keys(name=name, code=code, regions=regions):
                found.setdefault(key, []).append(pk)
        cache.set(kept, found, timeout=KEPT_SECONDS)
    return found


def _keys(*, name: str, code: str, regions: Iterable[str]) -> set[bytes]:
    by_name = entity_keys(name=name, code="", regions=regions)
    return {*by_name, *entity_keys(name="", code=code, regions=())}


def _named(
    scores: list[Score], *, subject: Subject, user: Person, span: Span, entities: Entities, today: date
) -> list[Looked]:
    if subject != Subject.ENTERPRISE:
        keys = [score.key for score in scores]
        beside = stats.uncounted(user=user, span=span, subject=subject, keys=keys)
        names = _names_of(subject, keys=keys)
        return [
            Looked(score=one, name=names.get(one.key, one.key), uncounted=beside.get(one.key, {}))
            for one in scores
        ]
    return _named_enterprises(scores, user=user, span=span, entities=entities, today=today)


def _names_of(subject: Subject, *, keys: list[str]) -> dict[str, str]:
    if subject == Subject.INDUSTRY:
        return {one.value: str(one.label) for one in Industry}
    rows = Division.objects.filter(code__in=keys).select_related("parent").defer("outline", "parent__outline")
    return {
        row.code: " · ".join([*([row.parent.shown_name] if row.parent else []), row.shown_name])
        for row in rows
    }


def _named_enterprises(
    scores: list[Score], *, user: Person, span: Span, entities: Entities, today: date
) -> list[Looked]:
    registered = [int(one.key) for one in scores if not one.key.startswith(_TIP)]
    tips = [int(one.key.removeprefix(_TIP)) for one in scores if one.key.startswith(_TIP)]
    rows = enterprises_visible_to(user).filter(pk__in=registered).select_related("district", "town")
    entries = {str(row.pk): row for row in with_visits(rows, day=today)}
    newest = {f"{_TIP}{row.pk}": row for row in Tip.objects.filter(pk__in=tips)}
    every = {key for one in scores for key in entities.get(one.key, ())}
    beside = stats.uncounted(user=user, span=span, subject=Subject.ENTERPRISE, keys=every)
    return [
        Looked(
            score=_by_number(one, newest),
            name=entries[one.key].name if one.key in entries else _entity_of(newest[one.key]),
            uncounted=_together(beside.get(key, {}) for key in entities.get(one.key, ())),
            enterprise=entries.get(one.key),
        )
        for one in scores
    ]


def _by_number(score: Score, newest: Mapping[str, Tip]) -> Score:
    """Address an entity that is not in the register by the number of its newest tip, never by a key."""
    if score.key not in newest:
        return score
    return Score(key=newest[score.key].number, lines=score.lines, place=score.place)


def _entity_of(tip: Tip) -> str:
    return tip.entity_name or tip.entity_code


def _together(parts: Iterable[Mapping[Uncounted, int]]) -> dict[Uncounted, int]:
    total: dict[Uncounted, int] = {}
    for counts in parts:
        for one, many in counts.items():
            total[one] = total.get(one, 0) + many
    return total


def tips_behind(
    *, user: Person, span: Span, subject: Subject, key: str, condition: Q
) -> "QuerySet[Tip] | None":
    """Return the tips of one subject that fit a condition, within scope; None where there is no such subject."""
    rows = stats.received_in(user=user, span=span).filter(condition)
    if subject == Subject.ENTERPRISE:
        keys = _keys_of(user=user, key=key)
        return rows.filter(entity_key__in=keys) if keys else None
    if subject == Subject.INDUSTRY:
        return rows.filter(industry=key) if key in Industry.values else None
    return rows.filter(town=key) if Division.objects.filter(code=key).exists() else None


def _keys_of(*, user: Person, key: str) -> set[bytes]:
    if not key.isdecimal():
        named: Any = tips_visible_to(user).filter(number=key).exclude(entity_key=b"")
        return {bytes(one) for one in named.values_list("entity_key", flat=True)}
    entry = enterprises_visible_to(user).filter(pk=int(key[:12])).first()
    return set() if entry is None else _keys(name=entry.name, code=entry.credit_code, regions=region_names())


def subject_name(*, user: Person, subject: Subject, key: str) -> str:
    """Return what a subject is called, as in the ranking; the key itself where nothing is known."""
    if subject != Subject.ENTERPRISE:
        return _names_of(subject, keys=[key]).get(key, key)
    if key.isdecimal():
        entry = enterprises_visible_to(user).filter(pk=int(key[:12])).first()
        return entry.name if entry else key
    tip = tips_visible_to(user).filter(number=key).first()
    return _entity_of(tip) if tip else key
