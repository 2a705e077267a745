"""Inviting safety managers and ending their work; the first password is shown once, in the answer to the post."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages as notices

from complaints.errors import ComplaintError, DraftInvalid
from complaints.selectors.enterprises import enterprises_supervised_by
from complaints.services.managers import end_manager, invite_manager

from .page import OneEnterprise


class SupervisedEnterprise(OneEnterprise):
    """A page about the managers of one enterprise: for the unit that supervises it alone."""

    is_for_keepers = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not enterprises_supervised_by(request.user).filter(pk=kwargs["pk"]).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class InviteView(SupervisedEnterprise):
    """Give somebody an account, or an account of another enterprise one more workplace."""

    template_name = "complaints/staff/enterprises/invite.html"
    http_method_names = ["get", "head", "post"]

    def get_page_title(self) -> str:
        return _("Invite a safety manager")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(values={"entry": self.entry, "typed": {}, "faults": {}})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = {name: request.POST.get(name, "") for name in ("username", "name")}
        try:
            invited = invite_manager(enterprise_id=self.entry.pk, actor=self.user, at=timezone.now(), **typed)
        except DraftInvalid as error:
            faults = {one.field: one.problem.label for one in error.problems}
            values = {"entry": self.entry, "typed": typed, "faults": faults}
            return self.page(values=values, status=error.status)
        except ComplaintError:
            raise Http404 from None
        workplace = request.build_absolute_uri(reverse("workplace:inbox"))
        return self.page(values={"entry": self.entry, "invited": invited, "workplace": workplace})


class EndManagerView(SupervisedEnterprise):
    """End somebody's work for the enterprise."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            end_manager(
                manager_id=kwargs["manager"], enterprise_id=self.entry.pk, actor=self.user, at=timezone.now()
            )
        except ComplaintError:
            raise Http404 from None
        notices.success(request, _("This person no longer reads internal reports of the enterprise."))
        return HttpResponseRedirect(reverse("enterprises:inspect", args=[self.entry.pk]))
