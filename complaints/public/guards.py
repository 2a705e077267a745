"""What every door of the anonymous web has: no forged posts, nothing stored, no cookie."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.shared import pages

View = Callable[..., HttpResponse]
# Browsers say where a request comes from. Old ones say nothing: they are let in, there is no account to abuse.
OWN = frozenset({"", "same-origin", "none"})


def public_door(view: View) -> View:
    """Wrap a view of the anonymous web.

    A CSRF token would need a cookie; instead a post that a browser says comes from another site is refused. The
    answer is kept by no cache, neither on the way nor on the device. A post may ask for its answer in another language.
    """

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "") not in OWN:
            raise PermissionDenied
        language = pages.chosen_language(request)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = view(request, **kwargs)
        if language:
            pages.remember_language(response, request=request, language=language)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(guarded))
