"""The inbox: Wagtail's listing with our tabs, columns and order."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Column, Table
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from complaints.models import Tip
from complaints.policies import may_enter_tips, may_read_tips
from complaints.selectors.inbox import (
    COUNT_BOUND,
    Count,
    InboxCounts,
    Tab,
    bounded,
    in_order,
    inbox_counts,
    inbox_tips,
    listed_keys,
    tab_filter,
)
from complaints.selectors.parts import INBOX_ORDER
from complaints.selectors.search import Found, find
from complaints.selectors.tips import NEWEST_FIRST

from .filters import InboxFilterSet
from .find import PIECE, FindForm
from .rows import InboxRow, inbox_rows


class TipPaginator(WagtailPaginator):
    """Leafs through keys found before, and reads the rows of one page only.

    Says how many there are in the words of the trade; keys end one beyond COUNT_BOUND. `rows` are those of the whole
    scope: what a tab or a filter asks was answered with the keys, and asking again costs as much as the first time.
    """

    def __init__(
        self,
        tips: "QuerySet[Tip]",
        per_page: int,
        *,
        keys: Sequence[int],
        rows: "QuerySet[Tip]",
        **kwargs: Any,
    ) -> None:
        super().__init__(tips, per_page, **kwargs)
        self.keys = keys
        self.rows = rows

    @property
    def found(self) -> Count:
        return bounded(len(self.keys))

    @cached_property
    def count(self) -> int:
        return self.found.number

    def page(self, number: int | str) -> Page[Tip]:
        chosen = int(self.validate_number(number))
        end = min(chosen * self.per_page, self.count)
        rows = in_order(tips=self.rows, keys=self.keys[(chosen - 1) * self.per_page : end])
        page: Page[Tip] = self._get_page(rows, chosen, self)
        return page

    @cached_property
    def items_count_label(self) -> str:
        if self.found.is_more:
            return _("more than %(n)d tips") % {"n": self.count}
        return ngettext("%(n)d tip in all", "%(n)d tips in all", self.count) % {"n": self.count}


class TipColumn(Column):
    """A column drawn by its own template from the row, not from the model."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.cell_template_name = f"complaints/staff/cells/{name}.html"


class TipTable(Table):
    """Rows that tell whether somebody must still look at them."""

    def get_row_classname(self, row: InboxRow) -> str:
        return "as-unread" if row.is_unread else ""

    def get_row_attrs(self, row: InboxRow) -> dict[str, str]:
        return {**super().get_row_attrs(row), "data-as-rows-target": "row"}

    def get_caption(self) -> str:
        return _("Tips, what is due first comes first")


_COLUMNS = (
    TipColumn("photo", label=gettext_lazy("Photo"), classname="as-c-photo"),
    TipColumn("title", label=gettext_lazy("Tip"), classname="as-c-title", sort_key="number"),
    TipColumn("kind", label=gettext_lazy("Type"), classname="as-c-kind", sort_key="kind"),
    TipColumn("place", label=gettext_lazy("District and town"), classname="as-c-place", sort_key="district"),
    TipColumn("state", label=gettext_lazy("Status"), classname="as-c-state", sort_key="status"),
    TipColumn("clock", label=gettext_lazy("Due"), classname="as-c-clock", sort_key="due_date"),
    TipColumn("handler", label=gettext_lazy("Officer"), classname="as-c-who", sort_key="handler__first_name"),
)


class InboxView(IndexView):
    """One tab of the inbox; the whole page, or only its rows after a filter."""

    model = Tip
    tab = Tab.UNIT
    template_name = "complaints/staff/inbox.html"
    results_template_name = "complaints/staff/inbox_results.html"
    page_title = gettext_lazy("Inbox")
    header_icon = "mail"
    table_class = TipTable
    table_classname = "listing as-inbox"
    paginator_class = TipPaginator
    paginate_by: int | None = 25
    default_ordering = "due_date"
    filterset_class = InboxFilterSet
    is_searchable = True
    search_kwarg = PIECE
    found: Found | None = None

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """People who only read have nothing to tick."""
        ticks = [BulkActionsCheckboxColumn("bulk", obj_type="tip")] if self.handles else []
        return [*ticks, *_COLUMNS]

    @cached_property
    def handles(self) -> bool:
        return may_enter_tips(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        enter = HeaderButton(
            _("Enter a call or visit"), url=reverse("tips:new"), icon_name="plus", priority=10
        )
        here = {"data-controller": "as-here", "data-action": "as-here#follow"}
        shown = HeaderButton(
            _("Map"), url=map_url(self.tab), icon_name="site", icon_only=True, priority=20, attrs=here
        )
        return [enter, shown] if self.handles else [shown]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_tips(request.user) or "export" in request.GET:
            raise Http404
        if "tab" in kwargs:
            self.tab = _tab(kwargs["tab"])
        if "q" in request.GET:
            # Words to find are posted (ADR 28). Whatever brought them here, the address does not keep them.
            return HttpResponseRedirect(reverse("tips:index"))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @cached_property
    def counts(self) -> InboxCounts:
        return inbox_counts(user=self.request.user, now=self.now, tabs=shown_tabs(current=self.tab))

    def get_search_form(self) -> FindForm:
        return FindForm(user=self.request.user, sealed=self.request.GET.get(PIECE))

    def get_base_queryset(self) -> "QuerySet[Tip]":
        tips = inbox_tips(user=self.request.user)
        if self.is_searching:
            return tips
        return tips.filter(tab_filter(tab=self.tab, user=self.request.user, now=self.now))

    def order_queryset(self, queryset: "QuerySet[Tip]") -> "QuerySet[Tip]":
        """Order as asked; all tips there ever were come newest first, whatever is asked."""
        if self.tab == Tab.ALL or self.is_searching:
            return queryset.order_by(*NEWEST_FIRST)
        if self.ordering == "due_date":
            return queryset.order_by(*INBOX_ORDER)
        if self.ordering.lstrip("-") == "number":  # no two are alike: an index serves the order alone
            return queryset.order_by(self.ordering)
        return queryset.order_by(self.ordering, *INBOX_ORDER)

    def search_queryset(self, queryset: "QuerySet[Tip]") -> "QuerySet[Tip]":
        """Find by number, or by words in the newest tips of the scope and the filters: content is encrypted."""
        if self.is_searching:
            user = self.request.user
            self.found = find(tips=queryset, user=user, typed=self.search_query, today=self.today)
            return queryset.filter(self.found.condition)
        return queryset

    def get_paginator(self, queryset: "QuerySet[Tip]", per_page: int, **kwargs: Any) -> TipPaginator:
        rows = inbox_tips(user=self.request.user)
        return TipPaginator(queryset, per_page, keys=self._keys(queryset), rows=rows, **kwargs)

    def _keys(self, tips: "QuerySet[Tip]") -> list[int]:
        """Return what can be leafed through, in order: one more than is counted; filters reach the others."""
        most = COUNT_BOUND + 1
        if self.is_searching or self.is_sorted:
            return list(tips.select_related(None).values_list("pk", flat=True)[:most])
        return listed_keys(tips=tips, user=self.request.user, tab=self.tab, most=most)

    @property
    def is_sorted(self) -> bool:
        """Whether the person asked for an order of their own; all tips there ever were come newest first."""
        return self.tab != Tab.ALL and self.ordering != "due_date"

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(), "today": self.today}

    def get_table(self, object_list: "Page[Tip]") -> Table:
        return super().get_table(inbox_rows(tips=object_list, user=self.request.user, now=self.now))

    def get_index_url(self) -> str:
        return tab_url(self.tab)

    def get_index_results_url(self) -> str:
        if self.tab == Tab.UNIT:
            return reverse("tips:index_results")
        return reverse("tips:view_results", args=[self.tab.value])

    def get_add_url(self) -> None:
        return None

    @cached_property
    def no_results_message(self) -> str:
        if self.is_searching:
            return _("No tip fits these words.") + self.search_note
        if self.is_filtering:
            return _("No tip fits these filters.")
        return _("Nothing here. That is a good sign.")

    @property
    def search_note(self) -> str:
        """What the search did not look at."""
        if self.found is None:
            return ""
        tips = _(
            "The newest %(n)d were searched, because the words are encrypted. Filters or the number reach older ones."
        ) % {"n": self.found.searched}
        lines = _("Not everything said on them was read: narrow the search with filters.")
        notes = [(self.found.is_bounded, tips), (self.found.lines_left_out, lines)]
        return "".join(f" {words}" for holds, words in notes if holds)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["search_note"] = self.search_note
        context["handles"] = self.handles
        context["tabs"] = [] if self.results_only else inbox_tabs(current=self.tab, counts=self.counts)
        return context


def tab_url(tab: Tab) -> str:
    """Return the address of a tab; the unit's own is the inbox itself."""
    return reverse("tips:index") if tab == Tab.UNIT else reverse("tips:view", args=[tab.value])


def map_url(tab: Tab) -> str:
    """Return the address of a tab as a map."""
    return reverse("tips:map") if tab == Tab.UNIT else reverse("tips:view_map", args=[tab.value])


# Reached from the first page alone; shown while one is there.
_BESIDE = frozenset({Tab.WAITING, Tab.SIGNING, Tab.RECTIFY, Tab.REFERRALS})


def shown_tabs(*, current: Tab) -> list[Tab]:
    """Return the tabs a page of the inbox shows and therefore counts."""
    return [tab for tab in Tab if tab not in _BESIDE or tab == current]


def inbox_tabs(
    *, current: Tab, counts: InboxCounts, url_of: Callable[[Tab], str] = tab_url
) -> list[dict[str, Any]]:
    """Return the tabs with their counters and addresses; late ones are hot."""
    named = [
        (Tab.MINE, _("Mine"), False),
        (Tab.UNIT, _("My unit"), False),
        (Tab.DUE_TODAY, _("Due today"), True),
        (Tab.OVERDUE, _("Overdue"), True),
        (Tab.WHISTLES, _("Whistles"), False),
        (Tab.SUPERVISED, _("Supervised"), False),
        (Tab.MESSAGES, _("New messages"), False),
        (Tab.ALL, _("All"), False),
    ]
    # What is another body's is shown while there is any.
    beside = [
        (Tab.FOREIGN, _("To be passed on"), True),
        (Tab.WAITING, _("To be decided"), False),
        (Tab.SIGNING, _("To be signed"), False),
        (Tab.RECTIFY, _("Re-check overdue"), True),
        (Tab.REFERRALS, _("Referral overdue"), True),
    ]
    shown = {current} | ({Tab.FOREIGN} if counts[Tab.FOREIGN] else set())
    return [
        {
            "url": url_of(tab),
            "label": label,
            "count": counts[tab],
            "is_on": tab == current,
            "is_hot": hot and counts[tab],
            "key": f"g {key}" if key <= len(named) else "",
        }
        for key, (tab, label, hot) in enumerate(
            [*named, *(one for one in beside if one[0] in shown)], start=1
        )
    ]


def _tab(name: str) -> Tab:
    try:
        return Tab(name)
    except ValueError:
        raise Http404 from None
