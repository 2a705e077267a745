"""The way of an approved reward to its reporter: which act leads where, until when it is collected, when it lapses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from complaints.enums import ClaimAct, ClaimState, IdentityMode, RewardFault
from complaints.errors import RewardRefused

from .deadlines import NO_OVERLAY, DayOverlay, add_calendar_days

A, S = ClaimAct, ClaimState
# House practice, docs/adr/0035: staff are reminded and the number is called out so many days before the last day, and
# nothing lapses before so many days after that.
REMIND_DAYS: Final = 14
CALLED_DAYS: Final = 7

# An act that is not in the line of a state is not possible in it.
TABLE: Final[Mapping[ClaimAct, Mapping[ClaimState, ClaimState]]] = {
    A.SHOW_CODE: {S.NOTICED: S.NOTICED},
    A.VOID_CODE: {S.NOTICED: S.NOTICED},
    A.CLAIM: {S.NOTICED: S.CLAIMED},
    A.REMIND: {S.NOTICED: S.NOTICED},
    A.EXTEND: {S.NOTICED: S.NOTICED},
    # Straight from the notice: in person, against receipt and claim code.
    A.PAY: {S.NOTICED: S.PAID, S.CLAIMED: S.PAID},
    # A payment that came back from an account waits for another try, or for other details of the reporter.
    A.UNPAY: {S.PAID: S.NOTICED},
    A.FORFEIT: {S.NOTICED: S.FORFEITED},
    A.RELEASE: {S.NOTICED: S.RELEASED, S.CLAIMED: S.RELEASED},
}
# Money is reserved in these.
OPEN_STATES: Final = frozenset({S.NOTICED, S.CLAIMED})
# What stands in the way, where more can be said than that it is not possible now.
_FAULTS: Final[Mapping[tuple[ClaimAct, ClaimState], RewardFault]] = {
    (A.CLAIM, S.CLAIMED): RewardFault.CLAIMED,
    (A.CLAIM, S.PAID): RewardFault.CLAIMED,
    (A.CLAIM, S.FORFEITED): RewardFault.CLAIM_LATE,
    (A.PAY, S.PAID): RewardFault.ENTERED,
    (A.PAY, S.FORFEITED): RewardFault.CLAIM_LATE,
}
# Who gave a name, or may give one when collecting; the others come in person (19号: named reporters; DOMAIN §2).
ONLINE_MODES: Final = frozenset({IdentityMode.REAL_NAME, IdentityMode.ANONYMOUS_WITH_CODE})


@dataclass(frozen=True, kw_only=True)
class Term:
    """The time to collect one reward: `due` is the last day it was told, `reminded` when its number was called out.

    `days` are those of the rule, `extra` the days it was extended by.
    """

    noticed: date
    days: int
    extra: int
    due: date
    reminded: date | None


def state_after(*, act: ClaimAct, state: ClaimState) -> ClaimState:
    """Return the state an act leads to; raises RewardRefused where the table has no such step."""
    target = TABLE[act].get(state)
    if target is None:
        raise RewardRefused(_FAULTS.get((act, state), RewardFault.NOT_NOW))
    return target


def due_date(*, noticed: date, days: int, overlay: DayOverlay = NO_OVERLAY) -> date:
    """Return the last day to collect, a working one.

    Legal basis: 19号 (60 days from the notice; some cities 30); 民法典 201, 203 (D7).
    """
    return add_calendar_days(start=noticed, days=days, overlay=overlay)


def last_day(term: Term) -> date | None:
    """Return the day after which the reward lapses; None while nobody was reminded: nothing lapses in silence."""
    return None if term.reminded is None else max(term.due, term.reminded + timedelta(days=CALLED_DAYS))


def is_over(term: Term, *, today: date) -> bool:
    """Whether the time to collect is over, so that the reward is forfeited."""
    last = last_day(term)
    return last is not None and today > last


def is_reminded_now(term: Term, *, today: date) -> bool:
    """Whether the day to remind and to call out the number has come."""
    return term.reminded is None and today >= term.due - timedelta(days=REMIND_DAYS)


def called_out(term: Term, *, today: date, overlay: DayOverlay = NO_OVERLAY) -> Term:
    """Return the term as it is once the number is called out today; late in it, its last day moves to a working one.

    Legal basis: house practice (docs/adr/0035) for the days after the call; 民法典 203 for the last one.
    """
    after = add_calendar_days(start=today, days=CALLED_DAYS, overlay=overlay)
    return replace(term, reminded=today, due=max(term.due, after))


def extended(term: Term, *, days: int, today: date, overlay: DayOverlay = NO_OVERLAY) -> Term:
    """Return the term with more days, counted on from its beginning; the number is called out anew.

    Raises:
        RewardRefused: no day, or in all more than the term was long, or the new last day lies before today.

    Legal basis: an explained delay is extended (DOMAIN §3); that it does not more than double is house practice.
    """
    if days < 1 or term.extra + days > term.days:
        raise RewardRefused(RewardFault.TOO_LONG)
    extra = term.extra + days
    due = due_date(noticed=term.noticed, days=term.days + extra, overlay=overlay)
    if due <= today or due <= term.due:
        raise RewardRefused(RewardFault.TOO_LONG)
    return Term(noticed=term.noticed, days=term.days, extra=extra, due=due, reminded=None)


def recounted(term: Term, *, overlay: DayOverlay) -> date:
    """Return the last day as the calendar says today; never before the one that was told."""
    return max(term.due, due_date(noticed=term.noticed, days=term.days + term.extra, overlay=overlay))


def claims_online(*, mode: IdentityMode) -> bool:
    """Whether a reporter of this way may give an account, sealed; an anonymous one comes in person."""
    return mode in ONLINE_MODES


def needs_code(*, mode: IdentityMode) -> bool:
    """Whether the receipt alone is not enough to claim: whoever finds it later cannot collect."""
    return mode != IdentityMode.REAL_NAME
