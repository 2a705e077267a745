"""When a dashboard speaks up: late shares on the rise, whistles nobody answers, one entity in many tips at once."""

from dataclasses import dataclass

from .percents import whole_percent


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From where on something is an alarm. The defaults are house practice; no statute fixes them.

    Shares are compared from `concluded_least` concluded tips on, as fewer are noise (the public ranking, DOMAIN 7); a
    share of late ones has to grow by `rise_points` percentage points. `whistles_least` whistles past their hour are
    too many. A burst is `burst_least` tips about one entity in `burst_days`, and `burst_times` as many a day as in the
    `before_days` before.
    """

    concluded_least: int = 20
    rise_points: int = 5
    whistles_least: int = 1
    burst_days: int = 14
    before_days: int = 90
    burst_least: int = 5
    burst_times: int = 2


USUAL = Thresholds()


@dataclass(frozen=True, kw_only=True)
class LateShare:
    """How many were concluded, and how many of them late."""

    late: int
    concluded: int

    @property
    def percent(self) -> int:
        """The share of late ones in whole percent; nothing concluded, nothing late."""
        return whole_percent(self.late, self.concluded) or 0


def is_rising(*, now: LateShare, before: LateShare, at: Thresholds = USUAL) -> bool:
    """Whether the share of late conclusions grew by so many points or more, with enough concluded on either side."""
    if min(now.concluded, before.concluded) < at.concluded_least:
        return False
    # Compared without dividing: late/concluded - late'/concluded' >= 5 %.
    grown = 100 * (now.late * before.concluded - before.late * now.concluded)
    return grown >= at.rise_points * now.concluded * before.concluded


def is_burst(*, recent: int, before: int, at: Thresholds = USUAL) -> bool:
    """Whether an entity is in many tips at once: so many lately, and so many times as many a day as before."""
    return recent >= at.burst_least and recent * at.before_days >= at.burst_times * before * at.burst_days
