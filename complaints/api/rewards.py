"""What a true tip would be worth: the same answer as the command and the public page."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from complaints.enums import RewardLevel, TipKind
from complaints.rules.reward_question import read_question
from complaints.selectors.reward_words import Spoken, caveat, explained
from complaints.selectors.rewards import Estimate, estimate
from complaints.services.budgets import spend
from portal.shared import throttle

from . import contract
from .schemas import EstimateOut, RewardLineOut, RewardRuleOut

router = Router(tags=["rewards"])
_AMOUNT = {"type": "string", "pattern": r"^\d{1,10}(\.\d{1,2})?$"}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 9999}
_TRUTH = {"type": "boolean", "default": False}
PARAMETERS = contract.query(
    kind=({"type": "string", "enum": list(TipKind.values)}, "Type of the tip."),
    fine=(
        {"type": "array", "items": _AMOUNT, "maxItems": 50},
        "A signed fine in yuan; once for each. None: nobody was fined.",
    ),
    dead=(_COUNT, "All deaths of a concealed accident: they make its grade."),
    concealed=(_COUNT, "Concealed deaths that are proven."),
    employee=(_TRUTH, "The reporter works there."),
    level=({"type": "string", "enum": list(RewardLevel.values)}, "Which rate, where the rule knows two."),
    signatories=({"type": "integer", "minimum": 1, "maximum": 100}, "How many people signed the tip."),
    chosen=(_AMOUNT, "The amount, where the rule leaves a range for ordinary hazards."),
    duty_related=(_TRUTH, "The reporter has a duty of safety supervision, or is close to such a person."),
    already_known=(_TRUTH, "The matter was found before."),
    not_first=(_TRUTH, "Somebody else reported it first."),
    policy=({"type": "string", "maxLength": 30}, "Short name of a rule; without it that of the city counts."),
    on=({"type": "string", "format": "date"}, "Day of acceptance; without it today."),
)


@router.get(
    "/reward-estimate",
    response={200: EstimateOut, **contract.errors(422, 429)},
    openapi_extra=PARAMETERS,
    operation_id="estimate_reward",
)
def estimate_reward(request: HttpRequest, response: HttpResponse) -> EstimateOut:
    """Return what a tip like this would be worth if it is true, line by line. Nothing is kept."""
    spend(request=request, budget=throttle.ESTIMATE)
    question = read_question({name: request.GET.getlist(name) for name in request.GET})
    response.headers["Cache-Control"] = "no-store"
    return _out(estimate(question=question, today=timezone.localdate()))


def _out(found: Estimate) -> EstimateOut:
    reward, row = found.reward, found.policy
    return EstimateOut(
        amount=str(reward.amount),
        currency="CNY",
        shares=[str(share) for share in reward.shares],
        reason=reward.reason.value if reward.reason else None,
        reason_text=str(reward.reason.label) if reward.reason else None,
        day=found.day,
        policy=RewardRuleOut(
            code=row.code,
            name=row.shown_name,
            region=row.region,
            sector=row.sector,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            source=row.source,
        ),
        lines=[_line(one) for one in explained(reward)],
        notice=caveat(),
    )


def _line(one: Spoken) -> RewardLineOut:
    return RewardLineOut(step=one.step, label=one.label, how=one.how, amount=one.exact, source=one.source)
