"""The newest tips of a scope, found without sorting everything the scope ever held."""

from django.db.models import Q, QuerySet

from complaints.models import Tip
from complaints.policies import Person, scope_branches


def newest_keys(*, tips: "QuerySet[Tip]", user: Person, most: int) -> list[int]:
    """Return the keys of the `most` newest of these tips, newest first.

    `tips` is narrowed to the person's scope already; each branch of the scope is asked once, by an index.
    """
    found: set[int] = set()
    plain = tips.select_related(None).order_by().values_list("pk", flat=True)
    for branch in scope_branches(user):
        # What is older than all that are wanted already need not be read again for every town.
        newer = Q(pk__gt=sorted(found)[-most]) if len(found) >= most else Q()
        if branch.is_large:
            found.update(plain.filter(branch.condition, newer).order_by("-pk")[:most])
        else:
            # Found by its own index first: with the whole scope beside it a database reads the whole scope.
            few = list(Tip.objects.filter(branch.condition).values_list("pk", flat=True))
            found.update(plain.filter(pk__in=few) if few else ())
    return sorted(found, reverse=True)[:most]
