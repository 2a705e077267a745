"""How much the redaction checker finds, and how much it finds for nothing, in sentences labelled by hand.

A find counts when kind, start and end are right to the character. The held-out sentences were written before the
checker and nothing was fitted to them: their figures are the honest ones.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from complaints.enums import PrivateKind
from complaints.rules.redaction import findings
from tests.rules.redaction_sentences import Sentence, sentences

LEAST_SENTENCES = 260
LEAST_RECALL, LEAST_PRECISION = 0.98, 0.95
LEAST_OF_A_KIND = 0.9


@dataclass
class Tally:
    """Right, wrong and missed finds by kind."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def recall(self, *kinds: str) -> float:
        return _share(self.right, self.missed, kinds or tuple(PrivateKind.values))

    def precision(self, *kinds: str) -> float:
        return _share(self.right, self.wrong, kinds or tuple(PrivateKind.values))

    def lines(self, title: str) -> list[str]:
        rows = [self._line(kind, kind) for kind in PrivateKind.values]
        return [title, *rows, self._line("overall", *PrivateKind.values)]

    def _line(self, name: str, *kinds: str) -> str:
        planted = sum(self.right[kind] + self.missed[kind] for kind in kinds)
        shares = f"recall {self.recall(*kinds):.3f}  precision {self.precision(*kinds):.3f}"
        return f"  {name:<16}{planted:>4} planted  {shares}"


def _share(right: Counter[str], other: Counter[str], kinds: Iterable[str]) -> float:
    hits, rest = sum(right[kind] for kind in kinds), sum(other[kind] for kind in kinds)
    return hits / (hits + rest) if hits + rest else 1.0


def tally(of: Iterable[Sentence]) -> Tally:
    counted = Tally()
    for one in of:
        found = {(f.kind.value, f.start, f.end) for f in findings(one.text, policy=one.policy)}
        counted.right.update(kind for kind, _, _ in found & one.expected)
        counted.wrong.update(kind for kind, _, _ in found - one.expected)
        counted.missed.update(kind for kind, _, _ in one.expected - found)
    return counted


def test_figures(capsys: pytest.CaptureFixture[str]) -> None:
    labelled = sentences()
    everything = tally(labelled)
    held_out = tally(one for one in labelled if one.is_held_out)

    with capsys.disabled():
        sys.stdout.write("\n".join(["", *everything.lines("All sentences"), *held_out.lines("Held out"), ""]))

    assert everything.recall() >= LEAST_RECALL
    assert everything.precision() >= LEAST_PRECISION
    assert held_out.recall() >= LEAST_RECALL
    assert held_out.precision() >= LEAST_PRECISION
    assert [kind for kind in PrivateKind.values if everything.recall(kind) < LEAST_OF_A_KIND] == []
    assert [kind for kind in PrivateKind.values if everything.precision(kind) < LEAST_OF_A_KIND] == []


def test_sentences_are_enough_to_tell() -> None:
    labelled = sentences()
    held_out = [one for one in labelled if one.is_held_out]

    assert len(labelled) >= LEAST_SENTENCES
    assert len(held_out) * 4 >= len(labelled)
    assert 0.4 <= sum(not one.expected for one in labelled) / len(labelled) <= 0.6
    for part in (labelled, held_out):
        assert {kind for one in part for kind, _, _ in one.expected} == set(PrivateKind.values)


def test_labels_stand_in_their_sentences() -> None:
    for one in sentences():
        ends = [0]
        for _, start, end in sorted(one.expected, key=lambda span: span[1]):
            assert ends[-1] <= start < end <= len(one.text)
            ends.append(end)


def test_a_missed_name_shows_in_the_figures() -> None:
    planted = next(one for one in sentences() if one.expected)
    blank = Sentence(
        text="。" * len(planted.text), policy=planted.policy, is_held_out=False, expected=planted.expected
    )

    assert tally([planted]).recall() == 1.0
    assert tally([blank]).recall() == 0.0
