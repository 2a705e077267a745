"""The acts of a safety manager as forms: what each asks for, read into what the service takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.enums import HazardGrade, InsideAct, Problem
from complaints.errors import FieldProblem
from complaints.services.internal import ActForm

MOST_DIGITS = 9
# What a manager answers to a find in words for the staff; the mark of the find follows.
ANSWER = "keep-"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to fill in; `kind` is words, line, day, money, grade, tick or photos."""

    name: str
    label: "str | Promise"
    kind: str = "words"
    hint: "str | Promise" = ""
    is_needed: bool = True


@dataclass(frozen=True, kw_only=True)
class ActShape:
    """What an act asks for, what follows from it, and the words on its button."""

    fields: tuple[Field, ...]
    submit: "str | Promise"
    lede: "str | Promise" = ""


_TOLD = _("The reporter reads this with the receipt.")
_MEMO = Field(name="memo", label=_("Words to the reporter"), hint=_TOLD, is_needed=False)
_SEEN = _("The reporter sees them with the receipt.")
_PHOTOS = Field(name="photos", label=_("Photos"), kind="photos", hint=_SEEN, is_needed=False)
SHAPES: Mapping[InsideAct, ActShape] = {
    InsideAct.ACKNOWLEDGE: ActShape(
        fields=(),
        submit=pgettext_lazy("internal tip", "Take it on"),
        lede=_("The reporter sees that it has been read."),
    ),
    InsideAct.VERIFY: ActShape(
        fields=(
            Field(name="grade", label=_("How grave"), kind="grade"),
            Field(name="averted", label=_("An accident was averted"), kind="tick", is_needed=False),
            _MEMO,
            _PHOTOS,
        ),
        submit=_("It is true"),
        lede=_("A major hazard that is not put right in time goes to the district by itself."),
    ),
    InsideAct.REFUTE: ActShape(
        fields=(Field(name="memo", label=_("What was found instead"), hint=_TOLD), _PHOTOS),
        submit=_("It is not true"),
        lede=_("The reporter may turn it over to the bureau."),
    ),
    InsideAct.CONFIRM_UNTRUE: ActShape(
        fields=(Field(name="memo", label=_("What you saw yourself"), hint=_TOLD), _PHOTOS),
        submit=_("I confirm: it is not true"),
        lede=_(
            "Marked as a major hazard and found untrue by one person. It ends here only if you confirm it, and the "
            "reporter may turn it over even then."
        ),
    ),
    InsideAct.PLAN: ActShape(
        fields=(
            Field(name="person", label=_("Person responsible"), kind="line"),
            Field(name="measures", label=pgettext_lazy("ledger", "Measures")),
            Field(name="funds_yuan", label=_("Funds, in yuan"), kind="money"),
            Field(
                name="deadline",
                label=_("To be done by"),
                kind="day",
                hint=_(
                    "A late day does not keep it inside: once the usual period has passed, the reporter may turn it "
                    "over, and a major hazard goes to the district."
                ),
            ),
            Field(name="emergency", label=_("Emergency plan until then")),
        ),
        submit=_("Enter the plan"),
        lede=_("What is not put right at once goes into the ledger with the five elements."),
    ),
    InsideAct.FIX: ActShape(
        fields=(
            Field(name="memo", label=pgettext_lazy("internal tip", "What was done"), hint=_TOLD),
            Field(
                name="photos",
                label=_("Photos of how it looks now"),
                kind="photos",
                hint=_(
                    "Needed for larger and major hazards and for everything done by a plan. The reporter sees them "
                    "with the receipt."
                ),
                is_needed=False,
            ),
        ),
        submit=_("It is put right"),
        lede=_("Another manager accepts it."),
    ),
    InsideAct.SEND_BACK: ActShape(
        fields=(Field(name="memo", label=_("What is missing")), _PHOTOS), submit=_("Send it back")
    ),
    InsideAct.ACCEPT: ActShape(fields=(_MEMO, _PHOTOS), submit=_("Accept it")),
    InsideAct.PAY: ActShape(
        fields=(
            Field(name="reward_yuan", label=_("Reward, in yuan"), kind="money"),
            Field(
                name="special_yuan",
                label=_("Special reward on top, in yuan"),
                kind="money",
                hint=_("For who averted injuries or a great loss."),
                is_needed=False,
            ),
            Field(
                name="special_reason",
                label=_("Reason of the special reward"),
                hint=_("The reporter reads this with the receipt."),
                is_needed=False,
            ),
            Field(name="paid_date", label=_("Paid on"), kind="day"),
            Field(
                name="memo",
                label=_("How it was or can be collected"),
                hint=_("By the tip number, without a name. The reporter reads this and confirms."),
            ),
        ),
        submit=_("Record the reward"),
    ),
    InsideAct.CIRCULATE: ActShape(
        fields=(
            Field(
                name="memo",
                label=_("What the staff was told"),
                hint=_("What was found and done. No number, no name, no shift and no post of who reported."),
            ),
            Field(name="audience", label=_("Told to whom"), kind="line"),
            Field(name="told_date", label=_("Told on"), kind="day"),
        ),
        submit=_("The staff was told"),
        lede=_("Everybody who scans the code of your company reads it."),
    ),
    InsideAct.REPLY: ActShape(
        fields=(Field(name="memo", label=_("Words to the reporter"), hint=_TOLD),),
        submit=pgettext_lazy("to a reporter", "Send"),
    ),
}
GRADES = [(one.value, one.label) for one in HazardGrade]


def read_form(values: Mapping[str, str], *, act: InsideAct) -> ActForm:
    """Return what was filled in for an act; fields it does not ask for are not read.

    An amount or a day that is none becomes a slip: the act is refused with it, and the refusal is logged.
    """
    asked = {field.name: field.kind for field in SHAPES[act].fields}
    slips: list[FieldProblem] = []
    found: dict[str, object] = {}
    for name, kind in asked.items():
        text = values.get(name, "").strip()
        if kind in ("money", "day"):
            value, problem = _money(text) if kind == "money" else _day(text)
            found[name] = value
            if problem:
                slips.append(FieldProblem(field=name, problem=problem))
        elif kind == "tick":
            found[name] = bool(text)
        elif kind != "photos":
            found[name] = text
    answers = {name.removeprefix(ANSWER): text for name, text in values.items() if name.startswith(ANSWER)}
    return ActForm(slips=tuple(slips), answers=answers, **found)  # type: ignore[arg-type]  # names and types are those of the shapes


def _money(text: str) -> tuple[int | None, Problem | None]:
    if not text:
        return None, None
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= MOST_DIGITS):
        return None, Problem.BAD_NUMBER
    return int(plain), None


def _day(text: str) -> tuple[date | None, Problem | None]:
    try:
        return (date.fromisoformat(text) if text else None), None
    except ValueError:
        return None, Problem.BAD_DATE
