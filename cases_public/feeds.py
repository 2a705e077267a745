"""The newest cases as RSS, with the same filters as the list."""

from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Stylesheet
from django.utils.translation import gettext as _

from cases_public.entries import CaseEntry
from cases_public.selectors.asked import CHOICES, Asked, asked
from cases_public.selectors.listing import newest
from portal.shared.feed_styles import ShownFeed, feed_styles
from portal.shared.keeping import keep

MOST = 30


class CaseFeed(Feed[CaseEntry, Asked]):
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

    def items(self, obj: Asked) -> list[CaseEntry]:
        """Return the newest cases."""
        return newest(asked=obj, today=timezone.localdate(), most=MOST)

    def item_title(self, item: CaseEntry) -> str:
        """Return the title in the language of the visitor."""
        return item.shown_title

    def item_description(self, item: CaseEntry) -> str:
        """Return the one sentence."""
        return item.shown_lead

    def item_link(self, item: CaseEntry) -> str:
        """Return the path of the page."""
        return str(item.page.get_url() or self.link())

    def item_pubdate(self, item: CaseEntry) -> datetime:
        """Return the day of publication, without an hour."""
        return timezone.make_aware(datetime.combine(item.published_date, time.min))
