"""What the form of a poster asks beyond a tip: whom to tell, the head, workshop and post, one's duty, a suggestion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from complaints.enums import Addressee, HazardHead, Problem
from complaints.errors import FieldProblem

from .texts import clean_text, text_problem

LONGEST = {"workshop": 60, "post": 60, "suggestion": 1000}
FIELDS = frozenset({"to", "head", "on_duty", *LONGEST})
_TRUE = frozenset({"1", "true", "on", "yes"})


@dataclass(frozen=True, kw_only=True)
class InsideDraft:
    """The checked inside of a tip. `to` is what was chosen; where it goes the rule says."""

    enterprise_id: int
    to: Addressee = Addressee.UNIT
    head: str = ""
    on_duty: bool = False
    workshop: str = ""
    post: str = ""
    suggestion: str = ""


def read_inside(
    raw: Mapping[str, Sequence[str]], *, enterprise_id: int
) -> tuple[InsideDraft, list[FieldProblem]]:
    """Return the inside of these raw values and what is wrong with them; nothing chosen means the company."""
    problems: list[FieldProblem] = []

    def first(name: str) -> str:
        return next((value.strip() for value in raw.get(name, ()) if value.strip()), "")

    texts: dict[str, str] = {}
    for name, longest in LONGEST.items():
        texts[name] = clean_text(first(name))
        problem = text_problem(texts[name], longest=longest)
        if problem:
            problems.append(FieldProblem(field=name, problem=problem))
    to, head = first("to") or Addressee.UNIT.value, first("head")
    for name, value, known in (("to", to, Addressee.values), ("head", head, ["", *HazardHead.values])):
        if value not in known:
            problems.append(FieldProblem(field=name, problem=Problem.UNKNOWN_CODE))
    draft = InsideDraft(
        enterprise_id=enterprise_id,
        to=Addressee(to) if to in Addressee.values else Addressee.BUREAU,
        head=head if head in HazardHead.values else "",
        on_duty=first("on_duty").lower() in _TRUE,
        **texts,
    )
    return draft, problems


def words_for_bureau(draft: InsideDraft, *, labels: Mapping[str, str]) -> str:
    """Return what the inside says in lines, for a tip that goes past the company; empty where nothing was said.

    Args:
        labels: the words for `workshop`, `post`, `suggestion`, and for each head by its code.
    """
    lines = [labels[draft.head]] if draft.head else []
    lines += [f"{labels[name]}：{getattr(draft, name)}" for name in LONGEST if getattr(draft, name)]
    return "\n".join(lines)
