"""Routes of a reporter whose tip is inside a company: its way, words, the reward, turning it over to the bureau."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from complaints.enterprise_errors import InsideTip
from complaints.errors import IllegalMove
from complaints.services.budgets import spend
from complaints.services.fix_answers import answer_fix
from complaints.services.inside_progress import InsideProgress, inside_progress
from complaints.services.inside_words import write_to_company
from complaints.services.reporter import progress_for_receipt
from complaints.services.turning import confirm_reward, turn_outside
from portal.shared import throttle

from . import contract
from .inside_schemas import AcceptanceIn, ConfirmationIn, InsideOut, InsideStepOut, TurningIn
from .progress import line_out, progress_out
from .reading import read_json
from .schemas import ProgressOut, ReceiptIn
from .words import KEY_HEADER, be_sure, words_of

router = Router(tags=["tips inside a company"])


@router.post(
    "/tips/inside/status",
    response={200: InsideOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(ReceiptIn),
    operation_id="read_inside_progress",
)
def read_inside(request: HttpRequest) -> InsideOut:
    """Return the way of a tip inside a company; 409 once it was turned over, 404 for any other receipt."""
    spend(request=request, budget=throttle.STATUS)
    body = read_json(request, ReceiptIn)
    return _inside(inside_progress(typed=body.receipt, today=timezone.localdate()))


@router.post(
    "/tips/inside/messages",
    response={200: InsideOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.message_request(key_header=KEY_HEADER),
    operation_id="send_inside_message",
)
def write_inside(request: HttpRequest) -> InsideOut:
    """Send words and photos to the company; the same key makes one message, however often it is sent."""
    return _inside(write_to_company(**words_of(request)))


@router.post(
    "/tips/inside/confirmation",
    response={200: InsideOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(ConfirmationIn),
    operation_id="confirm_inside_reward",
)
def confirm(request: HttpRequest) -> InsideOut:
    """Say whether the reward of the company came; if not, it is owed again and the way to the bureau is open."""
    spend(request=request, budget=throttle.MESSAGE)
    body = read_json(request, ConfirmationIn)
    done = confirm_reward(typed=body.receipt, is_received=body.is_received, today=timezone.localdate())
    return _inside(done)


@router.post(
    "/tips/inside/acceptance",
    response={200: InsideOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(AcceptanceIn),
    operation_id="answer_inside_fix",
)
def accept(request: HttpRequest) -> InsideOut:
    """Say whether a fix is one, where nobody else in the company could accept it; 409 where somebody could."""
    spend(request=request, budget=throttle.MESSAGE)
    body = read_json(request, AcceptanceIn)
    return _inside(answer_fix(typed=body.receipt, is_fixed=body.is_fixed, today=timezone.localdate()))


@router.post(
    "/tips/inside/turn",
    response={200: ProgressOut, **contract.errors(400, 404, 409, 413, 415, 422, 429, 503)},
    openapi_extra=contract.json_request(TurningIn),
    operation_id="turn_tip_outside",
)
def turn(request: HttpRequest) -> ProgressOut:
    """Turn a tip over that is overdue, refuted or said to be put right; a second time changes nothing."""
    spend(request=request, budget=throttle.MESSAGE)
    body = read_json(request, TurningIn)
    be_sure(body.sure)
    try:
        turn_outside(typed=body.receipt, today=timezone.localdate())
    except IllegalMove as refusal:
        # Sent twice it is the bureau's by now; inside, the company is still in time.
        try:
            return progress_out(progress_for_receipt(typed=body.receipt))
        except InsideTip:
            raise refusal from None
    return progress_out(progress_for_receipt(typed=body.receipt))


def _inside(found: InsideProgress) -> InsideOut:
    return InsideOut(
        number=found.number,
        enterprise=found.enterprise,
        state=found.state.value,
        state_label=str(found.state.label),
        received_date=found.received_date,
        clock=found.clock.value,
        clock_label=str(found.clock.label),
        due=found.due_date,
        is_overdue=found.is_overdue,
        steps=[InsideStepOut(act=act.value, label=str(act.label), day=day) for day, act in found.steps],
        messages=[line_out(one) for one in found.lines],
        can_write=found.can_write,
        can_turn=found.may_turn,
        can_accept=found.may_accept,
        can_confirm=found.may_confirm,
        reward_yuan=found.reward_yuan,
        special_yuan=found.special_yuan,
        special_reason=found.special_reason,
        paid_on=found.paid_date,
    )
