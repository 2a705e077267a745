"""What the public site answers besides pages: robots.txt, editors' pictures and videos, answers to a self-test."""

import mimetypes
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.core.files.storage import storages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.static import serve

from home.models import QuizPage
from home.models.videos import CAPTIONS_FOLDER, VIDEO_FOLDER
from home.open_posts import open_post
from home.quizzes import result
from home.ranges import send_file
from home.sitemap import SITEMAPS
from portal.shared.buckets import MediaBucket
from portal.shared.keeping import keep

RENDITIONS = "images"
# Said here, because the tables of many machines know neither, and browsers are told to guess nothing.
RENDITION_TYPES = {".avif": "image/avif", ".webp": "image/webp"}
YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave alone."""
    keep(request)
    facts = {
        "prefix": f"/{settings.URL_PREFIX}",
        "sitemap": request.build_absolute_uri(reverse("sitemap")),
    }
    return render(request, "home/robots.txt", facts, content_type="text/plain; charset=utf-8")


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """List the published pages for search engines."""
    keep(request, parameters=("p",))
    answer: HttpResponse = sitemap(request, sitemaps=SITEMAPS)
    return answer


@require_safe
def rendition(request: HttpRequest, name: str) -> FileResponse | HttpResponseBase:
    """Send one size of a picture. Nothing else below the media folder has an address of its own.

    Its name changes with its content, so that browsers may keep it.
    """
    kind = RENDITION_TYPES.get(Path(name).suffix)
    if isinstance(storages["default"], MediaBucket):
        guessed = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return _file(request, path=f"{RENDITIONS}/{name}", content_type=guessed)
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT / RENDITIONS))
    if kind and response.status_code == HTTPStatus.OK:
        response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


@require_safe
def video(request: HttpRequest, stem: str) -> HttpResponseBase:
    """Send a video, or the part of it a player jumps to."""
    return _file(request, path=f"{VIDEO_FOLDER}/{stem}.mp4", content_type="video/mp4")


@require_safe
def captions(request: HttpRequest, stem: str) -> HttpResponseBase:
    """Send the captions of a video."""
    return _file(request, path=f"{CAPTIONS_FOLDER}/{stem}.vtt", content_type="text/vtt; charset=utf-8")


def _file(request: HttpRequest, *, path: str, content_type: str) -> HttpResponseBase:
    """Send a stored file, or tell the gateway where it lies. Its name changes with its content: it may be kept."""
    storage = storages["default"]
    if isinstance(storage, MediaBucket) and (address := storage.gateway_address(path)):
        # How long it may be kept is said by the gateway, which knows whether there is such a file.
        return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": address})
    try:
        file = storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    response = send_file(request=request, file=file, size=file.size, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


@open_post
def quiz(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show a self-test with what was answered. Nothing of it is kept: no row, no cookie, no session, no address."""
    page = get_object_or_404(QuizPage.objects.live().public(), pk=page_id)
    if request.method != "POST":
        return HttpResponseRedirect(page.get_url(request) or reverse("wagtail_serve", args=[""]))
    found = result(questions=[block.value for block in page.questions], values=request.POST)
    # Whoever answered nothing is asked, not told: the answers are for those who tried.
    told = {"is_unanswered": True} if found.is_empty else {"result": found}
    facts = {**page.get_context(request), **told, "language_form": "quiz"}
    return render(request, page.template, facts)
