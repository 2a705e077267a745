"""Finds in a page, each with the mark by which an answer to it is kept."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from complaints.disclosure import PrivateFinding, private_findings
from complaints.enums import NamePolicy

from .documents import DocumentFind, FlawFinding, document_finds
from .parts import DocumentUse, Part, documents_of, parts_of


@dataclass(frozen=True, kw_only=True)
class Found:
    """One find in one part; `mark` changes with every change of the part or of the policy.

    `document_id` is the key of the linked file it stands in, 0 for the words of the page itself.
    """

    part: Part
    finding: PrivateFinding | FlawFinding
    mark: str
    document_id: int = 0

    @property
    def words(self) -> str:
        """What was found, as it stands in the text."""
        return self.part.text[self.finding.start : self.finding.end]


def policy_of(*, page: Any) -> NamePolicy:
    """Return what of names a page may tell.

    Pages without a policy of their own, such as those of outreach, may name enterprises and never persons.
    """
    return NamePolicy(getattr(page, "name_policy", NamePolicy.NAMED))


def found_in(*, page: Any) -> list[Found]:
    """Return what must not be published of a page as it stands, in the order of its parts, then of what it links to."""
    policy = policy_of(page=page)
    of_page = [one for part in parts_of(page=page) for one in found_in_part(part=part, policy=policy)]
    return of_page + found_in_documents(page=page, policy=policy)


def found_in_documents(*, page: Any, policy: NamePolicy) -> list[Found]:
    """Return what must not be published in the files a page links to, each file once."""
    return [
        _of_document(use, one, policy)
        for use in documents_of(page=page)
        for one in document_finds(use=use, policy=policy)
    ]


def _of_document(use: DocumentUse, one: DocumentFind, policy: NamePolicy) -> Found:
    where = [gettext("file “%(name)s”") % {"name": use.document.title}, one.place]
    part = Part(path=use.path, label=" · ".join(filter(None, where)), text=one.text)
    # A flaw is of this very file: another one of the same name has to be looked at for itself.
    text = (
        f"{use.document.get_file_hash()}\x00{one.text}" if isinstance(one.finding, FlawFinding) else one.text
    )
    mark = mark_of(text=text, policy=policy, finding=one.finding)
    return Found(part=part, finding=one.finding, mark=mark, document_id=use.document.pk)


def found_in_part(*, part: Part, policy: NamePolicy) -> list[Found]:
    """Return what must not be published of one part."""
    return [
        Found(part=part, finding=finding, mark=mark_of(text=part.text, policy=policy, finding=finding))
        for finding in private_findings(part.text, policy)
    ]


def mark_of(*, text: str, policy: NamePolicy, finding: PrivateFinding | FlawFinding) -> str:
    """Return the mark of a find: equal only for the same find in the same text under the same policy."""
    same = [policy.value, finding.kind.value, str(finding.start), str(finding.end), text]
    return hashlib.sha256("\x00".join(same).encode("utf-8", "surrogatepass")).hexdigest()


def unanswered(*, found: Iterable[Found], waived: Iterable[str]) -> list[Found]:
    """Return the finds that nobody waved through; `waived` are marks."""
    answered = set(waived)
    return [one for one in found if one.mark not in answered]
