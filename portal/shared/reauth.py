"""Who is at the keyboard: password and code once more, unless both were given in the last five minutes."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.shared.services import second_factor

FRESH_SECONDS = 5 * 60
NEEDED = ("password", "mfa")
WRONG = _("The password or the code is wrong, or the code was used before. Wait for the next one.")


class OnceMoreForm(forms.Form):
    """Password and code together. Which of the two was wrong is not said; wrong ones are counted as at sign-in."""

    reauth_password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=512,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    reauth_code = forms.CharField(
        label=_("Code from the app"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.authenticator: Authenticator | None = None

    def clean(self) -> dict[str, Any]:
        """Check the password first: a wrong one leaves the code unspent."""
        typed: dict[str, Any] = super().clean() or {}
        if not self.errors:
            clear_count = check_rate_limit(self.user)
            if self.user.check_password(typed["reauth_password"]):
                code = typed["reauth_code"].strip()
                self.authenticator = second_factor.use_code(user=self.user, code=code, now=time.time())
            if self.authenticator is None:
                raise forms.ValidationError(WRONG)
            clear_count()
        return typed


def is_recent(request: HttpRequest, *, now: float, seconds: int = FRESH_SECONDS) -> bool:
    """Whether this session showed both the password and a code within so many seconds, five minutes by default."""
    newest: dict[str, float] = {}
    for record in get_authentication_records(request, request.user):
        newest[record["method"]] = max(record["at"], newest.get(record["method"], 0))
    return all(0 <= now - newest.get(method, 0) < seconds for method in NEEDED)


def keep(request: HttpRequest, *, form: OnceMoreForm) -> None:
    """Note in the session that password and code were shown just now; `form` must be valid."""
    assert form.authenticator is not None
    kind, key = form.authenticator.type, form.authenticator.pk
    record_authentication(request, form.user, "password", reauthenticated=True)
    record_authentication(request, form.user, "mfa", id=key, type=kind, reauthenticated=True)
