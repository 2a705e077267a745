"""Reward rules as rows: what ships, one at a time, never changed once they count, refusals in the log."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, transaction

from complaints.enums import GeneralHazardMode, Problem, RewardFault, TipKind, UpliftCapMode
from complaints.errors import DraftInvalid, RewardRefused
from complaints.models import AuditRow, RewardPolicy
from complaints.rules.reward_case import Case
from complaints.rules.reward_policy import overlap, policy_problems
from complaints.rules.rewards import reward_for
from complaints.selectors.rewards import home_region, policy_on
from complaints.selectors.shipped_rewards import shipped_policies
from complaints.services.reward_policies import (
    add_policy,
    change_policy,
    delete_policy,
    end_policy,
    load_policies,
)
from tests.factories import TODAY, noon
from tests.fixtures import YANTA, City
from tests.parallel import at_once
from tests.rules.reward_policies import fined

pytestmark = pytest.mark.django_db
AT = noon(TODAY)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def like(like_code: str, /, **values: Any) -> RewardPolicy:
    """Return a row that is not stored, with the figures of a shipped one."""
    row = next(one for one in shipped_policies() if one.code == like_code)
    for name, value in {"effective_from": TOMORROW, **values}.items():
        setattr(row, name, value)
    return row


def elsewhere(**values: Any) -> RewardPolicy:
    """Return a row of a region that has none yet."""
    return like("national", **{"code": "chengdu", "region": "510100", **values})


def add(row: RewardPolicy, actor: User) -> RewardPolicy:
    return add_policy(row=row, fields=["rate"], at=AT, actor=actor)


def problems(refused: pytest.ExceptionInfo[DraftInvalid]) -> dict[str, Problem]:
    return {one.field: one.problem for one in refused.value.problems}


def refused_row(actor: User) -> AuditRow:
    return AuditRow.objects.get(action="setting.refused", actor=actor)


# --- what ships ---------------------------------------------------------------------------------------------------


def test_shipped_rules_are_there_with_their_source() -> None:
    rows = {row.code: row for row in RewardPolicy.objects.all()}

    assert set(rows) == {
        *("national", "mining", "shaanxi", "xian", "shenzhen", "longhua", "shandong", "xiamen"),
    }
    assert "安监总财〔2018〕19号" in rows["national"].source
    for row in rows.values():
        assert policy_problems(row.as_terms()) == []
        assert row.source
        assert row.code == "national" or "待核实" in row.source


def test_shipped_rules_do_not_overlap() -> None:
    rows = [row.as_terms() for row in shipped_policies()]

    assert [(a.code, b.code) for a in rows for b in rows if a is not b and overlap(a, b)] == []


def test_loading_again_changes_nothing() -> None:
    before = list(RewardPolicy.objects.values())
    RewardPolicy.objects.filter(code="xian").update(cap=Decimal(200000))

    assert load_policies() == 0

    RewardPolicy.objects.filter(code="xian").update(cap=Decimal(300000))
    assert list(RewardPolicy.objects.values()) == before


def test_a_missing_row_is_loaded_and_one_that_would_overlap_is_not() -> None:
    RewardPolicy.objects.filter(code__in=["shandong", "xiamen"]).delete()
    like("xiamen", code="own", effective_from=date(2021, 1, 1)).save()

    assert load_policies() == 1

    assert RewardPolicy.objects.filter(code="shandong").exists()
    assert not RewardPolicy.objects.filter(code="xiamen").exists()


def test_they_come_with_the_tables() -> None:
    RewardPolicy.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert RewardPolicy.objects.count() == len(shipped_policies())


def test_a_row_goes_into_terms_and_back() -> None:
    row, copy = RewardPolicy.objects.get(code="xiamen"), RewardPolicy()

    copy.set_terms(row.as_terms())

    assert copy.as_terms() == row.as_terms()
    assert row.as_terms().uplift_cap_mode == UpliftCapMode.CAP_THEN_UPLIFT


@pytest.mark.parametrize(
    ("code", "case", "yuan"),
    [
        ("xian", fined(100000), "15000.00"),
        ("shandong", fined(100000), "50000.00"),
        ("shandong", fined(1000), "5000.00"),
        ("shandong", fined(2000000), "500000.00"),
        ("shenzhen", Case(kind=TipKind.GENERAL_HAZARD), "500.00"),
        ("longhua", Case(kind=TipKind.GENERAL_HAZARD, month_amount=Decimal(800)), "200.00"),
        ("xiamen", fined(2150000, is_employee=True), "390000.00"),
        ("mining", fined(100000), "15000.00"),
    ],
)
def test_local_figures(code: str, case: Case, yuan: str) -> None:
    terms = RewardPolicy.objects.get(code=code).as_terms()

    assert reward_for(case=case, policy=terms).amount == Decimal(yuan)


# --- which row counts ---------------------------------------------------------------------------------------------


def test_the_city_of_this_installation_is_a_row_of_its_divisions(city: City) -> None:
    assert home_region() == "610100"


@pytest.mark.parametrize(
    ("division", "industry", "day", "code"),
    [
        (YANTA, "chemical", TODAY, "xian"),
        (YANTA, "coal_mine", TODAY, "mining"),
        ("440309", "", TODAY, "longhua"),
        ("440305", "", TODAY, "shenzhen"),
        ("110101", "", TODAY, "national"),
        (YANTA, "chemical", date(2019, 5, 1), "national"),
    ],
)
def test_place_industry_and_day_pick_the_row(division: str, industry: str, day: date, code: str) -> None:
    assert policy_on(day=day, division=division, industry=industry).code == code


def test_no_rule_on_that_day() -> None:
    with pytest.raises(DraftInvalid) as refused:
        policy_on(day=date(2018, 1, 3), division=YANTA, industry="")

    assert problems(refused) == {"on": Problem.NO_POLICY}


def test_two_rules_written_past_the_program_give_no_amount() -> None:
    like("xian", code="twin", effective_from=date(2025, 1, 1)).save()

    with pytest.raises(DraftInvalid) as refused:
        policy_on(day=TODAY, division=YANTA, industry="")

    assert problems(refused) == {"on": Problem.POLICIES_OVERLAP}


# --- adding, changing, ending -------------------------------------------------------------------------------------


def test_a_rule_is_added_with_a_row_in_the_log(administrator: User) -> None:
    row = add(elsewhere(), administrator)

    logged = AuditRow.objects.get(action="rewardpolicy.added")
    assert (logged.subject, logged.actor) == (f"rewardpolicy:{row.pk}", administrator)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"effective_from": TODAY}, {"effective_from": Problem.TOO_EARLY}),
        ({"effective_from": YESTERDAY}, {"effective_from": Problem.TOO_EARLY}),
        ({"effective_to": TODAY}, {"effective_to": Problem.ENDS_BEFORE}),
        ({"rate": Decimal(15)}, {"rate": Problem.BAD_SHARE}),
        ({"region": "610100"}, {"code": Problem.CODE_TAKEN}),
        ({"code": "xian"}, {"code": Problem.CODE_TAKEN}),
        ({"code": "xian", "region": "610100"}, {"effective_from": Problem.POLICIES_OVERLAP}),
        ({"general_hazard": GeneralHazardMode.FIXED}, {"general_low": Problem.MISSING}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_a_row(
    administrator: User, values: dict[str, Any], found: dict[str, Problem]
) -> None:
    before = RewardPolicy.objects.count()

    with pytest.raises(DraftInvalid) as refused:
        add(elsewhere(**values), administrator)

    assert problems(refused) == found
    assert RewardPolicy.objects.count() == before
    assert refused_row(administrator).data["act"] == "rewardpolicy.added"


def test_a_rule_ends_and_the_next_one_follows(administrator: User) -> None:
    old = RewardPolicy.objects.get(code="xian")
    last = TODAY + timedelta(days=20)

    end_policy(row=old, last_day=last, at=AT, actor=administrator)
    add(like("xian", effective_from=last + timedelta(days=1), cap=Decimal(500000)), administrator)

    assert policy_on(day=last, division=YANTA, industry="").cap == Decimal(300000)
    assert policy_on(day=last + timedelta(days=1), division=YANTA, industry="").cap == Decimal(500000)
    assert AuditRow.objects.filter(action="rewardpolicy.changed").count() == 1


@pytest.mark.parametrize("last_day", [TODAY, YESTERDAY])
def test_a_rule_in_force_does_not_end_in_the_past(administrator: User, last_day: date) -> None:
    row = RewardPolicy.objects.get(code="xian")

    with pytest.raises(DraftInvalid) as refused:
        end_policy(row=row, last_day=last_day, at=AT, actor=administrator)

    assert problems(refused) == {"effective_to": Problem.ENDS_TOO_EARLY}
    assert RewardPolicy.objects.get(code="xian").effective_to is None
    assert refused_row(administrator).data["code"] == "invalid"


def test_an_end_is_not_moved_over_the_next_rule(administrator: User) -> None:
    old = end_policy(row=RewardPolicy.objects.get(code="xian"), last_day=TOMORROW, at=AT, actor=administrator)
    add(like("xian", effective_from=TODAY + timedelta(days=2)), administrator)

    with pytest.raises(DraftInvalid) as refused:
        end_policy(row=old, last_day=None, at=AT, actor=administrator)

    assert problems(refused) == {"effective_from": Problem.POLICIES_OVERLAP}


def test_a_rule_that_ended_stays_ended(administrator: User) -> None:
    RewardPolicy.objects.filter(code="xian").update(effective_to=TODAY)

    with pytest.raises(RewardRefused):
        end_policy(row=RewardPolicy.objects.get(code="xian"), last_day=None, at=AT, actor=administrator)


def test_a_rule_in_force_is_neither_changed_nor_deleted(administrator: User) -> None:
    row = RewardPolicy.objects.get(code="xian")
    row.cap = Decimal(1)
    row.effective_from = TOMORROW

    for act in (
        lambda: change_policy(row=row, fields=["cap"], at=AT, actor=administrator),
        lambda: delete_policy(row=RewardPolicy.objects.get(code="xian"), at=AT, actor=administrator),
    ):
        with pytest.raises(RewardRefused) as refused:
            act()
        assert refused.value.fault == RewardFault.RULE_FIXED

    assert RewardPolicy.objects.get(code="xian").cap == Decimal(300000)
    assert AuditRow.objects.filter(action="setting.refused", actor=administrator).count() == 2


def test_a_rule_that_has_not_begun_is_changed_and_deleted(administrator: User) -> None:
    row = add(elsewhere(), administrator)

    row.cap = Decimal(400000)
    change_policy(row=row, fields=["cap"], at=AT, actor=administrator)
    assert RewardPolicy.objects.get(code="chengdu").cap == Decimal(400000)
    delete_policy(row=row, at=AT, actor=administrator)

    assert not RewardPolicy.objects.filter(code="chengdu").exists()
    assert set(AuditRow.objects.filter(subject=f"rewardpolicy:{row.pk or 0}").values_list("action")) <= {
        ("rewardpolicy.added",), ("rewardpolicy.changed",), ("rewardpolicy.deleted",),
    }  # fmt: skip


def test_the_database_keeps_rows_in_order() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RewardPolicy.objects.filter(code="xian").update(effective_to=date(2019, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        like("xian", effective_from=date(2020, 1, 1)).save()


@pytest.mark.django_db(transaction=True)
def test_two_rules_added_at_once_do_not_overlap(administrator: User) -> None:
    """Each checks what the other one adds, also what was added while it waited."""
    load_policies()

    outcomes = at_once([lambda: add(elsewhere(), administrator)] * 2)

    refused = [one for one in outcomes if isinstance(one, DraftInvalid)]
    assert [one.problems[0].problem for one in refused] == [Problem.POLICIES_OVERLAP], outcomes
    assert RewardPolicy.objects.filter(code="chengdu").count() == 1
