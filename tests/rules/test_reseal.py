"""How far a re-seal has got: two people, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.enums import ResealState
from complaints.rules.reseal import APPROVED_FOR, ASKED_FOR, Standing, state, valid_until

ASKED = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DECIDED = ASKED + timedelta(hours=5)
TICK = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("is_approved", "decided_at", "finished_at", "now", "expected"),
    [
        (None, None, None, ASKED, ResealState.WAITING),
        (None, None, None, ASKED + ASKED_FOR - TICK, ResealState.WAITING),
        (None, None, None, ASKED + ASKED_FOR, ResealState.EXPIRED),
        (True, None, None, ASKED, ResealState.WAITING),
        (False, DECIDED, None, DECIDED, ResealState.REFUSED),
        (False, DECIDED, None, DECIDED + APPROVED_FOR, ResealState.REFUSED),
        (True, DECIDED, None, DECIDED, ResealState.READY),
        (True, DECIDED, None, DECIDED + APPROVED_FOR - TICK, ResealState.READY),
        (True, DECIDED, None, DECIDED + APPROVED_FOR, ResealState.EXPIRED),
        (True, DECIDED, DECIDED + TICK, DECIDED + APPROVED_FOR, ResealState.DONE),
    ],
)
def test_states(
    is_approved: bool | None,
    decided_at: datetime | None,
    finished_at: datetime | None,
    now: datetime,
    expected: ResealState,
) -> None:
    job = Standing(asked_at=ASKED, is_approved=is_approved, decided_at=decided_at, finished_at=finished_at)

    assert state(job, now=now) == expected


@pytest.mark.parametrize(
    ("is_approved", "decided_at", "expected"),
    [
        (None, None, None),
        (False, DECIDED, None),
        (True, DECIDED, DECIDED + timedelta(hours=72)),
    ],
)
def test_an_approval_ends_after_three_days(
    is_approved: bool | None, decided_at: datetime | None, expected: datetime | None
) -> None:
    job = Standing(asked_at=ASKED, is_approved=is_approved, decided_at=decided_at, finished_at=None)

    assert valid_until(job) == expected
