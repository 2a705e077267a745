"""What one row of the workflow table is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from complaints.enums import Action, Clock, Fact, Role, Side, TipStatus

HANDLERS = frozenset({Role.OFFICER, Role.LEADER})


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row of the table; see the module `workflow` for what each column means."""

    action: Action
    sources: frozenset[TipStatus]
    target: TipStatus | None = None
    side: Side = Side.LEAD
    roles: frozenset[Role] = HANDLERS
    texts: tuple[str, ...] = ()
    memo: bool = False
    coded: bool = False
    towards: bool = False
    stops: frozenset[Clock] = frozenset()
    starts: Clock = Clock.NONE
    needs: frozenset[Fact] = frozenset()
    bars: frozenset[Fact] = frozenset()
    sets: frozenset[Fact] = frozenset()
    clears: frozenset[Fact] = frozenset()
    not_by: frozenset[Action] = frozenset()
    not_team: bool = False
    not_workers: bool = False


def row(action: Action, sources: Iterable[TipStatus], target: TipStatus | None = None, **more: Any) -> Move:
    """Write a row shortly: sets of facts and clocks may be given as tuples."""
    columns: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, tuple) and name != "texts" else value
        for name, value in more.items()
    }
    return Move(action=action, sources=frozenset(sources), target=target, **columns)
