"""Taking a published case back: noted with its reason and last day, then done by a publisher."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cases_public.enums import WithdrawalReason
from cases_public.models import Withdrawal, reviewed_page
from cases_public.models.barriers import ApprovalRefused
from cases_public.services import withdrawal
from complaints.disclosure import roles_held
from complaints.enums import Role


class WithdrawalForm(forms.Form):
    """Why a case is taken back, since when, and what the public reads."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=WithdrawalReason.choices)
    since = forms.DateField(
        label=gettext_lazy("Day of the revocation, or on which the mistake became known"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    notice = forms.CharField(
        label=gettext_lazy("Notice to the public"),
        max_length=withdrawal.LONGEST_NOTICE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown in place of the case. Empty: a standard sentence."),
    )


class WithdrawView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # generic in the stubs only
    """Note a withdrawal; a publisher also does it."""

    template_name = "cases_public/staff/withdraw.html"
    page_title = gettext_lazy("Take back")
    header_icon = "bin"
    form_class = WithdrawalForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in whoever has a part in cases."""
        if not roles_held(request.user) & withdrawal.ASKING:
            raise PermissionDenied
        page = reviewed_page(page_id=kwargs["page_id"])
        if page is None:
            raise Http404
        self.case = page
        if not page.live and not Withdrawal.objects.filter(page_id=page.pk).exists():
            messages.error(request, gettext("This is not published: there is nothing to take back."))
            return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back over the case."""
        back = {
            "url": reverse("wagtailadmin_pages:edit", args=[self.case.pk]),
            "label": self.get_page_subtitle(),
        }
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.get_page_title()}]

    def get_page_subtitle(self) -> str:
        return str(self.case.get_admin_display_title())

    def get_initial(self) -> dict[str, Any]:
        """Begin with what was noted before."""
        row = Withdrawal.objects.filter(page_id=self.case.pk).first()
        if row is None:
            return {"since": timezone.localdate().isoformat()}
        return {"reason": row.reason, "since": row.asked_date.isoformat(), "notice": row.notice}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the case and whether the person takes it down as well."""
        may_withdraw = Role.PUBLISHER in roles_held(self.request.user)
        row = Withdrawal.objects.filter(page_id=self.case.pk).first()
        return {
            **super().get_context_data(**kwargs),
            "case": self.case,
            "row": row,
            "may_withdraw": may_withdraw,
        }

    def _asks_again(self, form: WithdrawalForm) -> HttpResponse:
        """Say what follows, with everything that was typed, and ask once more; it works without scripts."""
        reason, notice = WithdrawalReason(form.cleaned_data["reason"]), form.cleaned_data["notice"]
        shown = withdrawal.notice_of(page=self.case, reason=reason, notice=notice)
        context = self.get_context_data(form=form, asks_again=True, shown=shown, reason=reason.label)
        answer: HttpResponse = self.render_to_response(context)
        return answer

    def form_valid(self, form: WithdrawalForm) -> HttpResponse:
        """Note it, and do it where that was asked for and confirmed."""
        is_unsure = "now" in self.request.POST and "confirmed" not in self.request.POST
        if is_unsure and Role.PUBLISHER in roles_held(self.request.user):
            return self._asks_again(form)
        at, data = timezone.now(), form.cleaned_data
        reason = WithdrawalReason(data["reason"])
        assert isinstance(self.request.user, User)
        try:
            row = withdrawal.ask_withdrawal(
                page=self.case,
                reason=reason,
                notice=data["notice"],
                since=data["since"],
                user=self.request.user,
                at=at,
            )
            if "now" in self.request.POST:
                withdrawal.withdraw(withdrawal=row, user=self.request.user, at=at)
        except ApprovalRefused as error:
            for words in error.reasons:
                form.add_error(None, words)
            refused: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=409)
            return refused
        is_down = "now" in self.request.POST
        done = gettext("The case is taken back: its address shows the notice.")
        messages.success(self.request, done if is_down else gettext("Noted. The case is taken back in time."))
        # Back here, not to the first page: whoever is sent there was refused, for Wagtail and for the log.
        return HttpResponseRedirect(self.request.path)
