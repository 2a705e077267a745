"""Figures of internal tips move once a month: whoever looks at them every day never learns on which day one came."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User

from complaints.enterprise_errors import TooFewReports
from complaints.models import Enterprise
from complaints.public.enterprise_form import ShownFigures, enterprise_page
from complaints.selectors.inside_figures import (
    InsideFigures,
    figures_by_enterprise,
    figures_for,
    figures_of_year,
    figures_shown,
)
from complaints.services.practice import begin_practice, offer_practice
from complaints.services.turning import confirm_reward, turn_outside
from tests.enterprise_steps import act, code_of, lead_to, tell_inside, write_inside
from tests.factories import noon

pytestmark = pytest.mark.django_db
# A week of March in which tips come in; what is looked at is every day of that month and the first days of the next.
FIFTH = date(2025, 3, 19)
MARCH = [date(2025, 3, day) for day in range(1, 32)]
APRIL = [date(2025, 4, day) for day in range(1, 31)]


def account_on(entry: Enterprise, day: date) -> ShownFigures | None:
    """Return the account as the page behind the poster shows it on a day."""
    return enterprise_page(code=code_of(entry), enterprise=entry, is_read=True, today=day).figures


def late_parts_out(found: InsideFigures) -> tuple[int, ...]:
    """Return what is counted to the end of a month, without what is late today."""
    return (found.received, found.fixed, found.untrue, found.turned, found.paid_count, found.paid_yuan)


def test_the_account_appears_with_the_month_and_not_with_the_fifth_tip(entry: Enterprise, boss: User) -> None:
    for number in range(5):
        tell_inside(entry, today=FIFTH - timedelta(days=4 - number))

    assert [account_on(entry, day) for day in MARCH] == [None] * 31
    shown = [account_on(entry, day) for day in APRIL]
    assert {one.figures.received for one in shown if one} == {5}
    assert None not in shown


def test_four_tips_of_closed_months_and_a_fifth_today_show_nothing(entry: Enterprise, boss: User) -> None:
    for _ in range(4):
        tell_inside(entry, today=date(2025, 2, 10))
    tell_inside(entry, today=FIFTH)

    assert account_on(entry, FIFTH) is None
    assert account_on(entry, date(2025, 4, 1)) is not None


def test_whatever_happens_within_a_month_no_figure_moves(
    entry: Enterprise, boss: User, other: User, officer: User
) -> None:
    day = date(2025, 2, 10)
    told = [tell_inside(entry, today=day) for _ in range(7)]
    lead_to(told[0].number, "paid", boss, other=other, day=day)
    lead_to(told[1].number, "fixed", boss, day=day)
    act(told[2].number, "acknowledge", boss, day=day)
    before = figures_of_year(entry, today=MARCH[0]), figures_shown(entry, today=MARCH[0])

    seen = []
    for today, change in zip(
        MARCH[9:18],
        (
            lambda on: tell_inside(entry, today=on),
            lambda on: act(told[1].number, "accept", other, day=on),
            lambda on: act(told[2].number, "refute", boss, day=on),
            lambda on: act(told[3].number, "acknowledge", boss, day=on),
            lambda on: act(told[3].number, "verify", boss, day=on),
            lambda on: act(told[3].number, "fix", boss, day=on),
            lambda on: act(told[3].number, "send_back", other, day=on),
            lambda on: confirm_reward(typed=told[0].receipt, is_received=True, today=on),
            lambda on: turn_outside(typed=told[4].receipt, today=on),
        ),
        strict=True,
    ):
        change(today)
        seen.append((figures_of_year(entry, today=today), figures_shown(entry, today=today)))

    expected = tuple(late_parts_out(one) for one in before)
    assert expected[0] == (7, 2, 0, 0, 1, 100)
    assert {tuple(late_parts_out(one) for one in pair) for pair in seen} == {expected}
    later = late_parts_out(figures_of_year(entry, today=date(2025, 4, 1)))
    assert later == (8, 2, 1, 1, 1, 100)
    assert list(figures_by_enterprise(officer, today=MARCH[20]).values_list("received", "turned")) == [(7, 0)]


def test_the_account_of_january_is_that_of_the_year_before(entry: Enterprise, boss: User) -> None:
    tell_inside(entry, today=date(2024, 12, 31))
    tell_inside(entry, today=date(2025, 1, 5))

    found = [figures_of_year(entry, today=date(2025, month, 1)) for month in (1, 2)]

    assert [(one.until, one.received) for one in found] == [
        (date(2024, 12, 31), 1),
        (date(2025, 1, 31), 1),
    ]


def test_a_draft_of_good_practice_tells_no_day_either(entry: Enterprise, boss: User, officer: User) -> None:
    offer = offer_practice(enterprise_id=entry.pk, text="班前会讲一条。", actor=boss, at=noon(FIFTH))
    for _ in range(5):
        tell_inside(entry, today=FIFTH)

    with pytest.raises(TooFewReports):
        begin_practice(offer_id=offer.pk, actor=officer, at=noon(MARCH[-1]))
    facts = begin_practice(offer_id=offer.pk, actor=officer, at=noon(date(2025, 4, 3)))

    assert (facts.received, facts.until, facts.day) == (5, MARCH[-1], date(2025, 4, 3))


def test_what_is_late_is_told_on_the_day_of_whatever_year(
    entry: Enterprise, boss: User, officer: User
) -> None:
    tell_inside(entry, today=date(2024, 12, 30))

    found = figures_of_year(entry, today=date(2025, 3, 1))

    assert (found.received, found.overdue) == (0, 1)
    assert [row["overdue"] for row in figures_by_enterprise(officer, today=date(2025, 3, 1))] == [1]


def test_a_manager_counts_what_lies_in_the_own_inbox_today(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry, today=FIFTH)
    write_inside(done.receipt, today=FIFTH)

    assert figures_for(boss, entry, today=FIFTH).received == 1
    assert figures_of_year(entry, today=FIFTH).received == 0
