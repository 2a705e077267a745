"""Pages of Wagtail that are ours at Wagtail's own addresses: these routes come first, its own are never reached."""

from django.urls import URLPattern, path
from wagtail.admin.auth import require_admin_access

from .own_account import OwnAccountView
from .reports import SiteHistoryView
from .sites import sites_view

urlpatterns: list[URLPattern] = [
    path("account/", require_admin_access(OwnAccountView.as_view())),
    path("sites/", require_admin_access(sites_view())),
    path("reports/site-history/", require_admin_access(SiteHistoryView.as_view())),
    path("reports/site-history/results/", require_admin_access(SiteHistoryView.as_view(results_only=True))),
]
