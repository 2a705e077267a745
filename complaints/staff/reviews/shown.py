"""Samples, files and findings in words, as the pages of the review show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import ReviewState
from complaints.models import FileFinding, FileSample, SampledFile
from complaints.policies import Person
from complaints.rules.review_sheet import Item
from complaints.rules.spans import span_of
from complaints.selectors import file_review as selectors
from complaints.services.file_review import items_of
from complaints.staff.labels import Chip
from complaints.staff.story import minute_text, name_of
from complaints.stats.names import span_name

_TONES = {
    ReviewState.DRAWN: "wait",
    ReviewState.ASSIGNED: "go",
    ReviewState.CORRECTION: "bad",
    ReviewState.ANSWERED: "wait",
    ReviewState.DONE: "done",
}


@dataclass(frozen=True, kw_only=True)
class SampleRow:
    """One sample: from what it was drawn, by which seed, how far it is."""

    url: str
    period: str
    office: str
    size: str
    stock: int
    seed: str
    drawn: str
    many: int
    done: int


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """One drawn file; `number` is empty for a destroyed tip, `read_url` for whoever may not read it here."""

    url: str
    place: int
    number: str
    tip_url: str
    unit: str
    chip: Chip
    reviewer: str
    points: str
    read_url: str
    period: str
    sample_url: str


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One item of the sheet with what was found on it and what was answered; `typed` is what a refused form held."""

    item: Item
    finding: FileFinding | None
    left: int | None
    minus: str = ""
    words: str = ""
    fix: bool = False
    answer: str = ""


def sample_row(row: FileSample) -> SampleRow:
    """Return a sample with its counts (`many`, `done`), which the selector adds."""
    size = (
        _("%(n)d of each unit") % {"n": row.per_unit}
        if row.per_unit is not None
        else _("%(n)d %% of each unit") % {"n": row.percent}
    )
    when = minute_text(row.drawn_at, today=timezone.localdate())
    counts: Any = row
    return SampleRow(
        url=reverse("review_sample", args=[row.public_id]),
        period=span_name(span_of(row.span_code)),
        office=row.office.name,
        size=size,
        stock=row.stock,
        seed=row.seed,
        drawn=pgettext("who and when", "%(who)s, %(when)s") % {"who": name_of(row.drawn_by), "when": when},
        many=counts.many,
        done=counts.done,
    )


def file_rows(rows: Iterable[SampledFile], *, user: Person) -> list[FileRow]:
    """Return files in words; no query beside that for the rows."""
    return [file_row(row, user=user) for row in rows]


def file_row(row: SampledFile, *, user: Person) -> FileRow:
    """Return one file; the number of the tip is told to who reviews it, has it or organises the review."""
    may_read = selectors.is_reviewer(user=user, row=row) and row.tip is not None
    whole = sum(item["points"] for item in row.sample.sheet)
    return FileRow(
        url=reverse("review_file", args=[row.public_id]),
        place=row.place,
        number=row.tip.number if row.tip else "",
        tip_url=reverse("tips:inspect", args=[row.tip.number]) if row.tip else "",
        unit=row.unit.name,
        chip=Chip(tone=_TONES[ReviewState(row.state)], word=str(ReviewState(row.state).label)),
        reviewer=name_of(row.reviewer) if row.reviewer else "",
        points="" if row.points is None else f"{row.points} / {whole}",
        read_url=reverse("review_read", args=[row.public_id]) if may_read else "",
        period=span_name(span_of(row.sample.span_code)),
        sample_url=reverse("review_sample", args=[row.sample.public_id])
        if selectors.may_assign(user=user, row=row)
        else "",
    )


def reviewer_choices(people: Iterable[User]) -> list[tuple[int, str]]:
    """Return who may be asked, each with the units they work in, which must be read along; no query."""
    return [(one.pk, " · ".join([name_of(one), *_units(one)])) for one in people]


def _units(person: Any) -> list[str]:
    return list(dict.fromkeys(held.office.name for held in person.memberships.all()))


def sheet_rows(row: SampledFile, *, typed: Mapping[str, str]) -> list[SheetRow]:
    """Return every item of the sheet; one query."""
    found = {one.item: one for one in row.findings.all()}
    return [_sheet_row(item, found.get(item.code), typed=typed, row=row) for item in items_of(row.sample)]


def _sheet_row(
    item: Item, finding: FileFinding | None, *, typed: Mapping[str, str], row: SampledFile
) -> SheetRow:
    left = None if row.points is None else item.points - (finding.minus if finding else 0)
    return SheetRow(
        item=item,
        finding=finding,
        left=left,
        minus=typed.get(f"minus-{item.code}", ""),
        words=typed.get(f"words-{item.code}", ""),
        fix=bool(typed.get(f"fix-{item.code}")),
        answer=typed.get(f"answer-{finding.pk}", "") if finding else "",
    )


def item_rows(items: Sequence[Item], rows: Any) -> list[tuple[Item, int, int]]:
    """Return for each item in how many files points were taken off, and how many; one query."""
    found = selectors.findings_by_item(rows)
    return [(item, *found.get(item.code, (0, 0))) for item in items]
