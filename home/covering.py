"""The box tool: cover faces, plates and signs in a picture, with a pointer or, without a script, with numbers."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from complaints.disclosure import roles_held
from complaints.enums import Role
from home.desk.visits import signed_in_person
from home.models import SitePicture
from home.services.covering import cover
from portal.shared.covering import Box

ROWS = 6
SIDES = ("left", "top", "right", "bottom")
LARGEST = 20_000


class BoxForm(forms.Form):
    """One place, in pixels; an empty row is none."""

    left = forms.IntegerField(
        label=gettext_lazy("From the left"), required=False, min_value=0, max_value=LARGEST
    )
    top = forms.IntegerField(
        label=gettext_lazy("From the top"), required=False, min_value=0, max_value=LARGEST
    )
    right = forms.IntegerField(
        label=gettext_lazy("To, from the left"), required=False, min_value=0, max_value=LARGEST
    )
    bottom = forms.IntegerField(
        label=gettext_lazy("To, from the top"), required=False, min_value=0, max_value=LARGEST
    )

    def clean(self) -> dict[str, Any]:
        """Take four numbers or none."""
        data: dict[str, Any] = super().clean() or {}
        given = [data.get(side) for side in SIDES]
        if any(value is not None for value in given) and None in given:
            raise forms.ValidationError(gettext("A box takes four numbers, in pixels."))
        return data

    @property
    def box(self) -> Box | None:
        """The place, or None for an empty row."""
        values: list[Any] = [self.cleaned_data.get(side) for side in SIDES]
        return None if None in values else Box(**dict(zip(SIDES, values, strict=True)))


BoxFormSet = forms.formset_factory(BoxForm, extra=ROWS, max_num=40, absolute_max=40)


class CoverView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # generic in the stubs only
    """Cover places of one picture."""

    template_name = "home/cover_picture.html"
    page_title = gettext_lazy("Cover places in a picture")
    header_icon = "image"
    form_class = BoxFormSet

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may change the picture, and secrecy reviewers."""
        self.picture = get_object_or_404(SitePicture, pk=kwargs["picture_id"])
        policy = policy_registry.get_by_type(SitePicture)
        may_change = policy.user_has_permission_for_instance(request.user, "change", self.picture)
        if not may_change and Role.SECRECY_REVIEWER not in roles_held(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Say what this is."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_success_url(self) -> str:
        own = reverse("cover_picture", args=[self.picture.pk])
        return str(get_valid_next_url_from_request(self.request) or own)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the picture and the way back."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "picture": self.picture, "next": get_valid_next_url_from_request(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Write the new picture; numbers outside of it come back."""
        boxes = [one.box for one in form if one.box is not None]
        try:
            cover(picture_id=self.picture.pk, boxes=boxes, user=signed_in_person(self.request))
        except ValueError:
            messages.error(self.request, gettext("Nothing was covered: no box lies in the picture."))
            return self.form_invalid(form)
        messages.success(self.request, gettext("Covered. The former picture is deleted."))
        return HttpResponseRedirect(self.get_success_url())
