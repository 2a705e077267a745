"""The addresses of the duty to report cases below /admin/cases_duty/, and their place in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from cases_public.services.duty_rights import may_see_duties

from .duty_files import FileView, QuarterFileView, QuarterView
from .duty_pages import IndexView, SubmissionView, SubmitView
from .duty_quotas import QuotasView


class DutyMenuItem(MenuItem):
    """Shown to those whom the duty concerns."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and may_see_duties(request.user)


class DutyViewSet(ViewSet):
    """What units owe, their submissions, the quarter's file, quotas."""

    name = "case_duty"
    url_prefix = "cases_duty"
    icon = "upload"
    menu_label = _("Reporting of cases")
    menu_name = "case_duty"
    menu_order = 212
    menu_item_class = DutyMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", IndexView.as_view(), name="index"),
            path("submit/", SubmitView.as_view(), name="submit"),
            path("quotas/", QuotasView.as_view(), name="quotas"),
            path("quarter/<str:code>/", QuarterView.as_view(), name="quarter"),
            path("quarter/<str:code>/<str:kind>/", QuarterFileView.as_view(), name="quarter_file"),
            path("file/<int:pk>/<str:kind>/", FileView.as_view(), name="file"),
            path("<int:pk>/", SubmissionView.as_view(), name="submission"),
        ]


duty_viewset = DutyViewSet()
