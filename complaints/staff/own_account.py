"""The page of one's own account: how the desk looks. Name and password have doors of their own, which are logged."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.account import AccountView, ChangePasswordPanel, NameEmailSettingsPanel

# The name stands in records and is given by the administrator; the password is changed at the entrance.
ELSEWHERE = (NameEmailSettingsPanel, ChangePasswordPanel)


class OwnAccountView(AccountView):
    """Wagtail's page without what changes who somebody is."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, ELSEWHERE)]

    def get_menu_items(self) -> list[dict[str, str]]:
        own = {
            "url": reverse("account_change_password"),
            "label": _("Change the password"),
            "help_text": _("The present password is asked for."),
        }
        sessions = {
            "url": reverse("own_sessions"),
            "label": _("Where you are signed in"),
            "help_text": _("Other sessions can be ended."),
        }
        return [own, sessions, *super().get_menu_items()]
