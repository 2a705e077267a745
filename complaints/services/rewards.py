"""The decision about a reward: one person puts it forward, another approves it, returns it or refuses it.

Rows are locked in this order: tip, reward, claim, budget, ledger, end of the audit log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints.enums import (
    IdentityMode,
    LedgerAct,
    Problem,
    RewardFault,
    RewardState,
    Role,
)
from complaints.errors import (
    ComplaintError,
    NotAllowed,
    OwnProposal,
    RequestNotFound,
    RewardRefused,
    TipNotFound,
)
from complaints.models import RewardAssessment, RewardPolicy, Tip
from complaints.models.reward import to_cents
from complaints.policies import roles_over, units_above
from complaints.rules.moments import to_minute
from complaints.rules.numbers import new_number
from complaints.rules.reward_case import Case, amount_problem
from complaints.rules.rewards import Line, Reward, reward_for, split
from complaints.selectors import reward_facts as facts
from complaints.selectors.merging import lead_of

from . import audit, claim_steps, ledger, steps
from .refusals import refusals_go_to
from .storage_faults import storage_faults_as_refusals

WORDS = ("deviation", "proof")
PREFIX = "JL"


@dataclass(frozen=True, kw_only=True)
class RewardDraft:
    """What a proposer enters: facts of the case that the records do not hold, and another amount than the rule gives.

    Fines, order of acceptance and way of reporting are read from the records, whatever `case` says of them. `amount`
    in yuan; None takes what the rule gives. A special reward (特别奖励) stands beside the ordinary one.
    """

    case: Case
    amount: Decimal | None = None
    is_special: bool = False


def preview(*, tip: Tip, draft: RewardDraft) -> tuple[Case, Reward]:
    """Return the facts as the records complete them and what the rule gives; raises DraftInvalid, changes nothing."""
    case = replace(
        draft.case,
        fines=facts.fines_for(tip=tip, kind=draft.case.kind),
        identity_mode=IdentityMode(tip.identity_mode),
        is_first=facts.order_of(tip=tip) == 1,
    )
    return case, reward_for(case=case, policy=facts.policy_for_tip(tip=tip).as_terms())


def _propose_refused(error: ComplaintError, values: Mapping[str, Any]) -> None:
    number = Tip.objects.filter(pk=values["tip_id"]).values_list("number", flat=True).first()
    _log_refused(error, values, act="propose", subject=number or "")


def _decision_refused(act: str) -> Any:
    return refusals_go_to(
        lambda error, values: _log_refused(error, values, act=act, subject=str(values["number"]))
    )


def _log_refused(error: ComplaintError, values: Mapping[str, Any], *, act: str, subject: str) -> None:
    audit.record(
        action="reward.refused",
        at=values["at"],
        actor=values["actor"],
        subject=subject[:60],
        data={"act": f"reward.{act}", "code": error.code},
    )


@refusals_go_to(_propose_refused)
@storage_faults_as_refusals()
@transaction.atomic
def propose_reward(
    *, tip_id: int, actor: User, at: datetime, draft: RewardDraft, texts: Mapping[str, str]
) -> RewardAssessment:
    """Put a reward forward for the reporter of a tip that was found true.

    Args:
        texts: `deviation`, needed where the amount is not what the rule gives; `proof` of an employee's place of work.

    Raises:
        TipNotFound: unknown, or of a unit the actor proposes no rewards for.
        RewardRefused: nothing is confirmed yet, a reward is open already, the rule excludes it or knows no special one.
        DraftInvalid: a figure cannot be, words are missing, or no rule counted on the day of acceptance.

    Legal basis: 19号 (who is rewarded, how much); three people by DOMAIN of the rule: proposal, approval, payment.
    """
    tip = _locked_tip(tip_id=tip_id, actor=actor)
    if not facts.is_due(tip=tip):
        raise RewardRefused(RewardFault.NOT_DUE)
    live = RewardAssessment.objects.filter(tip=tip, state__in=facts.LIVE, is_special=draft.is_special)
    if live.exists():
        raise RewardRefused(RewardFault.OPEN_ALREADY)
    row = _drafted(tip=tip, draft=draft, texts=texts, year=timezone.localdate(at).year)
    if row.proposed_cents and _is_matter_rewarded(tip=tip, special=draft.is_special):
        raise RewardRefused(RewardFault.OPEN_ALREADY)
    row.proposer, row.proposed_at = actor, to_minute(at)
    _store(row)
    _log(row, act="proposed", actor=actor, at=at)
    return row


def _is_matter_rewarded(*, tip: Tip, special: bool) -> bool:
    """Whether money is put forward or approved already for another tip of the same matter (R10: the first reporter).

    Who is first may change when tips are put together after one of them was rewarded.
    """
    others = RewardAssessment.objects.filter(tip__in=facts.siblings_of(tip=tip), is_special=special)
    return others.filter(state__in=facts.LIVE, proposed_cents__gt=0).exists()


def _locked_tip(*, tip_id: int, actor: User) -> Tip:
    tip = Tip.objects.select_related("merged_into").filter(pk=tip_id).first()
    if tip is None:
        raise TipNotFound
    _lock_tips(tip.pk, tip.merged_into_id)
    # Merged, answered or looked at anew meanwhile: what is read now holds until the end.
    tip = Tip.objects.select_related("merged_into").get(pk=tip_id)
    if Role.REWARD_PROPOSER not in roles_over(actor, office_id=lead_of(tip=tip).handling_unit_id):
        raise TipNotFound
    return tip


def _lock_tips(*keys: int | None) -> None:
    """Lock a tip and the one it was merged into, always in the same order."""
    rows = Tip.objects.select_for_update().filter(pk__in=[key for key in keys if key])
    list(rows.order_by("pk").values_list("pk"))


def _drafted(*, tip: Tip, draft: RewardDraft, texts: Mapping[str, str], year: int) -> RewardAssessment:
    """Return the row as it would be stored, checked; not stored."""
    policy = facts.policy_for_tip(tip=tip)
    case, reward = preview(tip=tip, draft=draft)
    computed = Decimal(0) if draft.is_special else reward.amount
    proposed = _proposed(draft, computed=computed)
    deviates = proposed != computed
    _require_allowed(draft, reward=reward, proposed=proposed, special=policy.special_reward_allowed)
    required = {
        *(["deviation"] if deviates or draft.is_special else []),
        *(["proof"] if case.is_employee else []),
    }
    words = steps.cleaned(texts, names=WORDS, required=required)
    row = RewardAssessment(
        number=_fresh_number(year=year),
        tip=tip,
        office_id=lead_of(tip=tip).handling_unit_id,
        policy=policy,
        kind=case.kind,
        is_special=draft.is_special,
        reporter_order=facts.order_of(tip=tip),
        accepted_date=facts.accepted_on(tip=tip),
        inputs=frozen_case(case),
        lines=[frozen_line(line) for line in reward.lines],
        shares_cents=[to_cents(share) for share in _shares(proposed, case=case, policy=policy)],
        computed_cents=to_cents(computed),
        proposed_cents=to_cents(proposed),
        reason=reward.reason or "",
        needs_level_above=deviates or draft.is_special or policy.approval_levels > 1,
    )
    row.deviation, row.proof = words["deviation"], words["proof"]
    return row


def _shares(amount: Decimal, *, case: Case, policy: RewardPolicy) -> tuple[Decimal, ...]:
    """Return what each who signed gets of the amount that is put forward, which may be another than the rule's."""
    return split(amount=amount, count=case.signatories, mode=policy.as_terms().joint_split)


def _proposed(draft: RewardDraft, *, computed: Decimal) -> Decimal:
    if draft.amount is None and not draft.is_special:
        return computed
    amount = draft.amount or Decimal(0)
    problem = amount_problem(amount) or (Problem.MISSING if draft.is_special and amount == 0 else None)
    if problem:
        steps.refuse("amount", problem)
    return amount


def _require_allowed(draft: RewardDraft, *, reward: Reward, proposed: Decimal, special: bool) -> None:
    if reward.reason is not None and proposed > 0:
        raise RewardRefused(RewardFault.NOT_ELIGIBLE)
    if draft.is_special and not special:
        raise RewardRefused(RewardFault.NO_SPECIAL)


def _fresh_number(*, year: int) -> str:
    number = new_number(year=year, prefix=PREFIX)
    while RewardAssessment.objects.filter(number=number).exists():
        number = new_number(year=year, prefix=PREFIX)
    return number


def _store(row: RewardAssessment) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise RewardRefused(RewardFault.OPEN_ALREADY) from None


def frozen_case(case: Case) -> dict[str, object]:
    """Return the facts as they are kept: amounts as text, so that none loses a cent on the way."""
    return {
        "fines": [str(fine) for fine in case.fines],
        "dead": case.dead,
        "concealed": case.concealed,
        "is_employee": case.is_employee,
        "level": case.level.value,
        "signatories": case.signatories,
        "chosen": None if case.chosen is None else str(case.chosen),
        "month_amount": str(case.month_amount),
        "identity_mode": case.identity_mode.value if case.identity_mode else "",
        "is_first": case.is_first,
        "is_duty_related": case.is_duty_related,
        "is_already_known": case.is_already_known,
        "is_handler": case.is_handler,
    }


def frozen_line(line: Line) -> dict[str, object]:
    """Return a line of the explanation as it is kept."""
    return {
        "step": line.step.value,
        "amount": format(line.amount, "f"),
        "source": line.source,
        "figures": {name: _plain(value) for name, value in line.figures.items()},
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return format(value, "f") if isinstance(value, Decimal) else value


# --- the decision ---------------------------------------------------------------------------------------------------


@_decision_refused("approve")
@storage_faults_as_refusals()
@transaction.atomic
def approve_reward(*, number: str, actor: User, at: datetime) -> RewardAssessment:
    """Approve a reward, reserve its amount in the budget of the unit and year, and file it with the level above.

    With it the time to collect begins: the reporter reads the notice with the receipt.

    Raises:
        RequestNotFound: unknown, or of a unit of other people.
        OwnProposal: the actor proposed it. NotAllowed: lacks the role, or the level above has to decide.
        RewardRefused: it does not wait for approval, the facts have changed, or the budget does not cover it.
    """
    row = _decidable(number=number, actor=actor)
    _require_unchanged(row)
    row.state = RewardState.APPROVED
    _file(row, today=timezone.localdate(at))
    _decided(row, actor=actor, at=at, memo="")
    if row.proposed_cents:
        budget = ledger.budget_of(office_id=row.office_id, year=timezone.localdate(at).year)
        ledger.move(
            act=LedgerAct.RESERVE, budget=budget, cents=row.proposed_cents, at=at, actor=actor, assessment=row
        )
        claim_steps.begin(row=row, budget=budget, at=at)
    _log(row, act="approved", actor=actor, at=at)
    return row


@_decision_refused("return")
@storage_faults_as_refusals()
@transaction.atomic
def return_reward(*, number: str, actor: User, at: datetime, memo: str) -> RewardAssessment:
    """Send a reward back to be put forward anew; raises as `approve_reward`, DraftInvalid without a reason."""
    return _turned_down(number=number, actor=actor, at=at, memo=memo, state=RewardState.RETURNED)


@_decision_refused("decline")
@storage_faults_as_refusals()
@transaction.atomic
def refuse_reward(*, number: str, actor: User, at: datetime, memo: str) -> RewardAssessment:
    """Decide that nothing is paid; raises as `approve_reward`, DraftInvalid without a reason."""
    return _turned_down(number=number, actor=actor, at=at, memo=memo, state=RewardState.REFUSED)


def _turned_down(
    *, number: str, actor: User, at: datetime, memo: str, state: RewardState
) -> RewardAssessment:
    row = _decidable(number=number, actor=actor)
    words = steps.cleaned({"memo": memo}, names=("memo",), required={"memo"})
    row.state = state
    _decided(row, actor=actor, at=at, memo=words["memo"])
    _log(row, act="returned" if state == RewardState.RETURNED else "declined", actor=actor, at=at)
    return row


def _decidable(*, number: str, actor: User) -> RewardAssessment:
    """Return a reward under a lock, after its tip's, that this person may decide on."""
    known = RewardAssessment.objects.filter(number=number).values("pk", "tip", "tip__merged_into").first()
    if known is None:
        raise RequestNotFound
    _lock_tips(known["tip"], known["tip__merged_into"])
    row = (
        RewardAssessment.objects.select_for_update(of=("self",))
        .select_related("tip", "policy")
        .get(pk=known["pk"])
    )
    held = roles_over(actor, office_id=row.office_id)
    if not held & facts.READING_ROLES:
        raise RequestNotFound
    if row.state != RewardState.PROPOSED:
        raise RewardRefused(RewardFault.NOT_NOW)
    if row.proposer_id == actor.pk:
        raise OwnProposal
    if not facts.decides(user=actor, row=row):
        raise NotAllowed
    return row


def _require_unchanged(row: RewardAssessment) -> None:
    """What was put forward is approved by the facts it was worked out from, or not at all."""
    tip = row.tip
    if tip is None or not facts.is_due(tip=tip) or facts.order_of(tip=tip) != row.reporter_order:
        raise RewardRefused(RewardFault.FACTS_CHANGED)
    fines = [str(fine) for fine in facts.fines_for(tip=tip, kind=row.get_kind())]
    if fines != row.inputs["fines"] or facts.accepted_on(tip=tip) != row.accepted_date:
        raise RewardRefused(RewardFault.FACTS_CHANGED)


def _file(row: RewardAssessment, *, today: date) -> None:
    chain = units_above(office_id=row.office_id)
    if row.policy.file_with_superior and len(chain) > 1:
        row.filed_with_id, row.filed_date = chain[1], today


def _decided(row: RewardAssessment, *, actor: User, at: datetime, memo: str) -> None:
    row.approver, row.decided_at, row.memo = actor, to_minute(at), memo
    row.save(update_fields=["state", "approver", "decided_at", "memo_sealed", "filed_with", "filed_date"])


def _log(row: RewardAssessment, *, act: str, actor: User, at: datetime) -> None:
    data = {"office": row.office_id, "policy": row.policy_id, "cents": row.proposed_cents}
    audit.record(action=f"reward.{act}", at=at, actor=actor, subject=row.number, data=data)
