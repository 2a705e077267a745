"""Charts of months at the desk, each drawn twice: as wide as a desk, and for a phone with letters that stay legible."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.shared.charts import Columns, columns

PHONE_WIDTH, PHONE_HEIGHT = 340, 220
# A phone has room for every third month.
PHONE_EVERY = 3


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The same columns for a wide and for a narrow screen; the page shows one of them."""

    wide: Columns
    narrow: Columns


def chart(
    *,
    labels: Sequence[str],
    bars: Sequence[int | None],
    line: Sequence[int | None] = (),
    width: int,
    height: int,
) -> Chart:
    """Draw columns and a line over them, see `portal.shared.charts.columns`; the size is that of the wide drawing."""
    return Chart(
        wide=columns(labels=labels, bars=bars, line=line, width=width, height=height),
        narrow=columns(
            labels=labels, bars=bars, line=line, width=PHONE_WIDTH, height=PHONE_HEIGHT, every=PHONE_EVERY
        ),
    )
