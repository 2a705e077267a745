"""The next steps of a tip as an officer meets them: a button, what follows from it, and what must be filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.enums import Action
from complaints.rules.move import Move
from portal.shared.bilingual import in_a_row

from .acts.forms import Act, Field, Kind, Situation, Typed
from .acts.table import buttons_and_rest, is_next, open_acts

__all__ = ["StepField", "StepForm", "Typed", "step_forms"]


@dataclass(frozen=True, kw_only=True)
class StepOption:
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class StepField:
    """One thing to fill in, with what was typed and what was wrong with it."""

    name: str
    label: str
    hint: str
    is_required: bool
    kind: str = "words"
    value: str = ""
    error: str = ""
    options: tuple[StepOption, ...] = ()
    longest: int = 3000
    rows: int = 4
    only_with: str = ""


@dataclass(frozen=True, kw_only=True)
class StepForm:
    """One next step; `key` is its number on the keyboard, empty behind the three dots.

    A page (`is_page`) has its own address and no form here. `is_main` is the one the case waits for. `fault` is what
    is wrong with the whole of it.
    """

    action: str
    label: str
    icon: str
    url: str
    key: str
    lede: str = ""
    submit: str = ""
    fields: tuple[StepField, ...] = ()
    fault: str = ""
    is_open: bool = False
    is_page: bool = False
    is_main: bool = False
    takes_files: bool = False


def step_forms(
    *, situation: Situation, moves: Sequence[Move], typed: Typed | None = None, opened: str = ""
) -> list[StepForm]:
    """Return a form for each open act, the buttons numbered first; the one typed into or asked for is open."""
    buttons, rest = buttons_and_rest(open_acts(moves=moves, situation=situation))
    keys = [*(str(number) for number in range(1, len(buttons) + 1)), *("" for _act in rest)]
    forms = [
        _form(act=act, key=key, situation=situation, typed=typed, opened=opened)
        for act, key in zip([*buttons, *rest], keys, strict=True)
    ]
    if buttons and is_next(act=buttons[0], situation=situation):
        forms[0] = replace(forms[0], is_main=True)
    return forms


def _form(*, act: Act, key: str, situation: Situation, typed: Typed | None, opened: str) -> StepForm:
    number = situation.tip.number
    if act.slug == Action.REPLY:
        url = reverse("tips:reply", args=[number])
        return StepForm(action=act.slug, label=str(act.label), icon=act.icon, url=url, key=key, is_page=True)
    mine = typed if typed and typed.action == act.slug else Typed(action="")
    return StepForm(
        action=act.slug,
        label=str(act.label),
        icon=act.icon,
        url=reverse("tips:step", args=[number, act.slug]),
        key=key,
        lede=_filled(str(act.follows(terms=situation.terms)), situation=situation),
        submit=str(act.submit),
        fields=tuple(
            _field(one, situation=situation, typed=mine) for one in act.fields if one.is_asked(situation)
        ),
        fault=_other_faults(act=act, typed=mine),
        is_open=act.slug in (opened, mine.action),
        takes_files=act.takes_photos,
    )


def _filled(lede: str, *, situation: Situation) -> str:
    """Return what follows with the terms in force: every figure of the policy row may be named."""
    terms = situation.terms
    return lede % {one.name: getattr(terms, one.name) for one in terms._meta.concrete_fields}


def _field(one: Field, *, situation: Situation, typed: Typed) -> StepField:
    value = typed.values.get(one.name, one.usual(situation) if one.usual and not typed.action else "")
    chosen = {value, *typed.several.get(one.name, ())}
    options = one.options(situation) if one.options else ()
    return StepField(
        name=one.name,
        label=str(one.label),
        hint=_hint(one, situation=situation, typed=typed),
        is_required=one.is_required,
        kind=one.kind.value,
        value=value,
        error=typed.error(one.name),
        options=tuple(
            StepOption(value=code, label=str(label), is_chosen=code in chosen) for code, label in options
        ),
        longest=one.longest,
        rows=one.rows,
        only_with=one.only_with,
    )


def _hint(one: Field, *, situation: Situation, typed: Typed) -> str:
    """Return the hint; photos do not come back with a refused form, and that is said."""
    if one.kind == Kind.PHOTOS and typed.action:
        return _("Please choose the photos again; no browser lets a page put them back.")
    warning = one.warning(situation) if one.warning else ""
    return in_a_row([str(one.hint), warning])


def _other_faults(*, act: Act, typed: Typed) -> str:
    """Return what was wrong with something that is no field of this form."""
    names = {one.name for one in act.fields}
    faults = (str(problem.problem.label) for problem in typed.problems if problem.field not in names)
    return in_a_row(dict.fromkeys(faults))
