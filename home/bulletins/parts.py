"""What a bulletin shows: its blocks with what they are bound to, definitions as footnotes; page and PDF read this."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from cases_public.redaction.parts import paragraphs
from complaints.disclosure import FIGURES_BY_CODE, STAGES, Figure
from home.ranking_notes import ranking_note
from portal.shared.bilingual import in_language, is_english

from .bound import Bound
from .numbers import Told, foreign_numbers, told_by
from .tables import ABOUT, CHARTS, Table, table_of

_STAGE = {figure.code: figure for figure in STAGES}


@dataclass(frozen=True, kw_only=True)
class Note:
    """A footnote: its number and the figure it defines."""

    number: int
    figure: Figure


@dataclass(frozen=True, kw_only=True)
class Part:
    """One block as shown: `kind` is that of the block; `value` holds rich text, `notes` the footnotes it carries.

    `is_headed` where the heading above says the title of the table already; `remark` says why it compares less than it
    might.
    """

    kind: str
    text: str = ""
    value: Any = None
    code: str = ""
    table: Table | None = None
    notes: tuple[Note, ...] = ()
    is_headed: bool = False
    remark: str = ""


@dataclass(kw_only=True)
class _Notes:
    """Footnotes in the order in which they are first met."""

    found: dict[str, Note] = field(default_factory=dict)

    def of(self, codes: Iterable[str]) -> tuple[Note, ...]:
        return tuple(note for code in codes if (note := self._note(code)) is not None)

    def _note(self, code: str) -> Note | None:
        figure = FIGURES_BY_CODE.get(code) or _STAGE.get(code)
        if figure is not None and code not in self.found:
            self.found[code] = Note(number=len(self.found) + 1, figure=figure)
        return self.found.get(code)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The parts of a bulletin and its footnotes; `is_short` where a sentence was left out."""

    parts: tuple[Part, ...]
    notes: tuple[Note, ...]
    is_short: bool

    def tables(self) -> list[Table]:
        """Return each table once, in the order of the bulletin."""
        found = {part.table.code: part.table for part in self.parts if part.table is not None}
        return list(found.values())


def shown_parts(*, body: Iterable[Any], bound: Bound, others: Sequence[str]) -> Shown:
    """Return what of these blocks is shown now.

    A text with a number that is not public (any more) is left out, whatever its editor wrote; so are a chart and a
    table without rows.
    """
    told, notes, is_short = told_by(bound), _Notes(), False
    parts: list[Part] = []
    for block in body:
        if any(foreign_numbers(text=text, told=told, others=others) for text in texts_of(block)):
            is_short = True
            continue
        part = _MAKERS[block.block_type](block.value, bound, notes)
        if part is not None:
            above = parts[-1] if parts else None
            is_headed = above is not None and above.kind == "heading" and above.text == part.text
            parts.append(replace(part, is_headed=is_headed))
    return Shown(parts=tuple(parts), notes=tuple(notes.found.values()), is_short=is_short)


@dataclass(frozen=True, kw_only=True)
class ForeignNumber:
    """A number nobody can find in the bound figures, and the text it stands in."""

    number: str
    text: str


def foreign_in(*, texts: Iterable[str], told: Told, others: Sequence[str]) -> list[ForeignNumber]:
    """Return the foreign numbers of these texts, in their order."""
    return [
        ForeignNumber(number=number, text=text)
        for text in texts
        for number in foreign_numbers(text=text, told=told, others=others)
    ]


def texts_of(block: Any) -> list[str]:
    """Return what somebody wrote in a block, in both languages and without markup."""
    if block.block_type not in _WRITTEN:
        return []
    found = [block.value.get(name) for name in ("text", "text_en")]
    return [_plain(text) for text in found if text]


def _plain(text: Any) -> str:
    source = getattr(text, "source", None)
    return str(text) if source is None else "\n".join(paragraphs(html=source))


def _heading(value: Mapping[str, Any], _bound: Bound, _notes: _Notes) -> Part:
    return Part(kind="heading", text=in_language(chinese=value["text"], english=value.get("text_en") or ""))


def _sentence(value: Mapping[str, Any], _bound: Bound, notes: _Notes) -> Part:
    text = in_language(chinese=value["text"], english=value.get("text_en") or "")
    return Part(kind="sentence", text=text, notes=notes.of(value.get("about") or ()))


def _paragraph(value: Mapping[str, Any], _bound: Bound, _notes: _Notes) -> Part:
    english = value.get("text_en")
    rich = english if is_english() and english and english.source else value["text"]
    return Part(kind="paragraph", value=rich, text=_plain(rich))


def _chart(value: Mapping[str, Any], bound: Bound, notes: _Notes) -> Part | None:
    return _table("chart", value["which"], bound, notes) if value["which"] in CHARTS else None


def _plain_table(value: Mapping[str, Any], bound: Bound, notes: _Notes) -> Part | None:
    return _table("table", value["which"], bound, notes) if value["which"] in ABOUT else None


def _table(kind: str, code: str, bound: Bound, notes: _Notes) -> Part | None:
    """Return a chart or table; where it has no rows because numbers are too small, words in its place."""
    table, remark = table_of(bound=bound, code=code), ranking_note(report=bound.report, code=code)
    if not table.rows:
        return Part(kind="sentence", text=remark) if remark else None
    return Part(
        kind=kind, code=code, text=table.title, table=table, notes=notes.of(ABOUT[code]), remark=remark
    )


_MAKERS = {
    "heading": _heading,
    "sentence": _sentence,
    "paragraph": _paragraph,
    "chart": _chart,
    "table": _plain_table,
}
_WRITTEN = frozenset({"heading", "sentence", "paragraph"})


def small_numbers_note() -> str:
    """Return how small numbers are treated, as page and PDF say it."""
    return _(
        "Numbers under 5 are not told, so that nobody can guess from them who reported. Where one alone is under "
        "5, another one is hidden as well, so that it cannot be worked out from the total or from other periods. "
        "Districts with fewer than 20 tips take no part in the comparison."
    )
