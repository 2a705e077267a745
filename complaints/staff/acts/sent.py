"""Reading a form of an act: text into days, numbers, codes and keys, every fault found named at its field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypedDict, TypeVar

from django.contrib.auth.models import User

from complaints.enums import Action, Problem
from complaints.errors import FieldProblem
from complaints.services.evidence import Upload
from complaints.services.forms import refuse_form
from complaints.services.measures import CENT

from .forms import Typed

Code = TypeVar("Code", bound=Enum)
# Digits that fit the eight bytes a database keeps of a number.
LONGEST_NUMBER = 18


class Basics(TypedDict):
    """What every service on a tip is told."""

    tip_id: int
    actor: User
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One form as it came in; reading notes what is wrong, `check` refuses it all at once.

    `action` is the act it asks for; where what was typed decides which one, any of them: right and rule are the same.
    """

    basics: Basics
    action: Action
    typed: Typed
    today: date
    uploads: Sequence[Upload] = ()
    vault_fingerprint: str = ""
    faults: list[FieldProblem] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return a text as typed; the services clean it."""
        return self.typed.values.get(name, "")

    def texts(self, *names: str) -> dict[str, str]:
        """Return several texts as typed."""
        return {name: self.text(name) for name in names}

    def day(self, name: str) -> date:
        """Return a day; notes a missing or malformed one."""
        found = self.day_or_none(name)
        if found is None:
            self._note(name, Problem.MISSING)
        return found or self.today

    def day_or_none(self, name: str) -> date | None:
        """Return a day that may be left out; notes a malformed one."""
        text = self.text(name).strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._note(name, Problem.BAD_DATE)
            return None

    def whole(self, name: str) -> int:
        """Return a whole number above 0; notes anything else."""
        text = self.text(name).strip()
        if not text:
            self._note(name, Problem.MISSING)
        elif not (is_key(text) and int(text) > 0):
            self._note(name, Problem.BAD_NUMBER)
        else:
            return int(text)
        return 0

    def money_or_none(self, name: str) -> Decimal | None:
        """Return yuan with at most two decimals; thousands may be parted by commas."""
        text = self.text(name).strip().replace(",", "").replace("，", "")
        if not text:
            return None
        try:
            amount = Decimal(text)
            if len(text) <= LONGEST_NUMBER and amount == amount.quantize(CENT):
                return amount
        except InvalidOperation:
            pass  # neither a number nor one of this size
        self._note(name, Problem.BAD_NUMBER)
        return None

    def code(self, name: str, kind: type[Code]) -> Code:
        """Return a stored code; notes a missing or unknown one."""
        text = self.text(name)
        try:
            return kind(text)
        except ValueError:
            self._note(name, Problem.UNKNOWN_CODE if text else Problem.MISSING)
            return next(iter(kind))

    def keys(self, name: str) -> list[int]:
        """Return the keys of what was ticked; notes one that is no key."""
        texts = self.typed.several.get(name, ())
        if not all(is_key(text) for text in texts):
            self._note(name, Problem.UNKNOWN_CODE)
            return []
        return [int(text) for text in texts]

    def check(self) -> None:
        """Refuse the act with everything noted so far; who lacks the right to it hears that instead."""
        if self.faults:
            refuse_form(**self.basics, action=self.action, problems=self.faults)

    def _note(self, name: str, problem: Problem) -> None:
        if not any(fault.field == name for fault in self.faults):
            self.faults.append(FieldProblem(field=name, problem=problem))


def is_key(text: str) -> bool:
    """Say whether a text is a whole number that a database can hold."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def with_memo(service: Callable[..., object]) -> Callable[[Sent], object]:
    """Return how to take an act that needs words among officers and nothing else."""
    return lambda sent: service(**sent.basics, memo=sent.text("memo"))


def with_note(service: Callable[..., object]) -> Callable[[Sent], object]:
    """Return how to take an act that needs words to the reporter and nothing else."""
    return lambda sent: service(**sent.basics, note=sent.text("note"))


def as_it_is(service: Callable[..., object]) -> Callable[[Sent], object]:
    """Return how to take an act that needs no words."""
    return lambda sent: service(**sent.basics)
