"""Whether each number of a text is one of the public figures it is bound to, by its unit. Words are not judged."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from complaints.disclosure import PublicReport, change_in_percent

from .bound import SHARES, Bound, least_on_time, points_moved, share_of

WAN = Decimal(10_000)
# Named by the definitions of figures: 60 days for conclusion, 30 days of extension.
LAW_DAYS = frozenset({Decimal(30), Decimal(60)})


class Kind(StrEnum):
    """What a number counts, by the unit behind it; ANY has none."""

    COUNT = "count"
    PERCENT = "percent"
    DAYS = "days"
    YUAN = "yuan"
    ANY = "any"


Numbers = frozenset[Decimal]


@dataclass(frozen=True, kw_only=True)
class Told:
    """The numbers that are public, by kind."""

    by: dict[Kind, Numbers] = field(default_factory=dict)

    def has(self, number: Decimal, *, kind: Kind) -> bool:
        """Whether this is one of them; a number without a unit is looked for among all."""
        kinds = [one for one in Kind if one != Kind.ANY] if kind == Kind.ANY else [kind]
        return any(number in self.by.get(one, frozenset()) for one in kinds)

    def has_rounded(self, number: Decimal, *, kind: Kind, scale: Decimal = Decimal(1)) -> bool:
        """Whether one of them, in units of `scale`, rounds to this number with as many places as it has."""
        step = Decimal(1).scaleb(int(number.as_tuple().exponent))
        return any(
            (one / scale).quantize(step, ROUND_HALF_UP) == number for one in self.by.get(kind, frozenset())
        )


def told_by(bound: Bound) -> Told:
    """Return every number that is public of a binding."""
    counts: set[int] = set()
    days: set[int] = set()
    for report in bound.reports():
        counts |= _counts(report)
        days |= {number for stage in report.stages for number in (stage.median, stage.p90)}
    amounts = {report.fine_amount for report in bound.reports() if report.fine_amount is not None}
    return Told(
        by={
            Kind.COUNT: frozenset(map(Decimal, counts)),
            Kind.PERCENT: frozenset(_percents(bound)),
            Kind.DAYS: frozenset(map(Decimal, days)) | LAW_DAYS,
            Kind.YUAN: frozenset(amounts),
        }
    )


def _counts(report: PublicReport) -> set[int]:
    cells = [cell for _figure, cell in report.figures]
    cells += [cell for table in report.rows.values() for cell in table]
    cells += [cell for month in report.months for cell in (month.received, month.concluded)]
    ends = {end for cell in cells for end in cell.between or ()}
    return {cell.value for cell in cells if cell.value is not None} | ends


def _percents(bound: Bound) -> set[Decimal]:
    found: set[Decimal | None] = set()
    for report in bound.reports():
        found |= {share_of(report, code) for code in SHARES} | {least_on_time(report)}
        found |= {
            report.share(parts=(cell.code,), whole="conclusions", table="result")
            for cell in report.rows["result"]
        }
    for other in (bound.previous, bound.year_before):
        if other is not None:
            found |= {moved(bound.report, other, figure.code) for figure, _cell in bound.report.figures}
            found |= {points_moved(bound.report, other, code) for code in SHARES}
    return {abs(one) for one in found if one is not None}


def moved(report: PublicReport, other: PublicReport, code: str) -> Decimal | None:
    """Return the change of a count since another report in percent; None unless both are told."""
    return change_in_percent(now=report.figure(code).value, before=other.figure(code).value)


# --- numbers of a text -----------------------------------------------------------------------------------------

_COUNTED = "件次|人次|家次|件|起|次|例|宗|条|个|家|人|户|tips?|times|cases?|reports?"
_UNITS: tuple[tuple[Kind, str], ...] = (
    (Kind.PERCENT, r"%|个百分点|percent(?:age points?)?"),
    (Kind.DAYS, "个?工作日|天|日|working days?|days?"),
    (Kind.YUAN, "元|yuan"),
    (Kind.COUNT, _COUNTED),
)
_UNIT = "|".join(f"(?P<{kind.value}>{words})" for kind, words in _UNITS)
_DIGITS = re.compile(
    rf"(?<![\d.])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<wan>万)?\s*(?:{_UNIT})?",
    re.IGNORECASE,
)
_HAN = "零〇一二两三四五六七八九十百千万亿"
_WORDS = re.compile(rf"(?P<number>[{_HAN}]+)\s*(?:{_UNIT})")
_PERCENT_WORDS = re.compile(rf"百分之(?P<number>[{_HAN}]+(?:点[{_HAN}]+)?)")
_ENGLISH = {
    name: number
    for number, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        start=1,
    )
}
_ENGLISH_WORDS = re.compile(rf"\b(?P<number>{'|'.join(_ENGLISH)})\s+(?:{_UNIT})\b", re.IGNORECASE)
# Days, periods, articles, numbers of papers and telephones are no figures; neither is the bound of small cells.
_NO_FIGURES = re.compile(
    r"第\s*[0-9零〇一二两三四五六七八九十百]+\s*(?:季度|条|款|项|号|期|章|节|版|次|批|个)?"
    r"|〔\d{4}〕\s*\d+\s*号|\d{1,4}号"
    r"|(?:20|21)\d\d\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?"
    r"|(?<!\d)\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?"
    r"|(?<!\d)\d{1,2}\s*个月"
    rf"|(?<![\d.,])(?:20|21)\d\d(?:-\d{{2}}|Q[1-4]|H[12])?(?:-\d{{1,3}})?(?!\d|[.,]\d|\s*(?:万|{_COUNTED}|%|元|天|日|个))"
    r"|(?<!\d)(?:12350|12345|12369|119|110|120)(?!\d|\s*(?:件|起|次|%|元|天|日|tips|times))"
    r"|(?:少于|fewer than)\s*5(?!\d)"
    r"|一(?:起|次性|个|些|条|人|家|日|天)|一一|万一|千万(?!元)|[上下再又进每同这那]一次|十分",
    re.IGNORECASE,
)


def foreign_numbers(*, text: str, told: Told, others: Iterable[str] = ()) -> list[str]:
    """Return the numbers of a text that are none of the told ones, as they are written, each once.

    Args:
        others: numbers with a source of their own, as somebody wrote them beside it; compared as text.
    """
    plain = unicodedata.normalize("NFKC", text)
    for other in others:
        words = unicodedata.normalize("NFKC", other).strip()
        if words:
            plain = re.sub(rf"(?<![\d.,]){re.escape(words)}(?![\d]|[.,]\d)", " ", plain)
    plain = _NO_FIGURES.sub(lambda found: "□" * len(found[0]), plain)
    return list(dict.fromkeys(found for found in _foreign(plain, told) if found))


def _foreign(plain: str, told: Told) -> Iterable[str]:
    for found in _PERCENT_WORDS.finditer(plain):
        if not told.has_rounded(han_number(found["number"]), kind=Kind.PERCENT):
            yield found[0]
    rest = _PERCENT_WORDS.sub("□", plain)
    for pattern, number in _READ:
        for found in pattern.finditer(rest):
            if not _is_told(number(found["number"]), found, told):
                yield found[0].strip()
        rest = pattern.sub("□", rest)


def _is_told(number: Decimal, found: re.Match[str], told: Told) -> bool:
    kind = next((one for one, _words in _UNITS if found[one.value]), Kind.ANY)
    if found.groupdict().get("wan"):
        return any(
            told.has_rounded(number, kind=one, scale=WAN)
            for one in ((Kind.COUNT, Kind.YUAN) if kind == Kind.ANY else (kind,))
        )
    return told.has(number, kind=kind) or (kind == Kind.PERCENT and told.has_rounded(number, kind=kind))


_ONES = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1_000}
_BIG = {"万": 10_000, "亿": 100_000_000}


def han_number(words: str) -> Decimal:
    """Return a number written in Chinese: 一百零三 is 103, 二点五 is 2.5, 二〇二六 is 2026."""
    whole, _point, part = words.partition("点")
    places = "".join(str(_ONES.get(sign, 0)) for sign in part)
    if len(whole) > 1 and all(sign in _ONES for sign in whole):
        return Decimal("".join(str(_ONES[sign]) for sign in whole) + (f".{places}" if places else ""))
    total, section, digit = 0, 0, 0
    for sign in whole:
        if sign in _ONES:
            digit = _ONES[sign]
        elif sign in _TENS:
            section, digit = section + (digit or 1) * _TENS[sign], 0
        else:
            # 亿 lifts everything before it, 万 what stands since.
            below = total if sign == "亿" else 0
            total = total - below + (below + section + digit or 1) * _BIG[sign]
            section, digit = 0, 0
    return Decimal(f"{total + section + digit}.{places}" if places else total + section + digit)


_READ: tuple[tuple[re.Pattern[str], Callable[[str], Decimal]], ...] = (
    (_DIGITS, lambda words: Decimal(words.replace(",", ""))),
    (_WORDS, han_number),
    (_ENGLISH_WORDS, lambda words: Decimal(_ENGLISH[words.lower()])),
)
