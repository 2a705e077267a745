"""The ledger of a unit and year with its budget, adding money and correcting it; and the reconciliation report."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages as notices

from complaints.enums import LedgerAccount
from complaints.errors import ComplaintError, DraftInvalid
from complaints.models import Office
from complaints.models.reward import from_cents
from complaints.policies import audited_offices, may_audit
from complaints.selectors.ledger import budget_for, ledger_lines
from complaints.selectors.reconciliation import BudgetLine, reconcile
from complaints.selectors.reward_words import yuan
from complaints.services.ledger import FIRST_YEAR, LAST_YEAR, appropriate, take_back

from ..acts.forms import Typed
from ..reward_shown import budget_shown
from ..steps import StepField
from ..story import minute_text, name_of
from .page import PaymentsPage
from .shown import claim_url

PER_PAGE = 50


class LedgerView(PaymentsPage):
    """Every movement of the budget of one unit and year, with what was free after it."""

    template_name = "complaints/staff/payments/ledger.html"
    http_method_names = ["get", "head"]
    office: Office
    year: int

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.office, self.year = self.office_or_404(kwargs["office"]), kwargs["year"]
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Ledger %(year)d") % {"year": self.year}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        budget = budget_for(office_id=self.office.pk, year=self.year)
        lines = ledger_lines(budget=budget) if budget else []
        page = Paginator(lines, PER_PAGE).get_page(self.request.GET.get("p"))
        count = page.paginator.count
        return {
            **super().get_context_data(**kwargs),
            "office": self.office,
            "budget": budget_shown(budget, year=self.year),
            "rows": [
                {
                    "when": minute_text(line.taken_at, today=self.today),
                    "number": line.number,
                    "url": claim_url(line.number) if line.has_claim else "",
                    "act": line.act.label,
                    "amount": yuan(from_cents(line.cents)),
                    "reserved": _signed(line.reserved),
                    "paid": _signed(line.paid),
                    "free": yuan(from_cents(line.free)),
                    "who": name_of(line.actor) if line.actor else _("by itself"),
                }
                for line in page
            ],
            "page_obj": page,
            "counted": ngettext("%(n)d movement", "%(n)d movements", count) % {"n": count},
            "years": [(self._url(year), year) for year in (self.year - 1, self.year + 1)],
            "may_change": self.office.pk in self.paid_for,
            "change_url": reverse("payments:budget", args=[self.office.pk, self.year]),
            **self.forms(Typed(action="")),
        }

    def _url(self, year: int) -> str:
        return reverse("payments:ledger", args=[self.office.pk, year])

    def forms(self, typed: Typed) -> dict[str, Any]:
        """Return the field of the two acts on the budget."""
        field = StepField(
            name="amount",
            label=_("Amount (yuan)"),
            hint=_("A correction takes back only what is still free."),
            is_required=True,
            kind="number",
            value=typed.values.get("amount", ""),
            error=typed.error("amount"),
            longest=16,
        )
        return {"amount": field, "is_open": bool(typed.action)}


def _signed(cents: int) -> str:
    if not cents:
        return ""
    sign = "" if cents > 0 else "\u2212"
    return sign + yuan(from_cents(abs(cents)))


class BudgetView(LedgerView):
    """Money is added and corrected by the payer of the unit; the password comes first."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act, typed = request.POST.get("act", ""), request.POST.get("amount", "")[:16]
        if act not in ACTS:
            raise Http404
        try:
            self._move(act, typed, at=timezone.now())
        except ComplaintError as error:
            problems = error.problems if isinstance(error, DraftInvalid) else ()
            fault = "" if problems else str(error.public_message)
            form = self.forms(Typed(action=act, values={"amount": typed}, problems=problems))
            return self.page(status=error.status, fault=fault, **form)
        notices.success(request, str(DONE[act]))
        return HttpResponseRedirect(self._url(self.year))

    def _move(self, act: str, typed: str, *, at: datetime) -> None:
        ACTS[act](office_id=self.office.pk, year=self.year, amount=_amount(typed), actor=self.user, at=at)


ACTS = {"appropriate": appropriate, "take_back": take_back}
DONE = {
    "appropriate": gettext_lazy("Added to the budget."),
    "take_back": gettext_lazy("Corrected by an entry against it."),
}


def _amount(typed: str) -> Decimal:
    """Return yuan as typed, with or without thousands; something that is no amount is refused as not a number."""
    try:
        return Decimal(typed.replace(",", "").replace("，", "").strip() or "NaN")
    except InvalidOperation:
        return Decimal("NaN")


class ReconcileView(PaymentsPage):
    """对账: ledger, states and audit log side by side."""

    template_name = "complaints/staff/payments/reconcile.html"
    page_title = gettext_lazy("Reconciliation")
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_whole = may_audit(self.user) and audited_offices(self.user) is None
        found = reconcile(offices=None if is_whole else [one.pk for one in self.offices])
        return {
            **super().get_context_data(**kwargs),
            "found": found,
            "at": minute_text(timezone.now(), today=self.today),
            "budgets": [_budget_row(line) for line in found.budgets],
            "differences": [(one.subject, one.fault.label) for one in found.differences],
        }


def _budget_row(line: BudgetLine) -> dict[str, Any]:
    shown = {
        account.value: yuan(from_cents(abs(cents)))
        for account, cents in line.accounts.items()
        if account != LedgerAccount.AVAILABLE
    }
    return {
        **shown,
        "unit": line.budget.office.name,
        "year": line.budget.year,
        "url": reverse("payments:ledger", args=[line.budget.office_id, line.budget.year]),
        "free": yuan(line.budget.available_amount),
        "agrees": line.agrees,
    }
