"""Sign-in of staff: accounts are given, not opened; codes count once; refusals say what to do and name nobody."""

import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.shared import secretbox, throttle
from portal.shared.services import second_factor

WRONG_CODE = _("This code is wrong or was used before. Wait until the phone shows the next one.")
WRONG_PASSWORD = _("The account or the password is wrong.")
TOO_OFTEN = _("Too many attempts. Wait five minutes, or ask the system administrator.")
SAME_PASSWORD = _("This is the password you have already. Choose another one.")
TOLD = {"account/messages/password_changed.txt"}


class StaffAccountAdapter(DefaultAccountAdapter):
    """No sign-up by oneself; an account that is closed answers like one that never was."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG_PASSWORD,
        "incorrect_password": WRONG_PASSWORD,
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again unless it was given a moment ago."""
        records = get_authentication_records(context.request, context.request.user)
        newest = max((record["at"] for record in records), default=0)
        return bool(time.time() - newest > account_settings.REAUTHENTICATION_TIMEOUT)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtailadmin_home")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what attempts are counted by: a digest that names nobody after today, not the address itself."""
        return throttle.sender_digest(request=request)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say only what a person must know: that they are signed in they can see."""
        template = args[0] if args else kwargs.get("message_template")
        if template in TOLD:
            super().add_message(request, level, *args, **kwargs)


class OwnPasswordForm(ChangePasswordForm):
    """A new password is another one: what an administrator chose cannot be kept by typing it again."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("password1") and cleaned["password1"] == cleaned.get("oldpassword"):
            self.add_error("password1", SAME_PASSWORD)
        return cleaned


class StaffMFAAdapter(DefaultMFAAdapter):
    """The authenticator app shows the account's name; how its secret is kept is said where the key ring is."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def get_totp_label(self, user: User) -> str:
        return user.get_username()


class _CodeOnceMixin:
    """Takes a code that was never used before, and counts the wrong ones."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        clear_count = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        used = second_factor.use_code(user=self.user, code=code, now=time.time())
        if used is None:
            raise StaffMFAAdapter().validation_error("incorrect_code")
        used.user = self.user
        self.authenticator = used
        clear_count()
        return code


class CodeForm(_CodeOnceMixin, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_CodeOnceMixin, ReauthenticateForm):
    """The code once more, before something delicate."""


class SetUpForm(ActivateTOTPForm):
    """Setting up the authenticator app; until it is confirmed the shared secret lies sealed in the session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = self._shared_secret()

    def _shared_secret(self) -> str:
        session = context.request.session
        if SECRET_SESSION_KEY not in session:
            session[SECRET_SESSION_KEY] = secretbox.seal(generate_totp_secret())
        return secretbox.read(session[SECRET_SESSION_KEY])
