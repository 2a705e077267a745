"""What a self-test says to the answers: right or not, and how many; pure, nothing is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from home.study_blocks import Question


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A question with the answer that was chosen, counted from 0; None when there was none."""

    question: Question
    chosen: int | None

    @property
    def is_right(self) -> bool:
        """Whether the right answer was chosen."""
        return self.chosen == self.question.right


@dataclass(frozen=True, kw_only=True)
class Result:
    """All questions of a self-test as they were answered."""

    answers: tuple[Answered, ...]

    @property
    def right(self) -> int:
        """How many were answered rightly."""
        return sum(one.is_right for one in self.answers)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.answers)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was answered."""
        return self.missing == self.total

    @property
    def missing(self) -> int:
        """How many were left out."""
        return sum(one.chosen is None for one in self.answers)


def result(*, questions: Iterable[Question], values: Mapping[str, str]) -> Result:
    """Return what was chosen (`q0`, `q1`, … hold the place of an answer); what makes no sense counts as left out."""
    return Result(
        answers=tuple(
            Answered(
                question=question, chosen=_chosen(values.get(f"q{place}", ""), of=len(question["answers"]))
            )
            for place, question in enumerate(questions)
        )
    )


def _chosen(value: str, *, of: int) -> int | None:
    is_place = value.isascii() and value.isdigit() and len(value) <= 2 and int(value) < of
    return int(value) if is_place else None
