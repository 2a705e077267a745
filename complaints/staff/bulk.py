"""Several tips at once: put into the hands of one officer. There is no "all": only rows that were ticked."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from wagtail.admin import messages as notices
from wagtail.admin.views.bulk_action import BulkAction

from complaints.errors import ComplaintError, DraftInvalid
from complaints.models import Tip
from complaints.selectors.workload import Handler, chosen_tips, handlers_of, is_assignable
from complaints.services.assignment import assign_many
from portal.shared.bilingual import in_a_row

from .acts.sent import is_key
from .labels import status_chip, title_of

MOST_AT_ONCE = 100


class AssignForm(forms.Form):
    """Whom to give the tips to."""

    handler = forms.TypedChoiceField(
        label=gettext_lazy("Assign to"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Please choose who is to handle them."),
            "invalid_choice": gettext_lazy(
                "This person does not handle tips in the unit in charge. Choose somebody from the list."
            ),
        },
    )

    def __init__(self, *args: Any, handlers: Sequence[Handler], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("Please choose")), *_grouped(handlers)]


def _grouped(handlers: Iterable[Handler]) -> list[tuple[str, list[tuple[int, str]]]]:
    units: dict[str, list[tuple[int, str]]] = {}
    for one in handlers:
        words = ngettext("%(name)s (%(n)d open)", "%(name)s (%(n)d open)", one.open_count)
        label = words % {"name": one.name, "n": one.open_count}
        units.setdefault(one.unit, []).append((one.user_id, label))
    return list(units.items())


class AssignTips(BulkAction):
    """Assign the ticked tips, each for itself: what cannot be assigned stays as it is and is named."""

    models = [Tip]
    action_type = "assign"
    display_name = gettext_lazy("Assign")
    aria_label = gettext_lazy("Assign the selected tips")
    template_name = "complaints/staff/bulk_assign.html"
    form_class = AssignForm

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    def get_queryset(self, model: type[Tip], object_ids: Iterable[str]) -> list[Tip]:
        """Return the ticked tips within scope; none at all is not there."""
        keys = [int(key) for key in object_ids if is_key(key)][:MOST_AT_ONCE]
        tips = chosen_tips(user=self.user, keys=keys)
        if not tips:
            raise Http404
        return tips

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> list[int]:
        """There is no "all"."""
        raise Http404

    def check_perm(self, obj: Tip) -> bool:
        """Whether the person may assign this tip."""
        return is_assignable(user=self.user, tip=obj)

    def get_actionable_objects(self) -> tuple[list[Tip], dict[str, list[Tip]]]:
        return self.sorted_out

    @cached_property
    def sorted_out(self) -> tuple[list[Tip], dict[str, list[Tip]]]:
        """The tips that may be assigned and the others, as Wagtail wants them; read once."""
        tips, others = super().get_actionable_objects()
        return tips, others

    def get_form_kwargs(self) -> dict[str, Any]:
        tips, _others = self.get_actionable_objects()
        handlers = handlers_of(office_ids={tip.handling_unit_id for tip in tips})
        return {**super().get_form_kwargs(), "handlers": handlers}

    def object_context(self, obj: Tip) -> dict[str, Any]:
        return {
            "number": obj.number,
            "title": title_of(obj),
            "chip": status_chip(obj),
            "is_death": obj.involves_death,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["items_with_no_access"] = [
            self.object_context(tip) for tip in context["items_with_no_access"]
        ]
        return {**context, "next": self.back_url}

    @property
    def back_url(self) -> str:
        """Where the person came from, as far as Wagtail lets it pass, or the inbox."""
        return reverse("tips:index") if self.next_url == self.request.path else self.next_url

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Assign, then say how many were and which were not and why."""
        tips, _others = self.get_actionable_objects()
        done, refused = assign_many(
            tip_ids=[tip.pk for tip in tips],
            actor=self.user,
            at=timezone.now(),
            handler_id=form.cleaned_data["handler"],
        )
        numbers = {tip.pk: tip.number for tip in tips}
        if done:
            words = ngettext("%(n)d tip assigned.", "%(n)d tips assigned.", len(done))
            notices.success(self.request, words % {"n": len(done)})
        if refused:
            notices.warning(self.request, _not_assigned(refused, numbers=numbers))
        return HttpResponseRedirect(self._left_over(refused) or self.back_url)

    def _left_over(self, refused: Sequence[tuple[int, ComplaintError]]) -> str:
        """Return where to choose somebody else for those tips the chosen person may not have; empty without any."""
        keys = [key for key, error in refused if isinstance(error, DraftInvalid)]
        query = urlencode({"id": keys, "next": self.back_url}, doseq=True)
        return f"{self.request.path}?{query}" if keys else ""


def _not_assigned(refused: Sequence[tuple[int, ComplaintError]], *, numbers: dict[int, str]) -> str:
    """Return the tips that stayed as they were, those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for key, error in refused:
        reasons.setdefault(_reason(error), []).append(numbers[key])
    between = pgettext("list", ", ")
    words = [
        _("Not assigned: %(numbers)s. %(reason)s") % {"numbers": between.join(found), "reason": reason}
        for reason, found in reasons.items()
    ]
    return in_a_row(words)


def _reason(error: ComplaintError) -> str:
    if isinstance(error, DraftInvalid):
        return in_a_row(str(one.problem.label) for one in error.problems)
    return str(error.public_message)
