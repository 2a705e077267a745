"""The list behind a number: all the tips that were counted, newest first, within the scope of who asks.

Pages hang on a tip, not on an offset: the last page of a million costs what the first does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from complaints.models import Tip
from complaints.policies import Person
from complaints.selectors.inbox import COUNT_BOUND, in_order
from complaints.selectors.tips import tips_for

from .rows import InboxRow, inbox_rows

PER_PAGE = 25
OLDER, NEWER, OLDEST = "older", "newer", "oldest"


@dataclass(frozen=True, kw_only=True)
class Behind:
    """One page of a list; `newer` and `older` name the tip the next pages hang on, empty where there is none."""

    rows: Sequence[InboxRow]
    count: str
    newer: str
    older: str


@dataclass(frozen=True, kw_only=True)
class _Page:
    """The keys of one page, the newest first, and whether there are newer and older ones."""

    keys: list[int]
    has_newer: bool
    has_older: bool


def behind(
    *,
    tips: "QuerySet[Tip]",
    user: Person,
    asked: Mapping[str, str],
    now: datetime,
    figure: Callable[[], int] | None = None,
) -> Behind:
    """Return one page of these tips, which are narrowed to the person's scope already; a fixed number of queries.

    Args:
        asked: `older` or `newer` than the tip of a number, or `oldest`; the newest ones without any of them.
        figure: the number that led here, known without counting a long list; such a list is counted when left out.
    """
    first = list(tips.order_by("-pk").values_list("pk", flat=True)[: COUNT_BOUND + 1])
    page = _page(tips, user=user, asked=asked, first=first)
    rows = in_order(tips=tips_for(user=user), keys=page.keys)
    many = len(first) if len(first) <= COUNT_BOUND else (figure or tips.count)()
    return Behind(
        rows=inbox_rows(tips=list(rows), user=user, now=now),
        count=f"{many:,}",
        newer=rows[0].number if rows and page.has_newer else "",
        older=rows[-1].number if rows and page.has_older else "",
    )


def _page(tips: "QuerySet[Tip]", *, user: Person, asked: Mapping[str, str], first: list[int]) -> _Page:
    """Return the page that is asked for; the newest where the tip it hangs on is gone or out of reach."""
    if asked.get(OLDEST):
        return _upwards(tips, has_older=False)
    number = asked.get(NEWER) or asked.get(OLDER) or ""
    named = tips_for(user=user).filter(number=number) if number.isprintable() else Tip.objects.none()
    key = named.values_list("pk", flat=True).first() if number else None
    if key is None:
        return _Page(keys=first[:PER_PAGE], has_newer=False, has_older=len(first) > PER_PAGE)
    if asked.get(NEWER):
        return _upwards(tips.filter(pk__gt=key), has_older=True)
    keys = list(tips.filter(pk__lt=key).order_by("-pk").values_list("pk", flat=True)[: PER_PAGE + 1])
    return _Page(keys=keys[:PER_PAGE], has_newer=True, has_older=len(keys) > PER_PAGE)


def _upwards(tips: "QuerySet[Tip]", *, has_older: bool) -> _Page:
    """Return the oldest of these tips as a page."""
    keys = list(tips.order_by("pk").values_list("pk", flat=True)[: PER_PAGE + 1])
    return _Page(keys=keys[:PER_PAGE][::-1], has_newer=len(keys) > PER_PAGE, has_older=has_older)
