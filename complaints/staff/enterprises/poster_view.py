"""The poster of an enterprise as PDF; its code leads to the page of this very installation."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.models import Enterprise
from complaints.selectors.enterprises import code_in_use
from complaints.services.poster import Poster, pdf_of_poster

from .page import OneEnterprise

HOTLINE = "12350"


class PosterView(OneEnterprise):
    """GET the poster with the code in use; an enterprise without one has none."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        code = code_in_use(enterprise=self.entry)
        if code is None:
            raise Http404
        address = request.build_absolute_uri(reverse("enterprise", args=[code.code]))
        # The wall of a factory in China, whatever the language of the desk.
        with override(settings.LANGUAGE_CODE):
            poster = poster_of(entry=self.entry, code=code.code, address=address)
        answer = HttpResponse(
            pdf_of_poster(poster=poster, made=timezone.localdate()), content_type="application/pdf"
        )
        answer.headers["Content-Disposition"] = f'inline; filename="poster-{code.code}.pdf"'
        return answer


def poster_of(*, entry: Enterprise, code: str, address: str) -> Poster:
    """Return the words of a poster in the language in force."""
    return Poster(
        enterprise=entry.name,
        code=f"{code[:5]} {code[5:]}",
        address=address,
        title=_("See a danger, scan, tell"),
        invitation=_("Point the camera of your phone here"),
        hint=_("Or open %(address)s") % {"address": address},
        lines=(
            _("No login, no name needed. The code does not know who scans it."),
            _("The company never sees who reported; a reward can be collected all the same."),
            _("Afraid of the boss? Choose “straight to the bureau” on the page."),
            _("Punishing somebody for a report is against the law; tell us."),
        ),
        danger=_("Somebody in danger: 110 · 119 · 120"),
        bureau=_("%(unit)s · hotline %(number)s") % {"unit": entry.office.name, "number": HOTLINE},
    )
