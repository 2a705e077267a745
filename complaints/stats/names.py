"""Names of spans and of the rows of a table, in the language of the page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from complaints.enums import Channel, IdentityMode, Industry, Operation, TipKind
from complaints.models import Division, Office
from complaints.rules.spans import Span, SpanKind, span_of

from .counting import By

_QUARTERS = (
    gettext_lazy("First quarter of %(year)s"),
    gettext_lazy("Second quarter of %(year)s"),
    gettext_lazy("Third quarter of %(year)s"),
    gettext_lazy("Fourth quarter of %(year)s"),
)
_HALVES = (gettext_lazy("First half of %(year)s"), gettext_lazy("Second half of %(year)s"))
SPLITS: Mapping[By, "str | Promise"] = {
    By.UNIT: pgettext_lazy("split of figures", "Unit in charge"),
    By.DISTRICT: gettext_lazy("District"),
    By.KIND: gettext_lazy("Type of tip"),
    By.INDUSTRY: gettext_lazy("Industry"),
    By.OPERATION: gettext_lazy("Dangerous operation"),
    By.CHANNEL: gettext_lazy("Channel"),
    By.IDENTITY: gettext_lazy("How the reporter is known"),
    By.MONTH: gettext_lazy("Month"),
}
_CODES: Mapping[By, Any] = {
    By.KIND: TipKind,
    By.INDUSTRY: Industry,
    By.OPERATION: Operation,
    By.CHANNEL: Channel,
    By.IDENTITY: IdentityMode,
}


def span_name(span: Span) -> str:
    """Return a span as people say it."""
    if span.kind == SpanKind.MONTH:
        return str(date_format(span.start, pgettext("format of a month with its year", "F Y")))
    year = {"year": span.year}
    if span.kind == SpanKind.QUARTER:
        return str(_QUARTERS[span.place - 1]) % year
    if span.kind == SpanKind.HALF:
        return str(_HALVES[span.place - 1]) % year
    return _("Year %(year)s") % year


def month_name(span: Span) -> str:
    """Return a month without its year, as short as an axis wants it."""
    return str(date_format(span.start, pgettext("format of a month on an axis", "M")))


def row_names(*, keys: Iterable[str], by: By) -> dict[str, str]:
    """Return the names of the rows of a table; at most one query, for units or districts."""
    wanted = list(keys)
    named = _named(wanted, by=by)
    return {key: named.get(key) or key or _not_said(by) for key in wanted}


def _named(keys: list[str], *, by: By) -> dict[str, str]:
    if by == By.UNIT:
        units = Office.objects.filter(pk__in=[int(key) for key in keys if key]).defer("outline")
        return {str(unit.pk): unit.shown_name for unit in units}
    if by == By.DISTRICT:
        return {row.code: row.shown_name for row in Division.objects.filter(code__in=keys).defer("outline")}
    if by == By.MONTH:
        return {key: span_name(span_of(key)) for key in keys}
    return {str(code): str(label) for code, label in _CODES[by].choices}


def _not_said(by: By) -> str:
    return _("No district given") if by == By.DISTRICT else _("Not given")
