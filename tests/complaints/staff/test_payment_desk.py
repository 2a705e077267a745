"""The payer's desk: what it shows and what not, 404 for others, password before money, refusals in words."""

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from complaints.enums import ClaimState, IdentityMode, Role
from complaints.models import AuditRow, Office, RewardClaim, RewardPolicy, UnsealRequest
from complaints.services.ledger import appropriate
from complaints.services.rewards import approve_reward
from tests.claim_steps import ACCOUNT, Approved, claim, code_for, identity_of
from tests.complaints.staff.conftest import at_desk
from tests.fixtures import City
from tests.reward_steps import Three, fined_tip, propose, three
from tests.signin import staff

pytestmark = pytest.mark.django_db
INDEX = "/admin/payments/"
MARKED = "标记化工有限公司"


@pytest.fixture
def people(city: City) -> Three:
    """Return the people, each with the groups that let them in; any way of reporting is rewarded."""
    RewardPolicy.objects.update(eligible_identity_modes=[mode.value for mode in IdentityMode])
    made = three(city)
    roles = {
        "proposer": (Role.REWARD_PROPOSER, city.yanta), "approver": (Role.REWARD_APPROVER, city.yanta),
        "payer": (Role.PAYER, city.yanta), "city_approver": (Role.REWARD_APPROVER, city.city),
        "city_proposer": (Role.REWARD_PROPOSER, city.city),
    }  # fmt: skip
    return type(made)(**{name: staff(role, office=office) for name, (role, office) in roles.items()})


def given(city: City, people: Three, *, mode: IdentityMode = IdentityMode.REAL_NAME) -> Approved:
    """Return an approved reward of 15 000 yuan, in the budget of this year."""
    now = timezone.now()
    appropriate(
        office_id=city.yanta.pk,
        year=timezone.localdate(now).year,
        amount=Decimal(100000),
        actor=people.payer,
        at=now,
    )
    tip = fined_tip(
        100000, kind="violation", description="标记一二三", entity_name=MARKED, **identity_of(mode)
    )
    row = approve_reward(number=propose(tip, people.proposer).number, actor=people.approver, at=now)
    return Approved(tip=tip, row=row)


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def page_of(made: Approved, view: str = "claim") -> str:
    return reverse(f"payments:{view}", args=[made.row.number])


def test_the_queue_shows_what_waits_and_nothing_of_the_tip(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())

    page = soup(at_desk(people.payer).get(INDEX))

    [line] = page.select(".as-table tbody tr")
    assert made.row.number in line.get_text()
    assert "15,000.00" in line.get_text()
    whole = page.get_text()
    assert made.tip.number not in whole
    assert MARKED not in whole
    assert "标记一二三" not in whole


def test_each_state_has_its_tab(city: City, people: Three) -> None:
    made = given(city, people)
    desk = at_desk(people.payer)

    def found() -> list[str]:
        urls = [INDEX, f"{INDEX}collect/", f"{INDEX}paid/", f"{INDEX}ended/"]
        return [made.row.number in desk.get(url).content.decode() for url in urls]  # type: ignore[misc]

    seen = []
    for state in (ClaimState.CLAIMED, ClaimState.NOTICED, ClaimState.PAID, ClaimState.RELEASED):
        values = {"way": "sealed", "paid_date": timezone.localdate(), "ended_date": timezone.localdate()}
        RewardClaim.objects.update(state=state, **values)
        seen.append(found())
    assert seen == [[place == at for place in range(4)] for at in range(4)]


def test_for_others_it_is_not_there(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    beside = staff(Role.PAYER, office=city.lianhu)
    above = staff(Role.PAYER, office=city.city)
    handler = staff(Role.LEADER, office=city.yanta)

    for stranger in (people.proposer, people.approver, handler):
        assert at_desk(stranger).get(INDEX).status_code == 404
    for payer in (beside, above):
        desk = at_desk(payer)
        assert desk.get(INDEX).status_code == 200
        assert desk.get(page_of(made)).status_code == 404
        assert desk.post(page_of(made, "act"), {"act": "pay"}).status_code == 404
        ledger = reverse("payments:ledger", args=[city.yanta.pk, 2026])
        assert desk.get(ledger).status_code == 404
        assert desk.get(reverse("payments:batch", args=[city.yanta.pk])).status_code == 404
    assert RewardClaim.objects.get().state == ClaimState.CLAIMED


def test_the_reward_pages_are_not_the_payers(city: City, people: Three) -> None:
    made = given(city, people)

    assert at_desk(people.payer).get(f"/admin/rewards/{made.row.number}/").status_code == 404


def test_an_auditor_looks_and_changes_nothing(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    desk = at_desk(staff(Role.AUDITOR, office=city.city))

    page = soup(desk.get(page_of(made)))

    assert not page.select("main form")
    assert desk.get(f"{INDEX}reconcile/").status_code == 200
    assert desk.post(page_of(made, "act"), {"act": "pay"}).status_code in (403, 404)
    assert RewardClaim.objects.get().state == ClaimState.CLAIMED


def test_paying_records_it_once(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    desk = at_desk(people.payer)

    done = desk.post(page_of(made, "act"), {"act": "pay"}, follow=True)
    again = desk.post(page_of(made, "act"), {"act": "pay"})

    assert "已记为发放" in done.content.decode()
    assert again.status_code == 409
    assert RewardClaim.objects.get().state == ClaimState.PAID
    assert AuditRow.objects.filter(action="reward.refused", actor=people.payer).count() == 1


@pytest.mark.parametrize("view", ["act", "counter"])
def test_money_asks_for_the_password_first(city: City, people: Three, view: str) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    client = at_desk(people.payer)
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()

    asked = client.post(page_of(made, view), {"act": "pay"})

    assert asked.status_code == 401
    assert RewardClaim.objects.get().state == ClaimState.CLAIMED


def test_asking_for_the_details_asks_for_the_password_first(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    client = at_desk(people.payer)
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()

    asked = client.post(page_of(made, "ask"), {"reason": "发放奖励"})

    assert asked.status_code == 401
    assert not UnsealRequest.objects.exists()


def test_paid_against_code_at_the_counter(city: City, people: Three) -> None:
    made = given(city, people, mode=IdentityMode.ANONYMOUS)
    code = code_for(made.tip, today=timezone.localdate())
    desk = at_desk(people.payer)

    wrong = desk.post(page_of(made, "counter"), {"receipt": made.receipt, "code": made.receipt})
    done = desk.post(page_of(made, "counter"), {"receipt": made.receipt, "code": code}, follow=True)

    assert wrong.status_code == 409
    assert made.receipt not in wrong.content.decode(), "nothing typed comes back"
    assert "凭码付讫" in done.content.decode()
    assert (RewardClaim.objects.get().state, RewardClaim.objects.get().way) == ("paid", "counter")


def test_a_payment_is_undone_with_a_reason(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    desk = at_desk(people.payer)
    desk.post(page_of(made, "act"), {"act": "pay"})

    empty = desk.post(page_of(made, "act"), {"act": "unpay", "details": "anew", "reason": " "})
    desk.post(page_of(made, "act"), {"act": "unpay", "details": "anew", "reason": "账号有误"})

    assert empty.status_code == 422
    assert soup(empty).select(".error-message")
    assert RewardClaim.objects.get().state == ClaimState.NOTICED


def test_a_lost_code_is_made_void(city: City, people: Three) -> None:
    made = given(city, people, mode=IdentityMode.ANONYMOUS)
    code_for(made.tip, today=timezone.localdate())

    at_desk(people.payer).post(page_of(made, "act"), {"act": "void", "reason": "本人说明遗失"})

    assert bytes(RewardClaim.objects.get().code_hash) == b""


def test_asking_for_the_details_leads_to_the_request(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    desk = at_desk(people.payer)

    wrong = desk.post(page_of(made, "ask"), {"reason": ""})
    done = desk.post(page_of(made, "ask"), {"reason": "发放奖励"})

    row = UnsealRequest.objects.get()
    assert wrong.status_code == 422
    assert done.url == reverse("unseal:request", args=[row.public_id])  # type: ignore[attr-defined]
    assert (row.target, row.purpose, row.asker) == ("claim", "reward", people.payer)
    assert desk.get(done.url).status_code == 200  # type: ignore[attr-defined]
    assert row.number in desk.get(page_of(made)).content.decode()


def test_the_ledger_adds_and_takes_back(city: City, people: Three) -> None:
    desk, year = at_desk(people.payer), timezone.localdate().year
    ledger = reverse("payments:ledger", args=[city.yanta.pk, year])
    change = reverse("payments:budget", args=[city.yanta.pk, year])

    assert desk.get(ledger).status_code == 200
    desk.post(change, {"act": "appropriate", "amount": "1,000.50"})
    wrong = [
        desk.post(change, {"act": act, "amount": amount}).status_code
        for act, amount in (
            ("appropriate", ""), ("appropriate", "x"), ("appropriate", "-5"), ("take_back", "2000"),
        )
    ]  # fmt: skip
    desk.post(change, {"act": "take_back", "amount": "0.50"})

    assert wrong == [422, 422, 422, 409]
    text = soup(desk.get(ledger)).get_text()
    assert "1,000.00" in text
    assert AuditRow.objects.filter(action="setting.refused", actor=people.payer).count() == 4


def test_the_reconciliation_says_that_everything_agrees_or_what_not(city: City, people: Three) -> None:
    made = given(city, people)
    desk = at_desk(people.payer)

    fine = desk.get(f"{INDEX}reconcile/").content.decode()
    RewardClaim.objects.update(state=ClaimState.FORFEITED)
    wrong = soup(desk.get(f"{INDEX}reconcile/"))

    assert "三者一致" in fine
    assert made.row.number in wrong.get_text()
    assert wrong.select(".as-calm--bad")


def test_the_batch_is_sealed_and_refusals_have_words(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    desk = at_desk(people.payer)
    url = reverse("payments:batch_file", args=[city.yanta.pk])

    page = desk.get(reverse("payments:batch", args=[city.yanta.pk])).content.decode()
    refused = desk.post(url, {"form": "csv", "public_key": "x"})

    assert made.row.number in page
    assert refused.status_code == 422
    assert set(refused.json()) == {"code", "message"}


def test_no_page_of_the_desk_shows_an_account(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    desk = at_desk(people.payer)

    for url in (INDEX, page_of(made), f"{INDEX}reconcile/"):
        assert ACCOUNT not in desk.get(url).content.decode()


def test_more_rewards_ask_no_more_queries(
    city: City, people: Three, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = given(city, people)
    claim(first.tip, today=timezone.localdate())
    desk = at_desk(people.payer)
    desk.get(INDEX)
    for _number in range(3):
        claim(given(city, people).tip, today=timezone.localdate())

    with django_assert_max_num_queries(24):
        assert desk.get(INDEX).status_code == 200


# --- the approver's part ----------------------------------------------------------------------------------------------


def test_an_approver_extends_and_takes_back(city: City, people: Three) -> None:
    made = given(city, people)
    desk, url = at_desk(people.approver), f"/admin/rewards/{made.row.number}/claim/"
    before = RewardClaim.objects.get().due_date

    wrong = [
        desk.post(url, {"act": "extend", "days": days, "reason": "住院"}).status_code
        for days in ("0", "61", "x", "")
    ]
    empty = desk.post(url, {"act": "extend", "days": "10", "reason": ""})
    done = desk.post(url, {"act": "extend", "days": "10", "reason": "住院"}, follow=True)
    assert wrong == [409] * 4
    assert empty.status_code == 422
    assert "已延长" in done.content.decode()
    assert RewardClaim.objects.get().due_date > before

    desk.post(url, {"act": "release", "reason": "处罚撤销"})
    assert RewardClaim.objects.get().state == ClaimState.RELEASED


def test_what_a_payer_wrote_is_not_on_the_page_of_those_who_decided(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())
    desk = at_desk(people.payer)
    desk.post(page_of(made, "act"), {"act": "pay"})
    desk.post(page_of(made, "act"), {"act": "unpay", "reason": "户名王某账号末位输错"})

    decided = at_desk(people.approver).get(f"/admin/rewards/{made.row.number}/")

    assert "户名王某" in desk.get(page_of(made)).content.decode()
    assert "付款退回" in decided.content.decode()
    assert "户名王某" not in decided.content.decode()


def test_a_proposer_sees_the_way_and_no_buttons(city: City, people: Three) -> None:
    made = given(city, people)

    page = soup(at_desk(people.proposer).get(f"/admin/rewards/{made.row.number}/"))

    assert page.select_one("#reward-claim")
    assert not page.select("button[name=act]")


def test_the_unit_form_has_the_place(city: City) -> None:
    machine = staff(Role.SYSTEM_ADMINISTRATOR, office=city.city)
    machine.is_superuser = True
    machine.save()

    page = at_desk(machine).get(f"/admin/snippets/complaints/office/edit/{city.yanta.pk}/")

    assert 'name="claim_place"' in page.content.decode()
    assert Office._meta.get_field("claim_place").max_length == 200


def test_a_payers_first_page(city: City, people: Three) -> None:
    made = given(city, people)
    claim(made.tip, today=timezone.localdate())

    page = at_desk(people.payer).get("/admin/").content.decode()

    assert made.row.number in page


def test_strangers_leave_a_row(city: City, people: Three) -> None:
    made = given(city, people)
    stranger: User = staff(Role.PAYER, office=city.lianhu)

    before = AuditRow.objects.filter(actor=stranger).count()
    at_desk(stranger).get(page_of(made))

    assert AuditRow.objects.filter(actor=stranger).count() == before + 1
