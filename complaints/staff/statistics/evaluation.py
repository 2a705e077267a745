"""The page of the yearly evaluation: every unit within reach with its sheet, each line explained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView, View
from openpyxl import Workbook
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.enums import EvaluationLine
from complaints.rules.evaluation import LEAST_PLACED, EvaluatedLine, Evaluation
from complaints.rules.spans import Span, SpanKind, span_around
from complaints.selectors.evaluation import Evaluations, evaluations
from complaints.stats.frozen import first_day
from portal.shared.plain_cells import plain_cell

from .asked import NoSuchPeriod, asked_span
from .files import XLSX_TYPE
from .views import ForReaders

YEARS_BACK = 3
# What is divided by what.
LINE_WORDS = {
    EvaluationLine.ON_TIME: gettext_lazy("Concluded on time, of the tips concluded in the year."),
    EvaluationLine.WHISTLES: gettext_lazy(
        "Taken up in time, of the whistles raised in the year that can be judged."
    ),
    EvaluationLine.HAZARDS: gettext_lazy(
        "Found fulfilled at a re-check, whenever it was, of the orders decided in the year that are fulfilled or past "
        "their day."
    ),
    EvaluationLine.SATISFACTION: gettext_lazy("Points given, of five for each rating of the year."),
    EvaluationLine.OBJECTIONS: gettext_lazy("Answers upheld, of the reviews that ended in the year."),
    EvaluationLine.FILES: gettext_lazy(
        "Points of the scored case files of the year, of those their score sheets hold; files are the cases."
    ),
    EvaluationLine.CORRECTIONS: gettext_lazy(
        "Closed, of the corrections asked for in the reviews of the year's case files."
    ),
}


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """One line: what, the rate with its two numbers, the weight, the points; a dash where there is nothing.

    `note` says why a line with numbers does not count.
    """

    name: str
    rate: str
    numbers: str
    weight: int
    points: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ShownSheet:
    """One unit: its place among all units (empty under 20 concluded tips), its total, its lines, how many counted."""

    name: str
    place: str
    judged: str
    total: str
    concluded: int
    of: int
    lines: tuple[ShownLine, ...]


def shown_sheets(found: Evaluations) -> list[ShownSheet]:
    """Return the sheets in their order."""
    return [_sheet(one, name=found.names.get(one.key, one.key)) for one in found.sheets]


def _sheet(one: Evaluation, *, name: str) -> ShownSheet:
    return ShownSheet(
        name=name,
        place=str(one.place) if one.place else "",
        judged=_judged(one),
        total="—" if one.total is None else str(one.total),
        concluded=one.concluded,
        of=one.of,
        lines=tuple(_line(line) for line in one.lines),
    )


def _judged(one: Evaluation) -> str:
    """Return on how many lines a unit was judged, and for how many of the points."""
    numbers = {"n": one.judged, "all": len(one.lines), "of": one.of, "most": sum(x.weight for x in one.lines)}
    if one.judged == len(one.lines):
        return _("judged on all %(all)d lines") % numbers
    return _("judged on %(n)d of %(all)d lines, %(of)d of %(most)d points") % numbers


def _line(line: EvaluatedLine) -> ShownLine:
    rate, few = line.rate, _("fewer than %(n)d cases: left out") % {"n": LEAST_PLACED}
    return ShownLine(
        name=str(line.line.label),
        rate="—" if line.percent is None else f"{line.percent}%",
        numbers=f"{_plain(rate.part)} / {_plain(rate.whole)}" if rate and rate.whole else "—",
        weight=line.weight,
        points="—" if line.points is None else str(line.points),
        note=few if line.is_few else "",
    )


def _plain(number: Decimal) -> str:
    return f"{number:f}"


class OfYear(ForReaders):
    """The year asked for, this one unless told."""

    @cached_property
    def found(self) -> Evaluations:
        this = span_around(day=self.today, kind=SpanKind.YEAR)
        span = asked_span(self.request.GET.get("year", ""), usual=this, today=self.today)
        if span.kind != SpanKind.YEAR:
            raise NoSuchPeriod
        return evaluations(user=self.person, span=span, today=self.today)


class EvaluationView(OfYear, WagtailAdminTemplateMixin, TemplateView):
    """How units did in a year, each line explained."""

    template_name = "complaints/staff/figures/evaluation.html"
    page_title = gettext_lazy("Yearly evaluation of units")
    header_icon = "order"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        weights = self.found.weights
        return {
            **super().get_context_data(**kwargs),
            "year": self.found.span.code,
            "years": year_choices(chosen=self.found.span, today=self.today),
            "is_running": self.found.span.end >= self.today,
            "sheets": shown_sheets(self.found),
            "least": LEAST_PLACED,
            "placed": self.found.placed,
            "weights": [
                (str(line.label), weights.weights[line], LINE_WORDS[line]) for line in EvaluationLine
            ],
            "weights_source": weights.source,
        }


def year_choices(*, chosen: Span, today: date) -> list[str]:
    """Return the years since the first tip, at most three, the one that runs first; the chosen one is among them."""
    first = (first_day() or today).year
    years = {today.year - back for back in range(YEARS_BACK) if today.year - back >= first}
    return [str(year) for year in sorted(years | {chosen.year}, reverse=True)]


class EvaluationFileView(OfYear, View):
    """The same as XLSX: one row a unit, and every line."""

    def get(self, request: HttpRequest) -> HttpResponse:
        sheets = shown_sheets(self.found)
        book = Workbook(write_only=True)
        for title, rows in ((_("Units"), unit_rows(sheets)), (_("Line by line"), every_line(sheets))):
            sheet = book.create_sheet(title=title)
            for row in rows:
                sheet.append([plain_cell(cell) for cell in row])
        content = BytesIO()
        book.save(content)  # not the database: a workbook
        response = HttpResponse(content.getvalue(), content_type=XLSX_TYPE)
        name = f"evaluation-{self.found.span.code}.xlsx"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def unit_rows(sheets: Sequence[ShownSheet]) -> Iterable[Sequence[Any]]:
    """Yield one row for each unit."""
    yield [pgettext("in an order", "Place"), _("Unit"), _("Points of 100"), _("Concluded"), _("Judged on")]
    for one in sheets:
        yield [one.place, one.name, one.total, one.concluded, one.judged]


def every_line(sheets: Sequence[ShownSheet]) -> Iterable[Sequence[Any]]:
    """Yield every line of every sheet."""
    yield [
        _("Unit"),
        _("Line of the evaluation"),
        _("Rate"),
        pgettext("of a line", "Numbers"),
        _("Most points"),
        pgettext("of a score", "Points"),
        pgettext("of a line", "Note"),
    ]
    for one in sheets:
        for line in one.lines:
            yield [one.name, line.name, line.rate, line.numbers, line.weight, line.points, line.note]
