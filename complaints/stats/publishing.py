"""What of a report is public: tables whose small cells are hidden, and no other published period gives one away."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from complaints.enums import Operation, Result
from complaints.rules.small_cells import LEAST_RANKED, Hidden, Published, Rank, Sum, guarded, ranges
from complaints.rules.spans import Span, span_of

from .counting import By, Number
from .definitions import REASON_CODES, RESULT_CODES
from .ranks import secret_rank
from .stages import Spread

TOTAL = "total"
# What a count is more than its part: told by no report, but whoever subtracts has it.
LEFT = "left"
# Public counts of which a part is public as well.
PART_OF = {"whistles": "whistles_in_time"}
# Public counts that stand alone: nothing but their months adds up to them.
ALONE = (
    *("accepted", "transferred", "merged", "withdrawn", "replied", "orders", "hazards_removed", "fines"),
    *("referrals", "supervisions", "extensions", "objections"),
    *("objections_upheld", "objections_reopened", "ratings"),
)
Rows = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What was counted of a span: `whole` by figure, `by` split, `stages` by stage."""

    whole: Mapping[str, Number]
    by: Mapping[str, Mapping[str, Mapping[str, Number]]]
    stages: Mapping[str, Spread]


Cells = dict[str, dict[str, Any]]


def families(counted: Counted, *, districts: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return the public tables by name, each with its cells; `TOTAL` is what the others add up to.

    Args:
        districts: every district of the city: one without a tip has its cell as well. Tips that name no district have
            a cell where there are any: that there are none tells of nobody.
    """
    found = {
        "district": _districts(counted, districts=districts),
        "reason": _split(counted, whole="declined", codes=REASON_CODES.values()),
        "result": _split(counted, whole="conclusions", codes=RESULT_CODES.values()),
        "timing": _timing(counted),
        "operation": _operations(counted),
    }
    return {
        **found,
        **{whole: _part(counted, whole=whole, part=part) for whole, part in PART_OF.items()},
        **{code: {TOTAL: int(counted.whole.get(code, 0))} for code in ALONE},
    }


def _districts(counted: Counted, *, districts: Iterable[str]) -> dict[str, int]:
    rows = counted.by.get(By.DISTRICT, {})
    cells = dict.fromkeys(districts, 0)
    for code, counts in rows.items():
        if counts.get("received"):
            cells[code] = int(counts["received"])
    return {**cells, TOTAL: int(counted.whole["received"])}


def _split(counted: Counted, *, whole: str, codes: Iterable[str]) -> dict[str, int]:
    return {**{code: int(counted.whole[code]) for code in codes}, TOTAL: int(counted.whole[whole])}


def _timing(counted: Counted) -> dict[str, int]:
    concluded, on_time = int(counted.whole["concluded"]), int(counted.whole["on_time"])
    return {"on_time": on_time, "late": concluded - on_time, TOTAL: concluded}


def _part(counted: Counted, *, whole: str, part: str) -> dict[str, int]:
    every, own = int(counted.whole.get(whole, 0)), int(counted.whole.get(part, 0))
    return {part: own, LEFT: every - own, TOTAL: every}


def _operations(counted: Counted) -> dict[str, int]:
    """Verified tips by operation; one tip may name several, so that they add up to nothing."""
    founded = (RESULT_CODES[Result.TRUE], RESULT_CODES[Result.PARTLY_TRUE])
    rows = counted.by.get(By.OPERATION, {})
    found = {code: sum(int(counts.get(one, 0)) for one in founded) for code, counts in rows.items()}
    # Each has its row always: one that is not there would tell that it is 0.
    return {**dict.fromkeys(Operation.values, 0), **found}


def shown(
    counted: Counted,
    *,
    span: Span,
    districts: Iterable[str],
    beside: Mapping[str, Cells],
    before: Iterable[Cells] = (),
) -> dict[str, Any]:
    """Return what is public of a report: `cells` by table, numbers or why they are hidden, `ranges` and `stages`.

    `ranges` are the least and the most that some hidden cells can be for all that anybody can work out.

    Args:
        beside: the cells published for other spans of the same year, by their code.
        before: the cells of earlier versions of this one: what was hidden then stays hidden.

    A stage is told only of at least 20 cases, as a ninth decile of few is a single one; the sum of fines only where
    their number is told, here and in every period within this one.
    """
    tables = families(counted, districts=districts)
    cells, between = _told_tables(tables, span=span, beside=beside, before=before)
    fines = [found["fines"][TOTAL] for code, found in beside.items() if _lies_in(code, span)]
    is_told = all(isinstance(cell, int) for cell in (*fines, cells["fines"][TOTAL]))
    return {
        "cells": cells,
        "ranges": between,
        "stages": _told_stages(counted),
        "fine_amount": str(counted.whole["fine_amount"]) if is_told else None,
    }


def _told_tables(
    tables: Mapping[str, Mapping[str, int]],
    *,
    span: Span,
    beside: Mapping[str, Cells],
    before: Iterable[Cells],
) -> tuple[Cells, dict[str, dict[str, list[int]]]]:
    """Return the cells of every table as they are told, and what hidden ones lie between."""
    earlier = [_with_parts(found) for found in before]
    others = {code: _with_parts(found) for code, found in beside.items() if not _rests_on(code, span)}
    cells: Cells = {}
    between: dict[str, dict[str, list[int]]] = {}
    for name, table in tables.items():
        own = {code: found.get(name, {}) for code, found in others.items()}
        kept = {
            key for found in earlier for key, cell in found.get(name, {}).items() if isinstance(cell, str)
        }
        cells[name] = _guarded(name, table, span=span, beside=own, kept=kept)
        between[name] = _ranges(table, cells[name], span=span, beside=own)
    for whole, part in PART_OF.items():
        cells[part] = {TOTAL: cells[whole][part]}
        between[part] = {TOTAL: between[whole][part]} if part in between[whole] else {}
    return cells, between


def _with_parts(cells: Cells) -> Cells:
    """Return published cells with each part beside its whole; reports once told both without saying what is left."""
    found = dict(cells)
    for whole, part in PART_OF.items():
        if LEFT not in found.get(whole, {LEFT: 0}):
            every, own = found[whole][TOTAL], found[part][TOTAL]
            is_told = isinstance(every, int) and isinstance(own, int)
            found[whole] = {part: own, LEFT: every - own if is_told else Hidden.WITHHELD.value, TOTAL: every}
    return found


def _told_stages(counted: Counted) -> dict[Any, dict[str, Any]]:
    return {
        stage: {"median": one.median, "p90": one.p90}
        for stage, one in counted.stages.items()
        if one.count >= LEAST_RANKED
    }


def _rests_on(code: str, span: Span) -> bool:
    """Whether a period is this one, or was counted with an earlier version of it: parts are closed before the whole.

    The sums of such a longer period are no longer true beside a corrected part: they contradict each other, and a
    contradiction hides what follows from those that hold. It is left out; what follows with it are the numbers of the
    earlier version, of which the new one shows no more cells.
    """
    other = span_of(code)
    return other.start <= span.start and span.end <= other.end


def _lies_in(code: str, span: Span) -> bool:
    other = span_of(code)
    return span.start <= other.start and other.end <= span.end and other != span


def _guarded(
    name: str,
    table: Mapping[str, int],
    *,
    span: Span,
    beside: Mapping[str, Mapping[str, Any]],
    kept: set[str],
) -> dict[str, Any]:
    own: dict[Hashable, int] = {(span.code, key): count for key, count in table.items()}
    marks = guarded(
        cells=own,
        sums=_sums({**beside, span.code: table}),
        beside=_public(beside),
        kept_back={(span.code, key) for key in kept},
        rank=_ranks(name, beside=beside),
    )
    return {key: marks.get((span.code, key), count) for key, count in table.items()}


def _ranks(name: str, *, beside: Mapping[str, Mapping[str, Any]]) -> Rank:
    """Return in what order cells of a table are hidden: those that were small before first, then by a keyed digest.

    What was published is known to everybody, so that it may decide; nobody but the house knows the rest of the order.
    """
    before: dict[str, int] = {}
    for table in beside.values():
        for key, cell in table.items():
            if isinstance(cell, int):
                before[key] = max(before.get(key, 0), cell)
    middle = sorted(before.values())[len(before) // 2] if before else 0

    def rank(cell: Hashable) -> str:
        assert isinstance(cell, tuple), "cells are named by period and key"
        return f"{int(before.get(cell[1], 0) > middle)} {secret_rank(name, *cell)}"

    return rank


def _ranges(
    table: Mapping[str, int],
    told: Mapping[str, Any],
    *,
    span: Span,
    beside: Mapping[str, Mapping[str, Any]],
) -> dict[str, list[int]]:
    """Return the least and the most that hidden cells of a table can be for all that anybody can work out.

    Periods of which one was corrected and another not yet contradict each other; what follows from them would be false,
    so that a range without the number in it is not told.
    """
    tables = {**beside, span.code: told}
    public = replace(_public(tables), sums=tuple(_sums(tables)))
    found = {name[1]: ends for name, ends in ranges(public, [(span.code, key) for key in told]).items()}  # type: ignore[index]  # pairs
    return {key: [low, high] for key, (low, high) in found.items() if low <= table[key] <= high}


def _public(beside: Mapping[str, Mapping[str, Any]]) -> Published:
    cells = {(code, key): cell for code, table in beside.items() for key, cell in table.items()}
    return Published(
        shown={name: cell for name, cell in cells.items() if isinstance(cell, int)},
        hidden={name: Hidden(cell) for name, cell in cells.items() if isinstance(cell, str)},
    )


def _sums(tables: Mapping[str, Mapping[str, Any]]) -> list[Sum]:
    """Return what adds up: each table to its total, and the parts of a span to the span."""
    return [*_over_time(tables), *_within(tables)]


def _within(tables: Mapping[str, Mapping[str, Any]]) -> list[Sum]:
    return [
        Sum(whole=(code, TOTAL), parts=tuple((code, key) for key in table if key != TOTAL))
        for code, table in tables.items()
        if TOTAL in table and len(table) > 1
    ]


def _over_time(tables: Mapping[str, Mapping[str, Any]]) -> list[Sum]:
    found = []
    for code, table in tables.items():
        parts = [part.code for part in span_of(code).parts]
        if parts and all(part in tables for part in parts):
            found += [Sum(whole=(code, key), parts=_cells(key, parts, tables)) for key in table]
    return found


def _cells(key: str, parts: Iterable[str], tables: Mapping[str, Mapping[str, Any]]) -> tuple[Hashable, ...]:
    """Return the cells of one key in the parts; a key that a part does not have was not met there."""
    return tuple((part, key) for part in parts if key in tables[part])
