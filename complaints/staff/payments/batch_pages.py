"""The payment batch: the page that makes the key in its tab, and the door that seals the file to it."""

from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints.crypto import base64text
from complaints.errors import ComplaintError, NotAllowed
from complaints.models.reward import from_cents
from complaints.selectors.claims import claims_to_pay, may_see_payments
from complaints.selectors.reward_words import yuan
from complaints.services.batches import payment_batch

from .page import PaymentsPage
from .shown import claim_rows


class BatchView(PaymentsPage):
    """What a batch would hold; the file is made, sealed and opened by the script of this page."""

    template_name = "complaints/staff/payments/batch.html"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["office"] not in self.paid_for:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Payment batch")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        office = self.office_or_404(self.kwargs["office"])
        claims = [
            one
            for one in claims_to_pay(office_id=office.pk).select_related("assessment__office")
            if self.user.pk not in (one.assessment.proposer_id, one.assessment.approver_id)
        ]
        return {
            **super().get_context_data(**kwargs),
            "office": office,
            "rows": claim_rows(claims, today=self.today),
            "total": yuan(from_cents(sum(one.assessment.proposed_cents for one in claims))),
            "file_url": reverse("payments:batch_file", args=[office.pk]),
            "back_url": reverse("payments:index"),
            "words": _words(),
        }


def _words() -> dict[str, str]:
    return {
        "making": _("Making a key in this tab, and asking for the file."),
        "saved": _("Opened in this tab and saved. The file holds numbers and amounts; keep it like money."),
        "giveIt": _("Give the password"),
        "reauth": _("Please give password and code once more, then try again."),
        "signed-out": _("You are signed out. Sign in again, then try once more."),
        "offline": _("No connection. Nothing was saved; try again."),
        "no-answer": _("The server did not answer as it should. Nothing was saved; try again."),
        "does-not-open": _("The file does not open in this tab. Nothing was saved; try again."),
    }


@require_POST
@never_cache
def batch_file(request: HttpRequest, office: int) -> HttpResponse:
    """Return the sealed file with what opens it in the tab; a refusal as its code and sentence.

    As its page, the file of a unit the person does not pay for is not there.
    """
    if not isinstance(request.user, User) or not may_see_payments(user=request.user):
        raise Http404
    try:
        batch = payment_batch(
            office_id=office,
            form=request.POST.get("form", ""),
            public_key=request.POST.get("public_key", ""),
            actor=request.user,
            at=timezone.now(),
        )
    except NotAllowed:
        raise Http404 from None
    except ComplaintError as error:
        return JsonResponse({"code": error.code, "message": str(error.public_message)}, status=error.status)
    return JsonResponse(
        {"sealed": base64text.encode(batch.sealed), "binding": batch.binding, "name": batch.name}
    )
