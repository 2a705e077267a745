"""What somebody asks about a reward, as typed: read strictly, the same for the command, the API and the public page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from complaints.enums import Problem, RewardLevel, TipKind
from complaints.errors import DraftInvalid, FieldProblem

from .reward_case import Case
from .texts import showable

# Each name with how often it may stand there.
FIELDS: Mapping[str, int] = {
    "kind": 1,
    "fine": 50,
    "dead": 1,
    "concealed": 1,
    "employee": 1,
    "level": 1,
    "signatories": 1,
    "chosen": 1,
    "duty_related": 1,
    "already_known": 1,
    "not_first": 1,
    "policy": 1,
    "on": 1,
}
LONGEST_NUMBER = 30
LONGEST_CODE = 30
FIELD_NAME_LONGEST = 40
GROUPED = re.compile(r"-?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?", re.ASCII)
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
TRUTHS: Mapping[str, bool] = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A case somebody made up or remembers; `policy` names a rule, empty for that of the city; `day` of acceptance."""

    case: Case
    policy: str = ""
    day: date | None = None


class _Reader:
    """Takes values out of what was typed and gathers what is wrong with them."""

    def __init__(self, raw: Mapping[str, Sequence[str]]) -> None:
        self.raw = {name: [one.strip() for one in values if one.strip()] for name, values in raw.items()}
        self.problems: list[FieldProblem] = []

    def refuse(self, name: str, problem: Problem) -> None:
        shown = showable(name, longest=FIELD_NAME_LONGEST)
        self.problems.append(FieldProblem(field=shown, problem=problem))

    def check_names(self) -> None:
        for name, values in self.raw.items():
            if name not in FIELDS:
                self.refuse(name, Problem.UNKNOWN_FIELD)
            elif len(values) > FIELDS[name]:
                self.refuse(name, Problem.TOO_MANY_FINES if name == "fine" else Problem.WRONG_TYPE)

    def text(self, name: str) -> str:
        values = self.raw.get(name) or [""]
        return values[0]

    def amounts(self, name: str) -> tuple[Decimal, ...]:
        typed = self.raw.get(name, [])
        found = [amount_from(one) for one in typed]
        if None in found:
            self.refuse(name, Problem.BAD_NUMBER)
        return tuple(one for one in found if one is not None)

    def whole(self, name: str, *, default: int) -> int:
        text = self.text(name)
        if text and not WHOLE.fullmatch(text):
            self.refuse(name, Problem.BAD_NUMBER)
            return default
        return int(text) if text else default

    def truth(self, name: str) -> bool:
        text = self.text(name).lower()
        if text and text not in TRUTHS:
            self.refuse(name, Problem.WRONG_TYPE)
        return TRUTHS.get(text, False)

    def day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.refuse(name, Problem.BAD_DATE)
            return None

    def kind(self) -> TipKind:
        text = self.text("kind")
        if text not in TipKind.values:
            self.refuse("kind", Problem.UNKNOWN_CODE if text else Problem.MISSING)
        return TipKind(text) if text in TipKind.values else TipKind.VIOLATION

    def level(self) -> RewardLevel:
        text = self.text("level") or RewardLevel.FIRST.value
        if text not in RewardLevel.values:
            self.refuse("level", Problem.UNKNOWN_CODE)
        return RewardLevel(text) if text in RewardLevel.values else RewardLevel.FIRST


def read_question(raw: Mapping[str, Sequence[str]]) -> Question:
    """Return what was asked; empty values count as not given.

    Raises:
        DraftInvalid: an unknown name, a value twice, or one that is no number, day or code; every one of them is named.
            What is wrong with the figures themselves `reward_for` says.
    """
    reader = _Reader(raw)
    reader.check_names()
    chosen = reader.amounts("chosen")
    case = Case(
        kind=reader.kind(),
        fines=reader.amounts("fine"),
        dead=reader.whole("dead", default=0),
        concealed=reader.whole("concealed", default=0),
        is_employee=reader.truth("employee"),
        level=reader.level(),
        signatories=reader.whole("signatories", default=1),
        chosen=chosen[0] if chosen else None,
        is_duty_related=reader.truth("duty_related"),
        is_already_known=reader.truth("already_known"),
        is_first=not reader.truth("not_first"),
    )
    question = Question(case=case, policy=reader.text("policy")[:LONGEST_CODE], day=reader.day("on"))
    if reader.problems:
        raise DraftInvalid(reader.problems)
    return question


def amount_from(text: str) -> Decimal | None:
    """Return an amount as people write it: 150000, 150000.50 or 150,000; None for anything else."""
    if GROUPED.fullmatch(text):
        text = text.replace(",", "").replace("，", "")
    try:
        return Decimal(text) if len(text) <= LONGEST_NUMBER and text.isascii() and "_" not in text else None
    except InvalidOperation:
        return None
