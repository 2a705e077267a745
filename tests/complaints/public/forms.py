"""Filling in the form as a browser without scripts would, and reading the page that comes back."""

from secrets import token_hex
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from complaints.models import Evidence, Message, Tip

WORDS = "二楼打磨间全是铝粉"


def photo(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def filled(**values: Any) -> dict[str, Any]:
    """Return the fields of a good tip, with these changed; None takes a field away."""
    fields = {
        "description": WORDS,
        "address": "科技路 18 号",
        "identity_mode": "anonymous_with_code",
        "idempotency_key": token_hex(16),
    } | values
    return {name: value for name, value in fields.items() if value is not None}


def send(client: Client, **values: Any) -> HttpResponse:
    """Send a good tip with these fields changed."""
    return client.post("/report/", filled(**values))


def soup(response: HttpResponse) -> BeautifulSoup:
    """Return the page."""
    return BeautifulSoup(response.content, "html.parser")


def one(page: BeautifulSoup, selector: str) -> Tag:
    """Return the only element this selector finds."""
    found = page.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def receipt_of(response: HttpResponse) -> str:
    """Return the receipt a page shows."""
    assert response.status_code == 200
    return str(one(soup(response), "[data-code]")["data-code"])


def summary(response: HttpResponse) -> list[str]:
    """Return the lines of the summary of problems."""
    return [line.get_text(strip=True) for line in soup(response).select(".errors:not([data-trouble]) li")]


def is_nothing_stored(evidence_root: Any) -> bool:
    """Tell whether neither rows nor files were left."""
    files = [path for path in evidence_root.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return not (Tip.objects.exists() or Evidence.objects.exists() or Message.objects.exists() or files)
