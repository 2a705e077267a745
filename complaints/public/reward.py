"""What a tip would be worth if it is true: a form and, in the answer to a post, the amount with its explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.enums import NotRewarded, TipKind
from complaints.errors import ComplaintError, DraftInvalid
from complaints.rules.reward_question import FIELDS, read_question
from complaints.rules.texts import showable
from complaints.selectors.reward_words import Spoken, caveat, explained, yuan
from complaints.selectors.rewards import Estimate, choosable_policies, estimate
from complaints.services.budgets import spend
from portal.shared import throttle

from .guards import public_door
from .problems import Line, Shown

PAGE = "complaints/public/reward.html"
# Retaliation is punished, not rewarded; nobody looks for an amount there.
KINDS = (TipKind.MAJOR_HAZARD, TipKind.VIOLATION, TipKind.CONCEALED_ACCIDENT, TipKind.GENERAL_HAZARD)
FINES_SHOWN = 3
TYPED_MAX_CHARS = 30
# Sent by the form beside the figures: the language of the answer.
NOT_ASKED = frozenset({"language"})
FOLDED = frozenset({"policy", "on", "signatories", "level"})
SHOWN_FIELDS = frozenset({"kind", "fine", "dead", "concealed", "employee", *FOLDED})


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One type to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The amount, in yuan with two decimals, and how it came about; `reason` when nothing is paid."""

    amount: str
    reason: str
    is_without_rule: bool
    shares: tuple[str, ...]
    lines: tuple[Spoken, ...]
    rule: str
    source: str
    day: str


@dataclass(frozen=True, kw_only=True)
class RewardPage:
    """Everything the template shows."""

    kinds: tuple[Kind, ...]
    rules: tuple[Rule, ...]
    fines: tuple[str, ...]
    typed: Mapping[str, str]
    is_employee: bool
    is_folded_open: bool
    errors: Shown
    notice: str
    answer: Answer | None
    caveat: str


@public_door
def reward(request: HttpRequest) -> HttpResponse:
    """Show the form; answer a post with the amount. Nothing typed is kept, and nothing stands in an address."""
    if request.method != "POST":
        return _page(request)
    raw = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_ASKED}
    try:
        spend(request=request, budget=throttle.ESTIMATE)
        found = estimate(question=read_question(raw), today=timezone.localdate())
    except DraftInvalid as error:
        return _page(request, errors=_shown(error), status=error.status)
    except ComplaintError as error:
        return _page(request, notice=str(error.public_message), status=error.status)
    return _page(request, found=found)


def _shown(error: DraftInvalid) -> Shown:
    """Return what is wrong, each line with the field it is about; fields the page lacks have none."""
    lines = [
        Line(anchor=one.field if one.field in SHOWN_FIELDS else "", text=str(one.problem.label))
        for one in error.problems
    ]
    by_field = {line.anchor: line.text for line in reversed(lines) if line.anchor}
    return Shown(
        heading=_("No amount yet: something is missing or cannot be"),
        lines=tuple(lines),
        by_field=by_field,
        is_folded=bool(FOLDED & set(by_field)),
    )


def _page(
    request: HttpRequest,
    *,
    found: Estimate | None = None,
    errors: Shown | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    typed = _typed({name: request.POST.getlist(name) for name in FIELDS})
    errors = errors or Shown()
    page = RewardPage(
        kinds=tuple(
            Kind(value=kind.value, label=str(kind.label), is_chosen=typed["kind"] == kind.value)
            for kind in KINDS
        ),
        rules=_rules(chosen=typed["policy"]),
        fines=_fines(request.POST.getlist("fine")),
        typed=typed,
        is_employee=bool(typed["employee"]),
        is_folded_open=errors.is_folded or any(typed[name] for name in FOLDED),
        errors=errors,
        notice=notice,
        answer=_answer(found) if found else None,
        caveat=caveat(),
    )
    return render(request, PAGE, {"page": page, "language_form": "again"}, status=status)


def _typed(raw: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: showable((raw[name] or [""])[0], longest=TYPED_MAX_CHARS) for name in FIELDS}


def _fines(typed: Sequence[str]) -> tuple[str, ...]:
    """Return what stands in the fields of fines: what was typed, and empty ones up to three."""
    shown = [showable(one, longest=TYPED_MAX_CHARS) for one in typed if one.strip()][:FINES_SHOWN]
    return (*shown, *[""] * (FINES_SHOWN - len(shown)))


def _rules(*, chosen: str) -> tuple[Rule, ...]:
    rows = choosable_policies(day=timezone.localdate())
    return tuple(Rule(value=row.code, label=row.shown_name, is_chosen=row.code == chosen) for row in rows)


def _answer(found: Estimate) -> Answer:
    shares = found.reward.shares if len(found.reward.shares) > 1 else ()
    return Answer(
        amount=yuan(found.reward.amount),
        reason=str(found.reward.reason.label) if found.reward.reason else "",
        is_without_rule=found.reward.reason == NotRewarded.KIND_NOT_REWARDED,
        shares=tuple(yuan(share) for share in shares),
        lines=tuple(explained(found.reward)),
        rule=found.policy.shown_name,
        source=found.policy.source,
        day=found.day.isoformat(),
    )
