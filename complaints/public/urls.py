"""Routes of the anonymous web: one address each, so that a log line says nothing about a tip."""

from django.urls import URLPattern, path

from .enterprise import enterprise
from .enterprise_results import results
from .metrics import metrics
from .offline import offline
from .report import report
from .reward import reward
from .reward_notices import reward_notices
from .status import status

urlpatterns: list[URLPattern] = [
    path("report/", report, name="report"),
    path("status/", status, name="status"),
    path("reward/", reward, name="reward"),
    path("reward/notices/", reward_notices, name="reward_notices"),
    path("e/<slug:code>/", enterprise, name="enterprise"),
    path("e/<slug:code>/results/", results, name="enterprise_results"),
    path("offline/", offline, name="offline"),
    path("metrics", metrics, name="metrics"),
]
