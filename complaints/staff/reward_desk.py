"""The addresses of rewards below /admin/rewards/, and their place in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from complaints.policies import may_see_rewards

from .reauth import View, recently_authenticated
from .reward_claim import ClaimActView
from .reward_pages import AllView, DueView, ProposeView, RewardView


def _is_act(request: HttpRequest) -> bool:
    """Whether something is put forward or decided; looking and working an amount out change nothing."""
    return request.method == "POST" and "preview" not in request.POST


def _once_more(view: View) -> View:
    return recently_authenticated(view, before=_is_act)


class RewardMenuItem(MenuItem):
    """Shown to proposers, approvers and auditors."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_rewards(request.user)


class RewardViewSet(ViewSet):
    """Lists and pages of rewards."""

    name = "rewards"
    url_prefix = "rewards"
    icon = "pick"
    menu_label = _("Rewards")
    menu_name = "rewards"
    menu_order = 55
    menu_item_class = RewardMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", DueView.as_view(), name="index"),
            path("all/", AllView.as_view(), name="all"),
            path("tip/<str:number>/", _once_more(ProposeView.as_view()), name="propose"),
            path("<str:number>/", _once_more(RewardView.as_view()), name="reward"),
            path("<str:number>/claim/", recently_authenticated(ClaimActView.as_view()), name="claim"),
        ]


rewards_viewset = RewardViewSet()
