"""A typical case out of a tip, as its page offers it: the button, what was begun already, or who begins one.

The tip remembers the day on which a case was begun and nothing else; no key leads from the page to the tip or back.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from complaints.disclosure import may_become_case
from complaints.enums import Measure, Result
from complaints.selectors.penalties import case_begun_on

from .clockface import day_text
from .gathered import Gathered


@dataclass(frozen=True, kw_only=True)
class CaseNote:
    """Whether the button stands there, and what is said beside or instead of it; both may be missing."""

    may_begin: bool = False
    words: str = ""


def case_note(*, known: Gathered) -> CaseNote:
    """Return what the page of a tip says of typical cases; no query while no penalty is signed, else three at most."""
    tip, penalties = (
        known.tip,
        [row for row in known.record.signed_disposals if row.measure == Measure.PENALTY],
    )
    if not penalties or tip.result not in {Result.TRUE, Result.PARTLY_TRUE}:
        return CaseNote()
    begun = case_begun_on(number=tip.number)
    if begun is not None:
        words = _(
            "A case was begun on %(day)s. It is found among the pages; a further one is begun under “Penalties”."
        )
        return CaseNote(words=words % {"day": day_text(begun, today=known.today)})
    if may_become_case(number=tip.number, user=known.user):
        return CaseNote(may_begin=True)
    return CaseNote(
        words=_("This penalty can become a typical case: a colleague who is an editor as well begins it.")
    )
