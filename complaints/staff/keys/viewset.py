"""The addresses of the key pages, and their place in the menu."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from complaints.policies import may_see_keys
from complaints.staff.reauth import recently_authenticated
from portal.shared.reauth import FRESH_SECONDS

from .pages import (
    ChallengeView,
    HandOverView,
    KeysView,
    MisfitView,
    NewKeyView,
    PasswordView,
    ReceiveView,
    RecoverView,
)
from .reseal import (
    AskView,
    ClaimsView,
    DecideView,
    IdentitiesView,
    NextView,
    OriginalView,
    ResealView,
    StartView,
)

# Making a key, printing its sheets and typing their words back takes longer than five minutes.
CEREMONY_SECONDS = 60 * 60


def _asked(view: type[View], *, sent_within: int = FRESH_SECONDS) -> Callable[..., HttpResponseBase]:
    """Ask for password and code unless both were given in the last five minutes.

    Args:
        sent_within: seconds for what is sent from the page; longer for the ceremony alone, which nobody else gains by.
    """
    return recently_authenticated(view.as_view(), sent_within=sent_within)


class KeysMenuItem(MenuItem):
    """Shown to custodians and to leaders at the top."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_keys(request.user)


class KeysViewSet(ViewSet):
    """Keys of the identity vault."""

    name = "custody_keys"
    url_prefix = "custody/keys"
    icon = "key"
    menu_label = _("Vault keys")
    menu_order = 65
    add_to_admin_menu = True
    menu_item_class = KeysMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", KeysView.as_view(), name="index"),
            path("new/", _asked(NewKeyView, sent_within=CEREMONY_SECONDS), name="new"),
            path("hand-over/", _asked(HandOverView), name="hand_over"),
            path("receive/", _asked(ReceiveView), name="receive"),
            path("recover/", _asked(RecoverView), name="recover"),
            path("password/", _asked(PasswordView), name="password"),
            path("challenge/", ChallengeView.as_view(), name="challenge"),
            path("misfit/", MisfitView.as_view(), name="misfit"),
            path("reseal/", _asked(AskView), name="ask"),
            path("reseal/<uuid:job_id>/", _asked(ResealView), name="reseal"),
            path("reseal/<uuid:job_id>/decide/", _asked(DecideView), name="decide"),
            path("reseal/<uuid:job_id>/start/", _asked(StartView), name="start"),
            path("reseal/<uuid:job_id>/next/", NextView.as_view(), name="next"),
            path("reseal/<uuid:job_id>/identities/", IdentitiesView.as_view(), name="identities"),
            path("reseal/<uuid:job_id>/claims/", ClaimsView.as_view(), name="claims"),
            path("reseal/<uuid:job_id>/original/<uuid:public_id>/", OriginalView.as_view(), name="original"),
        ]


keys_viewset = KeysViewSet()
