"""What the pages of the review send: a drawing, scores, answers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from complaints.rules.review_sheet import Item
from complaints.rules.sampling import MOST_PER_UNIT, Size
from complaints.rules.spans import Span, SpanKind, span_around, span_of
from complaints.services.file_review import Finding
from complaints.stats.names import span_name

# How many quarters back a sample may be drawn from.
QUARTERS = 8


def spans_to_draw(*, today: date) -> list[Span]:
    """Return what can be drawn from: the last quarters that are over and the years they are of, the newest first."""
    quarters = [span_around(day=today, kind=SpanKind.QUARTER).before]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].before)
    years = [span_of(str(year)) for year in sorted({one.year for one in quarters}, reverse=True)]
    return [*quarters, *(one for one in years if one.end < today)]


class DrawForm(forms.Form):
    """A period, the unit that has it done, whose files, and how many of each unit."""

    period = forms.ChoiceField(label=_("Period"))
    office = forms.TypedChoiceField(label=_("Unit that has the review done"), coerce=int)
    units = forms.TypedMultipleChoiceField(
        label=_("Whose files"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    per_unit = forms.IntegerField(
        label=_("Files of each unit"), required=False, min_value=1, max_value=MOST_PER_UNIT
    )
    percent = forms.IntegerField(
        label=_("Or a share of each unit, in percent"), required=False, min_value=1, max_value=100
    )

    def __init__(
        self, *args: Any, today: date, offices: dict[int, str], units: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        spans = [(one.code, span_name(one)) for one in spans_to_draw(today=today)]
        for name, choices in (("period", spans), ("office", offices.items()), ("units", units.items())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)

    @property
    def size(self) -> Size:
        """How many are drawn of each unit."""
        return Size(per_unit=self.cleaned_data["per_unit"], percent=self.cleaned_data["percent"])


def findings_sent(query: QueryDict, *, items: Iterable[Item]) -> dict[str, Finding]:
    """Return what was typed for each item; points that are no number are refused as too many."""
    return {
        item.code: Finding(
            minus=_number(query.get(f"minus-{item.code}", "")),
            words=query.get(f"words-{item.code}", ""),
            wants_correction=bool(query.get(f"fix-{item.code}")),
        )
        for item in items
    }


def _number(text: str) -> int:
    plain = text.strip() or "0"
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 5 else -1


def answers_sent(query: QueryDict, *, findings: Iterable[int]) -> dict[int, str]:
    """Return what the unit answers to each finding."""
    return {key: query.get(f"answer-{key}", "") for key in findings}
