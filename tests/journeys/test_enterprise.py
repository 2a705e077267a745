"""A poster on a phone: scan to receipt, the manager fixes and pays, the reporter confirms; or nobody does anything."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from complaints.enums import Role
from complaints.models import Enterprise, InternalTip, Tip
from complaints.services.managers import invite_manager
from tests.enterprise_steps import code_of, lead_to, manager, tell_inside
from tests.journeys.desk_steps import PHONE, desk_of
from tests.journeys.public_steps import (
    NOTHING_KEPT,
    TROUBLE,
    kept_on_device,
    open_progress,
    photo,
    receipt,
)
from tests.portal import photo_samples
from tests.signin import staff

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


def poster(entry: Enterprise) -> str:
    return reverse("enterprise", args=[code_of(entry)])


def clean(page: Page) -> None:
    """No finding of axe that matters, nothing sticks out sideways."""
    found = [
        one["id"]
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert found == []
    assert page.evaluate(SIDEWAYS) <= 0


def test_scan_to_receipt_in_five_taps_without_typing(
    page: Page, entry: Enterprise, settings: Settings
) -> None:
    settings.CAPTCHA_BACKEND = "altcha"
    manager(entry)
    taps = ["scan", "camera tile", "shutter", "use photo", "hand in"]

    page.goto(poster(entry))
    clean(page)
    with page.expect_file_chooser() as camera:  # shutter and "use photo" are taps in the camera
        page.click(".shot-add >> nth=0")
    camera.value.set_files([photo(photo_samples.jpeg_12mp())])
    page.wait_for_selector(".shot")
    page.click("form[data-enterprise] [type=submit]")
    code = receipt(page)

    row = InternalTip.objects.select_related("tip").get()
    assert len(taps) == 5
    assert len(code) == 24
    assert (row.enterprise, row.tip.photo_count, row.tip.is_internal) == (entry, 1, True)
    assert kept_on_device(page) == NOTHING_KEPT
    clean(page)


def test_an_officer_scans_the_same_code_and_enters_the_visit_without_typing(
    open_phone: OpenPhone, entry: Enterprise
) -> None:
    officer = staff(Role.OFFICER, office=entry.office, username="yanta-officer")
    desk = desk_of(open_phone, officer, viewport=PHONE)

    desk.goto(poster(entry))
    desk.get_by_role("link", name="执法人员：登记入企").click()
    desk.get_by_label("随机抽查").check()
    desk.get_by_role("button", name="登记这次入企").click()
    expect(desk.get_by_text("已登记入企")).to_be_visible()

    visit = entry.visits.get()
    assert (visit.officer, visit.purpose, visit.counts) == (officer, "spot", True)


def test_what_is_wrong_is_told_in_place_and_photos_stay(page: Page, entry: Enterprise) -> None:
    manager(entry)
    page.goto(poster(entry))

    page.click("form[data-enterprise] [type=submit]")
    page.wait_for_selector(TROUBLE)
    clean(page)
    page.fill("#description", "行车下面站人")
    page.click("form[data-enterprise] [type=submit]")

    assert receipt(page)
    assert InternalTip.objects.count() == 1


def test_a_manager_fixes_and_pays_and_the_reporter_confirms(
    open_phone: OpenPhone, page: Page, entry: Enterprise
) -> None:
    first, second = manager(entry, username="first"), manager(entry, username="second")
    done = tell_inside(entry, photos=1, today=timezone.localdate())
    one, other = (desk_of(open_phone, user, viewport=PHONE) for user in (first, second))

    one.goto("/workplace/")
    clean(one)
    one.get_by_text(done.number).click()
    clean(one)
    one.get_by_role("button", name="接手").click()
    one.locator("#act-verify").get_by_text("较大").click()
    one.get_by_role("button", name="属实", exact=True).click()
    one.fill("#fix-memo", "护栏已装好。")
    one.set_input_files("#fix-photos", [photo()])
    one.get_by_role("button", name="整改完成").click()
    expect(one.get_by_text("要由另一位管理员验收")).to_be_visible()
    other.goto(f"/workplace/{done.number}/")
    other.get_by_role("button", name="验收合格").click()
    other.fill("#pay-reward_yuan", "600")
    other.fill("#pay-memo", "到传达室报编号领取。")
    other.get_by_role("button", name="登记奖励").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("已发奖金，待报告人确认")
    open_progress(page, done.receipt)
    clean(page)
    page.get_by_role("button", name="收到了").click()
    expect(page.get_by_text("办结了")).to_be_visible()

    row = InternalTip.objects.get()
    assert (row.state, row.reward_yuan, row.grade) == ("closed", 600, "larger")


def test_a_manager_alone_asks_for_a_second_one_and_the_reporter_accepts_the_fix(
    open_phone: OpenPhone, page: Page, entry: Enterprise
) -> None:
    done = tell_inside(entry, today=timezone.localdate())
    alone = desk_of(open_phone, manager(entry), viewport=PHONE)
    officer = staff(Role.OFFICER, office=entry.office, username="yanta-officer")

    alone.goto("/workplace/")
    clean(alone)
    alone.get_by_role("button", name="申请增加一位管理员").click()
    expect(alone.get_by_role("status")).to_contain_text("已提出")
    alone.get_by_text(done.number).click()
    alone.get_by_role("button", name="接手").click()
    alone.locator("#act-verify").get_by_text("一般").click()
    alone.get_by_role("button", name="属实", exact=True).click()
    expect(alone.get_by_text("本单位没有别人能验收").first).to_be_visible()
    clean(alone)
    alone.fill("#fix-memo", "护栏已装好。")
    alone.get_by_role("button", name="整改完成").click()
    expect(alone.get_by_text("报告人可以凭查询码确认")).to_be_visible()
    open_progress(page, done.receipt)
    clean(page)
    page.get_by_role("button", name="整改好了", exact=True).click()
    expect(page.get_by_text("算验收合格")).to_be_visible()
    alone.reload()
    expect(alone.get_by_role("heading", level=1)).to_have_text("验收合格，待发奖金")
    desk = desk_of(open_phone, officer, viewport=PHONE)
    desk.goto("/admin/enterprises/single/")
    assert desk.evaluate(SIDEWAYS) <= 0
    desk.get_by_role("link", name="邀请安全管理员").click()
    expect(desk.get_by_label("姓名")).to_be_visible()


def test_a_manager_sleeps_and_the_reporter_turns_it_outside(
    open_phone: OpenPhone, page: Page, entry: Enterprise
) -> None:
    boss = manager(entry)
    done = tell_inside(entry, today=timezone.localdate() - timedelta(days=30))

    open_progress(page, done.receipt)
    page.get_by_role("button", name="转给应急管理局").click()
    expect(page.get_by_text("已转交")).to_be_visible()
    clean(page)

    assert Tip.objects.get().number == done.number
    desk = desk_of(open_phone, boss, viewport=PHONE)
    answer = desk.goto(f"/workplace/{done.number}/")
    assert answer is not None
    assert answer.status == 404


def test_one_person_finds_a_major_hazard_untrue_and_another_looks_again(
    open_phone: OpenPhone, page: Page, entry: Enterprise
) -> None:
    first, second = manager(entry, username="first"), manager(entry, username="second")
    done = tell_inside(entry, kind="major_hazard", today=timezone.localdate())
    one, other = (desk_of(open_phone, user, viewport=PHONE) for user in (first, second))

    one.goto(f"/workplace/{done.number}/")
    one.get_by_role("button", name="接手").click()
    one.locator("#act-refute summary").click()
    expect(one.get_by_text("要由另一位管理员在核查期限内确认")).to_be_visible()
    one.fill("#refute-memo", "护栏完好。")
    one.get_by_role("button", name="不属实", exact=True).click()
    expect(one.get_by_text("要由另一位管理员确认或退回")).to_be_visible()
    clean(one)
    open_progress(page, done.receipt)
    expect(page.get_by_text("一个人说了不算")).to_be_visible()
    clean(page)
    other.goto(f"/workplace/{done.number}/")
    other.locator("#act-confirm_untrue summary").click()
    other.fill("#confirm_untrue-memo", "我也看了，护栏完好。")
    clean(other)
    other.get_by_role("button", name="我确认：不属实").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("查无此事")

    assert InternalTip.objects.get().state == "untrue"
    assert not Tip.objects.exists()


def test_words_for_the_staff_are_asked_about_before_anybody_reads_them(
    open_phone: OpenPhone, page: Page, entry: Enterprise
) -> None:
    first, second = manager(entry, username="first"), manager(entry, username="second")
    done = tell_inside(
        entry, description="夜里有人把防护罩拆下来干活", workshop="冲压车间", today=timezone.localdate()
    )
    lead_to(done.number, "accepted", first, other=second, day=timezone.localdate())
    desk = desk_of(open_phone, first, viewport=PHONE)
    words, told = "夜里有人把防护罩拆下来干活，已装回。", "防护罩已装回，班前会讲了要求。"

    desk.goto(f"/workplace/{done.number}/")
    memo = desk.locator("#circulate-memo")
    if not memo.is_visible():
        desk.locator("#act-circulate summary").click()
    memo.fill(words)
    desk.get_by_role("button", name="已向员工通报").click()
    expect(desk.get_by_text("发布前请看一下")).to_be_visible()
    clean(desk)
    page.goto(f"{poster(entry)}results/")
    expect(page.get_by_text(words)).to_have_count(0)
    memo.fill(told)
    desk.get_by_role("button", name="已向员工通报").click()
    expect(desk.get_by_text("已登记。")).to_be_visible()
    page.reload()
    expect(page.get_by_text(told)).to_be_visible()
    clean(page)


def test_an_invited_manager_joins_on_a_phone(open_phone: OpenPhone, page: Page, entry: Enterprise) -> None:
    officer = staff(Role.OFFICER, office=entry.office, username="yanta-officer")
    issued = invite_manager(
        enterprise_id=entry.pk, username="qinanquan", name="秦安全", actor=officer, at=timezone.now()
    )
    own = "雨后的三车间行车下面不能站人"

    page.goto("/workplace/join/")
    clean(page)
    page.fill("#id_code", issued.code.upper().replace("-", " "))
    page.get_by_role("button", name="继续").click()
    expect(page.locator("#id_username")).to_have_value("qinanquan")
    clean(page)
    page.fill("#id_password1", own)
    page.fill("#id_password2", own + "吗")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("两次输入的密码不一样")).to_be_visible()
    page.fill("#id_password1", own)
    page.fill("#id_password2", own)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("绑定验证器")
    again = open_phone().new_page()
    again.goto("/workplace/join/")
    again.fill("#id_code", issued.code)
    again.get_by_role("button", name="继续").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("这个邀请码已经用过")
    clean(again)

    assert User.objects.get(username="qinanquan").check_password(own)
