"""Pages of rewards: what waits to be proposed, all rewards of the own units, putting one forward, deciding on it."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages as notices
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.enums import RewardState
from complaints.errors import ComplaintError, DraftInvalid
from complaints.models import RewardAssessment, RewardPolicy, Tip
from complaints.models.reward import from_cents
from complaints.policies import may_see_rewards, tips_visible_to
from complaints.selectors import reward_facts as facts
from complaints.selectors.ledger import budget_for
from complaints.selectors.merging import lead_of
from complaints.selectors.reward_words import explained, yuan
from complaints.services.rewards import (
    RewardDraft,
    approve_reward,
    frozen_case,
    preview,
    propose_reward,
    refuse_reward,
    return_reward,
)

from . import reward_shown as shown
from .acts.forms import Typed
from .reward_claim_shown import claim_context
from .reward_form import form_fields, read_draft, usual_values
from .rows import tip_url
from .steps import StepField

PER_PAGE = 25
SEVERAL = ("facts", "employee", "special")


class RewardsPage(WagtailAdminTemplateMixin, TemplateView):
    """What every page of rewards has: kept by no cache, and there only for those whose business it is."""

    header_icon = "pick"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_rewards(request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        every = {"url": reverse("rewards:index"), "label": _("Rewards")}
        return [*self.breadcrumbs_items, every, {"url": "", "label": str(self.get_page_title())}]

    def page(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """Return the page with what was refused."""
        response: HttpResponse = self.render_to_response({**self.get_context_data(), **more}, status=status)
        return response


class DueView(RewardsPage):
    """奖励待评: tips found true whose reward nobody has put forward."""

    template_name = "complaints/staff/rewards/list.html"
    page_title = gettext_lazy("Rewards")
    tab = "due"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        due, every = facts.tips_to_assess(user=self.user), facts.assessments_for(user=self.user)
        chosen: QuerySet[Any] = due if self.tab == "due" else every
        page = Paginator(chosen, PER_PAGE).get_page(self.request.GET.get("p"))
        count = page.paginator.count
        return {
            **super().get_context_data(**kwargs),
            "tab": self.tab,
            "due_rows": shown.due_rows(list(page)) if self.tab == "due" else [],
            "reward_rows": shown.reward_rows(list(page), today=self.today) if self.tab == "all" else [],
            "page_obj": page,
            "counted": ngettext("%(n)d in all", "%(n)d in all", count) % {"n": count},
        }


class AllView(DueView):
    """Every reward of the own units and those below, the newest first."""

    tab = "all"


class ProposeView(RewardsPage):
    """Put a reward forward for the reporter of one tip; works the amount out before anything is stored."""

    template_name = "complaints/staff/rewards/propose.html"
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = facts.tip_to_assess(user=request.user, number=kwargs["number"])
        if found is None:
            raise Http404
        self.tip: Tip = found
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Put a reward forward")

    @cached_property
    def policy(self) -> RewardPolicy | None:
        try:
            return facts.policy_for_tip(tip=self.tip)
        except DraftInvalid:
            return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = Typed(action="", values=usual_values(self.tip))
        try:
            return self._form(typed, worked_out=self._worked_out(typed))
        except DraftInvalid:
            # The type of the tip alone gives no amount yet: deaths are missing, or it has none.
            return self._form(typed, worked_out={})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = self._typed()
        try:
            draft = self._draft(typed)
            if "preview" in request.POST:
                return self._form(typed, worked_out=self._worked_out(typed))
            row = propose_reward(
                tip_id=self.tip.pk, actor=self.user, at=timezone.now(), draft=draft, texts=typed.values
            )
        except DraftInvalid as error:
            wrong = Typed(action="", values=typed.values, several=typed.several, problems=error.problems)
            return self._form(wrong, worked_out={}, status=error.status)
        except ComplaintError as error:
            return self._form(typed, worked_out={}, fault=str(error.public_message), status=error.status)
        notices.success(request, _("Put forward: %(number)s") % {"number": row.number})
        return HttpResponseRedirect(shown.reward_url(row.number))

    def _typed(self) -> Typed:
        post = self.request.POST
        values = {name: str(post[name]) for name in post if name not in SEVERAL}
        several = {name: post.getlist(name) for name in SEVERAL}
        return Typed(action="", values=values, several=several)

    def _draft(self, typed: Typed) -> RewardDraft:
        ticked = {name: "1" for name in ("employee", "special") if typed.several.get(name)}
        return read_draft(values={**typed.values, **ticked}, facts=typed.several.get("facts", ()))

    def _worked_out(self, typed: Typed) -> dict[str, Any]:
        """Return what the rule gives for what was typed; raises DraftInvalid where it cannot be worked out."""
        if self.policy is None:
            return {}
        case, reward = preview(tip=self.tip, draft=self._draft(typed))
        reason = reward.reason.value if reward.reason else ""
        order, others = facts.order_of(tip=self.tip), facts.siblings_of(tip=self.tip)
        return {
            "amount": yuan(reward.amount),
            "reason": str(reward.reason.label) if reward.reason else "",
            "lines": explained(reward),
            "checks": shown.checks_of(inputs=frozen_case(case), order=order, others=others, reason=reason),
        }

    def _form(
        self, typed: Typed, *, worked_out: dict[str, Any], fault: str = "", status: int = 200
    ) -> HttpResponse:
        tip, office = self.tip, lead_of(tip=self.tip).handling_unit
        budget = budget_for(office_id=office.pk, year=self.today.year)
        return self.page(
            status=status,
            tip=tip,
            tip_url=tip_url(number=tip.number) if _sees(self.user, tip) else "",
            unit=office.name,
            accepted=facts.accepted_on(tip=tip),
            is_due=facts.is_due(tip=tip),
            penalties=[
                (yuan(one.fine_amount or 0), one.decision_number) for one in facts.penalties_of(tip=tip)
            ],
            others=[(one.number, shown.propose_url(one.number)) for one in facts.siblings_of(tip=tip)],
            policy=self.policy,
            fields=form_fields(policy=self.policy, typed=typed) if self.policy else [],
            fault=fault,
            worked_out=worked_out,
            budget=shown.budget_shown(budget, year=self.today.year),
            back_url=reverse("rewards:index"),
        )


def _sees(user: User, tip: Tip) -> bool:
    return tips_visible_to(user).filter(pk=tip.pk).exists()


class RewardView(RewardsPage):
    """One reward: how the amount came about, whether it may be paid, who decides, and the decision itself."""

    template_name = "complaints/staff/rewards/reward.html"
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.row = facts.assessments_for(user=request.user).filter(number=kwargs["number"]).first()
        if self.row is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        assert self.row is not None
        return self.row.number

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert self.row is not None
        act = request.POST.get("act", "")
        values: dict[str, Any] = {"number": self.row.number, "actor": self.user, "at": timezone.now()}
        memo = request.POST.get("memo", "")
        try:
            if act == "approve":
                approve_reward(**values)
            elif act in {"return", "refuse"}:
                (return_reward if act == "return" else refuse_reward)(**values, memo=memo)
            else:
                raise Http404
        except DraftInvalid as error:
            typed = Typed(action=act, values={"memo": memo}, problems=error.problems)
            return self.page(status=error.status, memo=_memo(typed), is_open=True)
        except ComplaintError as error:
            return self.page(status=error.status, fault=str(error.public_message))
        notices.success(request, DONE[act])
        return HttpResponseRedirect(shown.reward_url(self.row.number))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        assert row is not None
        year = timezone.localdate(row.decided_at).year if row.decided_at else self.today.year
        return {
            **super().get_context_data(**kwargs),
            "row": row,
            "chip": shown.chip_of(row),
            "amount": yuan(row.proposed_amount),
            "computed": yuan(row.computed_amount) if row.computed_cents != row.proposed_cents else "",
            "reason": row.get_reason_display() if row.reason else "",
            "tip_url": tip_url(number=row.tip.number) if row.tip and _sees(self.user, row.tip) else "",
            "lines": shown.lines_of(row),
            "shares": [yuan(from_cents(one)) for one in row.shares_cents],
            "checks": self._checks(row),
            "people": shown.people_of(row, today=self.today),
            "may_decide": self._may_decide(row),
            "memo": _memo(Typed(action="")),
            "budget": shown.budget_shown(budget_for(office_id=row.office_id, year=year), year=year),
            **claim_context(row=row, user=self.user, today=self.today),
        }

    def _checks(self, row: RewardAssessment) -> list[shown.Check]:
        """Once the tip is destroyed nothing is known of them."""
        if row.tip is None:
            return []
        others = facts.siblings_of(tip=row.tip)
        return shown.checks_of(inputs=row.inputs, order=row.reporter_order, others=others, reason=row.reason)

    def _may_decide(self, row: RewardAssessment) -> bool:
        is_open = row.state == RewardState.PROPOSED and row.proposer_id != self.user.pk
        return is_open and facts.decides(user=self.user, row=row)


DONE = {
    "approve": gettext_lazy("Approved. The amount is reserved in the budget."),
    "return": gettext_lazy("Sent back. It can be put forward anew."),
    "refuse": gettext_lazy("Decided: no reward."),
}


def _memo(typed: Typed) -> StepField:
    return StepField(
        name="memo",
        label=_("Why it is sent back or refused"),
        hint=_("Not needed to approve. The proposer and the auditor read it."),
        is_required=False,
        value=typed.values.get("memo", ""),
        error=typed.error("memo"),
        rows=3,
    )
