"""Problems as the form shows them: one message above each field, and a summary that links to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.enums import Problem
from complaints.errors import FieldProblem

# Where the field of a problem stands in the page, when not under its own name.
ANCHORS = {
    "lat": "place",
    "lng": "place",
    "datum": "place",
    "identity_mode": "identity",
    "identity_envelope": "name",
}
PLACES = frozenset(
    {
        "photos", "description", "place", "address", "district", "town", "operations", "kind", "violation", "industry",
        "entity_name", "entity_code", "occurred_on", "in_danger", "identity", "name", "phone", "captcha",
        "to", "head", "workshop", "post", "suggestion",
    }
)  # fmt: skip
FOLDED = frozenset(
    {"kind", "violation", "industry", "operations", "entity_name", "entity_code", "occurred_on"}
)
KEY_PROBLEMS = frozenset({Problem.BAD_KEY, Problem.KEY_USED})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the summary; `anchor` is empty when there is no field to go to."""

    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Everything wrong with one submission."""

    heading: str = ""
    lines: tuple[Line, ...] = ()
    by_field: dict[str, str] = field(default_factory=dict)
    photos: tuple[tuple[int, str], ...] = ()
    only_key: bool = False
    is_folded: bool = False


def shown(problems: Sequence[FieldProblem]) -> Shown:
    """Return the problems in the order they were found; photos are counted from 1 for people."""
    if not problems:
        return Shown()
    lines = [_line(problem) for problem in problems]
    anchors = {line.anchor for line in lines}
    return Shown(
        heading=_heading(len(lines)),
        lines=tuple(lines),
        by_field=_by_field(problems),
        photos=tuple((p.index + 1, str(p.problem.label)) for p in problems if p.index is not None),
        only_key=all(problem.problem in KEY_PROBLEMS for problem in problems),
        is_folded=bool(anchors & FOLDED),
    )


def _heading(count: int) -> str:
    text = ngettext(
        "Not sent yet: %(count)d thing to change", "Not sent yet: %(count)d things to change", count
    )
    return text % {"count": count}


def _line(problem: FieldProblem) -> Line:
    text = str(problem.problem.label)
    if problem.index is not None:
        number = problem.index + 1
        return Line(
            anchor=f"photo-{number}",
            text=_("Photo %(number)d: %(problem)s") % {"number": number, "problem": text},
        )
    return Line(anchor=_anchor(problem.field), text=text)


def _anchor(name: str) -> str:
    anchor = ANCHORS.get(name, name)
    return anchor if anchor in PLACES else ""


def _by_field(problems: Iterable[FieldProblem]) -> dict[str, str]:
    """Return the first message of each field; photos with a number of their own have rows instead."""
    messages: dict[str, str] = {}
    for problem in problems:
        if problem.index is None:
            messages.setdefault(_anchor(problem.field), str(problem.problem.label))
    return messages
