"""Offering good practice: the manager writes what works, the bureau counts the figures itself."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from complaints.errors import DraftInvalid
from complaints.models import Enterprise
from complaints.services.practice import offer_practice

from .door import manager_door, one_of, person


@require_http_methods(["GET", "HEAD", "POST"])
@manager_door
def practice(request: HttpRequest, pk: int, *, workplaces: list[Enterprise]) -> HttpResponse:
    """Show the form of one workplace, or keep what it offers."""
    entry, text, fault, status = one_of(workplaces, pk=pk), "", "", 200
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            offer_practice(enterprise_id=entry.pk, text=text, actor=person(request), at=timezone.now())
        except DraftInvalid as error:
            fault, status = str(error.problems[0].problem.label), error.status
        else:
            return HttpResponseRedirect(f"{reverse('workplace:practice', args=[pk])}?done=1")
    values = {"entry": entry, "text": text, "fault": fault, "is_done": "done" in request.GET and not fault}
    return render(request, "complaints/workplace/practice.html", values, status=status)
