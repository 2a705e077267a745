"""The form in which a reward is put forward: what the records do not say, read into a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from complaints.enums import GeneralHazardMode, Problem, RewardLevel, TipKind
from complaints.errors import DraftInvalid, FieldProblem
from complaints.models import RewardPolicy, Tip
from complaints.rules.reward_question import amount_from, read_question
from complaints.services.rewards import RewardDraft

from .acts.forms import Kind, Typed
from .steps import StepField, StepOption

KINDS = (TipKind.MAJOR_HAZARD, TipKind.VIOLATION, TipKind.CONCEALED_ACCIDENT, TipKind.GENERAL_HAZARD)
ACCIDENT = f"kind={TipKind.CONCEALED_ACCIDENT.value}"
HAZARD = f"kind={TipKind.GENERAL_HAZARD.value}"
# Names of the form that `read_question` reads, and what it calls the others.
ASKED = ("kind", "dead", "concealed", "level", "signatories", "chosen")
FACTS = ("already_known", "duty_related", "is_handler")
SPECIAL = "special"
WORDS = ("deviation", "proof")
LONGEST_AMOUNT = 20


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What was sent: single values, ticked facts, and the draft made of them."""

    values: Mapping[str, str]
    facts: Sequence[str]
    draft: RewardDraft

    @property
    def texts(self) -> dict[str, str]:
        """The words for the service."""
        return {name: self.values.get(name, "") for name in WORDS}


def usual_values(tip: Tip) -> dict[str, str]:
    """Return what the form starts from: the type of the tip as far as it is rewarded at all."""
    return {"kind": tip.kind if tip.kind in KINDS else ""}


def read_draft(*, values: Mapping[str, str], facts: Sequence[str]) -> RewardDraft:
    """Return what was entered; raises DraftInvalid naming each field that is missing or no number."""
    raw = {name: [values.get(name, "")] for name in ASKED} | {
        "employee": ["1" if values.get("employee") else ""],
        "already_known": ["1" if "already_known" in facts else ""],
        "duty_related": ["1" if "duty_related" in facts else ""],
    }
    # What is folded away because another type was chosen says nothing.
    if values.get("kind") != TipKind.CONCEALED_ACCIDENT:
        raw |= {"dead": [""], "concealed": [""]}
    if values.get("kind") != TipKind.GENERAL_HAZARD:
        raw["chosen"] = [""]
    question = read_question(raw)
    case = replace(
        question.case,
        is_handler="is_handler" in facts,
        month_amount=_amount(values, "month_amount") or Decimal(0),
    )
    return RewardDraft(case=case, amount=_amount(values, "amount"), is_special=bool(values.get(SPECIAL)))


def _amount(values: Mapping[str, str], name: str) -> Decimal | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    amount = amount_from(text)
    if amount is None:
        raise DraftInvalid([FieldProblem(field=name, problem=Problem.BAD_NUMBER)])
    return amount


def form_fields(*, policy: RewardPolicy, typed: Typed) -> list[StepField]:
    """Return the fields this rule asks for, with what was typed."""
    fields = [
        _pick("kind", _("What was found to be true"), typed, [(one.value, str(one.label)) for one in KINDS]),
        _line("dead", _("All deaths of the accident"), typed, hint=_("They make its grade."), only=ACCIDENT),
        _line("concealed", _("Concealed deaths that are proven"), typed, only=ACCIDENT),
    ]
    if policy.general_hazard == GeneralHazardMode.RANGE:
        low, high = policy.general_low, policy.general_high
        hint = _("Between %(low)s and %(high)s yuan") % {"low": low, "high": high}
        fields.append(
            _line("chosen", _("Amount for the ordinary hazard (yuan)"), typed, hint=hint, only=HAZARD)
        )
    if policy.second_level_rate is not None:
        levels = [(one.value, str(one.label)) for one in RewardLevel]
        fields.append(_pick("level", _("Level"), typed, levels))
    if policy.monthly_cap_per_type is not None:
        hint = _("As the payer hands it back; empty if nothing.")
        fields.append(
            _line("month_amount", _("Awarded before in this month for this type (yuan)"), typed, hint=hint)
        )
    return [*fields, *_common(policy, typed)]


def _common(policy: RewardPolicy, typed: Typed) -> list[StepField]:
    fields = [
        _line("signatories", _("People who signed the tip"), typed, hint=_("one if empty")),
        _some("facts", _("Known reasons against it"), typed, _facts()),
        _some("employee", _("Uplift for employees"), typed, [("1", _("The reporter works there"))]),
        _words(
            "proof",
            _("By what this was checked"),
            typed,
            _("Needed with the uplift. Do not write down who it is."),
        ),
    ]
    if policy.special_reward_allowed:
        fields.append(
            _some(
                SPECIAL,
                _("Special reward"),
                typed,
                [("1", _("Beside the ordinary reward: casualties were averted"))],
            )
        )
    hint = _("Only where it is not what the rule gives. The level above then decides.")
    return [
        *fields,
        _line("amount", _("Another amount (yuan)"), typed, hint=hint),
        _words(
            "deviation",
            _("Why another amount, or a special reward"),
            typed,
            _("For those who decide and audit."),
        ),
    ]


def _facts() -> list[tuple[str, str]]:
    return [
        ("already_known", _("It was found and handled before the tip")),
        ("duty_related", _("The reporter has a duty of supervision or is close to such a person")),
        ("is_handler", _("The reporter takes part in handling this tip")),
    ]


def _pick(name: str, label: str, typed: Typed, options: Sequence[tuple[str, str]]) -> StepField:
    chosen = typed.values.get(name, "")
    return StepField(
        name=name,
        label=label,
        hint="",
        is_required=name == "kind",
        kind=Kind.PICK.value,
        error=typed.error(name),
        options=tuple(
            StepOption(value=value, label=text, is_chosen=value == chosen) for value, text in options
        ),
    )


def _some(name: str, label: str, typed: Typed, options: Sequence[tuple[str, str]]) -> StepField:
    ticked = typed.several.get(name, ())
    return StepField(
        name=name,
        label=label,
        hint="",
        is_required=False,
        kind=Kind.SOME.value,
        error=typed.error(name),
        options=tuple(
            StepOption(value=value, label=text, is_chosen=value in ticked) for value, text in options
        ),
    )


def _line(name: str, label: str, typed: Typed, *, hint: str = "", only: str = "") -> StepField:
    return StepField(
        name=name,
        label=label,
        hint=hint,
        is_required=False,
        kind=Kind.NUMBER.value,
        value=typed.values.get(name, ""),
        error=typed.error(name),
        longest=LONGEST_AMOUNT,
        only_with=only,
    )


def _words(name: str, label: str, typed: Typed, hint: str) -> StepField:
    return StepField(
        name=name,
        label=label,
        hint=hint,
        is_required=False,
        value=typed.values.get(name, ""),
        error=typed.error(name),
        rows=2,
    )
