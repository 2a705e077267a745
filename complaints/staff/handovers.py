"""The page on which a leader hands a person's open tips to a colleague: for leave, illness, or for good."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.generic import FormView
from wagtail.admin import messages as notices
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.errors import ComplaintError, DraftInvalid
from complaints.selectors.handovers import Holder, holders_under, led_offices
from complaints.selectors.workload import Handler, handlers_of
from complaints.services.handovers import hand_over
from portal.shared.bilingual import in_a_row

LONGEST_MEMO = 200


class HandOverForm(forms.Form):
    """Whose tips, to whom, and why."""

    holder = forms.ChoiceField(label=gettext_lazy("Whose open tips"))
    taker = forms.TypedChoiceField(label=gettext_lazy("Who takes them"), coerce=int)
    memo = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_MEMO,
        help_text=gettext_lazy("Kept in the timeline of each tip, for colleagues only."),
    )

    def __init__(
        self, *args: Any, holders: Sequence[Holder], handlers: Sequence[Handler], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        holder, taker = self.fields["holder"], self.fields["taker"]
        assert isinstance(holder, forms.ChoiceField)
        assert isinstance(taker, forms.ChoiceField)
        nothing = ("", _("Please choose"))
        holder.choices = [
            nothing,
            *((f"{one.user_id}-{one.office_id}", _holder_label(one)) for one in holders),
        ]
        taker.choices = [nothing, *((one.user_id, f"{one.unit} · {one.name}") for one in handlers)]

    def clean(self) -> dict[str, Any]:
        """Nobody hands over to the same person."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("holder", "").partition("-")[0] == str(typed.get("taker", "")):
            self.add_error("taker", _("This person has the tips already. Choose a colleague."))
        return typed


def _holder_label(one: Holder) -> str:
    words = ngettext("%(unit)s · %(name)s (%(n)d open)", "%(unit)s · %(name)s (%(n)d open)", one.open_count)
    label = words % {"unit": one.unit, "name": one.name, "n": one.open_count}
    return _("%(who)s · account switched off") % {"who": label} if one.is_gone else label


class HandOverView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # generic only in the stubs
    """One page, one button; whoever leads no unit finds nothing here."""

    form_class = HandOverForm
    template_name = "complaints/staff/handover.html"
    page_title = gettext_lazy("Hand over tips")
    header_icon = "user"
    success_url = reverse_lazy("handovers")
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not led_offices(user=request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def holders(self) -> list[Holder]:
        return holders_under(user=self.request.user)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict[str, Any]:
        handlers = handlers_of(office_ids=led_offices(user=self.request.user))
        return {**super().get_form_kwargs(), "holders": self.holders, "handlers": handlers}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "holders": self.holders}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        assert isinstance(self.request.user, User)
        holder_id, _dash, office_id = form.cleaned_data["holder"].partition("-")
        try:
            came = hand_over(
                holder_id=int(holder_id),
                office_id=int(office_id),
                taker_id=form.cleaned_data["taker"],
                actor=self.request.user,
                at=timezone.now(),
                memo=form.cleaned_data["memo"],
            )
        except ComplaintError as error:
            form.add_error(None, str(error.public_message))
            return self.form_invalid(form)
        if came.done:
            words = ngettext("%(n)d tip handed over.", "%(n)d tips handed over.", len(came.done))
            notices.success(self.request, words % {"n": len(came.done)})
        if came.refused:
            notices.warning(self.request, _not_handed_over(came.refused))
        return super().form_valid(form)


def _not_handed_over(refused: Sequence[tuple[str, ComplaintError]]) -> str:
    reasons: dict[str, list[str]] = {}
    for number, error in refused:
        reasons.setdefault(_reason(error), []).append(number)
    between = pgettext("list", ", ")
    return in_a_row(
        _("Not handed over: %(numbers)s. %(reason)s") % {"numbers": between.join(numbers), "reason": reason}
        for reason, numbers in reasons.items()
    )


def _reason(error: ComplaintError) -> str:
    if isinstance(error, DraftInvalid):
        return in_a_row(str(one.problem.label) for one in error.problems)
    return str(error.public_message)


class HandOverItem(MenuItem):
    """The way to the page, for leaders alone."""

    def __init__(self) -> None:
        label = gettext_lazy("Hand over tips")
        super().__init__(label, reverse_lazy("handovers"), name="handovers", icon_name="user", order=58)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(led_offices(user=request.user))
