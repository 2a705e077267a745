"""The contents of a case in the order of 92号, as plain texts: for the file that goes up and for the checklist."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases_public.enums import DutyContent

# Nothing is missing where a case has no such clause.
ONLY_WHERE_IT_APPLIES = frozenset({DutyContent.HAZARD})


def contents_of(*, page: Any) -> dict[DutyContent, str]:
    """Return what a case says of each content, in the order of 92号; empty where it says nothing."""
    violations = [child.value for child in page.violations]
    texts: Mapping[DutyContent, list[str]] = {
        DutyContent.TITLE: [page.title],
        DutyContent.FACTS: list(_stream(page.facts)),
        DutyContent.ACTS: [one["text"] for one in violations],
        DutyContent.ARTICLES: [_article(one) for one in violations],
        DutyContent.BASIS: [page.unit_penalty_basis, page.person_penalty_basis],
        DutyContent.OUTCOME: list(_outcome(page)),
        DutyContent.HAZARD: [page.major_hazard_text, page.major_hazard_source],
        DutyContent.MEANING: [page.lesson],
        DutyContent.WARNINGS: list(_stream(page.warnings)),
    }
    return {content: _joined(texts[content]) for content in DutyContent}


def needed_contents(texts: Mapping[DutyContent, str]) -> list[DutyContent]:
    """Return the contents a case must have: all of them but those that do not apply to it."""
    return [one for one in DutyContent if texts[one] or one not in ONLY_WHERE_IT_APPLIES]


def _stream(stream: Any) -> Iterator[str]:
    yield from (str(text) for text in stream.stream_block.get_searchable_content(stream))


def _article(violation: Mapping[str, str]) -> str:
    law = violation.get("law") or ""
    return f"《{law}》{violation.get('article') or ''}" if law else ""


def _outcome(page: Any) -> Iterator[str]:
    """Yield what the unit and what persons have to bear, each for itself (一案双罚)."""
    yield _borne(_("Unit: %(what)s"), text=page.unit_penalty_text, amount=page.unit_penalty_amount)
    yield _borne(_("Persons: %(what)s"), text=page.person_penalty_text, amount=page.person_penalty_amount)
    yield page.outcome


def _borne(frame: str, *, text: str, amount: Decimal | None) -> str:
    fine = _("fine of %(n)s yuan") % {"n": f"{amount:.2f}"} if amount else ""
    what = " ".join(filter(None, [text.strip(), fine]))
    return frame % {"what": what} if what else ""


def _joined(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines if line and line.strip())
