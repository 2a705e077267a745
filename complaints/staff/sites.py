"""The list of sites with the headings Wagtail leaves in English."""

from collections.abc import Callable

from django.http import HttpResponse
from wagtail.admin.ui.tables import Column
from wagtail.models import Site
from wagtail.sites.views import IndexView, SiteViewSet


def _named(column: Column) -> Column:
    if column.name in {"port", "site_name", "root_page"}:
        label = Site._meta.get_field(column.name).verbose_name
        return Column(column.name, label=label, sort_key=column.sort_key)
    return column


class SitesView(IndexView):
    """Wagtail's list; each column is called what the form calls the field."""

    columns = [_named(column) for column in IndexView.columns]


def sites_view() -> Callable[..., HttpResponse]:
    """Return the view, set up as Wagtail's own viewset would."""
    viewset = SiteViewSet("wagtailsites", url_prefix="sites")
    view: Callable[..., HttpResponse] = viewset.construct_view(SitesView, **viewset.get_index_view_kwargs())
    return view
