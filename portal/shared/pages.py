"""Pages that belong to no app: health, language, manifest and service worker."""

from django.conf import settings
from django.core.checks import run_checks
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

YEAR_SECONDS = 365 * 24 * 3600


@require_GET
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say that the database answers (503 otherwise) and name what an operator should look at."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001  any driver error means the same: not ready
        return HttpResponse("database", status=503, content_type="text/plain")
    found = run_checks(tags=["readiness"], databases=["default"])
    status = 503 if any(message.is_serious() for message in found) else 200
    words = ["ok" if status == 200 else "not ready", *(f"{message.id} {message.msg}" for message in found)]
    return HttpResponse("\n".join(words), status=status, content_type="text/plain")


@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember two letters in a cookie and go back to the page the visitor came from.

    Without a CSRF token: public pages set no cookie, and all a forged request could change is the language.
    """
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = f"/{settings.URL_PREFIX}"
    response = HttpResponseRedirect(target)
    language = chosen_language(request)
    if language:
        remember_language(response, request=request, language=language)
    return response


def chosen_language(request: HttpRequest) -> str:
    """Return the language a post asks for; empty when it asks for none that there is."""
    language = request.POST.get("language", "") if request.method == "POST" else ""
    return language if language in dict(settings.LANGUAGES) else ""


def remember_language(response: HttpResponse, *, request: HttpRequest, language: str) -> None:
    """Put two letters into a cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR_SECONDS,
        path=f"/{settings.URL_PREFIX}",
        samesite="Lax",
        secure=request.is_secure(),
    )


def gone(request: HttpRequest, **_arguments: object) -> HttpResponse:
    """Answer 404 where Wagtail offers something this house does not."""
    return render(request, "404.html", status=404)


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the web app manifest, so that a phone may keep the portal on its first screen."""
    start = f"/{settings.URL_PREFIX}"
    return JsonResponse(
        {
            "name": _("Anshao safety tips"),
            "short_name": _("Anshao"),
            "lang": request.LANGUAGE_CODE,
            "start_url": start,
            "scope": start,
            "display": "minimal-ui",
            "background_color": "#f8f5ef",
            "theme_color": "#0b2947",
            "icons": [{"src": static("img/logo.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker at the root of its scope."""
    return render(request, "sw.js", {"prefix": f"/{settings.URL_PREFIX}"}, content_type="text/javascript")
