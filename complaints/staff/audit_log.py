"""The audit log for auditors: to filter, leaf through and take along. Nobody changes anything here."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.views.reports import ReportView

from complaints.models import AuditRow, Office
from complaints.policies import may_audit
from complaints.selectors.audit_log import (
    audited_people,
    audited_units,
    log_rows,
    names_of_people,
    names_of_units,
    rows_of,
)
from complaints.selectors.inbox import COUNT_BOUND

from .audit_words import LogLine, Names, cut_line, known_acts, log_line
from .clockface import with_years
from .exports import FormulaProof

# Enough for a quarter of a large city; the filters cut the rest into pieces.
EXPORT_MOST = 50_000


class LogFilterSet(WagtailFilterSet):
    """Person, act, thing, unit, days."""

    actor = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Person"),
        queryset=lambda request: audited_people(user=request.user),
        widget=forms.Select,
    )
    action = django_filters.ChoiceFilter(label=gettext_lazy("Act"), choices=known_acts, widget=forms.Select)
    subject = django_filters.CharFilter(
        label=pgettext_lazy("of an act", "About"), method="filter_subject", widget=forms.TextInput
    )
    unit = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Unit"),
        queryset=lambda request: audited_units(user=request.user),
        method="filter_unit",
        widget=forms.Select,
    )
    taken_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Days"), widget=DateRangePickerWidget)

    class Meta:
        model = AuditRow
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["actor"].label_from_instance = _person_label

    def filter_subject(self, rows: "QuerySet[AuditRow]", _name: str, typed: str) -> "QuerySet[AuditRow]":
        """Filter by a public number or id as it stands in the list, however it was typed."""
        words = typed.strip()
        return rows.filter(subject__in={words, words.upper(), words.lower()})

    def filter_unit(self, rows: "QuerySet[AuditRow]", _name: str, unit: Office) -> "QuerySet[AuditRow]":
        return rows.filter(rows_of(office_ids=[unit.pk]))


def _person_label(user: User) -> str:
    return f"{user.get_full_name() or '—'} ({user.get_username()})"


class LogPaginator(WagtailPaginator):
    """Counts up to a bound: of a log that grows for years only what can be leafed through."""

    @cached_property
    def found(self) -> int:
        return len(self.object_list.order_by().values_list("pk", flat=True)[: COUNT_BOUND + 1])

    @cached_property
    def count(self) -> int:
        return min(self.found, COUNT_BOUND)

    @cached_property
    def items_count_label(self) -> str:
        if self.found > COUNT_BOUND:
            return _("more than %(n)d rows") % {"n": COUNT_BOUND}
        return ngettext("%(n)d row", "%(n)d rows", self.count) % {"n": self.count}


class ActColumn(Column):
    """What was done; refusals carry a mark and a word, not a colour alone."""

    cell_template_name = "complaints/staff/cells/act.html"


class AboutColumn(Column):
    """What it was about, as a way to everything about it."""

    cell_template_name = "complaints/staff/cells/about.html"


class LogView(FormulaProof, ReportView):
    """The list; whoever is no auditor finds nothing at this address."""

    model = AuditRow
    page_title = pgettext_lazy("of the whole portal", "Audit log")
    header_icon = "list-ul"
    index_url_name = "audit_log"
    index_results_url_name = "audit_log_results"
    filterset_class = LogFilterSet
    paginator_class = LogPaginator
    default_ordering = "-sequence"
    is_searchable = False
    columns = [
        Column("when", label=gettext_lazy("Time")),
        Column("who", label=gettext_lazy("Person")),
        ActColumn("act", label=gettext_lazy("Act")),
        AboutColumn("about", label=pgettext_lazy("of an act", "About")),
    ]
    list_export = ["number", "when", "who", "act", "about", "note"]
    export_headings = {
        "number": gettext_lazy("No."),
        "when": gettext_lazy("Time"),
        "who": gettext_lazy("Person"),
        "act": gettext_lazy("Act"),
        "about": pgettext_lazy("of an act", "About"),
        "note": gettext_lazy("Details"),
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_audit(request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_base_queryset(self) -> "QuerySet[AuditRow]":
        return log_rows(user=self.request.user)

    def get_queryset(self) -> "QuerySet[AuditRow]":
        return self.get_base_queryset()

    @cached_property
    def names(self) -> Names:
        return Names(people=names_of_people(), units=names_of_units())

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    def lines(self, rows: Iterable[AuditRow]) -> Iterator[LogLine]:
        """Yield rows in words; a log is read in later years, so every day carries its own."""
        for row in rows:
            with with_years():
                line = log_line(row, names=self.names, today=self.today)
            yield line

    def get_table(self, object_list: Iterable[AuditRow]) -> Table:
        return super().get_table(list(self.lines(object_list)))

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        return self.exported(object_list.iterator()) if self.is_export else object_list

    def exported(self, rows: Iterator[AuditRow]) -> Iterator[LogLine]:
        """Yield as many rows as a file holds, and say so where it ends too early."""
        yield from self.lines(islice(rows, EXPORT_MOST))
        if next(rows, None) is not None:
            yield cut_line(most=EXPORT_MOST)

    def get_filename(self) -> str:
        return f"audit-log-{self.today.isoformat()}"


class LogMenuItem(MenuItem):
    """The way to the log, for auditors alone."""

    def __init__(self) -> None:
        super().__init__(
            pgettext_lazy("of the whole portal", "Audit log"),
            reverse("audit_log"),
            name="audit-log",
            icon_name="list-ul",
            order=60,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return may_audit(request.user)
