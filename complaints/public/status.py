"""Progress by receipt: the code is asked for on GET, everything else lives in answers to posts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.enterprise_errors import InsideTip
from complaints.errors import ComplaintError, DraftInvalid, IllegalMove, ReceiptUnknown, TooManyRequests
from complaints.rules.texts import showable
from complaints.services.budgets import spend, spend_or_prove
from complaints.services.claims import ShownCode
from complaints.services.evidence import read_uploads
from complaints.services.messages import LONGEST
from complaints.services.objections import object_to_answer
from complaints.services.reporter import Progress, progress_for_receipt, rate, send_message, withdraw
from portal.shared import captcha, throttle

from . import status_inside
from .claim import claim, reward_of, show_claim_code
from .guards import public_door
from .problems import Shown, shown
from .progress import progress_page
from .texts import for_status

RECEIPT_MAX_CHARS = 40
KEY_MAX_CHARS = 32
SCORE_MAX_CHARS = 1
# The form in these pages that shows them once more, in another language.
AGAIN = "again"
ENTER = "complaints/public/status_enter.html"
PAGE = "complaints/public/status.html"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the page says beside the progress.

    `form` names the form that `found` and `notice` are about, or that is asked about once more (`asks`); `sent` the
    act that was done; `reward` the reward either is about, `code` its claim code, in this one answer.
    """

    form: str = ""
    found: Shown = field(default_factory=Shown)
    notice: str = ""
    sent: str = ""
    reward: str = ""
    code: str = ""
    asks: bool = False
    status: int = 200


@public_door
def status(request: HttpRequest) -> HttpResponse:
    """Ask for the receipt; show progress, or take an act of the reporter, in the answer to a post. No cookie."""
    if request.method != "POST":
        return _enter(request)
    if not request.POST.get("receipt", "").strip():
        return _enter(request, problem=_("Please enter the receipt: the 20 characters you kept."), status=422)
    action = request.POST.get("action", "")
    if action == "withdraw" and not request.POST.get("sure"):
        return _read(request, answer=Answer(form=action, asks=True))
    if action in status_inside.KNOWN:
        return _act_inside(request, action=action)
    return _act(request, action=action) if action in ACTS else _read(request, answer=Answer())


def _act_inside(request: HttpRequest, *, action: str) -> HttpResponse:
    """Do what is asked of a tip inside a company; one that is the bureau's by now shows as it stands."""
    try:
        spend(request=request, budget=throttle.MESSAGE)
        shown_inside = status_inside.act_inside(request, action=action)
    except IllegalMove:
        shown_inside = None
    except ComplaintError as error:
        return _enter(request, problem=str(error.public_message), status=error.status)
    return shown_inside or _read(request, answer=Answer(sent=action))


def _read(request: HttpRequest, *, answer: Answer) -> HttpResponse:
    try:
        spend_or_prove(request=request, budget=throttle.STATUS)
        progress = progress_for_receipt(typed=request.POST.get("receipt", ""))
    except InsideTip:
        return status_inside.inside_page(request)
    except ComplaintError as error:
        return _enter(request, problem=str(error.public_message), status=error.status)
    return _page(request, progress=progress, answer=answer)


def _act(request: HttpRequest, *, action: str) -> HttpResponse:
    """Do what was asked. What is wrong with it is told at its form, beside the progress as it stands."""
    try:
        spend(request=request, budget=throttle.MESSAGE)
        done = ACTS[action](request)
    except InsideTip as error:
        return _inside_instead(request, action=action, error=error)
    except (ReceiptUnknown, TooManyRequests) as error:
        return _enter(request, problem=str(error.public_message), status=error.status)
    except DraftInvalid as error:
        found = shown(error.problems)
        answer = Answer(form=action, found=found, reward=reward_of(request), status=error.status)
        return _refused(request, answer=answer)
    except ComplaintError as error:
        notice = str(error.public_message)
        answer = Answer(form=action, notice=notice, reward=reward_of(request), status=error.status)
        return _refused(request, answer=answer)
    if isinstance(done, ShownCode):
        answer = Answer(sent=action, reward=done.number, code=done.code)
        return _page(request, progress=done.progress, answer=answer)
    return _page(request, progress=done, answer=Answer(sent=action, reward=reward_of(request)))


def _inside_instead(request: HttpRequest, *, action: str, error: InsideTip) -> HttpResponse:
    """Answer for a tip inside a company: words go to it; one turned in this moment shows as it stands, nothing sent."""
    if action != status_inside.WRITE:
        return status_inside.inside_page(request, notice=str(error.public_message), status=error.status)
    try:
        return status_inside.write(request)
    except IllegalMove:
        return _read(request, answer=Answer())
    except ComplaintError as refusal:
        return _enter(request, problem=str(refusal.public_message), status=refusal.status)


def _write(request: HttpRequest) -> Progress:
    return send_message(
        typed=request.POST.get("receipt", ""),
        text=request.POST.get("text", ""),
        uploads=read_uploads(request.FILES.getlist("photos")),
        today=timezone.localdate(),
        vault_fingerprint=settings.VAULT_FINGERPRINT,
        client_key=showable(request.POST.get("client_key", ""), longest=KEY_MAX_CHARS),
    )


def _object(request: HttpRequest) -> Progress:
    return object_to_answer(
        typed=request.POST.get("receipt", ""),
        text=request.POST.get("text", ""),
        today=timezone.localdate(),
    )


def _withdraw(request: HttpRequest) -> Progress:
    return withdraw(typed=request.POST.get("receipt", ""), today=timezone.localdate())


def _rate(request: HttpRequest) -> Progress:
    score = request.POST.get("score", "")
    number = int(score) if len(score) <= SCORE_MAX_CHARS and score.isdecimal() else 0
    return rate(typed=request.POST.get("receipt", ""), score=number, today=timezone.localdate())


ACTS: Mapping[str, Callable[[HttpRequest], Progress | ShownCode]] = {
    "message": _write,
    "objection": _object,
    "withdraw": _withdraw,
    "rating": _rate,
    "claim_code": show_claim_code,
    "claim": claim,
}


def _refused(request: HttpRequest, *, answer: Answer) -> HttpResponse:
    """Show the progress with what was typed still in its field."""
    try:
        progress = progress_for_receipt(typed=request.POST.get("receipt", ""))
    except ComplaintError as error:
        return _enter(request, problem=str(error.public_message), status=error.status)
    typed = {
        answer.form: showable(request.POST.get("text", ""), longest=LONGEST),
        "client_key": showable(request.POST.get("client_key", ""), longest=KEY_MAX_CHARS),
    }
    return _page(request, progress=progress, answer=answer, typed=typed)


def _enter(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    """Ask for the receipt. A wrong one stays in its field, to be compared with what was kept."""
    receipt = showable(request.POST.get("receipt", ""), longest=RECEIPT_MAX_CHARS)
    # Whoever shares a busy network answers a question instead of waiting.
    is_asked = status == TooManyRequests.status and captcha.is_on()
    question = captcha.new_question() if is_asked else None
    values = {
        "problem": problem,
        "receipt": receipt,
        "question": question,
        "words": for_status(),
        "language_form": AGAIN,
    }
    return render(request, ENTER, values, status=status)


def _page(
    request: HttpRequest, *, progress: Progress, answer: Answer, typed: Mapping[str, str] | None = None
) -> HttpResponse:
    typed = typed or {}
    if answer.reward not in {one.number for one in progress.rewards}:
        answer = replace(answer, reward="")
    values = {
        "page": progress_page(progress=progress, today=timezone.localdate()),
        "answer": answer,
        "receipt": request.POST.get("receipt", ""),
        "text": typed.get("message", ""),
        "objection": typed.get("objection", ""),
        "client_key": typed.get("client_key") or token_hex(16),
        "language_form": AGAIN,
        "words": for_status(),
        "pin": settings.VAULT_FINGERPRINT,
        "photo_max_bytes": settings.PHOTO_MAX_BYTES,
        "photos_max_bytes": settings.PHOTOS_MAX_BYTES,
    }
    return render(request, PAGE, values, status=answer.status)
