"""Begins a case from a tip: the facts go to whoever publishes, the tip stays here."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.generic import View

from complaints import events
from complaints.disclosure import case_facts, may_become_case
from complaints.errors import TipNotFound
from complaints.selectors.tips import tip_for
from complaints.services.case_drafts import note_case_drafted


class DraftCaseView(View):
    """POST makes a draft and leads to it; nothing else does anything."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request: HttpRequest, number: str, **_kwargs: Any) -> HttpResponse:
        """Hand over the facts of a tip with a signed penalty that this editor may see."""
        if not may_become_case(number=number, user=request.user):
            raise Http404
        try:
            facts = case_facts(number=number, user=request.user)
            tip = tip_for(user=request.user, number=number)
        except TipNotFound as error:
            raise Http404 from error
        answers = events.case_wanted.send(sender=None, facts=facts, user=request.user)
        address = next((answer for _receiver, answer in answers if answer), None)
        if address is None:
            raise Http404
        assert isinstance(request.user, User)
        note_case_drafted(tip=tip, user=request.user, at=timezone.now())
        return HttpResponseRedirect(str(address))
