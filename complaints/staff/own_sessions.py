"""One's own open sessions: where one is signed in, and the end of any of them, with password and code once more.

The page stands at the entrance, because safety managers, who have no desk, have sessions too. No address is kept of a
session, only when it began, when it was used and in what kind of browser; so a stranger's one shows by its times.
"""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from complaints.services.accounts import end_own_sessions
from portal.shared.devices import device_of
from portal.shared.services.sessions import BEGUN, DEVICE, OpenSession, mark_of, open_sessions

from .reauth import recently_authenticated


class OwnSessionsView(TemplateView):
    """Lists where the person is signed in; a POST ends one other session, or all others."""

    template_name = "account/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = mark_of(self.request.session.session_key or "")
        found = self._sessions()
        return {
            **super().get_context_data(**kwargs),
            "here": next((one for one in found if one.mark == here), None),
            "others": [one for one in found if one.mark != here],
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """End what was asked for; this session has a button of its own to sign out."""
        asked, here = request.POST.get("mark", ""), mark_of(request.session.session_key or "")
        others = {one.mark for one in self._sessions() if one.mark != here}
        marks = others if asked == "all" else others & {asked}
        count = end_own_sessions(user=self._person, marks=marks, at=timezone.now()) if marks else 0
        if count:
            words = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", count)
            messages.success(request, words % {"count": count})
        else:
            messages.info(request, _("That session had ended already."))
        return HttpResponseRedirect(reverse("own_sessions"))

    def _sessions(self) -> list[OpenSession]:
        return open_sessions(user=self._person, now=timezone.now())

    @property
    def _person(self) -> User:
        assert isinstance(self.request.user, User), "the door lets nobody in who is not signed in"
        return self.request.user


def note_begun(*, request: HttpRequest, **_kwargs: Any) -> None:
    """Remember when and in what kind of browser a session began."""
    request.session[BEGUN] = int(time.time())
    request.session[DEVICE] = device_of(request)


_door = recently_authenticated(OwnSessionsView.as_view(), before=lambda request: request.method == "POST")
urlpatterns = [path("sessions/", login_required(_door), name="own_sessions")]
