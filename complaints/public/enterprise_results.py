"""结果通报 behind the code on a poster: what the company told its staff; nothing in it leads to a report."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from complaints.selectors.internal import circulars_of

from .enterprise import entry_behind, old_code
from .guards import public_door

PER_PAGE = 20


@public_door
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Show the newest first; an unknown code is not there, a retired one says so."""
    found = entry_behind(code)
    if found.retired_date is not None:
        return old_code(request, found=found)
    page = Paginator(circulars_of(found.enterprise), PER_PAGE).get_page(request.GET.get("p"))
    values = {
        "enterprise": found.enterprise,
        "code": found.code,
        "rows": [(row.told_date, row.audience, row.text) for row in page],
        "page_obj": page,
        "today": timezone.localdate(),
    }
    return render(request, "complaints/public/enterprise_results.html", values)
