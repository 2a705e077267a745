"""What a page on good practice is made of: plain values, nothing that leads to a report."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class PracticeFacts:
    """Words of an enterprise and its figures of the year until `until`, counted when the page was begun; whole yuan.

    `day` is the one on which it was begun.
    """

    enterprise: str
    district: str
    text: str
    day: date
    until: date
    received: int
    fixed_percent: int
    paid_count: int
    paid_yuan: int
