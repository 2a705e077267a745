"""A scope asked part by part: counts and first tips by an index each, however many tips the scope ever held.

A scope is several ways to a tip joined by "or". Asked at once, a database reads through everything behind one of the
ways; asked way by way, each ends at its bound.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add

from django.contrib.auth.models import User
from django.db.models import IntegerField, Q, QuerySet, Subquery

from complaints.models import Tip
from complaints.policies import Person, scope_parts

# What is due first comes first; what nothing is due for comes last.
INBOX_ORDER = ("order_date", "pk")


class _RowsOf(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0  # a condition nothing can fit is not asked at all


def counts_within(*, user: Person, conditions: Sequence[Q], most: int) -> list[int]:
    """Return how many tips of the person's scope fit each condition, `most` at most; one query for all of them."""
    parts = scope_parts(user)
    if not parts or not conditions:
        return [0] * len(conditions)
    sums = [
        reduce(add, (_RowsOf(_plain().filter(condition, part).values("pk")[:most]) for part in parts))
        for condition in conditions
    ]
    row = User.objects.filter(pk=user.pk or 0).values_list(*sums).first() or [0] * len(sums)
    return [min(number, most) for number in row]


def first_keys(*, tips: "QuerySet[Tip]", user: Person, most: int) -> list[int]:
    """Return the keys of the `most` tips that come first by due day and key; a query for each part of the scope.

    `tips` are open ones within the scope: what is open is little beside what ever was.
    """
    plain = tips.select_related(None).order_by(*INBOX_ORDER).values_list("order_date", "pk")
    found = [row for part in scope_parts(user) for row in plain.filter(part)[:most]]
    return [key for _day, key in sorted(found)[:most]]


def first_of_few(*, tips: "QuerySet[Tip]", user: Person, most: int, few: int) -> list[int]:
    """Return the same for a condition that few tips fit; beyond the first `few` of a part it need not be the first.

    They are read without an order: with one a database walks along it through everything that is open.
    """
    plain = tips.select_related(None).order_by().values_list("order_date", "pk")
    found = {row for part in scope_parts(user) for row in plain.filter(part)[:few]}
    return [key for _day, key in sorted(found)[:most]]


def nearest_keys(*, user: Person, wanted: Sequence[tuple[Q, Sequence[str]]]) -> list[int]:
    """Return, for each condition with its order, the key of the first fitting tip of each part; one query for all."""
    firsts = [
        Subquery(_plain().filter(condition, part).order_by(*order).values("pk")[:1])
        for condition, order in wanted
        for part in scope_parts(user)
    ]
    row = User.objects.filter(pk=user.pk or 0).values_list(*firsts).first() if firsts else None
    return [key for key in row or () if key is not None]


def _plain() -> "QuerySet[Tip]":
    return Tip.objects.order_by()
