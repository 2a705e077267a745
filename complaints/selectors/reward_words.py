"""An amount explained to people: each line of a reward in words, the same at every door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import (
    AccidentGrade,
    FineMode,
    GeneralHazardMode,
    JointSplit,
    NotRewarded,
    RewardLevel,
    RewardStep,
    UpliftCapMode,
)
from complaints.rules.rewards import Line, Reward

CENT = Decimal("0.01")
Figures = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One line as people read it: `amount` with two decimals, `exact` as it was worked out."""

    step: str
    label: str
    how: str
    amount: str
    exact: str
    source: str
    is_last: bool


def caveat() -> str:
    """Return what has to stand beside every estimate."""
    return _(
        "An estimate by the rule, not a promise. What counts is what is found, which penalties are signed, and the "
        "rule in force on the day the tip is accepted."
    )


def yuan(amount: Decimal | str | int) -> str:
    """Return an amount with two decimals and groups of thousands."""
    return f"{Decimal(amount):,.2f}"


def explained(reward: Reward) -> list[Spoken]:
    """Return the lines of a reward in words, in the language of the page."""
    return [spoken(line, is_last=line is reward.lines[-1]) for line in reward.lines]


def spoken(line: Line, *, is_last: bool = False) -> Spoken:
    """Return one line in words."""
    how = _HOW.get(line.step)
    return Spoken(
        step=line.step.value,
        label=str(line.step.label),
        how=how(line.figures, line.amount) if how else "",
        amount=yuan(line.amount),
        exact=_exact(line.amount),
        source=line.source,
        is_last=is_last,
    )


def _exact(amount: Decimal) -> str:
    at_least = amount.quantize(CENT) if amount == amount.quantize(CENT) else amount.normalize()
    return format(at_least, "f")


def _short(amount: Decimal | str) -> str:
    """Return an amount within a sentence: without decimals where there are none."""
    number = Decimal(amount)
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,.2f}"


def _percent(share: Decimal | str) -> str:
    return format((Decimal(share) * 100).normalize(), "f")


def _fines(figures: Figures, _amount: Decimal) -> str:
    fines = list(figures["fines"])
    if len(fines) == 1:
        return _("%(yuan)s yuan") % {"yuan": _short(fines[0])}
    joined = " + ".join(_("%(yuan)s yuan") % {"yuan": _short(one)} for one in fines)
    return _("%(fines)s: %(mode)s") % {"fines": joined, "mode": FineMode(figures["mode"]).label}


def _rate(figures: Figures, _amount: Decimal) -> str:
    text = _("%(percent)s %% of the fine") % {"percent": _percent(figures["rate"])}
    level = RewardLevel(figures["level"])
    return text if level == RewardLevel.FIRST else f"{text}{pgettext('list', ', ')}{level.label}"


def _limit(figures: Figures, _amount: Decimal) -> str:
    text = _("%(yuan)s yuan, reached") if figures["is_applied"] else _("%(yuan)s yuan, not reached")
    return text % {"yuan": _short(figures["limit"])}


def _uplift(figures: Figures, _amount: Decimal) -> str:
    values = {
        "percent": format(Decimal(figures["pct"]).normalize(), "f"),
        "mode": UpliftCapMode(figures["mode"]).label,
    }
    return _("+ %(percent)s %%: %(mode)s") % values


def _grade(figures: Figures, amount: Decimal) -> str:
    values = {"dead": figures["dead"], "grade": AccidentGrade(figures["grade"]).label, "yuan": _short(amount)}
    return _("%(dead)d deaths in all. %(grade)s. For each concealed death: %(yuan)s yuan") % values


def _deaths(figures: Figures, _amount: Decimal) -> str:
    values = {"concealed": figures["concealed"], "yuan": _short(figures["each"])}
    return _("%(concealed)d concealed deaths, proven, × %(yuan)s yuan") % values


def _general(figures: Figures, _amount: Decimal) -> str:
    mode = GeneralHazardMode(figures["mode"])
    if mode != GeneralHazardMode.RANGE:
        return str(mode.label)
    return _("Between %(low)s and %(high)s yuan") % {
        "low": _short(figures["low"]),
        "high": _short(figures["high"]),
    }


def _no_penalty(_figures: Figures, _amount: Decimal) -> str:
    return _("Nobody was fined: the amount the rule sets for that")


def _month(figures: Figures, _amount: Decimal) -> str:
    values = {"yuan": _short(figures["limit"]), "before": _short(figures["before"])}
    return _("%(yuan)s yuan a month for one type; %(before)s yuan before in this month") % values


def _split(figures: Figures, _amount: Decimal) -> str:
    shares = " + ".join(yuan(share) for share in figures["shares"])
    return _("%(mode)s: %(shares)s yuan") % {"mode": JointSplit(figures["mode"]).label, "shares": shares}


def _nothing(figures: Figures, _amount: Decimal) -> str:
    return str(NotRewarded(figures["reason"]).label)


def _total(_figures: Figures, _amount: Decimal) -> str:
    return _("Rounded to the cent, once")


_HOW: Mapping[RewardStep, Callable[[Figures, Decimal], str]] = {
    RewardStep.FINES: _fines,
    RewardStep.NO_PENALTY: _no_penalty,
    RewardStep.RATE: _rate,
    RewardStep.GRADE: _grade,
    RewardStep.DEATHS: _deaths,
    RewardStep.GENERAL: _general,
    RewardStep.UPLIFT: _uplift,
    RewardStep.FLOOR: _limit,
    RewardStep.CAP: _limit,
    RewardStep.MONTHLY_CAP: _month,
    RewardStep.SPLIT: _split,
    RewardStep.NOT_REWARDED: _nothing,
    RewardStep.TOTAL: _total,
}
