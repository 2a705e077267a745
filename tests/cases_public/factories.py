"""Cases as editors publish them, and steps that many tests share."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.images import get_image_model

from cases_public.models import CaseIndexPage, CasePage, CollectionPage
from tests.home.factories import plain_png

_numbers = count(1)


def add_case(
    index: CaseIndexPage,
    *,
    collections: Iterable[CollectionPage] = (),
    published_at: datetime | None = None,
    publish: bool = True,
    **values: Any,
) -> CasePage:
    """Write a case below the list and, unless told otherwise, publish it as an editor does."""
    number = next(_numbers)
    facts = {
        "title": f"西安某加工公司第 {number} 案",
        "slug": f"case-{number}",
        "lead": f"第 {number} 件的案情",
        "live": False,
        "first_published_at": published_at,
        **values,
    }
    page = CasePage(**facts)
    index.add_child(instance=page)
    page.collections.set(collections)
    revision = page.save_revision()
    if publish:
        revision.publish()
        page.refresh_from_db()
    return page


def add_collection(index: CaseIndexPage, **values: Any) -> CollectionPage:
    """Publish a collection."""
    number = next(_numbers)
    facts = {"title": f"第 {number} 集", "slug": f"collection-{number}", "lead": "导语", **values}
    page = CollectionPage(live=False, **facts)
    index.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def days_ago(days: int) -> datetime:
    """Return a moment so many days before now."""
    return timezone.now() - timedelta(days=days)


def picture(title: str = "示意图") -> Any:
    """Return a stored picture."""
    return get_image_model().objects.create(title=title, file=ContentFile(plain_png(), name="a.png"))


def read(client: Client, path: str = "/cases/", status: int = 200) -> str:
    """Return a page as text."""
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def titles(html: str) -> list[str]:
    """Return the titles of the cases of a list, in their order."""
    parts = html.split('<article class="case">')[1:]
    return [
        part.split("<h3>")[1].split("</h3>")[0].split(">", 1)[1].split("</a>")[0].replace("<wbr>", "")
        for part in parts
    ]
