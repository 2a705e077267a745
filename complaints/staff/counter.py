"""登记来电来访: the form of the counter, and the slip that shows a caller's receipt once."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.enums import IdentityMode
from complaints.errors import ComplaintError, DraftInvalid, FieldProblem
from complaints.policies import may_enter_tips
from complaints.selectors.offices import division_choices
from complaints.services.counter import WORDS_STAND, Entered, enter_tip
from complaints.services.evidence import read_uploads

from .counter_form import Raw, caller_words, counter_form
from .rows import tip_url


class CounterView(WagtailAdminTemplateMixin, TemplateView):
    """Enter a tip for a caller; the answer is the slip itself: nothing secret ever stands in an address."""

    template_name = "complaints/staff/counter.html"
    http_method_names = ["get", "head", "post"]
    page_title = gettext_lazy("Enter a call or visit")
    header_icon = "plus"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_enter_tips(request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._form()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        # A file under a name of its own is refused like any unknown field.
        typed = {name: [str(one) for one in values] for name, values in request.POST.lists()}
        raw: Raw = {**dict.fromkeys((name for name in request.FILES if name != "photos"), ()), **typed}
        if not request.POST.get(WORDS_STAND) and (found := caller_words(raw)):
            return self._form(raw=raw, found=found)
        try:
            entered = enter_tip(
                raw=raw,
                uploads=read_uploads(request.FILES.getlist("photos")),
                actor=request.user,
                at=timezone.now(),
                vault_fingerprint=settings.VAULT_FINGERPRINT,
            )
        except DraftInvalid as error:
            return self._form(raw=raw, problems=error.problems, status=error.status)
        except ComplaintError as error:
            return self._form(raw=raw, notice=str(error.public_message), status=error.status)
        return self._slip(entered)

    def _form(
        self,
        *,
        raw: Raw | None = None,
        problems: Sequence[FieldProblem] = (),
        notice: str = "",
        found: Sequence[str] = (),
        status: int = 200,
    ) -> HttpResponse:
        """Return the form; `found` are words that name the caller, asked about once before anything is stored."""
        form = counter_form(divisions=division_choices(), raw=raw, problems=problems)
        values = {
            "form": form,
            "notice": notice,
            "found": found,
            "pin": settings.VAULT_FINGERPRINT,
            "words": words_for_scripts(),
        }
        response: HttpResponse = self.render_to_response(self.get_context_data(**values), status=status)
        return response

    def _slip(self, entered: Entered) -> HttpResponse:
        done = entered.done
        values = {
            "done": done,
            "groups": done.receipt.split("-"),
            "tip_url": tip_url(number=done.number) if entered.is_visible else "",
            "status_url": self.request.build_absolute_uri(reverse("status")),
            "may_be_rewarded": entered.draft.identity_mode != IdentityMode.ANONYMOUS,
        }
        self.template_name = "complaints/staff/slip.html"
        response: HttpResponse = self.render_to_response(self.get_context_data(**values))
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        inbox = {"url": reverse("tips:index"), "label": _("Inbox")}
        return [*self.breadcrumbs_items, inbox, {"url": "", "label": str(self.page_title)}]


def words_for_scripts() -> dict[str, str]:
    """Return the sentences the script of the form shows."""
    return {
        "needName": _("A real-name tip needs a name."),
        "needPhone": _("A real-name tip needs a mobile number."),
        "badPhone": _("This mobile number is not complete. It has 11 digits."),
        "otherKey": _(
            "The key of the vault is not the one made public. Nothing was sent; tell the custodian."
        ),
        "cannotSeal": _("This browser cannot seal the name, so nothing was sent. Use another browser."),
        "noVault": _("The vault could not be reached, so nothing was sent. Send once more."),
        "offline": _("Nothing has got through. Everything is still here; send once more, it stays one tip."),
        "sending": _("Sending…"),
    }
