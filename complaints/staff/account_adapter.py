"""How accounts sign in here: a password that somebody else chose opens for a short while only."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.selectors.accounts import is_given_password_over
from portal.shared.accounts import StaffAccountAdapter

OVER = "given_password_over"


class DeskAccountAdapter(StaffAccountAdapter):
    """Refuses a given password nobody replaced in time. Only who knows it is told: it opens nothing any more."""

    error_messages = {
        **StaffAccountAdapter.error_messages,
        OVER: _("This password was given to you and was good for 72 hours. Ask for a new one."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user is not None and is_given_password_over(user_id=user.pk, at=timezone.now()):
            raise self.validation_error(OVER)
        return user
