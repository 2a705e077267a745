"""The review of a case file: which act is possible when, and who may review (要点 14, 案卷评查)."""

from collections.abc import Collection, Mapping

from complaints.enums import ReviewAct, ReviewFault, ReviewState

# From which states an act goes where; scoring ends the review unless a correction is asked for.
MOVES: Mapping[ReviewAct, Mapping[ReviewState, ReviewState]] = {
    ReviewAct.ASSIGN: {
        ReviewState.DRAWN: ReviewState.ASSIGNED,
        ReviewState.ASSIGNED: ReviewState.ASSIGNED,
    },
    ReviewAct.SCORE: {ReviewState.ASSIGNED: ReviewState.DONE},
    ReviewAct.ANSWER: {ReviewState.CORRECTION: ReviewState.ANSWERED},
    ReviewAct.RETURN: {ReviewState.ANSWERED: ReviewState.CORRECTION},
    ReviewAct.CLOSE: {ReviewState.ANSWERED: ReviewState.DONE},
}
# In which states the reviewer may read the file: assigning grants it, the end takes it away.
READABLE = frozenset({ReviewState.ASSIGNED, ReviewState.CORRECTION, ReviewState.ANSWERED})
LONGEST_WORDS = 1000


def state_after(*, act: ReviewAct, state: ReviewState, wants_correction: bool = False) -> ReviewState | None:
    """Return the state after an act, None where it is not possible."""
    target = MOVES[act].get(state)
    if act == ReviewAct.SCORE and target is not None and wants_correction:
        return ReviewState.CORRECTION
    return target


def reviewer_fault(
    *, reviewer_units: Collection[int], file_unit: int, below: Collection[int], took_part: bool
) -> ReviewFault | None:
    """Return why a person may not review a file, None where they may.

    Args:
        reviewer_units: every unit in which the person holds any role.
        below: the units below the one that has the file: nobody scores those above.
    """
    if file_unit in reviewer_units or set(reviewer_units) & set(below):
        return ReviewFault.SAME_UNIT
    return ReviewFault.TOOK_PART if took_part else None
