"""The page behind the code on a poster: the form of a tip with another reading, to the company or past it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from complaints.enums import Addressee, IdentityMode, Problem
from complaints.errors import ComplaintError, DraftInvalid, FieldProblem
from complaints.models import Enterprise, EnterpriseCode
from complaints.rules.intake import TipDraft, read_draft
from complaints.rules.internal_draft import FIELDS, InsideDraft, read_inside
from complaints.selectors.enterprises import enterprise_of_code
from complaints.selectors.internal import has_managers
from complaints.selectors.offices import codes_of, division_choices
from complaints.services.budgets import spend_tip
from complaints.services.evidence import Upload, read_uploads
from complaints.services.poster_intake import Told, tell_from_poster
from portal.shared import captcha, pages, recaptcha

from .enterprise_form import Attempt, enterprise_page
from .form import key_of
from .guards import public_door
from .texts import for_receipt
from .typed import echo

# What the form of a tip has and this one has not: the poster knows it.
OURS = (
    "entity_name",
    "entity_code",
    "district",
    "town",
    "industry",
    "lat",
    "lng",
    "datum",
    "violation",
    "operations",
)


@dataclass(frozen=True, kw_only=True)
class Door:
    """What a code leads to: the enterprise, and whether somebody there reads what comes in."""

    code: str
    enterprise: Enterprise
    is_read: bool


def entry_behind(code: str) -> EnterpriseCode:
    """Return what a scanned code stands for, in use or retired; raises Http404 for an unknown one."""
    found = enterprise_of_code(typed=code)
    if found is None or not found.enterprise.is_active:
        raise Http404
    return found


def old_code(request: HttpRequest, *, found: EnterpriseCode) -> HttpResponse:
    """Say that the code on this poster has been replaced; an officer who stands before it enters the visit anyhow."""
    return render(request, "complaints/public/enterprise_old.html", {"code": found.code}, status=410)


@public_door
def enterprise(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of an enterprise or take a tip; an unknown code is not there, a retired one says so."""
    found = entry_behind(code)
    if found.retired_date is not None:
        return old_code(request, found=found)
    door = Door(code=found.code, enterprise=found.enterprise, is_read=has_managers(found.enterprise))
    return _take(request, door=door) if request.method == "POST" else _blank(request, door=door)


@gzip_page
def _blank(request: HttpRequest, *, door: Door) -> HttpResponse:
    """Show the form, compressed: it repeats nothing a visitor sent."""
    return _shown(request, door=door, attempt=None)


def _take(request: HttpRequest, *, door: Door) -> HttpResponse:
    uploads = read_uploads(request.FILES.getlist("photos"), are_read_once=True)
    attempt = _attempt(request, photo_count=len(uploads))
    if pages.chosen_language(request):
        notice = _("The language has changed. Nothing was sent yet.")
        return _shown(request, door=door, attempt=attempt, notice=notice)
    try:
        spend_tip(request=request, way=attempt.way)
        told = _told(request, door=door, attempt=attempt, uploads=uploads)
    except DraftInvalid as error:
        return _shown(request, door=door, attempt=attempt, found=error.problems, status=error.status)
    except ComplaintError as error:
        notice = str(error.public_message)
        return _shown(request, door=door, attempt=attempt, notice=notice, status=error.status)
    return _receipt(request, door=door, told=told)


def _attempt(request: HttpRequest, *, photo_count: int) -> Attempt:
    raw = {name: [str(one) for one in values] for name, values in request.POST.lists()}
    typed = echo(raw, photo_count=photo_count)
    key = key_of(typed=typed)
    way = captcha.passed_by(values=request.POST.dict(), once_for=key)
    return Attempt(raw=raw, typed=typed, key=key, way=way)


def _told(request: HttpRequest, *, door: Door, attempt: Attempt, uploads: Sequence[Upload]) -> Told:
    """Read everything before anything is stored, so that all slips are told in one go."""
    inside, problems = read_inside(attempt.raw, enterprise_id=door.enterprise.pk)
    if not attempt.is_passed:
        problems.append(FieldProblem(field="captcha", problem=Problem.CAPTCHA))
    try:
        draft = _draft(request, door=door, attempt=attempt)
    except DraftInvalid as error:
        raise DraftInvalid([*error.problems, *problems]) from None
    if problems:
        raise DraftInvalid(problems)
    return _send(door=door, draft=draft, inside=inside, uploads=uploads)


def _draft(request: HttpRequest, *, door: Door, attempt: Attempt) -> TipDraft:
    entry = door.enterprise
    # A file under a name of its own, and a field the poster knows better, are refused like any unknown field.
    raw = {**dict.fromkeys(request.FILES, ()), **attempt.raw}
    unknown = [FieldProblem(field=name, problem=Problem.UNKNOWN_FIELD) for name in OURS if name in raw]
    if unknown:
        raise DraftInvalid(unknown)
    known = {
        "entity_name": [entry.name],
        "entity_code": [entry.credit_code],
        "industry": [entry.industry],
        "district": [entry.district_id],
        "town": [entry.town_id or ""],
    }
    return read_draft(
        {**raw, **known},
        codes=codes_of(choices=division_choices()),
        today=timezone.localdate(),
        photo_count=attempt.typed.photo_count,
        extra_fields=captcha.FORM_FIELDS | FIELDS,
    )


def _send(*, door: Door, draft: TipDraft, inside: InsideDraft, uploads: Sequence[Upload]) -> Told:
    return tell_from_poster(
        draft=draft,
        inside=inside,
        enterprise=door.enterprise,
        uploads=uploads,
        today=timezone.localdate(),
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )


def _shown(
    request: HttpRequest,
    *,
    door: Door,
    attempt: Attempt | None,
    found: Sequence[FieldProblem] = (),
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    page = enterprise_page(
        code=door.code,
        enterprise=door.enterprise,
        is_read=door.is_read,
        today=timezone.localdate(),
        attempt=attempt,
        found=found,
        notice=notice,
    )
    values = {"page": page, "language_form": "tip"} if attempt else {"page": page}
    return recaptcha.allow_widget(render(request, "complaints/public/enterprise.html", values, status=status))


def _receipt(request: HttpRequest, *, door: Door, told: Told) -> HttpResponse:
    values = {
        "done": told.done,
        "groups": told.done.receipt.split("-"),
        "may_be_rewarded": told.mode != IdentityMode.ANONYMOUS,
        "is_inside": told.to == Addressee.UNIT,
        "was_redirected": told.was_redirected,
        "is_past_the_company": told.is_past_the_company,
        "names_manager": told.names_manager,
        "first_due": told.first_due,
        "enterprise": door.enterprise,
        "words": for_receipt(),
        "language_leaves": True,
    }
    return render(request, "complaints/public/receipt.html", values)
