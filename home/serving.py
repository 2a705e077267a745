"""Public pages: the site they belong to is found for a tenth of what Wagtail's own question costs."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from wagtail.models import Site
from wagtail.views import serve

from home.models import HomePage
from portal.shared.kept_parts import own_copy, part

# The way to a page below needs no text of the home page.
OF_A_PAGE_ABOVE = (
    *("path", "depth", "numchild", "slug", "url_path", "title", "title_en", "live", "locale"),
    "content_type",
)


def serve_page(request: HttpRequest, path: str) -> HttpResponse:
    """Answer with the page of this path, as Wagtail's view does."""
    site = _only_site(with_home=path == "")
    if site is not None:
        # Where Wagtail looks before it asks: see Site.find_for_request.
        request._wagtail_site = site  # type: ignore[attr-defined]  # Wagtail's own name
    answer: HttpResponse = serve(request, path)
    return answer


def _only_site(*, with_home: bool) -> Site | None:
    """Return the site that answers every host, with as much of its home page as is asked for; None where Wagtail has
    to choose."""
    site, home = part(partial(_site_and_home, with_home=with_home), "site", with_home)
    if site is None:
        return None
    site = own_copy(site)
    if home is not None:
        site.root_page = own_copy(home)
    return site


def _site_and_home(*, with_home: bool) -> tuple[Site | None, HomePage | None]:
    sites = list(Site.objects.all()[:2])
    if len(sites) != 1 or not sites[0].is_default_site:
        return None, None
    homes = HomePage.objects.order_by().filter(pk=sites[0].root_page_id)
    return sites[0], next(iter(homes if with_home else homes.only(*OF_A_PAGE_ABOVE)), None)
