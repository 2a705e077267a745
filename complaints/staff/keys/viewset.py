"""The addresses of the key pages, and their place in the menu."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from complaints.policies import keeps_keys, leads_top

from .pages import HandOverView, KeysView, NewKeyView, RecoverView
from .reseal import AskView, DecideView, IdentitiesView, NextView, OriginalView, ResealView


class KeysMenuItem(MenuItem):
    """Shown to custodians and to leaders at the top."""

    def is_shown(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and (keeps_keys(user) or leads_top(user))


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
            path("new/", NewKeyView.as_view(), name="new"),
            path("hand-over/", HandOverView.as_view(), name="hand_over"),
            path("recover/", RecoverView.as_view(), name="recover"),
            path("reseal/", AskView.as_view(), name="ask"),
            path("reseal/<uuid:job_id>/", ResealView.as_view(), name="reseal"),
            path("reseal/<uuid:job_id>/decide/", DecideView.as_view(), name="decide"),
            path("reseal/<uuid:job_id>/next/", NextView.as_view(), name="next"),
            path("reseal/<uuid:job_id>/identities/", IdentitiesView.as_view(), name="identities"),
            path("reseal/<uuid:job_id>/original/<uuid:public_id>/", OriginalView.as_view(), name="original"),
        ]


keys_viewset = KeysViewSet()
