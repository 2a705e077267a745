"""Addresses of the API; one that does not exist is answered here, not by the pages of the site."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from portal.shared.api_errors import plain_error

from .api import api


@csrf_exempt
def nothing_here(_request: HttpRequest, **_rest: str) -> HttpResponse:
    """Answer 404 in words, whatever the method."""
    return plain_error(status=404)


urlpatterns = [
    path("", api.urls),
    path("<path:rest>", nothing_here),
]
