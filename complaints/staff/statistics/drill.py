"""From a number to its list: the address of the tips a figure counted, and whether there is such a list."""

from urllib.parse import urlencode

from django.urls import reverse

from complaints.rules.spans import Span
from complaints.selectors.dashboard import LATE, source_of
from complaints.stats.counting import By

# Shares that lead to what went wrong.
LEADS_TO = {"on_time_share": LATE}
# Rows of a split that are a condition a list can be narrowed by; units and months have addresses of their own.
ROWS_BY = frozenset({By.DISTRICT, By.KIND, By.INDUSTRY, By.CHANNEL, By.IDENTITY})
FROM_STATISTICS = "statistics"


def list_url(
    *, code: str, span: Span, unit: int | str = "", only: bool = False, number: str = "", **more: str
) -> str:
    """Return where the tips behind a number are listed.

    Args:
        only: of this unit alone, without those below it.
        number: the tip an alarm names.
        more: `by` and `row` of a split, `source` for the page it leads back to.
    """
    asked = {"period": span.code, "unit": unit, "figure": code} | ({"only": "1"} if only else {})
    return f"{reverse('dashboard_tips')}?{urlencode(asked | ({'key': number} if number else {}) | more)}"


def list_of(code: str) -> str:
    """Return the code of the list a figure leads to; empty where no list holds what it says."""
    wanted = LEADS_TO.get(code, code)
    return wanted if wanted == LATE or source_of(wanted) is not None else ""
