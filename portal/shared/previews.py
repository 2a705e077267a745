"""Lets the editor of a page show its preview in a frame beside the text; nothing else may be framed, and by nobody."""

from collections.abc import Callable

from csp.constants import HEADER, NONE, SELF
from django.http import HttpRequest, HttpResponse

PAGES = "wagtailadmin_pages"
EDITORS = frozenset({f"{PAGES}:add", f"{PAGES}:edit"})
PREVIEWS = frozenset({f"{PAGES}:preview_on_add", f"{PAGES}:preview_on_edit"})

SHOWN = 200


class PreviewFrameMiddleware:
    """Widens the content policy of these two kinds of answers alone; X-Frame-Options is set by Wagtail's own view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        # Where django-csp looks: its decorators cannot be put on views of Wagtail.
        if name in EDITORS:
            response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # the library's name
        elif name in PREVIEWS and HEADER in response:
            # A preview has been through all middleware as a page of its own: its policy is written already.
            kept = response.headers[HEADER]
            response.headers[HEADER] = kept.replace(f"frame-ancestors {NONE}", f"frame-ancestors {SELF}")
        elif name in PREVIEWS and response.status_code == SHOWN:
            # Nothing can be shown yet, and the page that says so stands in the same frame.
            response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]  # the library's name
        return response
