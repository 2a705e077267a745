"""The dashboard: numbers that lead to their lists, units side by side, alarms; all within one's units."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.models import Tip
from complaints.policies import may_read_tips, units_below
from complaints.rules.small_cells import LEAST_RANKED
from complaints.rules.spans import Span, SpanKind, span_around
from complaints.selectors import dashboard as selectors
from complaints.selectors.offices import names_of_offices
from complaints.staff.behind import behind
from complaints.stats.cells import DailySums, daily_sums
from complaints.stats.counting import By, Counts, Table
from complaints.stats.definitions import FIGURE, Figure
from complaints.stats.names import row_names, span_name
from complaints.stats.report import value_of

from .asked import Asked, period_choices, read_asked, unit_choices
from .drill import FROM_STATISTICS, LEADS_TO, ROWS_BY, list_url
from .tables import number_text
from .views import ForReaders

TOLD = ("received", "accepted", "concluded", "on_time_share", "hazards_removed", "objections", "whistles")
SIDE_BY_SIDE = ("received", "concluded", "on_time_share", "objections")
COUNTED = frozenset({*TOLD, *SIDE_BY_SIDE, "concluded", "on_time"})


@dataclass(frozen=True, kw_only=True)
class Told:
    """One number: what, how many, where its list is, a second line; `title` says what it counts."""

    code: str
    name: str
    title: str
    value: str
    url: str
    hint: str = ""
    is_bad: bool = False


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """One unit beside the others; `is_small` when its share rests on fewer than 20 concluded tips."""

    name: str
    cells: tuple[tuple[str, str], ...]
    is_small: bool


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One sentence and where to look."""

    words: str
    url: str


class ForDashboard(ForReaders):
    """What page and list share: period, unit, the units they come down to."""

    @cached_property
    def asked(self) -> Asked:
        query = self.request.GET.copy()
        query.pop("by", None)
        if not query.get("period"):
            query["period"] = span_around(day=self.today, kind=SpanKind.MONTH).code
        return read_asked(query=query, user=self.person, today=self.today)

    @cached_property
    def units(self) -> list[int] | None:
        unit = self.asked.unit_id
        if unit is not None and self.request.GET.get("only"):
            return [unit]  # a row of the comparison: without the units below, which have rows of their own
        return selectors.units_of(
            user=self.person, unit=unit, below=units_below(unit) if unit is not None else ()
        )

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def list_url(self, code: str, *, unit: int | None = None, number: str = "") -> str:
        """Return where the tips behind a number are listed."""
        wanted = unit if unit is not None else self.asked.unit_id
        return list_url(
            code=code, span=self.asked.span, unit=wanted or "", only=unit is not None, number=number
        )


class DashboardView(ForDashboard, WagtailAdminTemplateMixin, TemplateView):
    """How the work goes, for officers, leaders and the city alike: each within the own units."""

    template_name = "complaints/staff/figures/dashboard.html"
    page_title = gettext_lazy("Dashboard of the work")
    header_icon = "order"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]

    @cached_property
    def table(self) -> Table:
        span = self.asked.span
        return self.sums.count(first=span.start, last=span.end, units=self.units, by=By.UNIT, codes=COUNTED)

    @cached_property
    def month(self) -> Span:
        return span_around(day=self.today, kind=SpanKind.MONTH)

    @cached_property
    def sums(self) -> DailySums:
        span, before = self.asked.span, selectors.first_before(self.month)
        return daily_sums(first=min(span.start, before), last=max(span.end, self.month.end))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "periods": period_choices(chosen=self.asked.span, today=self.today),
            "units": unit_choices(user=self.person, chosen=self.asked.unit_id),
            "period_name": span_name(self.asked.span),
            "figures": [*self._figures(), *self._now()],
            "heads": [FIGURE[code] for code in SIDE_BY_SIDE],
            "rows": self._rows(),
            "alarms": self._alarms(),
            "is_running": self.asked.span.end >= self.today,
        }

    def _figures(self) -> list[Told]:
        return [self._told(FIGURE[code], counts=self.table.whole) for code in TOLD]

    def _told(self, figure: Figure, *, counts: Counts) -> Told:
        late = int(counts.get("concluded", 0)) - int(counts.get("on_time", 0))
        is_share = figure.code == "on_time_share"
        return Told(
            code=figure.code,
            name=str(figure.name),
            title=f"{figure.definition} {figure.basis}",
            value=number_text(value_of(figure=figure, counts=counts), unit=figure.unit),
            url=self.list_url(LEADS_TO.get(figure.code, figure.code)),
            hint=_late_words(counts) if is_share else "",
            is_bad=is_share and late > 0,
        )

    def _now(self) -> list[Told]:
        overdue, waiting, past = (
            self._many(code) for code in (selectors.OVERDUE, selectors.UNANSWERED, selectors.PAST_HOUR)
        )
        return [
            Told(
                code=selectors.OVERDUE,
                name=_("Overdue now"),
                title=_("Open tips whose last day was before today, whenever they came in."),
                value=f"{overdue:,}",
                url=self.list_url(selectors.OVERDUE),
                hint=_("still open, whatever the period"),
                is_bad=overdue > 0,
            ),
            Told(
                code=selectors.UNANSWERED,
                name=_("Whistles unanswered now"),
                title=_("Open whistles the called unit has not answered yet, in time or not."),
                value=f"{waiting:,}",
                url=self.list_url(selectors.UNANSWERED),
                hint=_("%(n)d past their hour") % {"n": past} if past else _("none past its hour"),
                is_bad=past > 0,
            ),
        ]

    def _many(self, code: str) -> int:
        tips = self.tips(code)
        return tips.count() if tips is not None else 0

    def tips(self, code: str) -> Any:
        """Return the tips behind what is so just now."""
        return selectors.tips_now(
            user=self.person, units=self.units, code=code, now=self.now, today=self.today
        )

    def _rows(self) -> list[UnitRow]:
        rows = self.table.rows
        names = names_of_offices(office_ids=[int(key) for key in rows if key])
        every = [
            self._row(int(key), name=names.get(int(key), key), counts=counts)
            for key, counts in rows.items()
            if key
        ]
        return [row for _place, row in sorted(every, key=lambda pair: pair[0])]

    def _row(self, unit: int, *, name: str, counts: Counts) -> tuple[tuple[bool, Decimal, int], UnitRow]:
        """Return a row with its place: those with enough concluded tips by share, the others after them by key."""
        share = value_of(figure=FIGURE["on_time_share"], counts=counts)
        is_small = counts.get("concluded", 0) < LEAST_RANKED
        cells = tuple(
            (
                number_text(value_of(figure=FIGURE[code], counts=counts), unit=FIGURE[code].unit),
                self.list_url(LEADS_TO.get(code, code), unit=unit),
            )
            for code in SIDE_BY_SIDE
        )
        place = (is_small, Decimal(0) if is_small else -Decimal(share or 0), unit)
        return place, UnitRow(name=name, cells=cells, is_small=is_small)

    def _alarms(self) -> list[Alarm]:
        at = selectors.thresholds_on(day=self.today)
        rising = selectors.rising_units(units=self.units, month=self.month, sums=self.sums, at=at)
        waiting = selectors.unanswered_by_unit(units=self.units, now=self.now, at=at)
        names = names_of_offices(office_ids=[*(one.unit_id for one in rising), *waiting])
        bursts = selectors.bursts(user=self.person, units=self.units, today=self.today, at=at)
        return [
            *(
                Alarm(
                    words=_(
                        "%(unit)s: %(now)d %% concluded late this month, %(before)d %% in the three months before."
                    )
                    % {"unit": names[one.unit_id], "now": one.now.percent, "before": one.before.percent},
                    url=self.list_url(selectors.LATE, unit=one.unit_id),
                )
                for one in rising
            ),
            *(
                Alarm(
                    words=_("%(unit)s: whistles unanswered past their hour: %(n)d.")
                    % {"unit": names[pk], "n": many},
                    url=self.list_url(selectors.PAST_HOUR),
                )
                for pk, many in waiting.items()
            ),
            *(
                Alarm(
                    words=_("%(name)s: %(n)d tips in %(days)d days, checked or not.")
                    % {"name": one.name, "n": one.recent, "days": at.burst_days},
                    url=self.list_url(selectors.BURST, number=one.number),
                )
                for one in bursts
            ),
        ]


class DashboardTipsView(ForDashboard, WagtailAdminTemplateMixin, TemplateView):
    """The tips behind one number of the dashboard."""

    template_name = "complaints/staff/figures/behind.html"
    page_title = gettext_lazy("Dashboard of the work")
    header_icon = "order"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        query = urlencode({"period": self.asked.span.code, "unit": self.asked.unit_id or ""})
        came_from = self.request.GET.get("source") == FROM_STATISTICS
        name, words = (
            ("statistics", _("Statistics")) if came_from else ("dashboard", _("Dashboard of the work"))
        )
        back = {"url": f"{reverse(name)}?{query}", "label": words}
        return [*self.breadcrumbs_items, back, {"url": "", "label": _("The tips behind it")}]

    @cached_property
    def row(self) -> tuple[By, str] | None:
        """The row of a split the list is narrowed to."""
        by, key = self.request.GET.get("by", ""), self.request.GET.get("row")
        if key is None or not key.isprintable() or by not in ROWS_BY:
            return None
        return By(by), key

    @cached_property
    def row_name(self) -> str:
        """What the row is called, nothing without one; raises Http404 where there is no such row."""
        if self.row is None:
            return ""
        by, key = self.row
        name = row_names(keys=[key], by=by)[key]
        if name == key:
            raise Http404
        return name

    def listed(self, code: str) -> "QuerySet[Tip]":
        """Return the tips of the list; raises Http404 where there is no such list."""
        if code in selectors.NOW:
            number = self.request.GET.get("key", "")
            found = selectors.tips_now(
                user=self.person, units=self.units, code=code, now=self.now, today=self.today, number=number
            )
        else:
            found = selectors.counted_tips(
                user=self.person, span=self.asked.span, units=self.units, code=code, row=self.row
            )
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.request.GET.get("figure", "")
        is_now = code in selectors.NOW
        figure = partial(selectors.number_of, span=self.asked.span, units=self.units, code=code)
        return {
            **super().get_context_data(**kwargs),
            "heading": " · ".join([_figure_name(code), *self._where(), self._when(is_now=is_now)]),
            "list": behind(
                tips=self.listed(code),
                user=self.person,
                asked=self.request.GET,
                now=self.now,
                figure=None if is_now or self.row else figure,
            ),
            "query": self._query(),
            "note": ""
            if is_now
            else _("A tip with two records of the kind is counted twice and listed once."),
        }

    def _where(self) -> list[str]:
        unit = self.asked.unit_id
        where = names_of_offices(office_ids=[unit])[unit] if unit is not None else _("All my units")
        return [where, self.row_name] if self.row_name else [where]

    def _when(self, *, is_now: bool) -> str:
        return pgettext("of a figure", "just now") if is_now else span_name(self.asked.span)

    def _query(self) -> str:
        """Return what the next pages of the list ask for again."""
        asked = {"period": self.asked.span.code, "unit": self.asked.unit_id or ""}
        kept = ("figure", "key", "only", "by", "row", "source")
        return urlencode(
            asked | {name: self.request.GET[name] for name in kept if self.request.GET.get(name)}
        )


def _late_words(counts: Counts) -> str:
    """Return how many of the concluded ones were late: those still open stand beside, in a number of their own."""
    concluded = int(counts.get("concluded", 0))
    late = concluded - int(counts.get("on_time", 0))
    if not concluded:
        return _("nothing concluded in the period")
    if late:
        return _("%(n)d of those concluded in the period were late: see which") % {"n": late}
    return _("of those concluded in the period none was late")


def _figure_name(code: str) -> str:
    """Return what a number is called."""
    own = {
        selectors.LATE: _("Concluded late"),
        selectors.OVERDUE: _("Overdue now"),
        selectors.UNANSWERED: _("Whistles unanswered now"),
        selectors.PAST_HOUR: pgettext("figure", "Whistles unanswered past their hour"),
        selectors.BURST: _("Many tips at once about one entity"),
    }
    return own[code] if code in own else str(FIGURE[code].name) if code in FIGURE else code


class DashboardItem(MenuItem):
    """The way to the page, for people who read tips."""

    def __init__(self) -> None:
        label = gettext_lazy("Dashboard of the work")
        super().__init__(label, reverse_lazy("dashboard"), name="dashboard", icon_name="order", order=55)

    def is_shown(self, request: Any) -> bool:
        return may_read_tips(request.user)
