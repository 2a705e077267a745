"""Words for the whole staff (结果通报): checked against the tip they come from before everybody reads them."""

from collections.abc import Mapping

from complaints.models import InternalTip
from complaints.rules.circulars import Find, TipTold, finds_in
from complaints.selectors.internal import words_of_reporter


def circular_finds(row: InternalTip, *, text: str, audience: str) -> list[Find]:
    """Return what in these words may lead to the reporter; opens the tip's own words to compare."""
    days = (row.received_date, row.tip.occurred_on)
    tip = TipTold(
        words=(row.tip.description, row.suggestion, *words_of_reporter(row)),
        workshop=row.workshop,
        post=row.post,
        days=tuple(day for day in days if day is not None),
    )
    return finds_in(f"{text}\n{audience}", tip=tip)


def with_answers(text: str, *, found: list[Find], answers: Mapping[str, str]) -> str:
    """Return the words for the company's own history, with what was let stand and why behind them."""
    kept = [f"[{one.label}] {one.words}: {' '.join(answers[one.mark].split())}" for one in found]
    return "\n".join([text, *kept])
