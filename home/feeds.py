"""The newest bulletins as RSS."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Stylesheet
from django.utils.translation import gettext as _

from home.models import BulletinPage
from home.models.bulletin import shown_bulletins
from portal.shared.feed_styles import ShownFeed, feed_styles
from portal.shared.keeping import keep

MOST = 30


class BulletinFeed(Feed[BulletinPage, Any]):
    """Titles and addresses; the day is that of publication."""

    feed_type = ShownFeed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the feed, which is the same for everybody."""
        keep(request)
        answer: HttpResponse = super().__call__(request, *args, **kwargs)
        return answer

    def title(self) -> str:
        """Return what readers call the feed."""
        return _("Bulletins on tips about work safety")

    def description(self) -> str:
        """Return what the feed is for."""
        return _(
            "Monthly tables, quarterly analyses, half-yearly bulletins and yearly evaluations as they come out."
        )

    def link(self) -> str:
        """Return the address of the list."""
        return reverse("wagtail_serve", args=["figures/bulletins/"])

    def stylesheets(self) -> list[Stylesheet]:
        """Return what a browser shows it with."""
        return feed_styles()

    def feed_url(self) -> str:
        """Return the address of the feed."""
        return reverse("bulletins_feed")

    def items(self) -> list[BulletinPage]:
        """Return the newest bulletins."""
        return list(shown_bulletins()[:MOST])

    def item_title(self, item: BulletinPage) -> str:
        """Return the title in the language of the visitor."""
        return item.shown_title

    def item_description(self, item: BulletinPage) -> str:
        """Return what kind of bulletin it is."""
        return str(item.get_kind_display())

    def item_link(self, item: BulletinPage) -> str:
        """Return the path of the page."""
        return str(item.get_url() or self.link())

    def item_pubdate(self, item: BulletinPage) -> datetime | None:
        """Return when it was published."""
        moment: datetime | None = item.first_published_at
        return moment
