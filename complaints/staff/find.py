"""The search field of the inbox: words are posted and come back sealed, so that no address tells them."""

from typing import Any

from django import forms
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages as notices

from complaints.policies import Person, may_read_tips
from complaints.rules.texts import showable
from complaints.selectors.search import LONGEST_SEARCH
from complaints.selectors.search_address import opened_search, sealed_search

PIECE = "s"


class FindField(forms.TextInput):
    """Two fields: the words, which belong to a form of their own that is posted, and their seal among the filters."""

    template_name = "complaints/staff/parts/find.html"

    def __init__(self, *, typed: str) -> None:
        super().__init__()
        self.typed = typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return {**context, "typed": self.typed, "longest": LONGEST_SEARCH}


class FindForm(forms.Form):
    """What an address says is searched for, opened for the person who asks."""

    s = forms.CharField(label=gettext_lazy("Words to find"), required=False)

    def __init__(self, *, user: Person, sealed: str | None) -> None:
        super().__init__(None if sealed is None else {PIECE: sealed})
        self.typed = opened_search(user=user, sealed=sealed or "")
        self.fields[PIECE].widget = FindField(typed=self.typed)

    def clean_s(self) -> str:
        """Return the words themselves."""
        return self.typed


class FindView(View):
    """Seal what was typed: a script gets the piece of the address, a plain form the inbox."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_tips(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = request.POST.get("q", "").strip()
        said = ""
        if len(typed) > LONGEST_SEARCH:
            typed, said = "", _("Nothing was searched: at most %(n)d characters.") % {"n": LONGEST_SEARCH}
        sealed = sealed_search(user=request.user, typed=showable(typed, longest=LONGEST_SEARCH))
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({PIECE: sealed, "said": said})
        if said:
            notices.warning(request, said)
        url = reverse("tips:index")
        return HttpResponseRedirect(f"{url}?{PIECE}={sealed}" if sealed else url)
