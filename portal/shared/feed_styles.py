"""How a feed looks to somebody who opens it in a browser instead of a reader."""

from django.templatetags.static import static
from django.utils.feedgenerator import Rss201rev2Feed, Stylesheet


class ShownFeed(Rss201rev2Feed):
    """RSS under the name of XML: under its own, browsers show the source and no style. Readers take both."""

    content_type = "application/xml; charset=utf-8"


def feed_styles() -> list[Stylesheet]:
    """Return the styles of feeds, a file of our own; without them a browser shows the bare XML."""
    return [Stylesheet(static("css/feed.css"), mimetype="text/css", media="all")]
