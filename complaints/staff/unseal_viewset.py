"""The addresses of opening below /admin/custody/requests/, and its place in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from complaints.policies import may_see_requests

from . import unseal_doors as doors
from .reauth import recently_authenticated
from .unseal_list import RequestsView
from .unseal_pages import (
    ConfirmView,
    DecideView,
    OpenView,
    PasswordView,
    RequestView,
    SheetView,
    TakeBackView,
)


class UnsealMenuItem(MenuItem):
    """Shown to whoever may find the list."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_requests(request.user)


class UnsealViewSet(ViewSet):
    """List, page and doors of requests for opening."""

    name = "unseal"
    url_prefix = "custody/requests"
    icon = "key"
    menu_label = _("Custody")
    menu_name = "custody"
    menu_order = 60
    menu_item_class = UnsealMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", RequestsView.as_view(), name="index"),
            path("results/", RequestsView.as_view(results_only=True), name="index_results"),
            path("<uuid:public_id>/", RequestView.as_view(), name="request"),
            path("<uuid:public_id>/decide/", recently_authenticated(DecideView.as_view()), name="decide"),
            path("<uuid:public_id>/open/", recently_authenticated(OpenView.as_view()), name="open"),
            path("<uuid:public_id>/take-back/", TakeBackView.as_view(), name="take_back"),
            path("<uuid:public_id>/confirm/", recently_authenticated(ConfirmView.as_view()), name="confirm"),
            path(
                "<uuid:public_id>/password/", recently_authenticated(PasswordView.as_view()), name="password"
            ),
            path("<uuid:public_id>/sheet/", SheetView.as_view(), name="sheet"),
            path("<uuid:public_id>/key/", doors.key, name="key"),
            path("<uuid:public_id>/envelope/", recently_authenticated(doors.envelope), name="envelope"),
            path("<uuid:public_id>/file/", recently_authenticated(doors.file), name="file"),
            path("<uuid:public_id>/note/", doors.note, name="note"),
            path("<uuid:public_id>/fault/", doors.fault, name="fault"),
            path("<uuid:public_id>/read/", recently_authenticated(doors.read), name="read"),
        ]


unseal_viewset = UnsealViewSet()
