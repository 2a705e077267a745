"""The newest cases as RSS, with the same filters as the list, and what was corrected or withdrawn since."""

from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Stylesheet
from django.utils.translation import gettext as _

from cases_public.selectors.asked import CHOICES, Asked, asked
from cases_public.services.feed_items import FeedItem, feed_items
from portal.shared.feed_styles import ShownFeed, feed_styles
from portal.shared.keeping import keep

MOST = 30


class CaseFeed(Feed[FeedItem, Asked]):
    """Titles, sentences and addresses; the day is that of publication."""

    feed_type = ShownFeed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the feed, which is the same for everybody."""
        keep(request, parameters=CHOICES)
        answer: HttpResponse = super().__call__(request, *args, **kwargs)
        return answer

    def title(self) -> str:
        """Return what readers call the feed."""
        return _("Typical cases of work safety")

    def description(self) -> str:
        """Return what the feed is for."""
        return _("New cases as they are published: what was wrong, and what it cost.")

    def link(self) -> str:
        """Return the address of the list."""
        return reverse("wagtail_serve", args=["cases/"])

    def stylesheets(self) -> list[Stylesheet]:
        """Return what a browser shows it with."""
        return feed_styles()

    def feed_url(self) -> str:
        """Return the address of the feed."""
        return reverse("cases_feed")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Asked:
        """Return what was asked for."""
        return asked(request.GET)

    def items(self, obj: Asked) -> list[FeedItem]:
        """Return the newest cases, corrections and withdrawals."""
        return feed_items(asked=obj, today=timezone.localdate(), most=MOST)

    def item_title(self, item: FeedItem) -> str:
        """Return the title in the language of the visitor."""
        return item.title

    def item_description(self, item: FeedItem) -> str:
        """Return the one sentence, what was corrected, or the notice."""
        return item.text

    def item_link(self, item: FeedItem) -> str:
        """Return the path of the page."""
        return item.path or self.link()

    def item_guid(self, item: FeedItem) -> str:
        """Return what a reader knows it by: a correction is told beside the case it corrects."""
        return f"{self.item_link(item)}#{item.mark}" if item.mark else self.item_link(item)

    item_guid_is_permalink = False

    def item_pubdate(self, item: FeedItem) -> datetime:
        """Return the day of the act, without an hour."""
        return timezone.make_aware(datetime.combine(item.day, time.min))
