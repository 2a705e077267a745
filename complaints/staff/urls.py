"""Pages of Wagtail that are ours at Wagtail's own addresses: these routes come first, its own are never reached."""

from django.urls import URLPattern, path
from wagtail.admin.auth import require_admin_access

from portal.shared.idle import still_here

from .audit_log import LogView
from .handovers import HandOverView
from .own_account import OwnAccountView
from .reports import SiteHistoryView
from .sites import sites_view

urlpatterns: list[URLPattern] = [
    path("audit/", require_admin_access(LogView.as_view()), name="audit_log"),
    path(
        "audit/results/", require_admin_access(LogView.as_view(results_only=True)), name="audit_log_results"
    ),
    path("hand-over/", require_admin_access(HandOverView.as_view()), name="handovers"),
    path("still-here/", still_here, name="still_here"),
    path("account/", require_admin_access(OwnAccountView.as_view()), name="own_account"),
    path("sites/", require_admin_access(sites_view()), name="sites"),
    path("reports/site-history/", require_admin_access(SiteHistoryView.as_view()), name="site_history"),
    path(
        "reports/site-history/results/",
        require_admin_access(SiteHistoryView.as_view(results_only=True)),
        name="site_history_results",
    ),
]
