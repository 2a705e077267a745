"""Money of a budget moves from one account to another: which act moves what, and what it does to the sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from complaints.enums import LedgerAccount, LedgerAct


@dataclass(frozen=True, kw_only=True)
class Movement:
    """From one account to another; `appropriated`, `reserved` and `paid` say by which sign each sum changes."""

    source: LedgerAccount
    target: LedgerAccount
    appropriated: int = 0
    reserved: int = 0
    paid: int = 0

    def sides(self, *, cents: int) -> tuple[tuple[LedgerAccount, int], tuple[LedgerAccount, int]]:
        """Return both rows of a movement, account and cents; they sum to zero. Raises ValueError unless cents > 0."""
        if cents <= 0:
            raise ValueError(f"nothing moves: {cents}")
        return (self.source, -cents), (self.target, cents)


# What comes back from a reservation is free again, and stays told apart.
MOVEMENTS: Final[Mapping[LedgerAct, Movement]] = {
    LedgerAct.APPROPRIATE: Movement(
        source=LedgerAccount.APPROPRIATED, target=LedgerAccount.AVAILABLE, appropriated=1
    ),
    LedgerAct.TAKE_BACK: Movement(
        source=LedgerAccount.AVAILABLE, target=LedgerAccount.APPROPRIATED, appropriated=-1
    ),
    LedgerAct.RESERVE: Movement(source=LedgerAccount.AVAILABLE, target=LedgerAccount.RESERVED, reserved=1),
    LedgerAct.PAY: Movement(source=LedgerAccount.RESERVED, target=LedgerAccount.PAID, reserved=-1, paid=1),
    LedgerAct.UNPAY: Movement(source=LedgerAccount.PAID, target=LedgerAccount.RESERVED, reserved=1, paid=-1),
    LedgerAct.RELEASE: Movement(source=LedgerAccount.RESERVED, target=LedgerAccount.RELEASED, reserved=-1),
    LedgerAct.FORFEIT: Movement(source=LedgerAccount.RESERVED, target=LedgerAccount.FORFEITED, reserved=-1),
}
# What is free for decisions is the sum of these.
FREE: Final = frozenset({LedgerAccount.AVAILABLE, LedgerAccount.RELEASED, LedgerAccount.FORFEITED})
