"""The spans figures are told for: month, quarter, half-year and year, with their codes and neighbours."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# 月统计, 季分析, 半年通报, 全年评估 (要点 7). A span is closed some days after its end, so that what was done last
# is entered; house practice, no statute fixes it.
DAYS_TO_CLOSE = 10
_CODE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])|Q([1-4])|H([12]))?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2199


class SpanKind(StrEnum):
    """How long a span is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_MONTHS = {SpanKind.MONTH: 1, SpanKind.QUARTER: 3, SpanKind.HALF: 6, SpanKind.YEAR: 12}
# What a span is made of: the next shorter spans fill it without rest.
_PARTS = {SpanKind.QUARTER: SpanKind.MONTH, SpanKind.HALF: SpanKind.QUARTER, SpanKind.YEAR: SpanKind.HALF}


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    """The `place`-th span of its kind in a year, counted from 1; days are local days in Asia/Shanghai."""

    year: int
    place: int
    kind: SpanKind

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.place - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        after = self.place * _MONTHS[self.kind]
        return date(self.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)

    @property
    def closes_on(self) -> date:
        """The day on which the machine closes it."""
        return self.end + timedelta(days=DAYS_TO_CLOSE)

    @property
    def code(self) -> str:
        """2026-03, 2026Q1, 2026H1 or 2026."""
        tails = {
            SpanKind.MONTH: f"-{self.place:02d}",
            SpanKind.QUARTER: f"Q{self.place}",
            SpanKind.HALF: f"H{self.place}",
            SpanKind.YEAR: "",
        }
        return f"{self.year}{tails[self.kind]}"

    @property
    def a_year_before(self) -> "Span":
        """The same span of the year before."""
        return Span(year=self.year - 1, place=self.place, kind=self.kind)

    @property
    def before(self) -> "Span":
        """The span of the same length that ends where this one begins."""
        if self.place > 1:
            return Span(year=self.year, place=self.place - 1, kind=self.kind)
        return Span(year=self.year - 1, place=12 // _MONTHS[self.kind], kind=self.kind)

    @property
    def after(self) -> "Span":
        """The span of the same length that begins where this one ends."""
        if self.place < 12 // _MONTHS[self.kind]:
            return Span(year=self.year, place=self.place + 1, kind=self.kind)
        return Span(year=self.year + 1, place=1, kind=self.kind)

    @property
    def parts(self) -> tuple["Span", ...]:
        """The next shorter spans it is made of; none for a month."""
        if self.kind not in _PARTS:
            return ()
        kind = _PARTS[self.kind]
        many = _MONTHS[self.kind] // _MONTHS[kind]
        first = (self.place - 1) * many + 1
        return tuple(Span(year=self.year, place=first + step, kind=kind) for step in range(many))

    @property
    def within(self) -> tuple["Span", ...]:
        """Every shorter span within, the longer ones after those they are made of; none for a month."""
        return tuple(one for part in self.parts for one in (*part.within, part))

    @property
    def months(self) -> tuple["Span", ...]:
        """The months it is made of; a month is made of itself."""
        return (self,) if not self.parts else tuple(month for part in self.parts for month in part.months)


def span_of(code: str) -> Span:
    """Return the span of a code.

    Raises:
        ValueError: there is no such span, or its year is not within 2000 to 2199.
    """
    found = _CODE.fullmatch(code)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise ValueError(f"no span: {code!r}")
    kinds = (SpanKind.MONTH, SpanKind.QUARTER, SpanKind.HALF)
    for kind, place in zip(kinds, found.groups()[1:], strict=True):
        if place is not None:
            return Span(year=int(found[1]), place=int(place), kind=kind)
    return Span(year=int(found[1]), place=1, kind=SpanKind.YEAR)


def is_code(text: str) -> bool:
    """Whether this is the code of a span."""
    try:
        span_of(text)
    except ValueError:
        return False
    return True


def span_around(*, day: date, kind: SpanKind) -> Span:
    """Return the span of this kind that a day lies in."""
    return Span(year=day.year, place=(day.month - 1) // _MONTHS[kind] + 1, kind=kind)


def month_row(*, last: date, many: int = 12) -> tuple[Span, ...]:
    """Return so many months in a row, the oldest first, the last one that of a day."""
    found = [span_around(day=last, kind=SpanKind.MONTH)]
    while len(found) < many:
        found.append(found[-1].before)
    return tuple(reversed(found))


def closed_by(*, today: date, since: date) -> tuple[Span, ...]:
    """Return the spans that end on `since` or later and whose day of closing has come, the shorter ones first."""
    found: set[Span] = set()
    for kind in SpanKind:
        span = span_around(day=today, kind=kind).before
        while span.end >= since:
            found.add(span)
            span = span.before
    due = [span for span in found if span.closes_on <= today]
    return tuple(sorted(due, key=lambda span: (_MONTHS[span.kind], span.start)))


def stretches_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return the first and the last day of each row of days that follow each other, in order."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
