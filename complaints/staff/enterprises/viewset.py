"""The addresses of the register below /admin/enterprises/, and its place in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from complaints.selectors.enterprises import may_see_register

from ..reauth import View, recently_authenticated
from .channels import ChannelsView
from .form import AddView, EditView
from .importing import ImportView, ProgressView, TemplateFileView
from .inside_overview import InsideOverviewView
from .listing import RegisterView
from .lone import LoneManagersView
from .managers import CodeAnewView, EndManagerView, InviteView
from .page import EnterpriseView
from .poster_view import PosterView
from .practice import DraftPracticeView
from .visiting import TypeCodeView, VisitView


def _gives_out(request: HttpRequest) -> bool:
    """Whether a code would be given out; looking at the form gives nothing."""
    return request.method == "POST"


def _once_more(view: View) -> View:
    return recently_authenticated(view, before=_gives_out)


class RegisterMenuItem(MenuItem):
    """Shown to whoever reads tips."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_register(request.user)


class RegisterViewSet(ViewSet):
    """The register of enterprises."""

    name = "enterprises"
    url_prefix = "enterprises"
    icon = "site"
    menu_label = _("Enterprises")
    menu_name = "enterprises"
    menu_order = 56
    menu_item_class = RegisterMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", RegisterView.as_view(), name="index"),
            path("results/", RegisterView.as_view(results_only=True), name="index_results"),
            path("new/", AddView.as_view(), name="add"),
            path("import/", ImportView.as_view(), name="import"),
            path("import/progress/", ProgressView.as_view(), name="progress"),
            path("import/template.csv", TemplateFileView.as_view(), name="template"),
            path("channels/", ChannelsView.as_view(), name="channels"),
            path("inside/", InsideOverviewView.as_view(), name="inside"),
            path("single/", LoneManagersView.as_view(), name="single"),
            path("visit/", TypeCodeView.as_view(), name="visit"),
            path("visit/<slug:code>/", VisitView.as_view(), name="visit_at"),
            path("<int:pk>/", EnterpriseView.as_view(), name="inspect"),
            path("<int:pk>/managers/", _once_more(InviteView.as_view()), name="invite"),
            path("<int:pk>/managers/<int:manager>/", EndManagerView.as_view(), name="end_manager"),
            path(
                "<int:pk>/managers/<int:manager>/code/",
                _once_more(CodeAnewView.as_view()),
                name="manager_code",
            ),
            path("<int:pk>/practice/<int:offer>/", DraftPracticeView.as_view(), name="practice"),
            path("<int:pk>/poster.pdf", PosterView.as_view(), name="poster"),
            path("<int:pk>/edit/", EditView.as_view(), name="edit"),
        ]


register_viewset = RegisterViewSet()
