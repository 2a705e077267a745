"""报送率 and 合格率: what was owed, submitted and qualified, added up without hiding a gap behind a surplus."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

TENTH = Decimal("0.1")
# What is not whole is never shown as whole.
BELOW_ALL = Decimal("99.9")


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One duty: cases owed, submitted, of these late, scored and qualified."""

    owed: int
    submitted: int = 0
    late: int = 0
    scored: int = 0
    qualified: int = 0

    @property
    def fulfilled(self) -> int:
        """Cases that count for 报送率: qualified ones, at most as many as are owed."""
        return min(self.owed, self.qualified)

    @property
    def missing(self) -> int:
        """Cases the unit still has to send: what was scored and does not qualify fulfils nothing."""
        hopeful = self.submitted - self.scored + self.qualified
        return max(0, self.owed - hopeful)


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Sums over duties; a rate is None where nothing is owed, or nothing submitted."""

    owed: int
    submitted: int
    late: int
    waiting: int
    qualified: int
    fulfilled: int
    reported_share: Fraction | None
    qualified_share: Fraction | None

    @property
    def reported_percent(self) -> Decimal | None:
        """报送率 in percent with one decimal."""
        return percent(self.reported_share)

    @property
    def qualified_percent(self) -> Decimal | None:
        """合格率 in percent with one decimal."""
        return percent(self.qualified_share)


def rates(counted: Iterable[Counted]) -> Rates:
    """Return the sums and rates of duties.

    Of each duty at most as many cases count for 报送率 as were owed. Legal basis: 92号 (报送率 = submitted qualified /
    due; 合格率 = qualified / submitted).
    """
    rows = list(counted)
    owed = sum(row.owed for row in rows)
    submitted = sum(row.submitted for row in rows)
    qualified = sum(row.qualified for row in rows)
    fulfilled = sum(row.fulfilled for row in rows)
    return Rates(
        owed=owed,
        submitted=submitted,
        late=sum(row.late for row in rows),
        waiting=submitted - sum(row.scored for row in rows),
        qualified=qualified,
        fulfilled=fulfilled,
        reported_share=Fraction(fulfilled, owed) if owed else None,
        qualified_share=Fraction(qualified, submitted) if submitted else None,
    )


def percent(share: Fraction | None) -> Decimal | None:
    """Return a share in percent, rounded half up to 0.1; 100 only where it is whole."""
    if share is None:
        return None
    whole = Decimal(share.numerator * 100) / Decimal(share.denominator)
    rounded = whole.quantize(TENTH, ROUND_HALF_UP)
    return rounded if share >= 1 else min(rounded, BELOW_ALL)
