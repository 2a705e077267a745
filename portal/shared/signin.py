"""Pages of sign-in: the few that remain of allauth, everything else of it does not exist here."""

import time
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse

from portal.shared.middleware import SET_UP_HERE, has_second_factor
from portal.shared.services import second_factor


class SetUpView(ActivateTOTPView):
    """Set up the authenticator app; the code that confirms it is spent by that."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and is_mfa_enabled(request.user):
            return HttpResponseRedirect(reverse("second_factor"))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]  # allauth has no types

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            second_factor.spend_first_code(
                user=self.request.user, code=form.cleaned_data["code"], now=time.time()
            )
        self.request.session[SET_UP_HERE] = True
        return response

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes")


@login_required
def lead_on(request: HttpRequest) -> HttpResponse:
    """Lead a session without a second factor: to set one up, or, having one, to sign in again with it."""
    if has_second_factor(request):
        return HttpResponseRedirect(reverse("wagtailadmin_home"))
    if not is_mfa_enabled(request.user):
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    logout(request)
    return HttpResponseRedirect(reverse("account_login"))


@login_required
def change_password(request: HttpRequest, **options: Any) -> HttpResponseBase:
    """Change the own password; an account without one has none to change, and allauth's page for that is gone."""
    assert isinstance(request.user, User)
    if not request.user.has_usable_password():
        raise Http404
    response: HttpResponseBase = account.password_change(request, **options)
    return response


urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", change_password, name="account_change_password"),
    path("second-factor/", lead_on, name="second_factor"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", SetUpView.as_view(), name="mfa_activate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
