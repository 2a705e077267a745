"""The words of a case without their markup, for search, and its facts for search engines."""

from datetime import date
from typing import Any

from portal.shared.law_links import Citation

FIELDS = (
    "title", "title_en", "lead", "lead_en", "entity_name", "handling_unit", "unit_penalty_text",
    "unit_penalty_basis", "person_penalty_text", "person_penalty_basis", "outcome", "major_hazard_text",
    "major_hazard_source", "lesson", "picture_caption", "legal_basis", "correction_note",
)  # fmt: skip
STREAMS = ("facts", "violations", "timeline", "pictures", "warnings", "rules")


def plain_text(*, page: Any) -> str:
    """Return every word of a case that a reader sees, a line for each part."""
    lines = [str(getattr(page, name)) for name in FIELDS]
    for name in STREAMS:
        stream = getattr(page, name)
        lines += stream.stream_block.get_searchable_content(stream)
    return "\n".join(line.strip() for line in map(str, lines) if line.strip())


def citations(*, page: Any) -> list[Citation]:
    """Return the laws and articles a case names, those it broke and those to read."""
    values = [block.value for name in ("violations", "rules") for block in getattr(page, name)]
    return [Citation(law=value["law"] or "", article=value["article"] or "") for value in values]


def linked_data(*, page: Any, address: str, published: date | None) -> dict[str, object]:
    """Return the facts of a case as schema.org names them; no day but that of publication."""
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.shown_title,
        "description": page.shown_lead,
        "inLanguage": "zh-CN",
        "mainEntityOfPage": address,
        "articleSection": str(page.get_kind_display()),
        "keywords": [*page.operation_names, *page.value_names],
    }
    return data | ({"datePublished": published.isoformat()} if published else {})
