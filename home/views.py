"""What the public site answers besides pages: robots.txt and the renditions of editors' pictures."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.static import serve

RENDITIONS = "images"
YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave alone."""
    facts = {
        "prefix": f"/{settings.URL_PREFIX}",
        "sitemap": request.build_absolute_uri(reverse("sitemap")),
    }
    return render(request, "home/robots.txt", facts, content_type="text/plain; charset=utf-8")


@require_safe
def rendition(request: HttpRequest, name: str) -> FileResponse | HttpResponse:
    """Send one size of a picture. Nothing else below the media folder has an address of its own.

    Its name changes with its content, so that browsers may keep it.
    """
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT / RENDITIONS))
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response
