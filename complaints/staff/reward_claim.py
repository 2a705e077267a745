"""What an approver does about an approved reward: more time to collect it, taking it back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin import messages as notices

from complaints.errors import ComplaintError, DraftInvalid
from complaints.services.claim_terms import extend, release

from . import reward_shown
from .acts.forms import Typed
from .reward_claim_shown import MOST_DIGITS, claim_context
from .reward_pages import RewardView

DONE = {
    "extend": gettext_lazy("The time to collect is extended. The reporter reads the reason."),
    "release": gettext_lazy("Taken back. The amount is free again, and a new reward may be put forward."),
}


class ClaimActView(RewardView):
    """More time to collect, and taking a reward back; the password comes first."""

    http_method_names = ["post"]
    typed: Typed | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert self.row is not None
        act = request.POST.get("act", "")
        values = {name: request.POST.get(name, "") for name in ("days", "reason")}
        about: dict[str, Any] = {
            "number": self.row.number,
            "reason": values["reason"],
            "actor": self.user,
            "at": timezone.now(),
        }
        digits = values["days"].strip()
        try:
            if act == "extend":
                extend(days=int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else 0, **about)
            elif act == "release":
                release(**about)
            else:
                raise Http404
        except ComplaintError as error:
            problems = error.problems if isinstance(error, DraftInvalid) else ()
            typed = Typed(action=act, values=values, problems=problems)
            fault = "" if problems else str(error.public_message)
            context = claim_context(row=self.row, user=self.user, today=self.today, typed=typed)
            return self.page(status=error.status, fault=fault, **context)
        notices.success(request, str(DONE[act]))
        return HttpResponseRedirect(reward_shown.reward_url(self.row.number))
