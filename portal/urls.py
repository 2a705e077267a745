"""Composition root: the only module that imports every app."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cases_public import urls as cases_urls
from complaints.api import urls as api_urls
from complaints.public import urls as public_urls
from complaints.staff import own_sessions
from complaints.staff import urls as staff_urls
from complaints.workplace import urls as workplace_urls
from home import urls as home_urls
from home.serving import serve_page
from portal.shared import pages, signin
from portal.shared import urls as shared_urls

handler400 = "portal.shared.errors.bad_request"
handler403 = "portal.shared.errors.forbidden"
handler404 = "portal.shared.errors.not_found"
handler500 = "portal.shared.errors.server_error"

routes: list[URLPattern | URLResolver] = [
    path("", include(public_urls)),
    path("", include(shared_urls)),
    path("", include(home_urls)),
    path("", include(cases_urls)),
    path("workplace/", include(workplace_urls)),
    path("api/v1/", include(api_urls)),
    # Wagtail's own ways to sign in know no second factor: they must never be reached.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/password_reset/", pages.gone),
    # Two pages by which Wagtail's authors look at their error pages: one is an alarm anybody could ring.
    path("admin/failwhale/", pages.gone),
    path("admin/test404/", pages.gone),
    # Wagtail's second try at a document whose title was missing: it breaks as soon as kinds of files are limited.
    path("admin/documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/", pages.gone),
    path("admin/", include(staff_urls)),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include(signin.urlpatterns)),
    path("accounts/", include(own_sessions.urlpatterns)),
    path("documents/", include(wagtaildocs_urls)),
    path("_util/login/", pages.gone),
    # Wagtail's pages, found by our own view: its pattern fits everything and stays the last.
    path("", include([one for one in wagtail_urls.urlpatterns if one.name != "wagtail_serve"])),
    re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve"),
]

urlpatterns: list[URLPattern | URLResolver] = [path(settings.URL_PREFIX, include(routes))]
