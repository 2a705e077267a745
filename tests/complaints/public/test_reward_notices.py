"""Rewards in public: number, kind and amount of the months before, small numbers held back, numbers called out."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from complaints.enums import ClaimState, TipKind
from complaints.migrations import __path__ as migrations
from complaints.models import (
    LedgerEntry,
    Office,
    RewardAssessment,
    RewardBudget,
    RewardClaim,
    RewardPolicy,
    Tip,
)
from complaints.rules.spans import span_of
from complaints.services.claim_terms import remind
from complaints.stats.counting import By, count
from complaints.stats.rewards import public_rewards
from tests.claim_steps import approved, claim
from tests.factories import TODAY, noon
from tests.fixtures import City
from tests.reward_steps import AT, Three, three

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 20)


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


def paid(office: Office, number: int, *, day: date = MAY, cents: int = 300000, **values: Any) -> None:
    """Store so many paid rewards of a unit past the services: only their columns matter here."""
    policy = RewardPolicy.objects.get(code="xian")
    budget, _is_new = RewardBudget.objects.get_or_create(office=office, year=day.year)
    for _number in range(number):
        row = RewardAssessment.objects.create(
            **{
                "number": f"JL-2026-{RewardAssessment.objects.count():06d}",
                "office": office,
                "policy": policy,
                "kind": TipKind.VIOLATION,
                "reporter_order": 1,
                "accepted_date": day,
                "inputs": {},
                "lines": [],
                "shares_cents": [cents],
                "computed_cents": cents,
                "proposed_cents": cents,
                "state": "approved",
                "proposed_at": noon(day),
                **values,
            }
        )
        RewardClaim.objects.create(
            assessment=row, budget=budget, state=ClaimState.PAID, way="sealed", noticed_date=day,
            term_days=60, due_date=day, paid_date=day, payments=1, reply_days=10,
        )  # fmt: skip


def test_what_was_paid_before_this_month(city: City) -> None:
    paid(city.yanta, 5)

    in_may = public_rewards(year=2026, today=date(2026, 5, 31))
    in_june = public_rewards(year=2026, today=date(2026, 6, 1))

    assert in_may.notices == ()
    assert len(in_june.notices) == 5
    assert in_june.units == ()
    [unit] = public_rewards(year=2026, today=date(2027, 1, 1)).units
    assert (unit.name, unit.count, str(unit.amount), str(unit.days)) == (
        city.yanta.name,
        5,
        "15000.00",
        "10.0",
    )


def test_small_numbers_are_held_back(city: City) -> None:
    paid(city.yanta, 9)
    paid(city.yanta, 4, kind=TipKind.MAJOR_HAZARD)

    found = public_rewards(year=2026, today=date(2027, 1, 1))

    # The four of the other kind would follow from the unit and the total.
    assert not found.is_whole
    assert {one.kind for one in found.notices} <= {TipKind.VIOLATION}
    assert not (found.notices and found.units)


def test_units_with_few_are_held_back_and_nothing_follows(city: City) -> None:
    paid(city.yanta, 20)
    paid(city.lianhu, 2)

    found = public_rewards(year=2026, today=date(2027, 1, 1))

    assert city.lianhu.name not in {unit.name for unit in found.units}
    assert not (found.notices and found.units), "22 in all and 20 of one unit would tell the other two"


def test_units_are_told_when_their_year_is_over(city: City) -> None:
    """Month by month a unit would grow by the one reward that stands among the new notices with kind and amount."""
    paid(city.yanta, 30)
    paid(city.lianhu, 30)

    months = [public_rewards(year=2026, today=date(2026, month, 1)).units for month in (6, 7, 12)]

    assert months == [(), (), ()]
    assert len(public_rewards(year=2026, today=date(2027, 1, 1)).units) == 2


def test_the_page_tells_number_kind_and_amount_and_no_tip(city: City, people: Three) -> None:
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    paid(city.yanta, 6, day=last_month)
    given = approved(city, people)

    page = Client().get(f"/reward/notices/?year={last_month.year}").content.decode()

    assert "JL-2026-000001" in page
    assert "3,000.00" in page
    assert given.tip.number not in page
    assert given.row.number not in page


def test_numbers_nobody_came_for_are_called_out(city: City, people: Three) -> None:
    given = approved(city, people)
    remind(now=noon(given.claim.due_date))
    RewardClaim.objects.update(due_date=timezone.localdate() + timedelta(days=3))

    before = Client().get("/reward/notices/").content.decode()
    claim(given.tip)
    after = Client().get("/reward/notices/").content.decode()

    assert given.tip.number in before
    assert given.row.number not in before
    assert given.tip.number not in after


@pytest.mark.parametrize("query", ["year=1999", "year=2999"])
def test_a_year_that_cannot_be(city: City, query: str) -> None:
    assert Client().get(f"/reward/notices/?{query}").status_code == 404


def test_figures_of_the_statistics_by_unit(city: City, people: Three) -> None:
    from complaints.services.payments import pay

    given = approved(city, people)
    Tip.objects.filter(pk=given.tip.pk).update(answered_date=TODAY - timedelta(days=7))
    claim(given.tip)
    pay(number=given.row.number, actor=people.payer, at=AT)

    table = count(span=span_of(f"{TODAY:%Y-%m}"), by=By.UNIT)

    row = table.rows[str(city.yanta.pk)]
    assert (row["rewards_paid"], row["reward_amount"]) == (1, Decimal("15000.00"))
    assert (row["reward_days"], row["rewards_answered"]) == (7, 1)


def test_rewards_approved_before_get_a_claim_of_their_own(city: City, people: Three) -> None:
    """The migration gives each approved reward its way to the reporter; the money lies where it was reserved."""
    from importlib import import_module
    from pathlib import Path

    given = approved(city, people)
    RewardClaim.objects.all().delete()
    [name] = [path.stem for path in Path(migrations[0]).glob("*_reward_claims.py")]

    for _time in range(2):
        import_module(f"complaints.migrations.{name}").follow_decisions(apps, None)

    made = RewardClaim.objects.get()
    assert (made.assessment, made.state, made.term_days) == (given.row, ClaimState.NOTICED, 60)
    assert made.budget_id == LedgerEntry.objects.filter(assessment=given.row)[0].budget_id
    assert made.due_date == timezone.localdate() + timedelta(days=60)
