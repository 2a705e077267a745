"""Routes of a reporter: send a tip, read its progress, write once more."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status

from complaints.enums import Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.rules.intake import TipDraft, read_draft
from complaints.selectors.offices import codes_of, division_choices
from complaints.services.budgets import spend, spend_tip
from complaints.services.claims import claim_reward, show_code
from complaints.services.intake import submit_tip
from complaints.services.objections import object_to_answer
from complaints.services.reporter import (
    progress_for_receipt,
    rate,
    send_message,
    withdraw,
)
from portal.shared import captcha, throttle

from . import contract
from .progress import progress_out
from .reading import as_raw, read_json, read_tip
from .schemas import (
    AcknowledgedOut,
    ClaimCodeIn,
    ClaimCodeOut,
    ClaimIn,
    ObjectionIn,
    ProgressOut,
    RatingIn,
    ReceiptIn,
    TipIn,
    WithdrawalIn,
)
from .words import KEY_HEADER, be_sure, words_of

router = Router(tags=["tips"])


@router.post(
    "/tips",
    response={201: AcknowledgedOut, **contract.errors(400, 413, 415, 422, 429, 503)},
    openapi_extra=contract.tip_request(key_header=KEY_HEADER),
    operation_id="send_tip",
    exclude_none=True,
)
def send_tip(request: HttpRequest) -> Status[dict[str, object]]:
    """Store a tip. The same key with the same content makes one tip, however often it is sent."""
    tip, uploads = read_tip(request)
    proof = {name: getattr(tip, name) or "" for name in captcha.PROOF_FIELDS}
    way = captcha.passed_by(values=proof, once_for=_key_of(request, tip=tip))
    spend_tip(request=request, way=way)
    draft = _draft(request, tip=tip, photo_count=len(uploads))
    if way is None:
        raise DraftInvalid([FieldProblem(field="captcha", problem=Problem.CAPTCHA)])
    done = submit_tip(
        draft=draft,
        uploads=uploads,
        today=timezone.localdate(),
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )
    notice = _("The point lies outside the city and was not kept. The district you chose counts.")
    return Status(
        201,
        {
            "number": done.number,
            "receipt": done.receipt,
            "accept_by": done.accept_by,
            "accept_by_is_provisional": done.accept_open_year is not None,
            "notice": notice if done.is_point_dropped else None,
        },
    )


@router.post(
    "/tips/status",
    response={200: ProgressOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(ReceiptIn),
    operation_id="read_progress",
)
def read_progress(request: HttpRequest) -> ProgressOut:
    """Return the progress of the tip a receipt opens; 409 while it is inside a company: `tips/inside/status`."""
    spend(request=request, budget=throttle.STATUS)
    body = read_json(request, ReceiptIn)
    return progress_out(progress_for_receipt(typed=body.receipt))


@router.post(
    "/tips/messages",
    response={200: ProgressOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.message_request(key_header=KEY_HEADER),
    operation_id="send_message",
)
def write_message(request: HttpRequest) -> ProgressOut:
    """Send words and photos to the officers; the same key makes one message, however often it is sent."""
    return progress_out(send_message(**words_of(request)))


@router.post(
    "/tips/objection",
    response={200: ProgressOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(ObjectionIn),
    operation_id="object_to_answer",
)
def send_objection(request: HttpRequest) -> ProgressOut:
    """Object to the answer, within ten days of it; the same words again make no second objection."""
    spend(request=request, budget=throttle.MESSAGE)
    body = read_json(request, ObjectionIn)
    return progress_out(object_to_answer(typed=body.receipt, text=body.text, today=timezone.localdate()))


@router.post(
    "/tips/withdrawal",
    response={200: ProgressOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(WithdrawalIn),
    operation_id="withdraw_tip",
)
def send_withdrawal(request: HttpRequest) -> ProgressOut:
    """Withdraw: no answer follows, the danger is looked into all the same. A second time changes nothing."""
    spend(request=request, budget=throttle.MESSAGE)
    body = read_json(request, WithdrawalIn)
    be_sure(body.sure)
    return progress_out(withdraw(typed=body.receipt, today=timezone.localdate()))


@router.post(
    "/tips/rating",
    response={200: ProgressOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(RatingIn),
    operation_id="rate_answer",
)
def send_rating(request: HttpRequest) -> ProgressOut:
    """Rate the answer, once; the same score again changes nothing."""
    spend(request=request, budget=throttle.MESSAGE)
    body = read_json(request, RatingIn)
    return progress_out(rate(typed=body.receipt, score=body.score, today=timezone.localdate()))


@router.post(
    "/tips/claim-code",
    response={200: ClaimCodeOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(ClaimCodeIn),
    operation_id="show_claim_code",
)
def send_claim_code(request: HttpRequest) -> ClaimCodeOut:
    """Return the claim code of a reward, once: with the receipt it collects the reward."""
    spend(request=request, budget=throttle.MESSAGE)
    body = read_json(request, ClaimCodeIn)
    done = show_code(typed=body.receipt, number=body.reward, today=timezone.localdate())
    return ClaimCodeOut(reward=done.number, claim_code=done.code)


@router.post(
    "/tips/claim",
    response={200: ProgressOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(ClaimIn),
    operation_id="claim_reward",
)
def send_claim(request: HttpRequest) -> ProgressOut:
    """Claim a reward to an account, its details sealed to the vault by the sender."""
    spend(request=request, budget=throttle.MESSAGE)
    body = read_json(request, ClaimIn)
    done = claim_reward(
        typed=body.receipt,
        number=body.reward,
        code=body.claim_code,
        envelope=body.identity_envelope,
        today=timezone.localdate(),
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )
    return progress_out(done)


def _key_of(request: HttpRequest, *, tip: TipIn) -> str:
    """Return the key of a tip, from header or body; where both name one they have to agree, which is seen to later."""
    return str(tip.idempotency_key or request.headers.get(KEY_HEADER, ""))


def _draft(request: HttpRequest, *, tip: TipIn, photo_count: int) -> TipDraft:
    """Return the checked draft; header and body must not name two different keys."""
    raw = as_raw(tip)
    header = request.headers.get(KEY_HEADER, "")
    inside = raw.setdefault("idempotency_key", [header])
    if header and [header] != list(inside):
        raise DraftInvalid([FieldProblem(field="idempotency_key", problem=Problem.BAD_KEY)])
    return read_draft(
        raw,
        codes=codes_of(choices=division_choices()),
        today=timezone.localdate(),
        photo_count=photo_count,
        extra_fields=captcha.PROOF_FIELDS,
    )
