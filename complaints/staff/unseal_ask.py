"""Asking for an opening, from the page of a tip."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from wagtail.admin import messages as notices

from complaints.errors import ComplaintError, DraftInvalid, TipNotFound
from complaints.services import custody
from complaints.services.unseal_expiry import expire

from .acts.forms import Typed
from .tip_views import TipView, words_kept
from .unseal_form import ASK, read_wish
from .unseal_words import request_url


class AskView(TipView):
    """The page of the tip with the form open; then the request it made."""

    http_method_names = ["get", "head", "post"]
    opened = ASK

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        posted = {name: request.POST.get(name, "") for name in ("target", "purpose", "reason")}
        self.typed = Typed(action=ASK, values=posted)
        expire(at=self.now)  # one that has run out is in nobody's way
        try:
            row = custody.ask(tip_id=self.tip.pk, wish=read_wish(posted), actor=self.user, at=self.now)
        except TipNotFound:
            return words_kept(request)
        except ComplaintError as error:
            problems = error.problems if isinstance(error, DraftInvalid) else ()
            self.typed = Typed(action=ASK, values=posted, problems=problems)
            return self.refuse(error)
        notices.success(
            request, _("Asked. You are told when it is decided; keep this page open for the note.")
        )
        return HttpResponseRedirect(request_url(row))
