"""Begins a page on good practice from an enterprise's offer; whoever publishes goes on with it."""

from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages as notices

from complaints import events
from complaints.enterprise_errors import EnterpriseNotFound
from complaints.errors import ComplaintError
from complaints.services.practice import begin_practice


class DraftPracticeView(View):
    """POST makes a draft; the figures are counted in that moment."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, offer: int, **_kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        try:
            facts = begin_practice(offer_id=offer, actor=request.user, at=timezone.now())
        except EnterpriseNotFound:
            raise Http404 from None
        except ComplaintError as error:
            notices.error(request, str(error.public_message))
        else:
            events.practice_wanted.send(sender=None, facts=facts, user=request.user)
            notices.success(request, _("A draft was made. The editors go on with it under “Legal outreach”."))
        return HttpResponseRedirect(reverse("enterprises:inspect", args=[pk]))
