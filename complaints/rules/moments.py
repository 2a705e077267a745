"""How fine moments are kept: acts of staff to the minute, as the law wants; finer would bracket submissions."""

from datetime import datetime


def to_minute(moment: datetime) -> datetime:
    """Return the moment without seconds."""
    return moment.replace(second=0, microsecond=0)
