"""Finding tips by words: content is encrypted, so the newest of those in scope are opened in memory and read."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from complaints.models import Tip
from complaints.policies import Person

from .inbox import is_code, is_number, number_filter
from .newest import newest_keys

SEARCH_BOUND = 1000
LONGEST_SEARCH = 40
_READ = ("number", "description_sealed", "entity_name_sealed", "address_sealed")


@dataclass(frozen=True, kw_only=True)
class Found:
    """The condition that holds for what was found; `is_bounded` when older tips were not looked at."""

    condition: Q
    searched: int = 0
    is_bounded: bool = False


def find(*, tips: "QuerySet[Tip]", user: Person, typed: str, today: date) -> Found:
    """Return what fits the typed words among `tips`, already narrowed to scope and filters.

    A number is looked up; six letters that are no number here are a word. Words are looked for in description, entity
    and address of the newest SEARCH_BOUND tips, all of them in any order; upper and lower case are one.
    """
    text = typed.strip()[:LONGEST_SEARCH]
    if not text or is_number(typed=text):
        condition = number_filter(typed=text, today=today)
        if not is_code(typed=text) or tips.filter(condition).exists():
            return Found(condition=condition)
    words = text.casefold().split()
    newest = newest_keys(tips=tips, user=user, most=SEARCH_BOUND + 1)
    rows = Tip.objects.filter(pk__in=newest[:SEARCH_BOUND]).only(*_READ)
    keys = [tip.pk for tip in rows if _fits(tip, words)]
    return Found(
        condition=Q(pk__in=keys),
        searched=len(newest[:SEARCH_BOUND]),
        is_bounded=len(newest) > SEARCH_BOUND,
    )


def _fits(tip: Tip, words: list[str]) -> bool:
    content = "\n".join((tip.number, tip.description, tip.entity_name, tip.address)).casefold()
    return all(word in content for word in words)
