"""Which whistles count for the share taken up in time: none that still has time, on whatever page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import EvaluationLine, Role
from complaints.models import TouchedDay, Whistle
from complaints.rules.spans import Span, SpanKind, span_around
from complaints.selectors.evaluation import evaluations
from complaints.services.day_cells import refresh
from complaints.services.freezing import freeze
from complaints.stats.cells import count_kept
from complaints.stats.counting import By, count
from complaints.stats.definitions import FIGURE
from complaints.stats.frozen import counts_of
from complaints.stats.report import value_of
from complaints.stats.whistles import whistle_figures
from tests.complaints.stats.rows import tips
from tests.fixtures import City
from tests.signin import staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# Before the hour runs out, and after it.
FRESH, PAST = 5 * HOUR, -5 * HOUR
CASES: dict[str, tuple[timedelta, Callable[[datetime, datetime], dict[str, Any]], int]] = {
    "unanswered, has time": (FRESH, lambda now, due: {}, 0),
    "unanswered, past its hour": (PAST, lambda now, due: {}, 1),
    "answered in time": (FRESH, lambda now, due: {"answered_at": now}, 1),
    "answered late": (PAST, lambda now, due: {"answered_at": due + HOUR}, 1),
    "sent back in time": (
        FRESH,
        lambda now, due: {"answered_at": now, "ended_at": now, "is_returned": True},
        1,
    ),
    "taken back in time": (FRESH, lambda now, due: {"ended_at": now}, 0),
    "taken back in time, long ago": (PAST, lambda now, due: {"ended_at": due - HOUR}, 0),
    "taken back past its hour": (PAST, lambda now, due: {"ended_at": due + HOUR}, 1),
}


def raised(city: City, *, left: timedelta, more: Callable[[datetime, datetime], dict[str, Any]]) -> Whistle:
    """Store a whistle raised just now with so much time left to answer it."""
    now = timezone.now()
    [tip] = tips(1, unit=city.yanta, day=timezone.localdate(now))
    return Whistle.objects.create(
        tip=tip,
        town=city.town,
        called=city.yanta,
        raised_at=now,
        answer_by=now + left,
        **more(now, now + left),
    )


def this(kind: SpanKind = SpanKind.MONTH) -> Span:
    return span_around(day=timezone.localdate(), kind=kind)


@pytest.mark.parametrize(("left", "more", "judged"), CASES.values(), ids=CASES)
def test_what_is_judged(
    city: City, left: timedelta, more: Callable[[datetime, datetime], dict[str, Any]], judged: int
) -> None:
    raised(city, left=left, more=more)
    boss = staff(Role.LEADER, office=city.city)
    day = timezone.localdate()

    whole = count(span=this()).whole

    assert (whole["whistles"], whole["whistles_due"]) == (1, judged)
    shown = whistle_figures(user=boss, since=day, until=day, now=timezone.now())
    assert (shown.raised, shown.judged) == (1, judged)


def share(city: City) -> object:
    return value_of(figure=FIGURE["whistles_share"], counts=count(span=this()).whole)


def test_one_that_still_has_time_pulls_no_share_down(city: City) -> None:
    raised(city, left=FRESH, more=CASES["unanswered, has time"][1])
    assert share(city) is None

    raised(city, left=FRESH, more=CASES["answered in time"][1])
    assert share(city) == Decimal("100.0")

    raised(city, left=PAST, more=CASES["unanswered, past its hour"][1])
    assert share(city) == Decimal("50.0")


@pytest.mark.parametrize("by", [None, By.UNIT, By.MONTH])
def test_the_daily_sums_follow_an_hour_that_runs_out_while_nobody_writes(city: City, by: By | None) -> None:
    whistle = raised(city, left=FRESH, more=CASES["unanswered, has time"][1])
    refresh()
    assert count_kept(span=this(), by=by).whole["whistles_due"] == 0

    Whistle.objects.filter(pk=whistle.pk).update(answer_by=timezone.now() - HOUR)
    TouchedDay.objects.all().delete()

    kept, plain = count_kept(span=this(), by=by), count(span=this(), by=by)
    assert kept.whole == plain.whole
    assert kept.whole["whistles_due"] == 1


def test_the_yearly_evaluation_judges_the_same(city: City, city_officer: User) -> None:
    for case in (
        "unanswered, has time",
        "answered in time",
        "unanswered, past its hour",
        "taken back in time",
    ):
        left, more, _judged = CASES[case]
        raised(city, left=left, more=more)

    found = evaluations(user=city_officer, span=this(SpanKind.YEAR), today=timezone.localdate())

    [line] = [one for one in found.sheets[0].lines if one.line == EvaluationLine.WHISTLES]
    assert line.rate is not None
    assert (line.rate.part, line.rate.whole) == (1, 2)


def test_a_report_closed_before_keeps_its_share() -> None:
    counts = counts_of({"whistles": 8, "whistles_in_time": 6})

    assert value_of(figure=FIGURE["whistles_share"], counts=counts) == Decimal("75.0")


def test_a_closed_report_stores_what_was_judged(city: City) -> None:
    raised(city, left=PAST, more=CASES["unanswered, past its hour"][1])
    Whistle.objects.update(raised_at=timezone.now() - timedelta(days=40))
    span = span_around(day=timezone.localdate() - timedelta(days=40), kind=SpanKind.MONTH)
    tips(1, unit=city.yanta, day=span.start)

    row = freeze(span=span, at=timezone.now())

    assert counts_of(row.figures["whole"])["whistles_due"] == 1
