"""The reward scale of an enterprise, set by its own managers; the poster's page shows it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from complaints.enums import HazardGrade
from complaints.errors import DraftInvalid
from complaints.models import Enterprise
from complaints.selectors.internal import scale_of
from complaints.services.managers import set_scale

from .door import manager_door, one_of, person
from .forms import MOST_DIGITS


@require_http_methods(["GET", "HEAD", "POST"])
@manager_door
def scale(request: HttpRequest, pk: int, *, workplaces: list[Enterprise]) -> HttpResponse:
    """Show and set what the enterprise pays for each grade, inside and outside one's duty."""
    entry = one_of(workplaces, pk=pk)
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip()[:MOST_DIGITS] for name in _names()}
        try:
            amounts = {one: _pair(typed, one) for one in HazardGrade.values}
            set_scale(
                enterprise_id=entry.pk,
                amounts={grade: pair for grade, pair in amounts.items() if pair},
                actor=person(request),
                at=timezone.now(),
            )
        except DraftInvalid as error:
            wrong = {one.field: str(one.problem.label) for one in error.problems}
            return _page(request, entry=entry, typed=typed, wrong=wrong, status=error.status)
        return HttpResponseRedirect(reverse("workplace:inbox"))
    known = scale_of(entry)
    typed = {f"inside-{grade}": str(row.inside_yuan) for grade, row in known.items()}
    typed |= {f"outside-{grade}": str(row.outside_yuan) for grade, row in known.items()}
    return _page(request, entry=entry, typed=typed, wrong={}, status=200)


def _names() -> list[str]:
    return [f"{side}-{grade}" for grade in HazardGrade.values for side in ("inside", "outside")]


def _pair(typed: dict[str, str], grade: str) -> tuple[int, int] | None:
    inside, outside = typed[f"inside-{grade}"], typed[f"outside-{grade}"]
    if not all(one.isascii() and one.isdigit() for one in (inside, outside)):
        return None
    return int(inside), int(outside)


def _page(
    request: HttpRequest, *, entry: Enterprise, typed: dict[str, str], wrong: dict[str, str], status: int
) -> HttpResponse:
    rows = [
        (
            one.value,
            one.label,
            typed.get(f"inside-{one.value}", ""),
            typed.get(f"outside-{one.value}", ""),
            wrong.get(one.value, ""),
        )
        for one in HazardGrade
    ]
    values = {"entry": entry, "rows": rows, "is_wrong": bool(wrong)}
    return render(request, "complaints/workplace/scale.html", values, status=status)
