"""The next steps of a tip as an officer meets them: a button, what follows from it, and what must be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.enums import Action, DeclineReason
from complaints.errors import FieldProblem
from complaints.models import Tip
from complaints.rules.workflow import Move
from complaints.services.handling import LONGEST_NOTE


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody sent for one step, and what was wrong with it."""

    action: str
    values: Mapping[str, str]
    problems: Sequence[FieldProblem] = ()

    def error(self, name: str) -> str:
        """Return the sentence at a field, or nothing."""
        mine = (problem for problem in self.problems if problem.field == name)
        return next((f"{problem.problem.label}{problem.detail}" for problem in mine), "")


@dataclass(frozen=True, kw_only=True)
class StepField:
    """One text of a step."""

    name: str
    label: str
    hint: str
    is_required: bool
    value: str = ""
    error: str = ""
    longest: int = LONGEST_NOTE


@dataclass(frozen=True, kw_only=True)
class StepForm:
    """One next step; without fields to fill in here it is a link to a page of its own."""

    action: str
    label: str
    icon: str
    url: str
    key: str
    lede: str = ""
    submit: str = ""
    texts: tuple[StepField, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    reason_error: str = ""
    is_open: bool = False
    is_page: bool = False


@dataclass(frozen=True, kw_only=True)
class _Words:
    label: str
    icon: str
    lede: str = ""
    submit: str = ""
    note: str = ""
    hint: str = ""


def step_forms(
    *, tip: Tip, moves: Sequence[Move], close_days: int, typed: Typed | None = None, opened: str = ""
) -> list[StepForm]:
    """Return a form for each open move, numbered for the keyboard; the one typed into or asked for is open."""
    return [
        _form(
            tip=tip,
            move=move,
            key=str(key),
            words=_words(move.action, close_days=close_days),
            typed=typed,
            opened=opened,
        )
        for key, move in enumerate(moves, start=1)
    ]


def _form(*, tip: Tip, move: Move, key: str, words: _Words, typed: Typed | None, opened: str) -> StepForm:
    if move.action == Action.REPLY:
        url = reverse("tips:reply", args=[tip.number])
        return StepForm(
            action=move.action, label=words.label, icon=words.icon, url=url, key=key, is_page=True
        )
    mine = typed if typed and typed.action == move.action else Typed(action=move.action, values={})
    return StepForm(
        action=move.action,
        label=words.label,
        icon=words.icon,
        url=reverse("tips:step", args=[tip.number, move.action.value]),
        key=key,
        lede=words.lede,
        submit=words.submit,
        texts=(_note(move=move, words=words, typed=mine),),
        reasons=tuple((value, str(label)) for value, label in DeclineReason.choices) if move.reason else (),
        reason=mine.values.get("reason", ""),
        reason_error=mine.error("reason"),
        is_open=move.action.value in (opened, typed.action if typed else ""),
    )


def _note(*, move: Move, words: _Words, typed: Typed) -> StepField:
    return StepField(
        name="note",
        label=words.note,
        hint=words.hint,
        is_required="note" in move.texts,
        value=typed.values.get("note", ""),
        error=typed.error("note"),
    )


def _words(action: Action, *, close_days: int) -> _Words:
    optional = _("Words to the reporter, if you like")
    only_receipt = _("Only the receipt opens these words. Do not ask who the reporter is.")
    table = {
        Action.ACCEPT: _Words(
            label=_("Accept"),
            icon="check",
            lede=_(
                "The tip must then be concluded within %(n)d days. The reporter sees at once that it was accepted."
            )
            % {"n": close_days},
            submit=_("Accept this tip"),
            note=optional,
            hint=only_receipt,
        ),
        Action.DECLINE: _Words(
            label=_("Decline"),
            icon="circle-xmark",
            lede=_("The reporter reads the reason and your words. This cannot be taken back."),
            submit=_("Decline and tell the reporter"),
            note=_("Words to the reporter"),
            hint=_("Why it is not taken, and who is the right one to turn to."),
        ),
        Action.REPLY: _Words(label=_("Write the reply"), icon="mail"),
        Action.CLOSE: _Words(
            label=_("Close the case"),
            icon="circle-check",
            lede=_("No period runs any more, and the reporter cannot write any more."),
            submit=_("Close this case"),
            note=optional,
            hint=only_receipt,
        ),
    }
    return table[action]
