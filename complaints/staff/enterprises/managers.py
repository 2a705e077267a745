"""Inviting safety managers and ending their work; a code is shown once, in the answer to the post.

Before a code is given out, password and second step are asked for once more: whoever holds it reads for a company.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages as notices

from complaints.errors import ComplaintError, DraftInvalid
from complaints.selectors.accounts import must_choose_password
from complaints.selectors.enterprises import enterprises_supervised_by
from complaints.services.invitations import Issued, issue_anew
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
        return self.page(values=given_out(self, invited))


class CodeAnewView(SupervisedEnterprise):
    """Give somebody who was invited and has not joined a new code; the old one is dead by that."""

    template_name = "complaints/staff/enterprises/invite.html"
    http_method_names = ["post"]

    def get_page_title(self) -> str:
        return _("A new code for a safety manager")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            issued = issue_anew(
                manager_id=kwargs["manager"], enterprise_id=self.entry.pk, actor=self.user, at=timezone.now()
            )
        except ComplaintError:
            raise Http404 from None
        return self.page(values=given_out(self, issued))


def given_out(view: SupervisedEnterprise, issued: Issued) -> dict[str, Any]:
    """Return what the page shows once: account, code, until when it is good, and where it is typed."""
    address = reverse("workplace:join" if issued.code else "workplace:inbox")
    return {
        "entry": view.entry,
        "invited": issued,
        "is_waiting": not issued.code and must_choose_password(user_id=issued.manager.user_id),
        "address": view.request.build_absolute_uri(address),
    }


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
