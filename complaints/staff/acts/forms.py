"""What a form of an act is made of: fields as data, what is known of the tip, what was typed, and the act itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.enums import Action, Fact
from complaints.errors import FieldProblem
from complaints.models import DeadlinePolicy, Period, Tip
from complaints.rules.deadlines import DayOverlay
from complaints.selectors.choices import Choices
from complaints.services.steps import LONGEST_NOTE
from portal.shared.bilingual import in_a_row

Words = str | Promise
Option = tuple[str, Words]


class Kind(StrEnum):
    """How a field is filled in; the template draws each kind."""

    WORDS = "words"
    LINE = "line"
    ONE = "one"
    PICK = "pick"
    SOME = "some"
    DAY = "day"
    NUMBER = "number"
    PHOTOS = "photos"
    TICK = "tick"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the forms of one tip's acts need to know; whom one may choose is read when a form first asks."""

    tip: Tip
    user: User
    today: date
    terms: DeadlinePolicy
    overlay: DayOverlay
    facts: frozenset[Fact]
    closing: Period | None = None
    is_inspected: bool = False

    @cached_property
    def choices(self) -> Choices:
        """Return units and people this person may choose for this tip."""
        return Choices(tip=self.tip, user=self.user)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to fill in. `only_with` is `field=value`: it matters only with that choice.

    `warning` says what is known of this tip's day or calendar, below the hint; `is_asked` leaves a field out where
    this tip does not need it.
    """

    name: str
    label: Words
    kind: Kind = Kind.WORDS
    hint: Words = ""
    is_required: bool = False
    options: Callable[[Situation], Sequence[Option]] | None = None
    usual: Callable[[Situation], str] | None = None
    warning: Callable[[Situation], str] | None = None
    longest: int = LONGEST_NOTE
    rows: int = 4
    only_with: str = ""
    is_asked: Callable[[Situation], bool] = lambda situation: True


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody sent for one act, and what was wrong with it."""

    action: str
    values: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Sequence[FieldProblem] = ()

    def error(self, name: str) -> str:
        """Return the sentences at a field, each once, or nothing; those about a photo say which one."""
        return in_a_row(dict.fromkeys(_sentence(one) for one in self.problems if one.field == name))

    @property
    def words(self) -> list[str]:
        """Everything that was written, so that it is not lost."""
        return [text.strip() for text in self.values.values() if text.strip()]


def _sentence(problem: FieldProblem) -> str:
    text = f"{problem.problem.label}{problem.detail}"
    if problem.index is None:
        return text
    return gettext("Photo %(n)d: %(problem)s") % {"n": problem.index + 1, "problem": text}


@dataclass(frozen=True, kw_only=True)
class Act:
    """One next step: what it is called, what must be filled in, which service takes it.

    `slug` is a piece of its address. `actions` are the rows of the table it stands for: where the result decides which
    one it is, an officer meets one step only. `lede` says what follows, with the terms in force as `%(close_days)d`;
    `lede_in_working_days` says it where the days of a referral are working days by these terms.
    """

    slug: str
    actions: frozenset[Action]
    label: Words
    icon: str
    take: Callable[[Any], object]
    lede: Words = ""
    lede_in_working_days: Words = ""
    submit: Words = ""
    fields: tuple[Field, ...] = ()
    is_primary: bool = True
    is_useful: Callable[[Situation], bool] = lambda situation: True

    def follows(self, *, terms: DeadlinePolicy) -> Words:
        """Return what follows by these terms, still without their figures."""
        return (terms.referral_in_working_days and self.lede_in_working_days) or self.lede

    @property
    def takes_photos(self) -> bool:
        """Whether files come with the form."""
        return any(one.kind == Kind.PHOTOS for one in self.fields)


def memo(label: Words, hint: Words = "", **more: Any) -> Field:
    """Return the field for words among officers."""
    return Field(name="memo", label=label, hint=hint or _("For colleagues only."), is_required=True, **more)


def note(label: Words, hint: Words = "", **more: Any) -> Field:
    """Return the field for words the reporter must read."""
    return Field(name="note", label=label, hint=hint or ONLY_THE_RECEIPT, is_required=True, **more)


def note_if_liked() -> Field:
    """Return the field for words the reporter may read."""
    return Field(name="note", label=_("Words to the reporter, if you like"), hint=ONLY_THE_RECEIPT)


ONLY_THE_RECEIPT = _("Only the receipt opens these words. Do not ask who the reporter is.")


def codes_of(choices: Sequence[tuple[Any, Any]]) -> Callable[[Situation], Sequence[Option]]:
    """Return stored codes as options."""
    options = tuple((str(value), label) for value, label in choices)
    return lambda situation: options


def today_of(situation: Situation) -> str:
    """Return the day as a date field takes it."""
    return situation.today.isoformat()
