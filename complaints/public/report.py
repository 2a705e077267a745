"""The form: shown on GET, taken on POST, answered with the receipt itself."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from complaints.enums import IdentityMode, Problem
from complaints.errors import ComplaintError, DraftInvalid, FieldProblem
from complaints.rules.intake import TipDraft, read_draft
from complaints.selectors.offices import DivisionChoice, codes_of, division_choices
from complaints.services.budgets import spend_tip
from complaints.services.evidence import Upload, read_uploads
from complaints.services.intake import Acknowledgement, submit_tip
from portal.shared import captcha, pages, recaptcha

from .form import Attempt, form_page, key_of
from .guards import public_door
from .texts import for_receipt
from .typed import echo


@public_door
def report(request: HttpRequest) -> HttpResponse:
    """Show the blank form, or take a tip and answer with its receipt: nothing secret ever stands in an address."""
    return _take(request) if request.method == "POST" else _blank(request)


@gzip_page
def _blank(request: HttpRequest) -> HttpResponse:
    """Show the form. Compressed here, as it repeats nothing a visitor sent; answers to posts never are."""
    page = form_page(divisions=division_choices(), today=timezone.localdate())
    return recaptcha.allow_widget(render(request, "complaints/public/report.html", {"page": page}))


def _take(request: HttpRequest) -> HttpResponse:
    uploads = read_uploads(request.FILES.getlist("photos"), are_read_once=True)
    attempt = _attempt(request, photo_count=len(uploads))
    divisions = division_choices()
    if pages.chosen_language(request):
        notice = _("The language has changed. Nothing was sent yet.")
        return _again(request, attempt=attempt, divisions=divisions, notice=notice, status=200)
    try:
        spend_tip(request=request, way=attempt.way)
        draft = _checked(request, attempt=attempt, divisions=divisions)
        done = _submitted(draft=draft, uploads=uploads)
    except DraftInvalid as error:
        return _again(
            request, attempt=attempt, divisions=divisions, found=error.problems, status=error.status
        )
    except ComplaintError as error:
        notice = str(error.public_message)
        return _again(request, attempt=attempt, divisions=divisions, notice=notice, status=error.status)
    return _receipt(request, done=done, mode=draft.identity_mode)


def _attempt(request: HttpRequest, *, photo_count: int) -> Attempt:
    """Return what was sent. The check against machines comes at once, so that all slips are told in one go."""
    typed = echo(dict(request.POST.lists()), photo_count=photo_count)
    key = key_of(typed=typed)
    return Attempt(typed=typed, key=key, way=captcha.passed_by(values=request.POST.dict(), once_for=key))


def _checked(request: HttpRequest, *, attempt: Attempt, divisions: list[DivisionChoice]) -> TipDraft:
    """Return the draft; raises DraftInvalid with every slip, a wrong answer to the question among them."""
    unpassed = [] if attempt.is_passed else [FieldProblem(field="captcha", problem=Problem.CAPTCHA)]
    try:
        draft = _read(request, attempt=attempt, divisions=divisions)
    except DraftInvalid as error:
        raise DraftInvalid([*error.problems, *unpassed]) from None
    if unpassed:
        raise DraftInvalid(unpassed)
    return draft


def _read(request: HttpRequest, *, attempt: Attempt, divisions: list[DivisionChoice]) -> TipDraft:
    # A file under a name of its own is refused like any unknown field.
    raw = {**dict.fromkeys(request.FILES, ()), **dict(request.POST.lists())}
    return read_draft(
        raw,
        codes=codes_of(choices=divisions),
        today=timezone.localdate(),
        photo_count=attempt.typed.photo_count,
        extra_fields=captcha.FORM_FIELDS,
    )


def _submitted(*, draft: TipDraft, uploads: Sequence[Upload]) -> Acknowledgement:
    return submit_tip(
        draft=draft, uploads=uploads, today=timezone.localdate(), vault_fingerprint=settings.VAULT_FINGERPRINT
    )


def _again(
    request: HttpRequest,
    *,
    attempt: Attempt,
    divisions: Sequence[DivisionChoice],
    status: int,
    found: Sequence[FieldProblem] = (),
    notice: str = "",
) -> HttpResponse:
    """Show the form once more with everything typed; names and telephone numbers stay with the sender."""
    page = form_page(
        divisions=divisions, today=timezone.localdate(), attempt=attempt, found=found, notice=notice
    )
    values = {"page": page, "language_form": "tip"}
    return recaptcha.allow_widget(render(request, "complaints/public/report.html", values, status=status))


def _receipt(request: HttpRequest, *, done: Acknowledgement, mode: IdentityMode) -> HttpResponse:
    values = {
        "done": done,
        "body": done.competent_body and done.competent_body.name_in(language=get_language() or ""),
        "groups": done.receipt.split("-"),
        "may_be_rewarded": mode != IdentityMode.ANONYMOUS,
        "words": for_receipt(),
        "language_leaves": True,
    }
    return render(request, "complaints/public/receipt.html", values)
