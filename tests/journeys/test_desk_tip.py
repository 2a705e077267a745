"""An officer's work on a tip in a real browser: by keyboard, by mouse, without JavaScript, and two at once."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import Action, Clock, Role, TipStatus
from complaints.models import AuditRow, ReplyTemplate, Tip
from complaints.services.messages import write_to_officers
from complaints.services.receipts import open_receipt
from complaints.services.reporter import progress_for_receipt
from tests.factories import FOUND, REPLY, UNVISITED, VAULT_FINGERPRINT, step
from tests.fixtures import City
from tests.journeys.desk_steps import PHONE, desk_of, new_tip, person, take, wait_for_shortcuts

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]


def status(tip: Tip) -> str:
    return Tip.objects.get(pk=tip.pk).status


def reporter_reads(tip: Tip) -> str:
    progress = progress_for_receipt(typed=tip.acknowledgement.receipt)
    return "\n".join(line.text for line in (*progress.lines, *progress.replies))


def told(page: Page) -> str:
    return page.locator(".messages").inner_text()


def test_keyboard_alone_finds_opens_and_accepts(city: City, open_phone: OpenPhone) -> None:
    officer = person(city.yanta, Role.OFFICER)
    new_tip(city, description="另一件，晚些到期。")
    tip = new_tip(city)
    tip.set_clock(clock=Clock.DECIDE, started=tip.received_date, due=tip.received_date)
    page = desk_of(open_phone, officer)
    page.goto("/admin/tips/")

    wait_for_shortcuts(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".as-head h2")).to_contain_text("液氨储罐旁动火")
    wait_for_shortcuts(page)
    page.keyboard.press("1")
    expect(page.locator("#step-accept")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("会尽快到现场。")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".as-chip").first).to_have_text("已受理")
    assert "已记录：受理" in told(page)
    assert "会尽快到现场。" in reporter_reads(tip)


def test_shortcuts_do_not_reach_behind_a_dialog(city: City, open_phone: OpenPhone) -> None:
    officer, tip = person(city.yanta, Role.OFFICER), new_tip(city)
    page = desk_of(open_phone, officer)
    page.goto(f"/admin/tips/{tip.number}/")

    wait_for_shortcuts(page)
    page.keyboard.press("1")
    page.focus("#step-accept [type=submit]")
    page.keyboard.press("2")
    page.keyboard.press("k")
    shown = page.locator("dialog:modal").count()
    page.keyboard.press("Escape")

    assert shown == 1
    expect(page.locator("dialog:modal")).to_have_count(0)
    expect(page.locator(".as-act > a[href*='/step/accept/']")).to_be_focused()
    expect(page).to_have_url(re.compile(rf"/{tip.number}/$"))


def test_slash_finds_a_tip_by_its_number(city: City, open_phone: OpenPhone) -> None:
    officer = person(city.yanta, Role.OFFICER)
    tip, other = new_tip(city), new_tip(city)
    page = desk_of(open_phone, officer)
    page.goto("/admin/tips/")

    wait_for_shortcuts(page)
    page.keyboard.press("/")
    page.keyboard.type(tip.number[-6:])

    expect(page.locator(".as-inbox tbody tr")).to_have_count(1)
    expect(page.locator(".as-inbox")).to_contain_text(tip.number)
    expect(page.locator(".as-inbox")).not_to_contain_text(other.number)


def test_filter_shows_a_pill_and_stays_in_its_tab(city: City, open_phone: OpenPhone) -> None:
    officer = person(city.yanta, Role.OFFICER)
    new_tip(city)
    new_tip(city, kind="violation")
    page = desk_of(open_phone, officer)
    page.goto("/admin/tips/view/all/")

    page.click("#filters-drilldown .w-dropdown__toggle")
    page.locator("[aria-controls='drilldown-id_kind']").click()
    page.locator("#drilldown-id_kind input[value=violation]").check()

    expect(page.locator(".w-active-filters")).to_contain_text("安全生产违法行为")
    expect(page.locator(".as-inbox tbody tr")).to_have_count(1)
    assert "/admin/tips/view/all/" in page.url


def test_photo_opens_large_is_logged_and_closes(city: City, open_phone: OpenPhone) -> None:
    officer, tip = person(city.yanta, Role.OFFICER), new_tip(city)
    page = desk_of(open_phone, officer)
    page.goto(f"/admin/tips/{tip.number}/")

    page.click(".as-shots a >> nth=0")
    page.wait_for_function("() => document.querySelector('.as-lightbox img').naturalWidth > 0")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".as-lightbox [role=status]")).to_have_text("照片 2 / 2")
    page.wait_for_function(
        "() => { const shown = document.querySelector('.as-lightbox img');"
        " return shown.complete && shown.naturalWidth > 0; }"
    )
    page.keyboard.press("Escape")

    expect(page.locator("dialog:modal")).to_have_count(0)
    assert AuditRow.objects.filter(action="photo.view", actor=officer).count() == 2


def test_second_officer_learns_what_happened_and_keeps_the_words(city: City, open_phone: OpenPhone) -> None:
    first, second = (
        person(city.yanta, Role.OFFICER),
        person(city.yanta, Role.OFFICER, username="chenli", first_name="陈立"),
    )
    tip = new_tip(city)
    page = desk_of(open_phone, second)
    page.goto(f"/admin/tips/{tip.number}/")
    page.click("text=不予受理")
    page.check("#step-decline [value=not_ours]")
    page.fill("#step-decline textarea", "请向住建部门反映。")
    step(tip=tip, action=Action.ACCEPT, actor=first)

    page.click("#step-decline [type=submit]")

    expect(page.get_by_role("alert")).to_contain_text("赵敏已于")
    expect(page.get_by_role("alert")).to_contain_text("请向住建部门反映。")
    assert status(tip) == TipStatus.ACCEPTED


def test_refused_step_opens_again_with_what_was_typed(city: City, open_phone: OpenPhone) -> None:
    officer, tip = person(city.yanta, Role.OFFICER), new_tip(city)
    page = desk_of(open_phone, officer)
    page.goto(f"/admin/tips/{tip.number}/")
    page.click("text=不予受理")
    page.fill("#step-decline textarea", "请向住建部门反映。")

    page.click("#step-decline [type=submit]")

    expect(page.locator("#step-decline:modal")).to_be_visible()
    expect(page.locator("#step-decline textarea")).to_have_value("请向住建部门反映。")
    expect(page.locator("#step-decline .error-message")).to_be_visible()
    assert status(tip) == TipStatus.REGISTERED


def test_conversation_goes_both_ways(city: City, open_phone: OpenPhone) -> None:
    officer, tip = person(city.yanta, Role.OFFICER), new_tip(city)
    access = open_receipt(typed=tip.acknowledgement.receipt)
    write_to_officers(
        access=access,
        text="东门不上锁。",
        uploads=[],
        today=tip.received_date,
        vault_fingerprint=VAULT_FINGERPRINT,
    )
    page = desk_of(open_phone, officer)

    page.goto(f"/admin/tips/{tip.number}/")
    expect(page.locator("#tab-talk")).to_contain_text("东门不上锁。")
    page.fill("#say", "请问最近一次是哪天？")
    page.click(".as-say [type=submit]")

    page.wait_for_selector("text=已发出，只有持查询码的人能打开")
    assert "请问最近一次是哪天？" in reporter_reads(tip)


def test_reply_starts_from_the_record_and_a_template_is_checked_and_sent(
    city: City, open_phone: OpenPhone
) -> None:
    officer = person(city.yanta, Role.OFFICER)
    tip = new_tip(city, disposed=True, officer=officer)
    ReplyTemplate.objects.create(title="属实", **{**REPLY, "findings": "到场核查。"})
    page = desk_of(open_phone, officer)
    page.goto(f"/admin/tips/{tip.number}/reply/")

    page.fill("#item-conclusion", "您反映的情况属实。")
    expect(page.locator("#item-findings")).to_have_value(re.compile(FOUND["findings"]))
    page.fill("#item-findings", "")
    page.select_option("#template", label="属实")
    expect(page.locator("#item-conclusion")).to_have_value("您反映的情况属实。")
    expect(page.locator("#item-findings")).to_have_value("到场核查。")
    expect(page.locator(".as-phone")).to_contain_text("到场核查。")
    page.click("text=检查后发出")
    expect(page.locator("#confirm:modal")).to_contain_text("未发现手机号")
    expect(page.locator("#confirm-title")).to_be_focused()
    page.click("#confirm [type=submit]")

    expect(page.locator(".as-chip").first).to_have_text("已答复")
    assert "到场核查。" in reporter_reads(tip)


def test_draft_is_saved_by_key_and_by_itself_and_comes_back(city: City, open_phone: OpenPhone) -> None:
    officer = person(city.yanta, Role.OFFICER)
    tip = new_tip(city, disposed=True, officer=officer)
    page = desk_of(open_phone, officer)
    address = f"/admin/tips/{tip.number}/reply/"
    page.goto(address)
    said = page.locator("[data-as-reply-target=said]")

    wait_for_shortcuts(page)
    expect(said).to_have_text("")
    page.fill("#item-conclusion", "先写到这里。")
    page.locator("#item-conclusion").press("Control+s")
    expect(said).to_contain_text("草稿存于")
    page.fill("#item-conclusion", "再写一句，等一会儿自己存。")
    with page.expect_response("**/reply/draft/") as saved:
        page.fill("#item-decision", "罚款。")

    assert saved.value.ok
    page.goto(address)
    expect(page.locator("#item-conclusion")).to_have_value("再写一句，等一会儿自己存。")
    expect(page.locator("#item-decision")).to_have_value("罚款。")
    assert status(tip) == TipStatus.DISPOSED
    page.click("text=删除草稿")
    expect(page.locator("#item-findings")).to_have_value(re.compile(FOUND["findings"]))
    expect(page.locator("#item-conclusion")).not_to_have_value("再写一句，等一会儿自己存。")


def test_draft_and_file_copy_work_without_javascript(city: City, open_phone: OpenPhone) -> None:
    officer = person(city.yanta, Role.OFFICER)
    tip = new_tip(city, disposed=True, officer=officer)
    page = desk_of(open_phone, officer, java_script_enabled=False)
    page.goto(f"/admin/tips/{tip.number}/reply/")

    page.fill("#item-conclusion", "先写到这里。")
    page.click("text=存草稿")
    expect(page.locator("#item-conclusion")).to_have_value("先写到这里。")
    with page.context.expect_page() as opened:
        page.click("text=打印存档页")

    expect(opened.value.locator("h1")).to_have_text("答复存档页")
    expect(opened.value.locator("main")).to_contain_text("先写到这里。")
    assert status(tip) == TipStatus.DISPOSED


def test_refused_merge_is_told_where_the_officer_looks(city: City, open_phone: OpenPhone) -> None:
    officer = person(city.yanta, Role.OFFICER)
    earlier, later = new_tip(city), new_tip(city, description="另一件")
    page = desk_of(open_phone, officer)
    page.goto(f"/admin/tips/{earlier.number}/compare/{later.number}/")

    page.fill("#merge-memo", "同一个罐区。")
    page.click(f"text=把 {earlier.number} 并入")

    dialog = page.locator("#step-merge:modal")
    expect(dialog.locator("[role=alert]")).to_have_text("请把后收到的举报并入先收到的，这样谁也不会多等。")
    expect(dialog.locator("[name=memo]")).to_have_value("同一个罐区。")


@pytest.mark.parametrize("scripts", [True, False])
def test_search_leaves_no_word_in_the_address(city: City, open_phone: OpenPhone, scripts: bool) -> None:
    officer = person(city.yanta, Role.OFFICER)
    found, _other = new_tip(city), new_tip(city, description="粉尘堆积。", entity_name="某木业公司")
    page = desk_of(open_phone, officer, java_script_enabled=scripts)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(unquote(request.url)))
    page.goto("/admin/tips/")
    field = page.locator("#id_s")

    if scripts:
        wait_for_shortcuts(page)
        page.keyboard.press("/")
        expect(field).to_be_focused()
        page.keyboard.type("动火 化工")
    else:
        field.fill("动火 化工")
        field.press("Enter")
    page.wait_for_url("**/tips/?s=*")

    expect(page.locator(".as-inbox tbody tr")).to_have_count(1)
    expect(page.locator(".as-inbox tbody tr")).to_contain_text(found.number)
    page.reload()
    expect(page.locator("#id_s")).to_have_value("动火 化工")
    expect(page.locator(".as-inbox tbody tr")).to_have_count(1)
    assert not any("动火" in url for url in asked)


def test_without_javascript_the_whole_way_works(city: City, open_phone: OpenPhone) -> None:
    officer, tip = person(city.yanta, Role.OFFICER), new_tip(city)
    boss = person(city.yanta, Role.LEADER, username="zhouwen", first_name="周文")
    page = desk_of(open_phone, officer, java_script_enabled=False)
    second = desk_of(open_phone, boss, java_script_enabled=False)
    today = tip.received_date

    page.goto("/admin/tips/")
    page.click("text=液氨储罐旁动火")
    take(page, Action.ACCEPT, note="我们已受理。")
    page.fill("#say", "请问是哪个门？")
    page.click(".as-say [type=submit]")
    take(page, Action.VERIFY)
    take(page, Action.CONCLUDE, result="true", **UNVISITED)
    second.goto(f"/admin/tips/{tip.number}/")
    take(second, Action.APPROVE_RESULT)
    page.reload()
    take(
        page, Action.PROPOSE_MEASURE, measure="rectify", decided_date=today.isoformat(), words="责令停止动火。",
        rectify_by=(today + timedelta(days=7)).isoformat(),
    )  # fmt: skip
    second.reload()
    take(second, Action.DISPOSE)
    page.reload()
    page.click(".as-act >> text=写答复 >> nth=0")
    for name, words in REPLY.items():
        page.fill(f"#item-{name}", words)
    page.click("text=检查后发出")
    page.click("#confirm [type=submit]")

    expect(page.locator(".as-chip").first).to_have_text("已答复")
    for words in ("我们已受理。", "请问是哪个门？", *REPLY.values()):
        assert words in reporter_reads(tip)
    assert tip.conclusions.get().decided_by == boss


def test_phone_offers_the_first_step_and_the_rest_behind_dots(city: City, open_phone: OpenPhone) -> None:
    officer, tip = person(city.yanta, Role.OFFICER), new_tip(city)
    page = desk_of(open_phone, officer, viewport=PHONE)
    page.goto(f"/admin/tips/{tip.number}/")

    height = page.locator(".as-act > .button").first.bounding_box()
    page.click(".as-act summary")
    page.click("text=认领 >> visible=true")

    assert height is not None
    assert height["height"] >= 44
    page.wait_for_selector("text=已认领，由您承办")
    assert Tip.objects.get(pk=tip.pk).handler == officer


@pytest.mark.parametrize("width", [390, 768])
def test_header_of_the_inbox_fits_and_the_view_shown_is_in_sight(
    city: City, open_phone: OpenPhone, width: int
) -> None:
    page = desk_of(open_phone, person(city.yanta, Role.OFFICER), viewport={"width": width, "height": 844})
    page.goto("/admin/tips/view/all/")
    wait_for_shortcuts(page)

    boxes = [page.locator(one).bounding_box() for one in ("a[href$='/map/']", ".as-tabs [aria-current]")]

    for box in boxes:
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    wide = page.locator("a[href$='/map/'] svg").bounding_box()
    assert wide is not None
    assert wide["x"] + wide["width"] <= width - 8
