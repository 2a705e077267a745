"""Inbox and page of an internal tip; an act is a post to the page, and what is wrong stands at its field."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from complaints.enums import HazardGrade, InsideAct, InsideState
from complaints.errors import ComplaintError, DraftInvalid, FieldProblem, TipNotFound
from complaints.models import Enterprise, EnterpriseManager, InternalTip
from complaints.rules.internal import BEFORE_ACCEPTANCE, acts_open, counted_grade, is_overdue
from complaints.selectors.inside_figures import figures_for
from complaints.selectors.internal import has_another, inside_for, managers_of
from complaints.selectors.internal import inbox as inbox_rows
from complaints.selectors.invitations import waiting_until
from complaints.services.evidence import read_uploads
from complaints.services.internal import act_inside
from complaints.services.viewing import note_read

from .door import manager_door, person
from .forms import read_form
from .second import Alone, alone
from .shown import act_forms, tip_shown

PER_PAGE = 25


@require_http_methods(["GET", "HEAD"])
@manager_door
def inbox(request: HttpRequest, *, workplaces: list[Enterprise]) -> HttpResponse:
    """Show what waits, the nearest day first; with `?done=1` what is done."""
    is_done, today, user = "done" in request.GET, timezone.localdate(), person(request)
    page = Paginator(inbox_rows(user, is_done=is_done), PER_PAGE).get_page(request.GET.get("p"))
    note_read(action="read.workplace", subject="", viewer=user, at=timezone.now())
    values = {
        "workplaces": [_workplace(one, user=user, today=today) for one in workplaces],
        "rows": [(row, is_overdue(due=row.due_date, today=today)) for row in page],
        "page_obj": page,
        "is_done": is_done,
        "has_gone": "gone" in request.GET,
        "has_asked": "asked" in request.GET,
        "is_several": len(workplaces) > 1,
        "today": today,
    }
    return render(request, "complaints/workplace/inbox.html", values)


def _workplace(enterprise: Enterprise, *, user: User, today: date) -> dict[str, Any]:
    """Return one company with its figures, who reads for it, and what it is told where that is one person alone."""
    readers = _readers(enterprise)
    return {
        "entry": enterprise,
        "figures": figures_for(user, enterprise, today=today),
        "managers": readers,
        "alone": alone(enterprise, readers),
    }


def _readers(enterprise: Enterprise) -> list[tuple[EnterpriseManager, bool]]:
    """Return who reads the reports of a company, and who was invited and has yet to join."""
    rows = managers_of(enterprise)
    waiting = waiting_until(rows)
    return [(row, row.user_id in waiting) for row in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@manager_door
def tip(request: HttpRequest, number: str, *, workplaces: list[Enterprise]) -> HttpResponse:
    """Show one internal tip of the own enterprises, or take an act; any other is not there."""
    row = inside_for(request.user, number=number)
    if row is None:
        raise Http404
    if request.method == "POST":
        return _act(request, row=row)
    note_read(action="read.internal_tip", subject=number, viewer=person(request), at=timezone.now())
    return _page(request, row=row)


def _act(request: HttpRequest, *, row: InternalTip) -> HttpResponse:
    name = request.POST.get("act", "")
    if name not in InsideAct.values:
        raise Http404
    values = {key: str(value) for key, value in request.POST.items()}
    number, act = row.tip.number, InsideAct(name)
    try:
        after = act_inside(
            number=number,
            act=act,
            form=read_form(values, act=act),
            uploads=read_uploads(request.FILES.getlist("photos")),
            actor=person(request),
            at=timezone.now(),
            vault_fingerprint=settings.VAULT_FINGERPRINT,
        )
    except DraftInvalid as error:
        return _page(request, row=row, act=act, typed=values, problems=error.problems, status=error.status)
    except TipNotFound:
        raise Http404 from None
    except KeyError:
        raise Http404 from None
    except ComplaintError as error:
        fresh = inside_for(request.user, number=number)
        if fresh is None:
            raise Http404 from None
        return _page(request, row=fresh, fault=str(error.public_message), status=error.status)
    if after.state == InsideState.TURNED:
        return HttpResponseRedirect(f"{reverse('workplace:inbox')}?gone=1")
    return HttpResponseRedirect(f"{reverse('workplace:tip', args=[number])}?done={act.value}")


def _alone(row: InternalTip) -> Alone | None:
    return alone(row.enterprise, _readers(row.enterprise))


def _page(
    request: HttpRequest,
    *,
    row: InternalTip,
    act: InsideAct | None = None,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[FieldProblem] = (),
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    has_other = has_another(row, user=user)
    state, is_own = InsideState(row.state), row.is_own_of(user.pk)
    is_open = acts_open(state=state, is_own=is_own)
    values: dict[str, Any] = {
        "shown": tip_shown(row, today=today),
        "forms": act_forms(
            row,
            acts=is_open,
            tried=act,
            typed=typed or {},
            problems=problems,
            today=today,
            has_another=has_other,
        ),
        "nobody_else": not has_other,
        "alone": None if has_other or state not in BEFORE_ACCEPTANCE else _alone(row),
        "counts_as_major": counted_grade(grade=row.grade, kind=row.tip.kind) == HazardGrade.MAJOR,
        "waits_for_other": is_own and state in (InsideState.FIXED, InsideState.DOUBTED),
        "is_doubted": state == InsideState.DOUBTED,
        "fault": fault,
        "done": request.GET.get("done", "") if request.method == "GET" else "",
        "photo_max_bytes": settings.PHOTO_MAX_BYTES,
    }
    return render(request, "complaints/workplace/tip.html", values, status=status)
