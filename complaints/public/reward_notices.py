"""Paid rewards by number, kind and amount, figures by unit, and the tips whose reward nobody has come for."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.selectors.claims import called_out
from complaints.selectors.reward_words import yuan
from complaints.stats.rewards import kind_label, public_rewards

from .guards import public_door

PAGE = "complaints/public/reward_notices.html"
PER_PAGE = 50
FIRST_YEAR, LAST_YEAR = 2018, 2100


@public_door
def reward_notices(request: HttpRequest) -> HttpResponse:
    """Show the notices of a year, this year's unless asked for another."""
    today = timezone.localdate()
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isdecimal() and len(typed) <= 4 else today.year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    found = public_rewards(year=year, today=today)
    page = Paginator(found.notices, PER_PAGE).get_page(request.GET.get("p"))
    values = {
        "found": found,
        "rows": [(one.number, kind_label(one.kind) or _("Special reward"), yuan(one.amount)) for one in page],
        "units": [(one.name, one.count, yuan(one.amount), one.days) for one in found.units],
        "page_obj": page,
        "called": called_out(today=today),
        "years": [one for one in found.years if one != year],
    }
    return render(request, PAGE, values)
