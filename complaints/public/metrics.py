"""Figures for the monitoring of the machine, in the text format that Prometheus reads; nobody else is told a thing."""

from django.conf import settings
from django.core.checks import run_checks
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from complaints.selectors.gauges import Gauge, gauges

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SCHEME = "Bearer "


@require_GET
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures to whoever shows METRICS_TOKEN; for everybody else there is no page."""
    if not _is_known(request.headers.get("Authorization", "")):
        raise Http404
    folder = next(one for one in (settings.EVIDENCE_ROOT, *settings.EVIDENCE_ROOT.parents) if one.exists())
    now = timezone.now()
    found = gauges(now=now, today=timezone.localdate(now), pinned=settings.VAULT_FINGERPRINT, folder=folder)
    return HttpResponse("\n".join([*map(_lines, found), *_warnings(), ""]), content_type=CONTENT_TYPE)


def _is_known(authorization: str) -> bool:
    token = settings.METRICS_TOKEN
    given = authorization.removeprefix(SCHEME) if authorization.startswith(SCHEME) else ""
    return bool(token) and constant_time_compare(given, token)


def _lines(gauge: Gauge) -> str:
    return f"# HELP {gauge.name} {gauge.help}\n# TYPE {gauge.name} gauge\n{gauge.name} {gauge.value}"


def _warnings() -> list[str]:
    """Return a line for each thing an operator should look at; docs/operations.md says what each number means."""
    name = "anshao_warning"
    found = sorted({str(one.id) for one in run_checks(tags=["readiness"], databases=["default"])})
    head = [f"# HELP {name} What /readyz names, by its number.", f"# TYPE {name} gauge"]
    return [*head, *(f'{name}{{id="{one}"}} 1' for one in found)]
