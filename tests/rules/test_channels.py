"""Which industries must have a channel by when: defaults that say they are not verified, rows that replace them."""

from datetime import date

from complaints.enums import COMPETENT_BODIES, Industry
from complaints.rules.channels import FIRST_STAGE, NAMED, Duty, duties


def entered(**values: object) -> Duty:
    usual = {
        "industry": Industry.MACHINERY,
        "due_date": date(2025, 9, 1),
        "source": "原文",
        "is_verified": True,
    }
    return Duty(**{**usual, **values})  # type: ignore[arg-type]  # names are those of the class


def test_without_rows_the_named_industries_have_the_end_of_june_unverified() -> None:
    found = duties({})

    assert {duty.industry for duty in found} == set(NAMED)
    assert {duty.due_date for duty in found} == {FIRST_STAGE} == {date(2025, 6, 30)}
    assert not any(duty.is_verified for duty in found)
    assert all("7号" in duty.source for duty in found)


def test_each_industry_stands_once_in_the_order_of_the_list() -> None:
    order = [duty.industry for duty in duties({})]

    assert order == sorted(order, key=list(Industry).index)
    assert len(set(NAMED)) == len(NAMED)


def test_a_row_replaces_the_default_and_may_add_an_industry() -> None:
    rows = {"machinery": entered(), "power": entered(industry=Industry.POWER, due_date=date(2025, 3, 1))}

    found = duties(rows)

    assert found[0].industry == Industry.POWER
    assert found[-1] == rows["machinery"]
    assert len(found) == len(NAMED) + 1


def test_a_code_that_is_no_industry_any_more_does_no_harm() -> None:
    assert len(duties({"gone": entered()})) == len(NAMED)


def test_the_eight_trades_are_all_there() -> None:
    trades = [
        "metallurgy",
        "nonferrous",
        "building_materials",
        "machinery",
        "light_industry",
        "textile",
        "tobacco",
        "commerce",
    ]

    assert set(trades) <= set(NAMED)
    assert not set(trades) & set(COMPETENT_BODIES)
