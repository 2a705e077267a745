"""The page a phone shows without signal, kept on it only when its owner keeps a draft there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no signal, and whom to call."""
    return render(request, "complaints/public/offline.html")
