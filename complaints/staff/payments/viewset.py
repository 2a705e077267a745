"""The addresses of payments below /admin/payments/, and their place in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from complaints.selectors.claims import may_see_payments

from ..reauth import recently_authenticated
from .batch_pages import BatchView, batch_file
from .ledger_pages import BudgetView, LedgerView, ReconcileView
from .pages import ActView, AskView, ClaimView, CounterView, QueueView


class PaymentsMenuItem(MenuItem):
    """Shown to payers and auditors."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_payments(user=request.user)


class PaymentsViewSet(ViewSet):
    """The payer's desk. Whatever moves money or asks for payment details wants password and code once more."""

    name = "payments"
    url_prefix = "payments"
    icon = "table"
    menu_label = _("Reward payments")
    menu_name = "payments"
    menu_order = 56
    menu_item_class = PaymentsMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", QueueView.as_view(), name="index"),
            path("collect/", QueueView.as_view(tab="collect"), name="collect"),
            path("paid/", QueueView.as_view(tab="paid"), name="paid"),
            path("ended/", QueueView.as_view(tab="ended"), name="ended"),
            path("reconcile/", ReconcileView.as_view(), name="reconcile"),
            path("batch/<int:office>/", recently_authenticated(BatchView.as_view()), name="batch"),
            path("batch/<int:office>/file/", recently_authenticated(batch_file), name="batch_file"),
            path("ledger/<int:office>/<int:year>/", LedgerView.as_view(), name="ledger"),
            path(
                "ledger/<int:office>/<int:year>/change/",
                recently_authenticated(BudgetView.as_view()),
                name="budget",
            ),
            path("<str:number>/", ClaimView.as_view(), name="claim"),
            path("<str:number>/act/", recently_authenticated(ActView.as_view()), name="act"),
            path("<str:number>/ask/", recently_authenticated(AskView.as_view()), name="ask"),
            path("<str:number>/counter/", recently_authenticated(CounterView.as_view()), name="counter"),
        ]


payments_viewset = PaymentsViewSet()
