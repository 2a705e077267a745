"""Finds in a page, each with the mark by which an answer to it is kept."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from complaints.disclosure import PrivateFinding, private_findings
from complaints.enums import NamePolicy

from .parts import Part, parts_of


@dataclass(frozen=True, kw_only=True)
class Found:
    """One find in one part; `mark` changes with every change of the part or of the policy."""

    part: Part
    finding: PrivateFinding
    mark: str

    @property
    def words(self) -> str:
        """What was found, as it stands in the text."""
        return self.part.text[self.finding.start : self.finding.end]


def found_in(*, page: Any) -> list[Found]:
    """Return what must not be published of a page as it stands, in the order of its parts."""
    policy = NamePolicy(page.name_policy)
    return [one for part in parts_of(page=page) for one in found_in_part(part=part, policy=policy)]


def found_in_part(*, part: Part, policy: NamePolicy) -> list[Found]:
    """Return what must not be published of one part."""
    return [
        Found(part=part, finding=finding, mark=mark_of(text=part.text, policy=policy, finding=finding))
        for finding in private_findings(part.text, policy)
    ]


def mark_of(*, text: str, policy: NamePolicy, finding: PrivateFinding) -> str:
    """Return the mark of a find: equal only for the same find in the same text under the same policy."""
    same = [policy.value, finding.kind.value, str(finding.start), str(finding.end), text]
    return hashlib.sha256("\x00".join(same).encode("utf-8", "surrogatepass")).hexdigest()


def unanswered(*, found: Iterable[Found], waived: Iterable[str]) -> list[Found]:
    """Return the finds that nobody waved through; `waived` are marks."""
    answered = set(waived)
    return [one for one in found if one.mark not in answered]
