"""The first page of a payer: what waits to be paid and what is about to lapse."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from complaints.enums import ClaimState
from complaints.selectors.claims import claims_for

from .shown import claim_rows

MOST = 10


class PaymentsPanel(Component):
    """A payer's work in one panel; it takes the place of Wagtail's site summary and page search."""

    name = "payments"
    order = 16
    template_name = "complaints/staff/payments/home.html"
    replaces_summary = True

    class Media:
        css = {"all": ["desk/desk-pages.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        rows, today = claims_for(user=parent_context["request"].user), timezone.localdate()
        noticed = rows.filter(state=ClaimState.NOTICED, reminded_date__isnull=False)
        return {
            "to_pay": claim_rows(rows.filter(state=ClaimState.CLAIMED)[:MOST], today=today),
            "called_out": claim_rows(noticed[:MOST], today=today),
            "url": reverse("payments:index"),
        }
