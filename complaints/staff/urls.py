"""Pages of Wagtail that are ours at Wagtail's own addresses: these routes come first, its own are never reached."""

from django.urls import URLPattern, path, re_path
from wagtail.admin.auth import require_admin_access

from portal.shared.idle import still_here

from .attention.views import AttentionFileView, AttentionPrintView, AttentionTipsView, AttentionView
from .audit_log import LogView
from .custody_panel import custody_home
from .handovers import HandOverView
from .own_account import OwnAccountView
from .penalties import PenaltiesView
from .reports import SiteHistoryView
from .reviews.views import FileView, ReadFileView, ResultsView, ReviewsView, SampleView
from .sites import sites_view
from .statistics.closing import close_view
from .statistics.dashboard import DashboardTipsView, DashboardView
from .statistics.evaluation import EvaluationFileView, EvaluationView
from .statistics.views import BulletinView, StatisticsFileView, StatisticsView

urlpatterns: list[URLPattern] = [
    path("audit/", require_admin_access(LogView.as_view()), name="audit_log"),
    path(
        "audit/results/", require_admin_access(LogView.as_view(results_only=True)), name="audit_log_results"
    ),
    path("custody/", require_admin_access(custody_home), name="custody_home"),
    path("penalties/", require_admin_access(PenaltiesView.as_view()), name="penalties"),
    path("hand-over/", require_admin_access(HandOverView.as_view()), name="handovers"),
    path("statistics/", require_admin_access(StatisticsView.as_view()), name="statistics"),
    path("statistics/print/", require_admin_access(BulletinView.as_view()), name="statistics_print"),
    path("statistics/close/", require_admin_access(close_view), name="statistics_close"),
    re_path(
        r"^statistics/figures\.(?P<kind>csv|xlsx)$",
        require_admin_access(StatisticsFileView.as_view()),
        name="statistics_file",
    ),
    path("statistics/where-to-look/", require_admin_access(AttentionView.as_view()), name="attention"),
    path(
        "statistics/where-to-look/print/",
        require_admin_access(AttentionPrintView.as_view()),
        name="attention_print",
    ),
    path(
        "statistics/where-to-look/tips/",
        require_admin_access(AttentionTipsView.as_view()),
        name="attention_tips",
    ),
    re_path(
        r"^statistics/where-to-look/proposal\.(?P<kind>csv|xlsx)$",
        require_admin_access(AttentionFileView.as_view()),
        name="attention_file",
    ),
    path("statistics/dashboard/", require_admin_access(DashboardView.as_view()), name="dashboard"),
    path(
        "statistics/dashboard/tips/", require_admin_access(DashboardTipsView.as_view()), name="dashboard_tips"
    ),
    path("statistics/evaluation/", require_admin_access(EvaluationView.as_view()), name="evaluation"),
    path(
        "statistics/evaluation/evaluation.xlsx",
        require_admin_access(EvaluationFileView.as_view()),
        name="evaluation_file",
    ),
    path("reviews/", require_admin_access(ReviewsView.as_view()), name="reviews"),
    path("reviews/results/", require_admin_access(ResultsView.as_view()), name="review_results"),
    path(
        "reviews/sample/<uuid:public_id>/", require_admin_access(SampleView.as_view()), name="review_sample"
    ),
    path("reviews/file/<uuid:public_id>/", require_admin_access(FileView.as_view()), name="review_file"),
    path(
        "reviews/file/<uuid:public_id>/read/",
        require_admin_access(ReadFileView.as_view()),
        name="review_read",
    ),
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
