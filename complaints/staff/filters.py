"""Filters of the inbox; those of Wagtail give the drill-down, the pills and the counts."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from complaints.enums import Channel, DivisionLevel, Industry, TipKind, TipStatus
from complaints.models import Division, Tip
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.inbox import Due, due_filter

DUE_CHOICES = [
    (Due.OVERDUE.value, _("Overdue")),
    (Due.TODAY.value, _("Due today")),
    (Due.SOON.value, _("Within 3 working days")),
    (Due.LATER.value, _("Later")),
    (Due.NONE.value, _("No period running")),
]


def _several(
    label: Any, choices: list[tuple[str, Any]], **values: Any
) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(
        label=label, choices=choices, widget=CheckboxSelectMultiple, **values
    )


class InboxFilterSet(WagtailFilterSet):
    """Status, type, industry, district, due day, channel."""

    status = _several(_("Status"), TipStatus.choices)
    due = _several(_("Due"), DUE_CHOICES, method="filter_due")
    kind = _several(_("Type"), TipKind.choices)
    industry = _several(_("Industry"), Industry.choices)
    district = django_filters.ModelMultipleChoiceFilter(
        label=_("District"),
        queryset=lambda _request: Division.objects.filter(level=DivisionLevel.DISTRICT),
        widget=CheckboxSelectMultiple,
    )
    channel = _several(pgettext_lazy("tip", "Source"), Channel.choices)

    class Meta:
        model = Tip
        fields: list[str] = []

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def filter_due(self, tips: "QuerySet[Tip]", _name: str, groups: list[str]) -> "QuerySet[Tip]":
        if not groups:
            return tips
        return tips.filter(due_filter(groups=groups, today=self.today, overlay=day_overlay()))
