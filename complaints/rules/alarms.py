"""When a dashboard speaks up: late conclusions on the rise, or one entity in many tips at once (house practice)."""

from dataclasses import dataclass

# Shares of fewer than this are noise (as the public ranking, DOMAIN §7).
LEAST = 20
# Percentage points by which the share of late conclusions has to grow.
RISE_POINTS = 5
BURST_DAYS, BEFORE_DAYS, BURST_LEAST, BURST_TIMES = 14, 90, 5, 2


@dataclass(frozen=True, kw_only=True)
class LateShare:
    """How many were concluded, and how many of them late."""

    late: int
    concluded: int

    @property
    def percent(self) -> int:
        """The share of late ones in whole percent; nothing concluded, nothing late."""
        return round(100 * self.late / self.concluded) if self.concluded else 0


def is_rising(*, now: LateShare, before: LateShare) -> bool:
    """Whether the share of late conclusions grew by 5 points or more, with at least 20 concluded on either side."""
    if min(now.concluded, before.concluded) < LEAST:
        return False
    # Compared without dividing: late/concluded - late'/concluded' >= 5 %.
    grown = 100 * (now.late * before.concluded - before.late * now.concluded)
    return grown >= RISE_POINTS * now.concluded * before.concluded


def is_burst(*, recent: int, before: int) -> bool:
    """Whether an entity is in many tips at once: 5 or more in 14 days, and twice as many a day as in the 90 before."""
    return recent >= BURST_LEAST and recent * BEFORE_DAYS >= BURST_TIMES * before * BURST_DAYS
