"""Pages beside a tip: the comparison with another one, the case file and the letter to print, the papers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from complaints.errors import ComplaintError, TipNotFound
from complaints.selectors import tips as selectors
from complaints.services import referrals, viewing

from .casefile import case_file, transfer_letter
from .compare import comparison
from .rows import tip_url
from .tip_views import TipView


class FileView(TipView):
    """The whole file of a tip for the printer; the look is logged."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        viewing.note_paper(action="tip.file", tip=self.tip, viewer=self.user, at=self.now)
        values = {"file": case_file(tip=self.tip, user=self.user, now=self.now)}
        return render(request, "complaints/staff/print/file.html", values)


class LetterView(TipView):
    """The letter that goes with a tip to the competent body; there is none before it was transferred."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        letter = transfer_letter(tip=self.tip, user=self.user, now=self.now)
        if letter is None:
            raise Http404
        viewing.note_paper(action="tip.letter", tip=self.tip, viewer=self.user, at=self.now)
        return render(request, "complaints/staff/print/letter.html", {"letter": letter})


class CompareView(TipView):
    """Two tips side by side, both within scope."""

    template_name = "complaints/staff/compare.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.other = selectors.tip_for(user=self.user, number=kwargs["other"])
        except TipNotFound:
            raise Http404 from None
        if self.other.pk == self.tip.pk:
            raise Http404
        viewing.note_tip_viewed(tip=self.other, viewer=self.user, at=self.now)
        return self.page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        pair = comparison(tip=self.tip, other=self.other, user=self.user, now=self.now)
        merge = next((step for step in self.sheet.steps if step.action == "merge"), None)
        return {**context, "pair": pair, "merge": merge, "other_url": tip_url(number=self.other.number)}


class BundleView(TipView):
    """The papers of a criminal referral with its evidence, as one file."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            data = referrals.referral_bundle(tip_id=self.tip.pk, actor=self.user, at=self.now)
        except TipNotFound:
            raise Http404 from None
        except ComplaintError as error:
            return self.refuse(error)
        headers = {
            "Cache-Control": "no-store, private",
            "Content-Disposition": f'attachment; filename="{self.tip.number}.zip"',
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(data, content_type="application/zip", headers=headers)
