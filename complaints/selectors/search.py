"""Finding tips by words: content is encrypted, so the newest of those in scope are opened in memory and read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from complaints.models import Tip
from complaints.policies import Person

from .inbox import is_code, is_number, number_filter
from .newest import newest_keys
from .spoken import spoken_on

SEARCH_BOUND = 1000
LONGEST_SEARCH = 40
_READ = (Tip.description, Tip.entity_name, Tip.address)


@dataclass(frozen=True, kw_only=True)
class Found:
    """The condition that holds for what was found.

    `is_bounded` when older tips were not looked at; `lines_left_out` when not all that was said on them was.
    """

    condition: Q
    searched: int = 0
    is_bounded: bool = False
    lines_left_out: bool = False


def find(*, tips: "QuerySet[Tip]", user: Person, typed: str, today: date) -> Found:
    """Return what fits the typed words among `tips`, already narrowed to scope and filters.

    A number is looked up; six letters that are no number here are a word. Words are looked for in what was reported
    and in what was said and found since, of the newest SEARCH_BOUND tips, all of them in any order; upper and lower
    case are one.
    """
    text = typed.strip()[:LONGEST_SEARCH]
    if not text or is_number(typed=text):
        condition = number_filter(typed=text, today=today)
        if not is_code(typed=text) or tips.filter(condition).exists():
            return Found(condition=condition)
    words = text.casefold().split()
    newest = newest_keys(tips=tips, user=user, most=SEARCH_BOUND + 1)
    reported = _reported(newest[:SEARCH_BOUND])
    rest = [key for key, content in reported.items() if not _fits(content, words)]
    spoken = spoken_on(keys=rest, user=user)
    missed = {
        key for key in rest if not _fits(reported[key] + "\n" + _folded(spoken.texts.get(key, ())), words)
    }
    return Found(
        condition=Q(pk__in=[key for key in reported if key not in missed]),
        searched=len(reported),
        is_bounded=len(newest) > SEARCH_BOUND,
        lines_left_out=spoken.is_bounded,
    )


def _reported(keys: Sequence[int]) -> dict[int, str]:
    """Return what came in with each of these tips; plain columns, for a thousand model objects cost as much again."""
    rows = Tip.objects.filter(pk__in=keys).values_list("pk", "number", *(text.column for text in _READ))
    return {
        key: _folded(
            (
                number,
                *(
                    text.opened(bytes(one), model=Tip, row_id=number)
                    for text, one in zip(_READ, sealed, strict=True)
                ),
            )
        )
        for key, number, *sealed in rows
    }


def _folded(texts: Iterable[str]) -> str:
    return "\n".join(texts).casefold()


def _fits(content: str, words: list[str]) -> bool:
    return all(word in content for word in words)
