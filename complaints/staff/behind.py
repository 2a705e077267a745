"""The list behind a number: the tips that were counted, newest first, within the scope of who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from complaints.models import Tip
from complaints.policies import Person
from complaints.selectors.inbox import COUNT_BOUND, bounded, in_order
from complaints.selectors.tips import tips_for

from .rows import InboxRow, inbox_rows

PER_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Behind:
    """One page of a list; `count` is counted up to a bound."""

    rows: Sequence[InboxRow]
    page: Any
    count: str


def behind(*, tips: "QuerySet[Tip]", user: Person, page: str, now: datetime) -> Behind:
    """Return one page of these tips, which are narrowed to the person's scope already; a fixed number of queries."""
    keys = list(tips.order_by("-pk").values_list("pk", flat=True)[: COUNT_BOUND + 1])
    chosen = Paginator(keys[:COUNT_BOUND], PER_PAGE).get_page(page)
    rows = in_order(tips=tips_for(user=user), keys=list(chosen.object_list))
    return Behind(
        rows=inbox_rows(tips=list(rows), user=user, now=now), page=chosen, count=str(bounded(len(keys)))
    )
