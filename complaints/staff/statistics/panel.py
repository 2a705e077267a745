"""Two charts on the first page of the back office: what came in and went out, and how much of it on time."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from complaints.policies import READING_ROLES, scope_of
from complaints.rules.percents import whole_percent
from complaints.rules.spans import SpanKind, span_around
from complaints.stats.names import month_name, span_name
from complaints.stats.report import Month, months

from .charts import chart

# Counting a year of a large city takes longer than a first page may: it is done once an hour for each reach.
KEPT_SECONDS = 3600
WIDTH, HEIGHT = 560, 240


class ChartsPanel(Component):
    """Twelve months up to now within one's units."""

    name = "charts"
    order = 30
    template_name = "complaints/staff/statistics_panel.html"

    class Media:
        css = {"all": ["desk/desk-pages.css", "desk/statistics.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        row = kept_months(user=parent_context["request"].user, today=timezone.localdate())
        labels = [month_name(month.span) for month in row]
        received, concluded = ([getattr(one, name) for one in row] for name in ("received", "concluded"))
        return {
            "months": [(span_name(one.span), one.received, one.concluded, share_of(one)) for one in row],
            "counts": chart(labels=labels, bars=received, line=concluded, width=WIDTH, height=HEIGHT),
            "shares": chart(labels=labels, bars=[share_of(one) for one in row], width=WIDTH, height=HEIGHT),
            "url": reverse("statistics"),
        }


def share_of(month: Month) -> int | None:
    """Return how much was concluded on time, in whole percent; None when nothing was concluded."""
    return whole_percent(month.on_time, month.concluded)


def kept_months(*, user: User, today: date) -> tuple[Month, ...]:
    """Return the twelve months up to today within the person's units, at most an hour old; counts alone are kept."""
    scope = scope_of(user)
    units = None if scope.reads_all else sorted(scope.offices_with(READING_ROLES))
    reach = sha256(repr(units).encode()).hexdigest()[:32]
    key = f"months:{today.isoformat()}:{reach}"
    found: tuple[Month, ...] | None = cache.get(key)
    if found is None:
        found = months(span=span_around(day=today, kind=SpanKind.MONTH), units=units)
        cache.set(key, found, timeout=KEPT_SECONDS)
    return found
