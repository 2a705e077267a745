"""启封申请: the list of requests that are a person's business."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.views.generic import IndexView

from complaints.models import UnsealRequest
from complaints.policies import may_see_requests
from complaints.selectors.custody import as_of, open_acts, requests_for, seen_tips, year_counts

from .unseal_gate import turned_away
from .unseal_words import request_rows


class RequestPaginator(WagtailPaginator):
    """Says how many there are in the words of the trade."""

    @cached_property
    def items_count_label(self) -> str:
        return ngettext("%(n)d request in all", "%(n)d requests in all", self.count) % {"n": self.count}


class RequestColumn(Column):
    """A column drawn by its own template from the row, not from the model."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.cell_template_name = f"complaints/staff/unseal/{name}.html"


class RequestTable(Table):
    """The table says what it holds."""

    def get_caption(self) -> str:
        return _("Requests for opening, the newest first")


class RequestsView(IndexView):
    """The requests a person made, decides on, opens or audits; nobody else finds the list."""

    model = UnsealRequest
    template_name = "complaints/staff/unseal/list.html"
    page_title = gettext_lazy("Requests for opening")
    header_icon = "key"
    index_url_name = "unseal:index"
    index_results_url_name = "unseal:index_results"
    table_class = RequestTable
    table_classname = "listing as-requests"
    paginator_class = RequestPaginator
    paginate_by: int | None = 25
    default_ordering = "-pk"
    # Who finds the list is asked below; Wagtail's permissions on models say nothing about it.
    any_permission_required = None
    is_searchable = False
    columns = [
        RequestColumn("cell_request", label=gettext_lazy("Request"), classname="as-c-title"),
        RequestColumn("cell_purpose", label=gettext_lazy("Purpose and reason"), classname="as-why"),
        RequestColumn("cell_asker", label=gettext_lazy("Asker")),
        RequestColumn("cell_ends", label=gettext_lazy("Approval and opening")),
        RequestColumn("cell_state", label=gettext_lazy("Status"), classname="as-c-state"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "export" in request.GET or not may_see_requests(request.user):
            turned_away(user=request.user)  # type: ignore[arg-type]  # behind Wagtail's own sign-in
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def get_base_queryset(self) -> "QuerySet[UnsealRequest]":
        return requests_for(user=self.request.user)

    def order_queryset(self, queryset: "QuerySet[UnsealRequest]") -> "QuerySet[UnsealRequest]":
        return queryset.order_by("-pk")

    def get_table(self, object_list: "Page[UnsealRequest]") -> Table:
        user, rows = self.request.user, [as_of(row, now=self.now) for row in object_list]
        return super().get_table(
            request_rows(
                rows=rows,
                user=user,
                seen=seen_tips(user=user, rows=rows),
                acts=open_acts(user=user, rows=rows, now=self.now),
                now=self.now,
            )
        )

    def get_add_url(self) -> None:
        return None

    def get_index_url(self) -> str:
        return reverse("unseal:index")

    @cached_property
    def no_results_message(self) -> str:
        return _("Nobody has asked for anything. That is a good sign.")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["counts"] = year_counts(user=self.request.user, now=self.now)
        return context
