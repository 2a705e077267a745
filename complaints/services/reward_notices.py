"""The notice of a reward as the holder of a receipt reads it: amount, term, how it is collected, what came of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from complaints.enums import ClaimState, ClaimWay
from complaints.models import RewardClaim, Tip
from complaints.rules import claims as rules
from complaints.selectors.claims import claims_of, mode_of, place_of, told_reason


@dataclass(frozen=True, kw_only=True)
class RewardNotice:
    """One reward; `amount` in yuan.

    `due_date` is the last day told, `last_day` the one after which it lapses, None while nobody was reminded.
    `is_online`: an account may be given here; `needs_code`: with receipt and claim code; `code_date` when that was
    shown. `place` and `phone` are where it is collected in person; empty where nobody has entered one.
    """

    number: str
    amount: Decimal
    is_special: bool
    state: ClaimState
    due_date: date
    last_day: date | None
    reason: str
    is_online: bool
    needs_code: bool
    code_date: date | None
    claimed_date: date | None
    paid_date: date | None
    ended_date: date | None
    way: str
    place: str
    phone: str

    def is_open(self, *, today: date) -> bool:
        """Whether it may still be collected, even where the daily task has not written yet that it is over."""
        return self.state == ClaimState.NOTICED and (self.last_day is None or today <= self.last_day)


def notices_of(*, tip: Tip) -> tuple[RewardNotice, ...]:
    """Return the notices of a tip's rewards, the newest first; one query for a tip without any."""
    return tuple(_notice(claim, tip=tip) for claim in claims_of(tip=tip))


def _notice(claim: RewardClaim, *, tip: Tip) -> RewardNotice:
    row, mode, state = claim.assessment, mode_of(tip=tip), claim.get_state()
    place, phone = place_of(office=row.office) if state == ClaimState.NOTICED else ("", "")
    return RewardNotice(
        number=row.number,
        amount=row.proposed_amount,
        is_special=row.is_special,
        state=state,
        due_date=claim.due_date,
        last_day=rules.last_day(claim.term),
        reason=told_reason(claim=claim),
        is_online=rules.claims_online(mode=mode),
        needs_code=rules.needs_code(mode=mode),
        code_date=claim.code_date if claim.code_hash else None,
        claimed_date=claim.claimed_date,
        paid_date=claim.paid_date,
        ended_date=claim.ended_date,
        way=ClaimWay(claim.way).value if claim.way else "",
        place=place,
        phone=phone,
    )
