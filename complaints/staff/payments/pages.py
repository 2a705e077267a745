"""The payer's queue, the page of one reward, and paying at the counter."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin import messages as notices

from complaints.enums import ClaimAct, ClaimState, UnsealPurpose, UnsealTarget
from complaints.errors import ComplaintError, DraftInvalid
from complaints.models import RewardClaim, UnsealRequest
from complaints.rules.claims import TABLE
from complaints.selectors import claims as selectors
from complaints.selectors.reward_words import yuan
from complaints.services import custody
from complaints.services.payments import pay, pay_at_counter, unpay, void_code
from complaints.services.unseal_expiry import expire

from ..acts.forms import Typed
from ..clockface import day_text
from ..reward_shown import budget_shown
from ..steps import StepField
from ..tip_facts import Fact
from ..unseal_words import chip_of as request_chip
from ..unseal_words import request_url
from . import shown
from .page import PaymentsPage

PER_PAGE = 25
TABS = {
    "pay": ((ClaimState.CLAIMED,), gettext_lazy("To be paid")),
    "collect": ((ClaimState.NOTICED,), gettext_lazy("To be collected")),
    "paid": ((ClaimState.PAID,), pgettext_lazy("reward", "Paid")),
    "ended": ((ClaimState.FORFEITED, ClaimState.RELEASED), gettext_lazy("Lapsed or taken back")),
}


class QueueView(PaymentsPage):
    """奖励发放: what waits to be paid, and everything else by its state."""

    template_name = "complaints/staff/payments/queue.html"
    page_title = gettext_lazy("Reward payments")
    tab = "pay"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        states, _label = TABS[self.tab]
        rows = selectors.claims_for(user=self.user).filter(state__in=states)
        rows = rows if self.tab in ("pay", "collect") else rows.order_by("-pk")
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        count = page.paginator.count
        return {
            **super().get_context_data(**kwargs),
            "tabs": [
                (reverse(f"payments:{_view_of(name)}"), label, name == self.tab)
                for name, (_s, label) in TABS.items()
            ],
            "tab": self.tab,
            "rows": shown.claim_rows(page, today=self.today),
            "page_obj": page,
            "counted": ngettext("%(n)d in all", "%(n)d in all", count) % {"n": count},
            "batches": [
                (one.name, reverse("payments:batch", args=[one.pk]))
                for one in self.offices
                if one.pk in self.paid_for
            ],
            "ledgers": [
                (one.name, reverse("payments:ledger", args=[one.pk, self.today.year])) for one in self.offices
            ],
            "several": len(self.offices) > 1,
        }


def _view_of(tab: str) -> str:
    return "index" if tab == "pay" else tab


class ClaimPage(PaymentsPage):
    """One reward of a unit of this person's business; of any other unit it is not there."""

    claim: RewardClaim

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = selectors.claims_for(user=request.user).filter(assessment__number=kwargs["number"]).first()
        if found is None:
            raise Http404
        self.claim = found
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.claim.assessment.number

    @property
    def number(self) -> str:
        return self.claim.assessment.number

    def may(self, act: ClaimAct) -> bool:
        """Whether this person may take an act now: a payer of the unit who had no other part in the reward."""
        row = self.claim.assessment
        is_third = self.user.pk not in (row.proposer_id, row.approver_id)
        return row.office_id in self.paid_for and is_third and self.claim.get_state() in TABLE[act]

    def back(self, told: str) -> HttpResponse:
        """Return to the page of the reward with a word of confirmation."""
        notices.success(self.request, told)
        return HttpResponseRedirect(shown.claim_url(self.number))

    def refused(self, error: ComplaintError, *, act: str, values: dict[str, str]) -> HttpResponse:
        """Return the page as things are now, saying why nothing was done."""
        problems = error.problems if isinstance(error, DraftInvalid) else ()
        fault = "" if problems else str(error.public_message)
        rows = selectors.claims_for(user=self.user)
        self.claim = rows.get(assessment__number=self.number)
        typed = Typed(action=act, values=values, problems=problems)
        return self.page(status=error.status, fault=fault, **self.forms(typed))

    def forms(self, typed: Typed) -> dict[str, Any]:
        """Return the fields of the acts, with what was typed and refused."""
        return {
            "opened": typed.action,
            "unpay_reason": _words("reason", _("Why the payment is undone"), typed, act="unpay"),
            "void_reason": _words("reason", _("Why the code is made void"), typed, act="void"),
            "ask_reason": _words("reason", _("Why the details are needed"), typed, act="ask"),
        }


def _words(name: str, label: str, typed: Typed, *, act: str) -> StepField:
    is_this = typed.action == act
    return StepField(
        name=name,
        label=label,
        hint="",
        is_required=True,
        value=typed.values.get(name, "") if is_this else "",
        error=typed.error(name) if is_this else "",
        rows=3,
    )


class ClaimView(ClaimPage):
    """Where a reward stands and what the payer does next."""

    template_name = "complaints/staff/payments/claim.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim = self.claim
        opening = selectors.newest_opening(claim=claim, user=self.user)
        return {
            **super().get_context_data(**kwargs),
            "claim": claim,
            "row": claim.assessment,
            "chip": shown.chip_of(claim),
            "amount": yuan(claim.assessment.proposed_amount),
            "facts": self._facts(),
            "people": shown.people_of(claim),
            "entries": shown.history(list(claim.steps.select_related("actor")), today=self.today),
            "budget": budget_shown(claim.budget, year=claim.budget.year),
            "ledger_url": reverse("payments:ledger", args=[claim.assessment.office_id, claim.budget.year]),
            "opening": opening,
            "opening_chip": request_chip(opening) if opening else None,
            "opening_url": request_url(opening) if opening else "",
            "urls": {name: shown.claim_url(self.number, name) for name in ("act", "ask", "counter")},
            **self._ways(opening),
            **self.forms(Typed(action="")),
        }

    def _ways(self, opening: UnsealRequest | None) -> dict[str, Any]:
        """Return which parts of the page this person gets."""
        is_claimed = self.claim.state == ClaimState.CLAIMED
        is_new = opening is None or not custody_waits(opening)
        return {
            "may_pay": is_claimed and self.may(ClaimAct.PAY),
            "may_ask": is_claimed and self.may(ClaimAct.PAY) and is_new,
            "may_pay_here": not is_claimed and self.may(ClaimAct.PAY),
            "may_undo": self.may(ClaimAct.UNPAY),
            "asks_anew": self.may(ClaimAct.UNPAY) and selectors.must_ask_anew(claim=self.claim),
            "may_void": self.may(ClaimAct.VOID_CODE) and bool(self.claim.code_hash),
        }

    def _facts(self) -> list[Fact]:
        claim, today = self.claim, self.today
        pairs = [
            (_("Unit"), claim.assessment.office.name),
            (_("Type"), shown.kind_of(claim)),
            (_("Notice"), day_text(claim.noticed_date, today=today)),
            (_("Collect by"), day_text(claim.due_date, today=today)),
            (_("Called out"), day_text(claim.reminded_date, today=today) if claim.reminded_date else ""),
            (_("Claim code"), _("shown to the reporter") if claim.code_hash else _("not asked for")),
            (_("Collected"), shown.way_of(claim)),
        ]
        return [Fact(label=label, value=value) for label, value in pairs if value]


def custody_waits(row: UnsealRequest) -> bool:
    """Whether a request for opening is still under way."""
    return row.status in ("asked", "approved", "opened")


class ActView(ClaimView):
    """The acts of the payer: the password comes first, and what was typed goes on with it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
        about: dict[str, Any] = {"number": self.number, "actor": self.user, "at": timezone.now()}
        try:
            if act == "pay":
                pay(**about)
            elif act == "unpay":
                unpay(**about, reason=reason, asks_anew=request.POST.get("details") == "anew")
            elif act == "void":
                void_code(**about, reason=reason)
            else:
                raise Http404
        except ComplaintError as error:
            return self.refused(error, act=act, values={"reason": reason})
        return self.back(str(DONE[act]))


DONE = {
    "pay": gettext_lazy("Recorded as paid. The reporter reads it with the receipt."),
    "unpay": gettext_lazy("The payment is undone by an entry against it."),
    "void": gettext_lazy("The claim code is void. Whoever holds the receipt is shown a new one."),
}


class AskView(ClaimView):
    """The payer asks to have the payment details opened; a leader decides, a custodian opens."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reason, at = request.POST.get("reason", ""), timezone.now()
        if not self.may(ClaimAct.PAY) or self.claim.assessment.tip_id is None:
            raise Http404
        expire(at=at)
        wish = custody.Wish(
            target=UnsealTarget.CLAIM.value, purpose=UnsealPurpose.REWARD.value, reason=reason
        )
        try:
            row = custody.ask(tip_id=self.claim.assessment.tip_id, wish=wish, actor=self.user, at=at)
        except ComplaintError as error:
            return self.refused(error, act="ask", values={"reason": reason})
        notices.success(
            request, _("Asked. You are told when it is decided; keep this page open for the note.")
        )
        return HttpResponseRedirect(request_url(row))


class CounterView(ClaimPage):
    """Paying in person: the reporter types receipt and claim code; what is recorded is "paid against code"."""

    template_name = "complaints/staff/payments/counter.html"
    http_method_names = ["get", "head", "post"]

    def get_page_title(self) -> str:
        return _("Pay at the counter")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.claim.state != ClaimState.NOTICED or not self.may(ClaimAct.PAY):
            return HttpResponseRedirect(shown.claim_url(self.number))
        return self.page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            pay_at_counter(
                number=self.number,
                receipt=request.POST.get("receipt", "")[:80],
                code=request.POST.get("code", "")[:80],
                actor=self.user,
                at=timezone.now(),
            )
        except ComplaintError as error:
            return self.page(status=error.status, fault=str(error.public_message))
        return self.back(
            _("Recorded: paid against code. Hand out the money now and let nobody sign with a name.")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "row": self.claim.assessment,
            "amount": yuan(self.claim.assessment.proposed_amount),
            "back_url": shown.claim_url(self.number),
        }
