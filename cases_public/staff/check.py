"""Answers what must not be published of texts that are being typed. Nothing of them is stored or logged."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import View
from wagtail.models import Page

from cases_public.models import ReviewedPage, Waiver
from cases_public.redaction.check import Found, found_in_part, policy_of
from cases_public.redaction.parts import Part
from complaints.enums import NamePolicy

# A case has some ten thousand characters; the whole of a novel is a mistake.
MOST_BYTES = 400_000
MOST_TEXTS = 500


@method_decorator(sensitive_post_parameters(), name="dispatch")
class CheckView(View):
    """POST {"policy": "deidentified", "texts": ["…"]} → {"finds": [{"text": 0, "start": 3, …}]}; 400 for anything else.

    `start` and `end` count characters, not UTF-16 units.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Check texts for whoever may open this page in the editor."""
        found = Page.objects.filter(pk=page_id).first()
        if found is None:
            raise Http404
        page = found.specific
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        asked = _asked(request)
        if asked is None:
            return JsonResponse({"finds": []}, status=400)
        chosen, texts = asked
        # A case says in its form whether it names enterprises; other pages have no such field.
        policy = chosen if isinstance(page, ReviewedPage) else policy_of(page=page)
        waived = set(Waiver.objects.filter(page_id=page.pk).values_list("mark", flat=True))
        finds = [
            _as_data(number, one)
            for number, text in enumerate(texts)
            for one in found_in_part(part=Part(path=(), label="", text=text), policy=policy)
            if one.mark not in waived
        ]
        return JsonResponse({"finds": finds})


@sensitive_variables()
def _asked(request: HttpRequest) -> tuple[NamePolicy, list[str]] | None:
    if len(request.body) > MOST_BYTES:
        return None
    try:
        sent = json.loads(request.body)
        policy, texts = NamePolicy(sent["policy"]), sent["texts"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    is_list = isinstance(texts, list) and len(texts) <= MOST_TEXTS
    return (policy, texts) if is_list and all(isinstance(text, str) for text in texts) else None


def _as_data(number: int, one: Found) -> dict[str, Any]:
    finding = one.finding
    return {
        "text": number,
        "kind": str(finding.kind.label),
        "start": finding.start,
        "end": finding.end,
        "words": one.words,
        "suggestion": finding.suggestion,
        "reason": finding.reason,
    }
