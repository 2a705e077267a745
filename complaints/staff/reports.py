"""Reports that Wagtail leaves open to everybody with a desk: here for those whose work they list."""

from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.views.reports.audit_logging import LogEntriesView

KEEPS_ACCOUNTS = "auth.change_user"


class SiteHistoryView(LogEntriesView):
    """Who changed which page: for people who work on pages or keep the accounts; for others it is not there."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not (user_has_any_page_permission(request.user) or request.user.has_perm(KEEPS_ACCOUNTS)):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response
