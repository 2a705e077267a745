"""Whether a page is stale: state or unit in charge changed after it was shown."""

from collections.abc import Sequence

from complaints.enums import Action, TipStatus

# Acts after which another unit may be in charge.
_TURNS = frozenset({Action.DISPATCH, Action.HAND_BACK, Action.ESCALATE, Action.ANSWER_WHISTLE})


def first_turn(*, shown: TipStatus, since: Sequence[tuple[Action, TipStatus]]) -> int | None:
    """Return the place of the first act since a page was shown that makes it stale, None when none does.

    Args:
        shown: the state the page shows.
        since: each later act with the state it left, oldest first.
    """
    return next((place for place, (action, to) in enumerate(since) if action in _TURNS or to != shown), None)
