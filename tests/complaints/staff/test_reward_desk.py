"""Rewards at the desk: what waits, the amount with its lines, three people, 404 for other units, refusals in words."""

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from complaints.enums import RewardState, Role
from complaints.models import AuditRow, RewardAssessment, RewardBudget, RewardPolicy, Tip
from complaints.services.ledger import appropriate
from tests.complaints.staff.conftest import at_desk, once_more, stale
from tests.factories import TipFactory
from tests.fixtures import YANTA, City
from tests.reward_steps import Three, fined_tip, propose, three
from tests.signin import staff

pytestmark = pytest.mark.django_db
INDEX = "/admin/rewards/"


@pytest.fixture
def people(city: City) -> Three:
    """Return the people, each with the groups that let them in."""
    made = three(city)
    roles = {
        "proposer": (Role.REWARD_PROPOSER, city.yanta), "approver": (Role.REWARD_APPROVER, city.yanta),
        "payer": (Role.PAYER, city.yanta), "city_approver": (Role.REWARD_APPROVER, city.city),
        "city_proposer": (Role.REWARD_PROPOSER, city.city),
    }  # fmt: skip
    return type(made)(**{name: staff(role, office=office) for name, (role, office) in roles.items()})


@pytest.fixture
def tip(city: City) -> Tip:
    return fined_tip(86500, 9500, kind="violation", description="标记一二三", entity_name="标记化工有限公司")


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def to_propose(tip: Tip) -> str:
    return f"{INDEX}tip/{tip.number}/"


def page_of(row: RewardAssessment) -> str:
    return f"{INDEX}{row.number}/"


def fund_now(city: City, payer: User, yuan: int) -> None:
    now = timezone.now()
    appropriate(
        office_id=city.yanta.pk, year=timezone.localdate(now).year, amount=Decimal(yuan), actor=payer, at=now
    )


# --- lists ----------------------------------------------------------------------------------------------------------


def test_what_waits_stands_first(people: Three, tip: Tip) -> None:
    page = soup(at_desk(people.proposer).get(INDEX))

    assert [one.get_text() for one in page.select(".as-table tbody th")] == [tip.number]
    assert page.select_one(".as-table tbody th a")["href"] == to_propose(tip)
    assert "共 1 件" in page.get_text()


def test_all_rewards_with_amount_and_state(people: Three, tip: Tip) -> None:
    row = propose(tip, people.proposer)

    page = soup(at_desk(people.approver).get(f"{INDEX}all/"))

    [line] = page.select(".as-table tbody tr")
    text = line.get_text()
    assert row.number in text
    assert "14,400.00" in text
    assert "待批准" in text


def test_long_lists_have_pages_and_no_more_queries(
    people: Three, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = at_desk(people.proposer)
    for _ in range(3):
        fined_tip(1000)
    client.get(INDEX)
    with django_assert_max_num_queries(25) as few:
        client.get(INDEX)
    for _ in range(24):
        TipFactory(verified=True, district=YANTA)
    with django_assert_max_num_queries(len(few)):
        page = soup(client.get(INDEX))
    second = soup(client.get(f"{INDEX}?p=2"))

    assert (len(page.select(".as-table tbody tr")), len(second.select(".as-table tbody tr"))) == (25, 2)
    assert "共 27 件" in page.get_text()
    assert client.get(f"{INDEX}?p=x").status_code == 200


# --- putting forward ------------------------------------------------------------------------------------------------


def test_the_amount_is_worked_out_before_anything_is_stored(people: Three, tip: Tip) -> None:
    client = at_desk(people.proposer)

    page = soup(client.get(to_propose(tip)))
    again = soup(client.post(to_propose(tip), {"kind": "violation", "facts": "duty_related", "preview": "1"}))

    assert page.select_one(".as-amount b").get_text() == "14,400.00"
    assert [one.get_text() for one in page.select(".as-calc tbody th")] == [
        "罚款合计", "比例", "下限", "上限", "奖励金额",
    ]  # fmt: skip
    assert again.select_one(".as-amount b").get_text() == "0.00"
    assert "负有安全监管职责" in again.get_text()
    assert not RewardAssessment.objects.exists()


def test_nothing_that_was_reported_is_shown(people: Three, tip: Tip) -> None:
    client = at_desk(people.proposer)
    pages = [client.get(to_propose(tip)).content.decode()]
    row = propose(tip, people.proposer)
    pages += [client.get(page).content.decode() for page in (page_of(row), f"{INDEX}all/")]

    assert not any("标记" in page for page in pages)
    assert not any(f"/admin/tips/inspect/{tip.number}" in page for page in pages)


def test_a_reward_is_put_forward(people: Three, tip: Tip) -> None:
    answer = at_desk(people.proposer).post(to_propose(tip), {"kind": "violation", "propose": "1"})

    row = RewardAssessment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(row))
    assert row.proposed_amount == Decimal("14400.00")


def test_an_employee_and_another_amount_are_entered_with_their_reasons(people: Three, tip: Tip) -> None:
    RewardPolicy.objects.filter(code="xian").update(
        employee_uplift_pct=Decimal(30), uplift_cap_mode="cap_then_uplift"
    )
    sent = {
        "kind": "violation",
        "employee": "1",
        "proof": "工资条",
        "amount": "20,000",
        "deviation": "贡献突出",
    }

    at_desk(people.proposer).post(to_propose(tip), {**sent, "propose": "1"})

    row = RewardAssessment.objects.get()
    assert (row.computed_amount, row.proposed_amount) == (Decimal("18720.00"), Decimal("20000.00"))
    assert (row.proof, row.deviation, row.needs_level_above) == ("工资条", "贡献突出", True)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "kind"),
        ({"kind": "murder"}, "kind"),
        ({"kind": "violation", "amount": "-5", "deviation": "甲"}, "amount"),
        ({"kind": "violation", "amount": "ten", "deviation": "甲"}, "amount"),
        ({"kind": "violation", "amount": "400000"}, "deviation"),
        ({"kind": "violation", "employee": "1"}, "proof"),
        ({"kind": "concealed_accident", "dead": "4", "concealed": "0"}, "concealed"),
        ({"kind": "concealed_accident", "dead": "4", "concealed": "5"}, "concealed"),
        ({"kind": "violation", "signatories": "0"}, "signatories"),
        ({"kind": "violation", "special": "1", "deviation": "甲"}, "amount"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    people: Three, tip: Tip, sent: dict[str, str], field: str
) -> None:
    answer = at_desk(people.proposer).post(to_propose(tip), {**sent, "propose": "1"})

    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one(f"#reward-{field}-error") is not None
    for name in set(sent) & {"amount", "deviation", "dead"}:
        shown = page.select_one(f"#reward-{name}")
        assert sent[name] in (shown.get("value") or shown.get_text())
    assert not RewardAssessment.objects.exists()


def test_deaths_of_another_type_say_nothing(people: Three, tip: Tip) -> None:
    at_desk(people.proposer).post(to_propose(tip), {"kind": "violation", "dead": "3", "propose": "1"})

    assert RewardAssessment.objects.get().inputs["dead"] == 0


def test_money_against_the_rule_is_refused_in_words(people: Three, tip: Tip) -> None:
    sent = {"kind": "violation", "facts": "already_known", "amount": "5", "deviation": "甲", "propose": "1"}

    answer = at_desk(people.proposer).post(to_propose(tip), sent)

    assert answer.status_code == 409
    assert "按规则不能奖励" in soup(answer).select_one("[role=alert]").get_text()
    assert AuditRow.objects.filter(action="reward.refused", actor=people.proposer).count() == 1


# --- deciding -------------------------------------------------------------------------------------------------------


def test_an_approver_approves_and_the_page_shows_who(people: Three, city: City, tip: Tip) -> None:
    fund_now(city, people.payer, 20000)
    row, client = propose(tip, people.proposer), at_desk(people.approver)

    before = soup(client.get(page_of(row)))
    answer = client.post(page_of(row), {"act": "approve"}, follow=True)

    assert before.select_one("button[value=approve]").get_text() == "批准 14,400.00 元"
    assert RewardAssessment.objects.get().state == RewardState.APPROVED
    page = soup(answer)
    assert "已批准" in page.select_one(".as-chip").get_text()
    assert "备案" in page.get_text()
    assert "5,600.00" in page.select_one("#reward-budget").parent.get_text()
    assert [one["value"] for one in page.select("button[name=act]")] == ["extend", "release"]


@pytest.mark.parametrize(
    ("act", "state"), [("approve", "approved"), ("return", "returned"), ("refuse", "refused")]
)
def test_deciding_wants_the_password_first_and_keeps_the_words(
    people: Three, city: City, tip: Tip, act: str, state: str
) -> None:
    fund_now(city, people.payer, 20000)
    row, client = propose(tip, people.proposer), stale(people.approver)
    typed = {"act": act, "memo": "附件不全"}

    shown = client.get(page_of(row))
    asked = client.post(page_of(row), typed)
    waiting = RewardAssessment.objects.get().state
    done = client.post(page_of(row), {**typed, **once_more(people.approver)})

    assert (shown.status_code, asked.status_code, waiting) == (200, 401, RewardState.PROPOSED)
    assert soup(asked).select_one("[name=memo]")["value"] == "附件不全"
    assert (done.status_code, RewardAssessment.objects.get().state) == (302, state)


def test_putting_forward_wants_the_password_working_out_does_not(people: Three, tip: Tip) -> None:
    client, typed = stale(people.proposer), {"kind": "violation", "propose": "1"}

    worked_out = client.post(to_propose(tip), {"kind": "violation", "preview": "1"})
    asked = client.post(to_propose(tip), typed)
    waiting = RewardAssessment.objects.exists()
    done = client.post(to_propose(tip), {**typed, **once_more(people.proposer)})

    assert (worked_out.status_code, asked.status_code, waiting, done.status_code) == (200, 401, False, 302)
    assert RewardAssessment.objects.get().proposed_amount == Decimal("14400.00")


def test_the_proposer_sees_no_button_and_is_refused(people: Three, tip: Tip) -> None:
    row, client = propose(tip, people.proposer), at_desk(people.proposer)

    page = client.get(page_of(row))
    answer = client.post(page_of(row), {"act": "approve"})

    assert not soup(page).select("button[name=act]")
    assert answer.status_code == 403
    assert RewardAssessment.objects.get().state == RewardState.PROPOSED


def test_an_empty_budget_is_told(people: Three, tip: Tip) -> None:
    row = propose(tip, people.proposer)

    answer = at_desk(people.approver).post(page_of(row), {"act": "approve"})

    assert answer.status_code == 409
    assert "预算不够" in soup(answer).select_one("[role=alert]").get_text()
    assert not RewardBudget.objects.exists()


@pytest.mark.parametrize(("act", "state"), [("return", "returned"), ("refuse", "refused")])
def test_turning_it_down_asks_for_a_reason(people: Three, tip: Tip, act: str, state: str) -> None:
    row, client = propose(tip, people.proposer), at_desk(people.approver)

    without = client.post(page_of(row), {"act": act, "memo": ""})
    done = client.post(page_of(row), {"act": act, "memo": "依据不足"}, follow=True)

    assert without.status_code == 422
    assert soup(without).select_one("#reward-memo-error") is not None
    assert soup(without).select_one("details.as-decline").has_attr("open")
    assert RewardAssessment.objects.get().state == state
    assert "依据不足" in soup(done).get_text()


def test_another_act_is_not_there(people: Three, tip: Tip) -> None:
    row = propose(tip, people.proposer)

    assert at_desk(people.approver).post(page_of(row), {"act": "pay"}).status_code == 404


def test_a_page_without_its_tip_still_shows_the_money(people: Three, tip: Tip) -> None:
    row = propose(tip, people.proposer)
    RewardAssessment.objects.update(tip=None, inputs={}, lines=[])

    page = at_desk(people.approver).get(page_of(row))

    assert page.status_code == 200
    assert "14,400.00" in page.content.decode()


# --- who finds it ---------------------------------------------------------------------------------------------------


def test_other_units_and_roles_find_nothing(people: Three, city: City, tip: Tip) -> None:
    row = propose(tip, people.proposer)
    others = [
        staff(Role.REWARD_APPROVER, office=city.lianhu),
        staff(Role.REWARD_PROPOSER, office=city.lianhu),
        staff(Role.OFFICER, office=city.yanta),
        staff(Role.LEADER, office=city.yanta),
        people.payer,
    ]

    for person in others:
        client = at_desk(person)
        for address in (page_of(row), to_propose(tip)):
            assert client.get(address).status_code == 404, (person, address)
            assert client.post(address, {"act": "approve"}).status_code == 404
    assert RewardAssessment.objects.get().state == RewardState.PROPOSED


def test_the_city_reads_its_districts_and_an_auditor_changes_nothing(
    people: Three, city: City, tip: Tip
) -> None:
    row = propose(tip, people.proposer)
    auditor = at_desk(staff(Role.AUDITOR, office=city.city))

    assert at_desk(people.city_approver).get(page_of(row)).status_code == 200
    assert auditor.get(page_of(row)).status_code == 200
    assert auditor.post(page_of(row), {"act": "approve"}).status_code == 403
    assert auditor.get(to_propose(tip)).status_code == 404


def test_the_menu_leads_there_for_those_whose_business_it_is(people: Three, city: City) -> None:
    def has_item(person: User) -> bool:
        return INDEX in at_desk(person).get("/admin/").content.decode()

    assert has_item(people.proposer)
    assert not has_item(staff(Role.OFFICER, office=city.lianhu))


def test_an_unknown_number_is_not_there(people: Three) -> None:
    client: Client = at_desk(people.proposer)

    for address in (f"{INDEX}JL-2026-AAAAAA/", f"{INDEX}tip/AS-2026-AAAAAA/"):
        assert client.get(address).status_code == 404
