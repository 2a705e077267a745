"""The ranking in words: each score line by line with the list behind it, what was not counted, one sentence why."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import INSIDE_LINES, AttentionLine, Subject, Uncounted
from complaints.models import Enterprise
from complaints.services.attention import Looked, Ranking


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """One line: what, how many, what one weighs, the points, and where the list is; empty for internal tips."""

    name: str
    count: int
    weight: int
    points: int
    url: str


@dataclass(frozen=True, kw_only=True)
class ShownUncounted:
    """What gives no points, and where the list is."""

    name: str
    count: int
    url: str


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """One place of the ranking."""

    place: int
    name: str
    url: str
    beside: str
    points: int
    lines: tuple[ShownLine, ...]
    uncounted: tuple[ShownUncounted, ...]
    why: str
    enterprise: Enterprise | None


def shown_rows(found: Ranking) -> list[ShownRow]:
    """Return the rows as the page, the paper and the files show them."""
    return [_row(one, found=found) for one in found.rows]


def _row(one: Looked, *, found: Ranking) -> ShownRow:
    entry = one.enterprise
    lines = tuple(
        ShownLine(
            name=str(line.line.label),
            count=line.count,
            weight=line.weight,
            points=line.points,
            url=_line_url(one, line=line.line, found=found),
        )
        for line in one.score.lines
    )
    return ShownRow(
        place=one.score.place,
        name=one.name or _("No entity named"),
        url=reverse("enterprises:inspect", args=[entry.pk]) if entry else "",
        beside=beside(entry) if found.subject == Subject.ENTERPRISE else "",
        points=one.score.points,
        lines=lines,
        uncounted=tuple(
            ShownUncounted(name=str(kind.label), count=many, url=list_url(one, line=kind.value, found=found))
            for kind, many in one.uncounted.items()
            if many
        ),
        why=why({line.line: line.count for line in one.score.lines}),
        enterprise=entry,
    )


def _line_url(one: Looked, *, line: AttentionLine, found: Ranking) -> str:
    if line not in INSIDE_LINES:
        return list_url(one, line=line.value, found=found)
    return reverse("enterprises:inspect", args=[one.enterprise.pk]) if one.enterprise else ""


def list_url(one: Looked, *, line: str, found: Ranking) -> str:
    """Return where the tips behind a line are listed."""
    asked = {"period": found.span.code, "of": found.subject.value, "key": one.score.key, "line": line}
    return f"{reverse('attention_tips')}?{urlencode(asked)}"


def beside(entry: Enterprise | None) -> str:
    """Return what stands below the name of an enterprise: industry, place, visits of the year against the ceiling."""
    if entry is None:
        return _("Not in the register, or not in yours")
    town = entry.town.shown_name if entry.town else ""
    parts = [str(entry.get_industry_display()), entry.district.shown_name, town, visits(entry)]
    return " · ".join(filter(None, parts))


def visits(entry: Enterprise) -> str:
    """Return how often it was visited this year by plan, and the ceiling where one is set."""
    done, ceiling = getattr(entry, "visit_count", 0), getattr(entry, "ceiling", None)
    if ceiling is None:
        return _("visited %(n)d times this year") % {"n": done}
    return _("visited %(n)d of %(most)d times this year") % {"n": done, "most": ceiling}


def why(counts: Mapping[AttentionLine, int]) -> str:
    """Return one sentence a plan of inspections can take over."""
    parts = [f"{line.label} {counts[line]}" for line in AttentionLine if counts.get(line)]
    return pgettext("list", ", ").join(parts)


def line_name(line: str) -> str | None:
    """Return the words of a line or of what was not counted; None for anything else and for internal tips."""
    if line in AttentionLine.values and line not in INSIDE_LINES:
        return str(AttentionLine(line).label)
    return str(Uncounted(line).label) if line in Uncounted.values else None
