"""Bulletins of the demonstration: of every kind of period the last one, and the one it is compared with."""

from datetime import date

import pytest

from complaints.disclosure import PublicPeriod
from home import demo_bulletins
from home.demo_bulletins import load_bulletins
from tests.factories import UserFactory

TODAY = date(2026, 11, 29)
CLOSED = (
    "2026-10", "2026Q3", "2026-09", "2026-08", "2026-07", "2026H1", "2026Q2", "2026-06", "2026Q1", "2025", "2025H2",
    "2025Q4", "2025-12", "2025H1", "2025Q3",
)  # fmt: skip


def period(code: str) -> PublicPeriod:
    return PublicPeriod(code=code, name=code, number=f"{code}-1", version=1, closed_on=TODAY)


@pytest.mark.django_db
def test_each_is_published_after_the_one_it_is_compared_with(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(username=demo_bulletins.EDITOR)
    published: list[str] = []
    monkeypatch.setattr(demo_bulletins, "public_periods_closed", lambda: [period(code) for code in CLOSED])
    monkeypatch.setattr(
        demo_bulletins, "_publish", lambda one, today: published.append(one.code) is None  # type: ignore[func-returns-value]  # counted
    )  # fmt: skip

    assert load_bulletins(today=TODAY) == 6
    assert published == ["2025", "2026H1", "2026Q2", "2026Q3", "2026-09", "2026-10"]


@pytest.mark.django_db
def test_without_its_editor_there_is_none() -> None:
    assert load_bulletins(today=TODAY) == 0
