"""Sentences that state the finding, made by rules from public reports. What is hidden leaves its sentence out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from complaints.disclosure import FIGURES_BY_CODE, PublicCell, PublicReport, change_in_percent
from home.findings import joined, most_of

from .bound import Bound, least_on_time, points_moved, share_of

# Stages measured in days since one another; the decision is counted in working days and compares with none of them.
COMPARED_STAGES = ("verify", "dispose", "reply")
MEASURES = ("orders", "hazards_removed", "fines", "referrals")
TOGETHER = ("transferred", "whistles", "supervisions", "extensions", "objections", "objections_reopened")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One finding; `rule` made it, `about` are the figures and stages whose definitions belong to it."""

    rule: str
    about: tuple[str, ...]
    text: str


Rule = Callable[[Bound], tuple[str, tuple[str, ...]] | None]


def sentences(*, bound: Bound, rules: Sequence[str]) -> list[Sentence]:
    """Return what these rules find, in their order and in the language in force."""
    found = [(rule, RULES[rule](bound)) for rule in rules]
    return [Sentence(rule=rule, text=one[0], about=one[1]) for rule, one in found if one is not None]


def _received(bound: Bound) -> tuple[str, tuple[str, ...]]:
    cell = bound.report.figure("received")
    facts = {"period": bound.report.period.name, "words": cell.text}
    words = _("%(period)s: the number of tips received is not told (%(words)s).")
    if cell.value is not None or cell.between is not None:
        words = _("%(period)s: %(words)s tips were received.")
    return words % facts, ("received",)


def _since_year(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    return _moved(
        bound.report,
        bound.year_before,
        more=_("That is %(x)s%% more than in the same period of the year before (%(n)s tips)."),
        fewer=_("That is %(x)s%% fewer than in the same period of the year before (%(n)s tips)."),
        same=_("That is as many as in the same period of the year before (%(n)s tips)."),
    )


def _since_last(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    return _moved(
        bound.report,
        bound.previous,
        more=_("Since the last bulletin (%(period)s, %(n)s tips) tips received rose by %(x)s%%."),
        fewer=_("Since the last bulletin (%(period)s, %(n)s tips) tips received fell by %(x)s%%."),
        same=_("As many tips were received as in the last bulletin (%(period)s, %(n)s tips)."),
    )


def _moved(
    report: PublicReport, other: PublicReport | None, *, more: str, fewer: str, same: str
) -> tuple[str, tuple[str, ...]] | None:
    """Return how the tips received moved; None unless both numbers are told and there was something before."""
    if other is None:
        return None
    before = other.figure("received").value
    change = change_in_percent(now=report.figure("received").value, before=before)
    if change is None or before is None:
        return None
    words = more if change > 0 else fewer if change < 0 else same
    return words % {"x": abs(change), "n": f"{before:,}", "period": other.period.name}, ("received",)


def _districts(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    most = most_of(bound.report.rows["district"], whole=bound.report.figure("received").value)
    if not most:
        return None
    return _("Most tips came from %(names)s.") % {"names": _with_numbers(most)}, ("received",)


def _operations(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    most = most_of(bound.report.rows["operation"], many=2)
    if not most:
        return None
    facts = {"names": joined([cell.name for cell in most]), "numbers": _numbers(most)}
    words = _("Among the confirmed tips %(names)s come up most (%(numbers)s).")
    return words % facts, ("result_true", "result_partly_true")


def _results(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    total, share = bound.report.figure("conclusions"), share_of(bound.report, "verified_share")
    if total.value is None or share is None:
        return None
    words = _("%(n)s results were signed; in %(x)s%% the tip was true or partly true.")
    return words % {"n": total.text, "x": share}, ("conclusions", "verified_share")


def _timing(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    total, share = bound.report.figure("concluded"), share_of(bound.report, "on_time_share")
    least = least_on_time(bound.report)
    about = ("concluded", "on_time_share")
    if share is not None and total.value is not None:
        return _("%(n)s tips were concluded, %(x)s%% of them on time.") % {"n": total.text, "x": share}, about
    if least is None:
        return None
    words = _("%(n)s tips were concluded, at least %(x)s%% of them on time.")
    return words % {"n": total.text, "x": least}, about


def _timing_moved(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    return _share_moved(bound, "on_time_share")


def _verified_moved(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    return _share_moved(bound, "verified_share")


def _share_moved(bound: Bound, code: str) -> tuple[str, tuple[str, ...]] | None:
    """Return how a share moved since the last bulletin and since the year before, as far as either can be said."""
    last = bound.previous.period.name if bound.previous is not None else ""
    pieces = [
        _moved_by(points_moved(bound.report, other, code), since=since)
        for other, since in (
            (bound.previous, _("the last bulletin (%(period)s)") % {"period": last}),
            (bound.year_before, _("the same period of the year before")),
        )
    ]
    told = [piece for piece in pieces if piece]
    if not told:
        return None
    facts = {"name": FIGURES_BY_CODE[code].name, "moved": pgettext("between clauses", ", ").join(told)}
    return _("%(name)s: %(moved)s.") % facts, (code,)


def _moved_by(points: Decimal | None, *, since: str) -> str:
    if points is None:
        return ""
    words = _("the same as in %(since)s")
    if points > 0:
        words = _("%(n)s percentage points more than in %(since)s")
    if points < 0:
        words = _("%(n)s percentage points less than in %(since)s")
    return words % {"n": abs(points), "since": since}


def _whole(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    stage = next((one for one in bound.report.stages if one.figure.code == "whole"), None)
    if stage is None:
        return None
    words = ngettext(
        "From acceptance to conclusion half took at most %(n)d day, nine in ten at most %(p90)d days.",
        "From acceptance to conclusion half took at most %(n)d days, nine in ten at most %(p90)d days.",
        stage.median,
    )
    return words % {"n": stage.median, "p90": stage.p90}, ("whole",)


def _slowest(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    """Return which stage took longest, of at least two that are told; a tie names both."""
    stages = [one for one in bound.report.stages if one.figure.code in COMPARED_STAGES]
    if len(stages) < 2:
        return None
    longest = max(stage.median for stage in stages)
    slow = [stage for stage in stages if stage.median == longest]
    if len(slow) == len(stages):
        return None
    names = joined([str(stage.figure.name) for stage in slow])
    words = ngettext(
        "After acceptance %(names)s takes longest: half took at most %(n)d day, nine in ten at most %(p90)d days.",
        "After acceptance %(names)s takes longest: half took at most %(n)d days, nine in ten at most %(p90)d days.",
        longest,
    )
    facts = {"names": names, "n": longest, "p90": max(stage.p90 for stage in slow)}
    return words % facts, tuple(stage.figure.code for stage in slow)


def _measures(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    return _listed(bound.report, MEASURES, amount=bound.report.fine_amount)


def _together(bound: Bound) -> tuple[str, tuple[str, ...]] | None:
    return _listed(bound.report, TOGETHER)


def _listed(
    report: PublicReport, codes: Sequence[str], *, amount: Decimal | None = None
) -> tuple[str, tuple[str, ...]] | None:
    """Return those of these counts that are told, in one sentence."""
    told = [
        (figure, cell) for figure, cell in report.figures if figure.code in codes and cell.value is not None
    ]
    if not told:
        return None
    one = pgettext("a figure, its number and unit in a sentence", "%(name)s %(n)s %(unit)s")
    pieces = [one % {"name": figure.name, "n": cell.text, "unit": figure.unit.label} for figure, cell in told]
    about = [figure.code for figure, _cell in told]
    if amount:
        pieces.append(_("amount of fines %(n)s yuan") % {"n": f"{amount:,.2f}"})
        about.append("fine_amount")
    words = pgettext("end of a sentence", "%(words)s.")
    return words % {"words": pgettext("list", ", ").join(pieces)}, tuple(about)


def _with_numbers(cells: Sequence[PublicCell]) -> str:
    one = pgettext("a name with its number of tips", "%(name)s (%(n)s)")
    return joined([one % {"name": cell.name, "n": cell.text} for cell in cells])


def _numbers(cells: Sequence[PublicCell]) -> str:
    one = pgettext("in a sentence", "%(n)s tips")
    return pgettext("list", ", ").join(one % {"n": cell.text} for cell in cells)


RULES: Mapping[str, Rule] = {
    "received": _received,
    "since_year": _since_year,
    "since_last": _since_last,
    "districts": _districts,
    "operations": _operations,
    "results": _results,
    "timing": _timing,
    "timing_moved": _timing_moved,
    "verified_moved": _verified_moved,
    "whole": _whole,
    "slowest": _slowest,
    "measures": _measures,
    "together": _together,
}
