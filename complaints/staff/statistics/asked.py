"""What somebody asks the page of figures for: a period, units within reach, a split; and the figures that answer it."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from complaints.models import PeriodReport
from complaints.policies import READING_ROLES, leads_top, scope_of, units_below
from complaints.rules.spans import Span, SpanKind, span_around, span_of
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.offices import names_of_offices
from complaints.stats.cells import count_kept
from complaints.stats.counting import By, Counts
from complaints.stats.frozen import closed_report, counts_of, first_day, is_closed, unpacked
from complaints.stats.names import SPLITS, row_names, span_name
from complaints.stats.report import Report, report

# How far back the list of periods goes: two whole years before this one.
YEARS_BACK = 2


class NoSuchPeriod(Http404):
    """Somebody asks for a period that does not exist or has not begun; the page that answers says which ones do."""

    def __init__(self, *, name: str = "") -> None:
        super().__init__("no such period")
        # In words where there is such a period and it is still to come; what was typed is never shown.
        self.name = name


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A period, a unit (None: everything within reach), a split, and whether closed figures are counted anew."""

    span: Span
    unit_id: int | None
    by: By
    is_live: bool

    @property
    def query(self) -> str:
        """The query of the same page."""
        live = "&live=1" if self.is_live else ""
        return f"period={self.span.code}&unit={self.unit_id or ''}&by={self.by.value}{live}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The figures with the names of their rows; `closed` is the closed report they come from, if any.

    `last` are the counts of the period before: those of its closed report where the figures come from one.
    `is_part_of_closed`: single units are asked for, whose figures no report holds, and that of the city is closed.
    """

    asked: Asked
    report: Report
    last: Counts
    names: dict[str, str]
    unit_name: str
    closed: PeriodReport | None
    is_part_of_closed: bool = False


def read_asked(*, query: QueryDict, user: User, today: date) -> Asked:
    """Return what the query asks for: unless told the month before this one, all within reach, a fitting split.

    Raises:
        NoSuchPeriod: no such period, or one that has not begun.
        Http404: a unit out of reach, no such split.
    """
    span = asked_span(query.get("period", ""), usual=usual_span(today), today=today)
    try:
        split, wanted = (query.get(name, "") for name in ("by", "unit"))
        by = By(split) if split else None
        unit = int(wanted) if wanted else None
    except ValueError as error:
        raise Http404 from error
    reach = scope_of(user).offices_with(READING_ROLES)
    if unit is not None and unit not in reach:
        raise Http404
    return Asked(
        span=span,
        unit_id=unit,
        by=by or (By.UNIT if unit is None and len(reach) > 1 else By.KIND),
        is_live=bool(query.get("live")),
    )


def asked_span(code: str, *, usual: Span, today: date) -> Span:
    """Return the period of a code, the usual one for none; raises NoSuchPeriod."""
    try:
        span = span_of(code) if code else usual
    except ValueError as error:
        raise NoSuchPeriod from error
    if span.start > today:
        raise NoSuchPeriod(name=span_name(span))
    return span


def usual_span(today: date) -> Span:
    """Return the period that is shown unless another is asked for: the month before this one."""
    return span_around(day=today, kind=SpanKind.MONTH).before


def answer(*, asked: Asked, user: User) -> Answer:
    """Return the figures; those of a closed period come from its report where the whole city is asked for."""
    scope = scope_of(user)
    is_city = scope.reads_all and asked.unit_id is None
    closed = closed_report(code=asked.span.code) if is_city else None
    units = None if is_city else _units(asked, user=user)
    if closed is not None and not asked.is_live:
        found = unpacked(row=closed, by=asked.by.value)
        before = closed_report(code=asked.span.before.code)
    else:
        found, before = report(span=asked.span, units=units, by=asked.by, overlay=day_overlay()), None
    return Answer(
        asked=asked,
        report=found,
        last=counts_of(before.figures["whole"])
        if before
        else count_kept(span=asked.span.before, units=units).whole,
        names=row_names(keys=found.table.rows, by=asked.by),
        unit_name=_unit_name(asked, is_city=is_city),
        closed=closed,
        is_part_of_closed=not is_city and is_closed(code=asked.span.code),
    )


def _units(asked: Asked, *, user: User) -> list[int]:
    reach = scope_of(user).offices_with(READING_ROLES)
    return reach if asked.unit_id is None else sorted(units_below(asked.unit_id) & set(reach))


def _unit_name(asked: Asked, *, is_city: bool) -> str:
    if asked.unit_id is not None:
        return names_of_offices(office_ids=[asked.unit_id])[asked.unit_id]
    return _("All units") if is_city else _("All my units")


def period_choices(*, chosen: Span, today: date) -> list[tuple[str, list[Choice]]]:
    """Return the periods that have begun and were not over before the first tip, by year; at most of three years.

    The chosen one is among them, whatever it is. Two queries.
    """
    groups, since = [], first_day() or today
    for year in range(today.year, min(chosen.year, max(since.year, today.year - YEARS_BACK)) - 1, -1):
        whole = span_of(str(year))
        halves = whole.parts
        quarters = [quarter for half in halves for quarter in half.parts]
        spans = [whole, *halves, *quarters, *whole.months]
        told = [span for span in spans if span == chosen or (span.start <= today and span.end >= since)]
        choices = [Choice(value=one.code, label=span_name(one), is_chosen=one == chosen) for one in told]
        if choices:
            groups.append((str(year), choices))
    return groups


def unit_choices(*, user: User, chosen: int | None) -> list[Choice]:
    """Return the units within reach; one query."""
    names = names_of_offices(office_ids=scope_of(user).offices_with(READING_ROLES))
    return [Choice(value=str(pk), label=name, is_chosen=pk == chosen) for pk, name in names.items()]


def split_choices(*, chosen: By) -> list[Choice]:
    """Return what a table can be split by."""
    return [Choice(value=by.value, label=str(label), is_chosen=by == chosen) for by, label in SPLITS.items()]


def may_close(*, user: User, span: Span, today: date) -> bool:
    """Whether the person may close or correct a period that is over; not what was over before the first tip."""
    if not leads_top(user) or span.end >= today:
        return False
    first = first_day()
    return first is not None and span.end >= first
