"""Three ways to a reward in real browsers: a named reporter, an anonymous one with a code, one who stays unknown.

After each of them the whole database holds no name, no telephone and no account, in no spelling.
"""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import ClaimState, IdentityMode, Role
from complaints.models import RewardClaim, RewardPolicy, UnsealRequest
from complaints.selectors.reconciliation import reconcile
from complaints.services import custody
from complaints.services.ledger import appropriate
from complaints.services.rewards import approve_reward
from tests import database_bytes
from tests.claim_steps import ACCOUNT, BANK, ID_NUMBER, NAME, Approved, identity_of
from tests.custody_steps import ANSWER, BOTH
from tests.fixtures import City
from tests.guards.leaks import found_in
from tests.journeys.desk_steps import desk_of, person
from tests.journeys.public_steps import open_progress
from tests.journeys.test_desk_opening import OpenPhone, open_it, wait_at_the_page
from tests.reward_steps import fined_tip, propose

pytestmark = pytest.mark.journey
SLOW_MS = 120_000
SECRETS = {
    "name": NAME,
    "id_number": ID_NUMBER,
    "account": ACCOUNT,
    "bank": BANK,
    "first name": "原举报人",
    "phone": "13912345678",
}


@pytest.fixture
def approved_now(city: City) -> Callable[[IdentityMode], Approved]:
    """Return a function that gives a reward of 15 000 yuan, approved today, for a reporter of this way."""
    RewardPolicy.objects.update(eligible_identity_modes=[mode.value for mode in IdentityMode])
    proposer = person(city.yanta, Role.REWARD_PROPOSER, username="hemei", first_name="何梅")
    approver = person(city.yanta, Role.REWARD_APPROVER, username="luping", first_name="鲁平")
    payer = person(city.yanta, Role.PAYER, username="qiaoyu", first_name="乔羽")
    now = timezone.now()
    year = timezone.localdate(now).year
    appropriate(office_id=city.yanta.pk, year=year, amount=Decimal(20000), actor=payer, at=now)

    def make(mode: IdentityMode) -> Approved:
        tip = fined_tip(100000, **identity_of(mode))
        row = approve_reward(number=propose(tip, proposer).number, actor=approver, at=now)
        return Approved(tip=tip, row=row)

    return make


def payer_desk(open_phone: OpenPhone) -> Page:
    from django.contrib.auth.models import User

    return desk_of(open_phone, User.objects.get(username="qiaoyu"))


def show_code(page: Page) -> str:
    """Let the phone show the claim code and return it."""
    page.get_by_role("button", name="显示我的领奖码").click()
    return str(page.wait_for_selector("[data-claim-code]").inner_text())  # type: ignore[union-attr]


def give_details(page: Page, *, code: str = "") -> None:
    """Fill in the details and claim."""
    form = page.locator("form[data-claim]")
    if code:
        form.locator("[name=claim_code]").fill(code)
    for name, text in (("name", NAME), ("id_number", ID_NUMBER), ("bank", BANK), ("account", ACCOUNT)):
        form.locator(f"[data-seal={name}]").fill(text)
    form.locator("[data-consent]").check()
    form.get_by_role("button", name="封存并申领").click()


def nothing_of_the_reporter_is_stored() -> None:
    stored = database_bytes.dumped() + database_bytes.files()
    assert found_in(stored, SECRETS) == set()
    assert reconcile().agrees


def paid_at_the_desk(desk: Page, given: Approved) -> None:
    desk.goto(f"/admin/payments/{given.row.number}/")
    desk.get_by_role("button", name="记录已发放").click()
    expect(desk.locator(".messages")).to_contain_text("已记为发放")


def test_a_named_reporter(
    page: Page, open_phone: Callable[..., BrowserContext], city: City, approved_now: Callable[..., Approved]
) -> None:
    given = approved_now(IdentityMode.REAL_NAME)
    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    open_progress(page, given.receipt)
    expect(page.locator(".reward-notice")).to_contain_text("15,000.00")
    page.locator("form[data-claim]").get_by_role("button", name="封存并申领").click()
    expect(page.locator("form[data-claim] [data-trouble]")).to_contain_text("请填写户名")
    give_details(page)
    expect(page.locator(".reward-notice [data-sent]")).to_contain_text("封存")
    assert found_in(b"".join(sent), SECRETS) == set()

    desk = payer_desk(open_phone)
    desk.goto(f"/admin/payments/{given.row.number}/")
    desk.locator("#ask-reason").fill("发放奖励需要账号")
    desk.get_by_role("button", name="申请启封").click()
    expect(desk.locator("h3#unseal-note")).to_be_visible()
    row = UnsealRequest.objects.get()
    leader = person(city.yanta, Role.LEADER, username="zhouwen", first_name="周文")
    custody.approve(request_id=row.public_id, answer=ANSWER, confirmed=BOTH, actor=leader, at=timezone.now())
    wait_at_the_page(desk, row)
    custodian = desk_of(open_phone, person(city.city, Role.CUSTODIAN, username="sunjing", first_name="孙静"))
    open_it(custodian, row)
    expect(custodian.locator("[data-as-opening-target=fields]")).to_contain_text(ACCOUNT, timeout=SLOW_MS)
    desk.reload()
    desk.get_by_role("button", name="现在阅读").click()
    for text in (NAME, ID_NUMBER, BANK, ACCOUNT):
        expect(desk.locator("[data-as-reader-target=fields]")).to_contain_text(text, timeout=SLOW_MS)
    paid_at_the_desk(desk, given)

    open_progress(page, given.receipt)
    expect(page.locator(".reward-notice")).to_contain_text("已转到您填写的账户")
    nothing_of_the_reporter_is_stored()


def test_an_anonymous_reporter_with_a_code(
    page: Page, open_phone: Callable[..., BrowserContext], approved_now: Callable[..., Approved]
) -> None:
    given = approved_now(IdentityMode.ANONYMOUS_WITH_CODE)
    open_progress(page, given.receipt)
    expect(page.locator("form[data-claim]")).to_have_count(0)
    code = show_code(page)
    give_details(page, code=given.receipt)
    expect(page.locator(".reward-notice [data-problems]")).to_contain_text("不是这笔奖励的领奖码")
    # What was typed is still there: the server never saw it.
    expect(page.locator("[data-seal=account]")).to_have_value(ACCOUNT)
    page.locator("[name=claim_code]").fill(code)
    page.get_by_role("button", name="封存并申领").click()
    expect(page.locator(".reward-notice [data-sent]")).to_contain_text("封存")
    open_progress(page, given.receipt)
    expect(page.locator(".reward-notice")).not_to_contain_text(code)

    paid_at_the_desk(payer_desk(open_phone), given)

    assert RewardClaim.objects.get().state == ClaimState.PAID
    nothing_of_the_reporter_is_stored()
    assert found_in(database_bytes.dumped(), {"code": code, "receipt": given.receipt}) == set()


def test_pure_anonymity_at_the_counter(
    plain_page: Page, open_phone: Callable[..., BrowserContext], approved_now: Callable[..., Approved]
) -> None:
    """No script on the phone, no name anywhere: receipt and code are typed at the counter."""
    given = approved_now(IdentityMode.ANONYMOUS)
    open_progress(plain_page, given.receipt)
    expect(plain_page.locator("form[data-claim]")).to_have_count(0)
    code = show_code(plain_page)

    desk = payer_desk(open_phone)
    desk.goto(f"/admin/payments/{given.row.number}/")
    desk.get_by_role("link", name="核对查询码和领奖码，付款").click()
    desk.get_by_label("查询码").fill(given.receipt)
    desk.get_by_label("领奖码").fill(given.receipt)
    desk.get_by_role("button", name="核对，并记录凭码付讫").click()
    expect(desk.locator("[role=alert]")).to_contain_text("不是这笔奖励的领奖码")
    expect(desk.get_by_label("查询码")).to_have_value("")
    desk.get_by_label("查询码").fill(given.receipt)
    desk.get_by_label("领奖码").fill(code)
    desk.get_by_role("button", name="核对，并记录凭码付讫").click()
    expect(desk.locator(".messages")).to_contain_text("凭码付讫")

    open_progress(plain_page, given.receipt)
    expect(plain_page.locator(".reward-notice")).to_contain_text("已凭码当面付讫")
    nothing_of_the_reporter_is_stored()
    assert found_in(database_bytes.dumped(), {"code": code, "receipt": given.receipt}) == set()
