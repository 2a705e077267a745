"""The pages of where to look next: ranking, paper, files, and the list behind each line."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.enums import AttentionLine, Subject, Uncounted
from complaints.policies import may_read_tips
from complaints.rules.spans import Span, SpanKind, span_around
from complaints.selectors.attention import LINES, UNCOUNTED
from complaints.services.attention import MOST, Ranking, ranking, subject_name, tips_behind
from complaints.staff.behind import behind
from complaints.staff.statistics.asked import asked_span, period_choices
from complaints.staff.statistics.files import XLSX_TYPE
from complaints.staff.statistics.views import ForReaders
from complaints.staff.story import minute_text, name_of
from complaints.stats.names import span_name

from . import files
from .shown import line_name, shown_rows


class ForLookers(ForReaders):
    """What the pages of the ranking share: the period and the subject asked for."""

    @cached_property
    def span(self) -> Span:
        this = span_around(day=self.today, kind=SpanKind.YEAR)
        return asked_span(self.request.GET.get("period", ""), usual=this, today=self.today)

    @cached_property
    def subject(self) -> Subject:
        try:
            return Subject(self.request.GET.get("of", Subject.ENTERPRISE.value))
        except ValueError as error:
            raise Http404 from error

    @cached_property
    def found(self) -> Ranking:
        return ranking(user=self.person, span=self.span, subject=self.subject, today=self.today)

    @property
    def query(self) -> str:
        return urlencode({"period": self.span.code, "of": self.subject.value})


class AttentionView(ForLookers, WagtailAdminTemplateMixin, TemplateView):
    """The ranking of enterprises, industries or towns, each score explained line by line."""

    template_name = "complaints/staff/figures/attention.html"
    page_title = gettext_lazy("Where to look next")
    header_icon = "view"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **sheet(self.found),
            "periods": period_choices(chosen=self.span, today=self.today),
            "subjects": [(one.value, one.label, one == self.subject) for one in Subject],
            "query": self.query,
        }


def sheet(found: Ranking) -> dict[str, Any]:
    """Return what page and paper show of a ranking."""
    return {
        "rows": shown_rows(found),
        "weights": files.weight_rows(found),
        "weights_source": found.weights.source,
        "period_name": span_name(found.span),
        "subject_name": found.subject.label,
        "more": found.more,
        "most": MOST,
    }


class AttentionPrintView(ForLookers, TemplateView):
    """The ranking on paper, as a proposal for plans of inspection."""

    template_name = "complaints/staff/print/attention.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {"who": name_of(self.person), "when": minute_text(timezone.now(), today=self.today)}
        printed = _("Printed by %(who)s, %(when)s") % said
        return {**super().get_context_data(**kwargs), **sheet(self.found), "printed": printed}


class AttentionFileView(ForLookers, View):
    """The proposal as a file: XLSX or CSV."""

    def get(self, request: HttpRequest, *, kind: str) -> HttpResponse:
        if kind == "xlsx":
            response = HttpResponse(files.workbook(self.found), content_type=XLSX_TYPE)
        else:
            response = HttpResponse(files.table(self.found), content_type="text/csv; charset=utf-8")
        name = f"where-to-look-{self.span.code}-{self.subject.value}.{kind}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class AttentionTipsView(ForLookers, WagtailAdminTemplateMixin, TemplateView):
    """The tips behind one line of one score."""

    template_name = "complaints/staff/figures/behind.html"
    page_title = gettext_lazy("Where to look next")
    header_icon = "view"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        back = {"url": f"{reverse('attention')}?{self.query}", "label": _("Where to look next")}
        return [*self.breadcrumbs_items, back, {"url": "", "label": _("The tips behind it")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key, line = self.request.GET.get("key", ""), self.request.GET.get("line", "")
        words = line_name(line)
        if words is None:
            raise Http404
        conditions = {
            **{one.value: LINES[one] for one in LINES},
            **{one.value: UNCOUNTED[one] for one in UNCOUNTED},
        }
        tips = tips_behind(
            user=self.person, span=self.span, subject=self.subject, key=key, condition=conditions[line]
        )
        if tips is None:
            raise Http404
        name = subject_name(user=self.person, subject=self.subject, key=key)
        asked = urlencode({"period": self.span.code, "of": self.subject.value, "key": key, "line": line})
        return {
            **super().get_context_data(**kwargs),
            "heading": " · ".join([name, words, span_name(self.span)]),
            "list": behind(tips=tips, user=self.person, asked=self.request.GET, now=timezone.now()),
            "query": asked,
            "note": _not_counted(line),
        }


def _not_counted(line: str) -> str:
    if line in Uncounted.values:
        return _("These tips give no points.")
    if line == AttentionLine.REPEAT.value:
        return _("All matters of the entity: every one after the first counts as repeat.")
    return ""


class AttentionItem(MenuItem):
    """The way to the page, for people who read tips."""

    def __init__(self) -> None:
        label = gettext_lazy("Where to look next")
        super().__init__(label, reverse_lazy("attention"), name="attention", icon_name="view", order=57)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_tips(request.user)
