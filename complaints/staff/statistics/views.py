"""The page of figures at the desk, its files and its bulletin."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView, View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints import events
from complaints.policies import may_read_tips, scope_of
from complaints.staff.story import minute_text, name_of
from complaints.stats.frozen import holds_days, to_be_corrected
from complaints.stats.names import SPLITS, month_name, span_name
from complaints.stats.report import Month

from . import files, tables
from .asked import (
    Answer,
    Asked,
    NoSuchPeriod,
    answer,
    may_close,
    period_choices,
    read_asked,
    split_choices,
    unit_choices,
    usual_span,
)
from .charts import Chart, chart

WIDTH, HEIGHT = 1120, 300


# Where a page of periods is looked for again, by the first word of its route; its parameter.
PAGES = {"dashboard": "period", "attention": "period", "evaluation": "year", "statistics": "period"}


class NoPeriodView(WagtailAdminTemplateMixin, TemplateView):
    """Answers 404 at the desk: there is no such period, these are the ones there are."""

    template_name = "complaints/staff/figures/no_period.html"
    page_title = gettext_lazy("There is no such period")
    header_icon = "warning"
    _show_breadcrumbs = True
    asked_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        match = self.request.resolver_match
        page = (match.url_name or "").partition("_")[0] if match else ""
        page = page if page in PAGES else "statistics"
        groups = period_choices(chosen=usual_span(today), today=today)
        if PAGES[page] == "year":
            groups = [(year, [one for one in choices if one.value == year]) for year, choices in groups]
        return {
            **super().get_context_data(**kwargs),
            "asked_name": self.asked_name,
            "groups": [(year, choices) for year, choices in groups if choices],
            "address": f"{reverse(page)}?{PAGES[page]}=",
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().render_to_response(context, **{**kwargs, "status": 404})
        return answer


class ForReaders:
    """Views of people who read tips; nobody else finds anything here."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_tips(request.user):
            raise Http404
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin
        except NoSuchPeriod as missing:
            return NoPeriodView.as_view(asked_name=missing.name)(request)
        return response

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def person(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @cached_property
    def asked(self) -> Asked:
        return read_asked(query=self.request.GET, user=self.person, today=self.today)

    @cached_property
    def answer(self) -> Answer:
        return answer(asked=self.asked, user=self.person)


class StatisticsView(ForReaders, WagtailAdminTemplateMixin, TemplateView):
    """Figures of a period within one's units: whole with the year before, stages, twelve months, one split."""

    template_name = "complaints/staff/statistics.html"
    page_title = gettext_lazy("Statistics")
    header_icon = "table"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **sheet(self.answer),
            "periods": period_choices(chosen=self.asked.span, today=self.today),
            "units": unit_choices(user=self.person, chosen=self.asked.unit_id),
            "splits": split_choices(chosen=self.asked.by),
            "query": self.asked.query,
            "may_close": may_close(user=self.person, span=self.asked.span, today=self.today),
            "bulletin": self.bulletin,
            "reads_all": scope_of(self.person).reads_all,
            "is_running": self.asked.span.end >= self.today,
        }

    @property
    def bulletin(self) -> events.BulletinState | None:
        """How far the bulletin of a closed period is, for those who read the whole city."""
        if self.answer.closed is None:
            return None
        answers: list[tuple[Any, Any]] = events.bulletin_asked.send(
            sender=None, period=self.asked.span.code, user=self.person
        )
        return next((state for _receiver, state in answers if state is not None), None)


def sheet(found: Answer) -> dict[str, Any]:
    """Return what page and bulletin show of an answer."""
    closed = found.closed
    is_closed_shown = closed is not None and not found.asked.is_live
    return {
        "answer": found,
        "period_name": span_name(found.asked.span),
        "closed": closed,
        "corrected": pgettext("list", ", ").join(map(span_name, to_be_corrected(closed))) if closed else "",
        "is_closed_shown": is_closed_shown,
        # A report closed before rows of this split had days of their own.
        "lacks_days": is_closed_shown and closed is not None and not holds_days(closed, by=found.asked.by),
        "closed_when": minute_text(closed.frozen_at, today=timezone.localdate()) if closed else "",
        "figures": tables.figure_rows(found),
        "stages": tables.stage_rows(found),
        "split_name": SPLITS[found.asked.by],
        "split_heads": tables.split_heads(),
        "split": tables.split_rows(found),
        "chart": months_chart(found.report.months),
        "months": [(span_name(one.span), one.received, one.concluded) for one in found.report.months],
    }


def months_chart(months: tuple[Month, ...]) -> Chart:
    """Return twelve months as bars (received) and a line (concluded)."""
    return chart(
        labels=[month_name(month.span) for month in months],
        bars=[month.received for month in months],
        line=[month.concluded for month in months],
        width=WIDTH,
        height=HEIGHT,
    )


class StatisticsFileView(ForReaders, View):
    """The same figures as a file: XLSX or CSV."""

    def get(self, request: HttpRequest, *, kind: str) -> HttpResponse:
        name = f"statistics-{self.asked.span.code}-{self.asked.by.value}.{kind}"
        if kind == "xlsx":
            response = HttpResponse(files.workbook(self.answer), content_type=files.XLSX_TYPE)
        else:
            response = HttpResponse(files.table(self.answer), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class BulletinView(ForReaders, TemplateView):
    """The same figures as a bulletin to print, with their definitions."""

    template_name = "complaints/staff/print/statistics.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        printed = _("Printed by %(who)s, %(when)s") % {
            "who": name_of(self.person),
            "when": minute_text(timezone.now(), today=self.today),
        }
        return {**super().get_context_data(**kwargs), **sheet(self.answer), "printed": printed}


class StatisticsItem(MenuItem):
    """The way to the page, for people who read tips."""

    def __init__(self) -> None:
        label = gettext_lazy("Statistics")
        super().__init__(label, reverse_lazy("statistics"), name="statistics", icon_name="table", order=56)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_tips(request.user)
