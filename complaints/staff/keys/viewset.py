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

from .pages import HandOverView, KeysView, NewKeyView, RecoverView
from .reseal import AskView, DecideView, IdentitiesView, NextView, OriginalView, ResealView

# Making a key, printing its sheets and typing their words back takes longer than five minutes.
CEREMONY_SECONDS = 60 * 60


def _asked(view: type[View]) -> Callable[..., HttpResponseBase]:
    """Ask for password and code before a page of the ceremony is shown, and no second time while it is worked on."""
    return recently_authenticated(view.as_view(), sent_within=CEREMONY_SECONDS)


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
            path("new/", _asked(NewKeyView), name="new"),
            path("hand-over/", _asked(HandOverView), name="hand_over"),
            path("recover/", _asked(RecoverView), name="recover"),
            path("reseal/", _asked(AskView), name="ask"),
            path("reseal/<uuid:job_id>/", _asked(ResealView), name="reseal"),
            path("reseal/<uuid:job_id>/decide/", _asked(DecideView), name="decide"),
            path("reseal/<uuid:job_id>/next/", NextView.as_view(), name="next"),
            path("reseal/<uuid:job_id>/identities/", IdentitiesView.as_view(), name="identities"),
            path("reseal/<uuid:job_id>/original/<uuid:public_id>/", OriginalView.as_view(), name="original"),
        ]


keys_viewset = KeysViewSet()
