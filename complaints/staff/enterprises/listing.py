"""The register as a list: to filter, to search, in the order of priority, and to take along."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import Button, HeaderButton

from complaints.enums import DivisionLevel, Industry, RiskClass
from complaints.models import Division, Enterprise
from complaints.selectors.enterprises import (
    by_priority,
    enterprises_visible_to,
    may_keep_register,
    may_see_register,
    with_visits,
)
from complaints.staff.exports import FormulaProof


def _several(label: Any, choices: list[tuple[str, Any]]) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(label=label, choices=choices, widget=CheckboxSelectMultiple)


class RegisterFilterSet(WagtailFilterSet):
    """Risk, industry, district, in business or not."""

    risk_class = _several(gettext_lazy("Risk class"), RiskClass.choices)
    industry = _several(gettext_lazy("Industry"), Industry.choices)
    district = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("District"),
        queryset=lambda _request: Division.objects.filter(level=DivisionLevel.DISTRICT),
        widget=CheckboxSelectMultiple,
    )
    is_active = django_filters.BooleanFilter(label=gettext_lazy("In business"))

    class Meta:
        model = Enterprise
        fields: list[str] = []


class RegisterPaginator(WagtailPaginator):
    """Says how many there are in the words of the trade."""

    @cached_property
    def items_count_label(self) -> str:
        words = ngettext("%(n)d enterprise in all", "%(n)d enterprises in all", self.count)
        return words % {"n": self.count}


class VisitsColumn(Column):
    """Visits of the year against the ceiling; the one that is reached carries a word."""

    cell_template_name = "complaints/staff/cells/visits.html"


class RegisterView(FormulaProof, IndexView):
    """Enterprises of the own units and those below; others are not there."""

    model = Enterprise
    page_title = gettext_lazy("Enterprises")
    header_icon = "site"
    index_url_name = "enterprises:index"
    index_results_url_name = "enterprises:index_results"
    filterset_class = RegisterFilterSet
    paginator_class = RegisterPaginator
    paginate_by: int | None = 50
    is_searchable = True
    search_fields = ("name", "credit_code")
    search_backend_name = None
    default_ordering = "-priority"
    list_export = [
        "name", "credit_code", "get_industry_display", "district", "town", "address", "get_risk_class_display",
        "upheld_count", "visit_count",
    ]  # fmt: skip
    export_filename = "enterprises"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_register(request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn("name", label=gettext_lazy("Name"), get_url=_page_url, sort_key="name"),
            Column("credit_code", label=gettext_lazy("Credit code"), classname="as-hide-s"),
            Column("get_industry_display", label=gettext_lazy("Industry"), classname="as-hide-s"),
            Column("place", label=gettext_lazy("District and town"), accessor=_place, classname="as-hide-s"),
            Column("get_risk_class_display", label=gettext_lazy("Risk class")),
            Column(
                "upheld_count",
                label=gettext_lazy("Tips found true"),
                sort_key="upheld_count",
                classname="as-hide-s",
            ),
            VisitsColumn(
                "visits", label=pgettext_lazy("of inspectors", "Visits this year"), accessor=lambda row: row
            ),
        ]

    @cached_property
    def export_headings(self) -> dict[str, Any]:
        return {
            "name": _("Name"),
            "credit_code": _("Credit code"),
            "get_industry_display": _("Industry"),
            "district": _("District"),
            "town": _("Town"),
            "address": _("Address"),
            "get_risk_class_display": _("Risk class"),
            "upheld_count": _("Tips found true"),
            "visit_count": pgettext("of inspectors", "Visits this year"),
        }

    def get_base_queryset(self) -> "QuerySet[Enterprise]":
        rows = enterprises_visible_to(self.request.user).select_related("district", "town")
        return with_visits(by_priority(rows), day=self.today)

    def search_queryset(self, queryset: "QuerySet[Enterprise]") -> "QuerySet[Enterprise]":
        words = self.search_query.strip() if self.search_query else ""
        if not words:
            return queryset
        code = words.upper().replace(" ", "")
        return queryset.filter(Q(name__icontains=words) | Q(credit_code__startswith=code))

    def order_queryset(self, queryset: "QuerySet[Enterprise]") -> "QuerySet[Enterprise]":
        order = {
            "name": "name",
            "-name": "-name",
            "upheld_count": "upheld_count",
            "-upheld_count": "-upheld_count",
        }
        chosen = order.get(self.ordering)
        return queryset.order_by(chosen, "pk") if chosen else queryset

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not may_keep_register(self.request.user):
            return []
        return [
            HeaderButton(
                _("Add an enterprise"), url=reverse("enterprises:add"), icon_name="plus", priority=10
            )
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        keeps = may_keep_register(self.request.user)
        into = Button(_("Bring a file"), url=reverse("enterprises:import"), icon_name="upload", priority=20)
        visit = Button(_("Enter a visit"), url=reverse("enterprises:visit"), icon_name="site", priority=30)
        channels = Button(
            _("Internal channels"), url=reverse("enterprises:channels"), icon_name="list-ul", priority=40
        )
        inside = Button(
            _("Internal reports"), url=reverse("enterprises:inside"), icon_name="mail", priority=35
        )
        single = Button(
            _("One safety manager"), url=reverse("enterprises:single"), icon_name="group", priority=37
        )
        own = [into, visit, inside, single, channels] if keeps else [inside, single, channels]
        return [*own, *super().header_more_buttons]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]


def _page_url(entry: Enterprise) -> str:
    return reverse("enterprises:inspect", args=[entry.pk])


def _place(entry: Enterprise) -> str:
    town = entry.town
    return f"{entry.district.shown_name} · {town.shown_name}" if town else entry.district.shown_name
