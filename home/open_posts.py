"""What a page has that anybody may post to: no forged posts from other sites, nothing stored, no cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.shared import pages

# Browsers say where a request comes from. Old ones say nothing: they are let in, a post changes nothing here.
OWN = frozenset({"", "same-origin", "none"})
View = Callable[..., HttpResponse]


def open_post(view: View) -> View:
    """Wrap a view that shows something in answer to a post and keeps nothing of it.

    A CSRF token would need a cookie. A post may ask for its answer in another language.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "") not in OWN:
            raise PermissionDenied
        language = pages.chosen_language(request)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = view(request, *args, **kwargs)
        if language:
            pages.remember_language(response, request=request, language=language)
        return response

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(guarded))
