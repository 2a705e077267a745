"""What the site map lists: published pages that anyone may read, and the form."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cases_public.models import CasePage


class PublishedPages(Sitemap[Page]):
    """Every live page without restrictions."""

    def items(self) -> "QuerySet[Page]":
        """Return the pages in the order of the tree; cases only up to their last day."""
        pages: QuerySet[Page] = Page.objects.live().public().filter(depth__gt=1).order_by("path")
        return pages.exclude(pk__in=CasePage.objects.over(today=timezone.localdate()).values("pk"))

    def location(self, item: Page) -> str:
        """Return the path of a page."""
        return str(item.get_url() or reverse("wagtail_serve", args=[""]))

    def lastmod(self, item: Page) -> datetime | None:
        """Return when a page was last published."""
        moment: datetime | None = item.last_published_at
        return moment


class Doors(Sitemap[str]):
    """Pages that are no Wagtail pages."""

    def items(self) -> list[str]:
        """Return the names of their routes."""
        return ["report"]

    def location(self, item: str) -> str:
        """Return the path of a route."""
        return reverse(item)


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {"pages": PublishedPages, "doors": Doors}
