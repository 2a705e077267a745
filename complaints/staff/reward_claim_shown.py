"""What became of an approved reward, as its page shows it to those who decide: the term, more time, taking it back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints.enums import ClaimAct
from complaints.models import RewardAssessment, RewardClaim
from complaints.rules.claims import TABLE
from complaints.selectors import reward_facts as facts

from .acts.forms import Typed
from .payments import shown
from .steps import StepField

MOST_DIGITS = 4
# What a payer writes may touch an account; the case side sees no bank data (DOMAIN §4).
OWN_WORDS = frozenset({ClaimAct.EXTEND, ClaimAct.RELEASE})


def claim_context(
    *, row: RewardAssessment, user: User, today: date, typed: Typed | None = None
) -> Mapping[str, Any]:
    """Return what the page of a reward shows of its claim; nothing before there is one."""
    claim = RewardClaim.objects.filter(assessment=row).select_related("payer").first()
    if claim is None:
        return {"claim": None}
    claim.assessment = row
    decides, state = facts.decides(user=user, row=row), claim.get_state()
    typed = typed or Typed(action="")
    return {
        "claim": claim,
        "claim_chip": shown.chip_of(claim),
        "claim_when": shown.when_of(claim, today=today),
        "claim_entries": shown.history(
            list(claim.steps.select_related("actor")), today=today, words_of=OWN_WORDS
        ),
        "may_extend": decides and state in TABLE[ClaimAct.EXTEND] and claim.extra_days < claim.term_days,
        "may_release": decides and state in TABLE[ClaimAct.RELEASE],
        "claim_opened": typed.action,
        "extend_fields": [_days(claim, typed), _reason(typed, act="extend")],
        "release_fields": [_reason(typed, act="release")],
    }


def _days(claim: RewardClaim, typed: Typed) -> StepField:
    is_this = typed.action == "extend"
    return StepField(
        name="days",
        label=_("How many days more"),
        hint=_("At most %(n)d, counted on from the last day.") % {"n": claim.term_days - claim.extra_days},
        is_required=True,
        kind="number",
        value=typed.values.get("days", "") if is_this else "",
        error=typed.error("days") if is_this else "",
        longest=MOST_DIGITS,
    )


def _reason(typed: Typed, *, act: str) -> StepField:
    is_this = typed.action == act
    return StepField(
        name="reason",
        label=_("Reason, read by the reporter"),
        hint="",
        is_required=True,
        value=typed.values.get("reason", "") if is_this else "",
        error=typed.error("reason") if is_this else "",
        rows=3,
    )
