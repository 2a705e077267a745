"""The door of an invitation: type the code, choose a password, go on to set up the second step.

The code is typed, never part of an address: it stands in no log and no history.
"""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from complaints.enterprise_errors import InviteRefused, PasswordRefused
from complaints.errors import ComplaintError
from complaints.services.budgets import spend
from complaints.services.invitations import join, look
from portal.shared import throttle

TEMPLATE = "complaints/workplace/join.html"
CODE_MAX_CHARS = 60


@sensitive_post_parameters("code", "password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: HttpRequest) -> HttpResponse:
    """Ask for the code; with a good one for the password; with both open the account and lead on."""
    if request.method != "POST":
        return render(request, TEMPLATE, {})
    code = request.POST.get("code", "")[:CODE_MAX_CHARS]
    try:
        spend(request=request, budget=throttle.JOIN)
        if "password1" in request.POST:
            return _join(request, code=code)
        return _form(request, code=code)
    except InviteRefused as error:
        values = {"fault": error.fault.value, "words": str(error.public_message), "code": code}
        return render(request, TEMPLATE, values, status=error.status)
    except ComplaintError as error:
        return render(request, TEMPLATE, {"words": str(error.public_message)}, status=error.status)


def _form(request: HttpRequest, *, code: str, slips: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    invite = look(typed=code, at=timezone.now())
    return render(request, TEMPLATE, {"invite": invite, "code": code, "slips": slips}, status=status)


def _join(request: HttpRequest, *, code: str) -> HttpResponse:
    typed = request.POST.get("password1", "")
    if typed != request.POST.get("password2", ""):
        return _form(request, code=code, slips=(_("The two passwords differ. Type both again."),), status=422)
    try:
        user = join(typed=code, password=typed, at=timezone.now())
    except PasswordRefused as error:
        return _form(request, code=code, slips=tuple(error.messages), status=error.status)
    # Half a session: every page leads to setting up the second step, and nothing opens before.
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, "password", username=user.get_username())
    return HttpResponseRedirect(reverse("second_factor"))
