"""The chain of a case as five people walk it in a browser: written, checked, reviewed, waved through, signed off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from cases_public.models import CasePage
from tests.cases_public.chain_steps import case, newest, people, picture
from tests.fixtures import City

from .desk_steps import desk_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NAME, PHONE = "李建国", "13991234567"
Phone = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """Give the test a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def editor_of(open_phone: Phone, user: User, page: CasePage) -> Page:
    """Return the editor of a case as this person sees it."""
    desk = desk_of(open_phone, user)
    desk.goto(f"/admin/pages/{page.pk}/edit/")
    return desk


def open_panel(desk: Page) -> None:
    """Show the checker."""
    desk.locator("[data-side-panel-toggle=redaction]").click()
    expect(desk.locator(".as-check")).to_be_visible()


def press_main(desk: Page, label: str) -> None:
    """Press the main button at the foot of the editor, which no menu hides."""
    desk.wait_for_load_state("load")
    desk.locator(".footer").get_by_role("button", name=label, exact=True).click()
    desk.wait_for_url(lambda url: "/edit/" not in url)


def press(desk: Page, label: str) -> None:
    """Press an entry of the menu at the foot of the editor."""
    desk.wait_for_load_state("load")
    desk.wait_for_function(
        """() => window.wagtail?.app.getControllerForElementAndIdentifier(
            document.querySelector(".footer [data-controller=w-dropdown]"), "w-dropdown")"""
    )
    desk.locator(".footer [data-w-dropdown-target=toggle]").click()
    desk.locator(".footer").get_by_role("button", name=label, exact=True).click()
    desk.wait_for_url(lambda url: "/edit/" not in url)


def test_five_people_publish_a_case(city: City, open_phone: Phone) -> None:
    who = people()
    shown = picture()
    page = case(who.editor, picture=shown, picture_alt="动火现场", lesson="监督电话 029-12345678 随时可打。")

    _write(open_phone, who.editor, page)
    _approve(open_phone, who.leader, page, "承办机构核准")
    _approve(open_phone, who.legal, page, "通过法制审核")
    _answer(open_phone, who.secrecy, page)
    _approve(open_phone, who.secrecy, page, "通过保密审查")
    assert not CasePage.objects.get(pk=page.pk).live
    _approve(open_phone, who.publisher, page, "签发并发布")

    visitor = open_phone().new_page()
    visitor.goto(CasePage.objects.get(pk=page.pk).url)
    expect(visitor.locator("main")).to_contain_text("动火作业未办理审批")
    assert "李某某" in visitor.content()
    assert NAME not in visitor.content()
    assert PHONE not in visitor.content()


def _write(open_phone: Phone, user: User, page: CasePage) -> None:
    desk = editor_of(open_phone, user, page)
    open_panel(desk)
    desk.locator("[name=lead]").fill(f"现场负责人{NAME}（电话 {PHONE}）承认未经审批动火。")
    expect(desk.locator(".as-find")).to_have_count(3)
    line = desk.locator(".as-find").filter(has_text=NAME)
    expect(line.locator("ins")).to_have_text("李某某")
    line.get_by_role("button", name="替换").click()
    expect(desk.locator(".as-find")).to_have_count(2)
    desk.locator(".as-find").filter(has_text=PHONE).get_by_role("button", name="替换").click()
    expect(desk.locator("[name=lead]")).to_have_value("现场负责人李某某（电话 （略））承认未经审批动火。")
    expect(desk.locator(".as-find")).to_have_count(1)
    press(desk, "提交给案例审核")
    assert newest(page).workflow_in_progress


def _approve(open_phone: Phone, user: User, page: CasePage, label: str) -> None:
    desk = desk_of(open_phone, user)
    desk.goto("/admin/")
    desk.get_by_role("link", name=newest(page).title).first.click()
    press_main(desk, label)


def _answer(open_phone: Phone, user: User, page: CasePage) -> None:
    desk = desk_of(open_phone, user)
    desk.goto(f"/admin/cases/{page.pk}/review/")
    desk.get_by_role("link", name="遮盖图片").click()
    canvas = desk.locator("canvas")
    expect(canvas).to_be_visible()
    place = canvas.bounding_box()
    assert place is not None
    desk.mouse.move(place["x"] + 20, place["y"] + 20)
    desk.mouse.down()
    desk.mouse.move(place["x"] + 120, place["y"] + 90)
    desk.mouse.up()
    desk.get_by_role("button", name="遮盖这些地方").click()
    expect(desk.locator(".messages")).to_contain_text("已遮盖")
    desk.get_by_label("为什么认不出任何人").fill("对外公布的监督电话")
    desk.get_by_role("button", name="放行这一处").click()
    desk.get_by_role("button", name="确认：看不到人脸、车牌和招牌").click()
    expect(desk.locator("main")).to_contain_text("没有待处理的")


def test_rich_text_is_replaced_in_place(city: City, open_phone: Phone) -> None:
    who = people()
    page = case(who.editor, facts=[("paragraph", f"<p>检查发现，现场负责人<b>{NAME}</b>未到岗。</p>")])
    desk = editor_of(open_phone, who.editor, page)
    open_panel(desk)
    line = desk.locator(".as-find").filter(has_text=NAME)
    line.get_by_role("button", name="定位").click()

    line.get_by_role("button", name="替换").click()

    expect(desk.locator(".as-find")).to_have_count(0)
    expect(desk.locator(".DraftEditor-root")).to_contain_text("现场负责人李某某未到岗")


def test_own_text_is_not_offered_for_approval(city: City, open_phone: Phone) -> None:
    who = people()
    page = case(who.editor)
    page.get_workflow().start(page, who.editor)
    desk = editor_of(open_phone, who.editor, page)

    expect(desk.get_by_text("承办机构核准")).to_have_count(0)
    expect(desk.locator("[data-workflow-action-name]")).to_have_count(0)


def test_the_editor_breaks_no_rule_of_the_content_policy(city: City, open_phone: Phone) -> None:
    who = people()
    page = case(who.editor, picture=picture(), picture_alt="冲床")
    desk = desk_of(open_phone, who.editor)
    broken: list[str] = []
    desk.on(
        "console", lambda line: broken.append(line.text) if "Content Security Policy" in line.text else None
    )
    parent = page.get_parent().pk

    for path in (f"add/cases_public/casepage/{parent}/", f"{page.pk}/history/", f"{page.pk}/edit/"):
        desk.goto(f"/admin/pages/{path}")
        desk.wait_for_load_state("networkidle")
    # What Wagtail wrote as a style element is in force all the same.
    empty = "[...document.adoptedStyleSheets].flatMap((sheet) => [...sheet.cssRules]).length"
    assert desk.evaluate(empty) > 0
    for panel in ("redaction", "comments", "preview"):
        desk.locator(f"[data-side-panel-toggle={panel}]").click()
        desk.wait_for_load_state("networkidle")
    expect(desk.frame_locator("#w-preview-iframe").locator("h1")).to_have_text(page.title)
    desk.goto(f"/admin/pages/add/cases_public/casepage/{parent}/")
    desk.wait_for_load_state("networkidle")
    desk.locator("[data-chooser-action-choose]:visible").first.click()
    expect(desk.locator(".modal-body")).to_be_visible()

    assert broken == []


def test_the_browser_cuts_nothing_that_is_pasted(city: City, open_phone: Phone) -> None:
    who = people()
    broken = {"text": "未经审批动火作业", "law": "安全生产法", "article": "第四十三条"}
    desk = editor_of(open_phone, who.editor, case(who.editor, violations=[("violation", broken)]))
    desk.wait_for_load_state("networkidle")

    expect(desk.locator(".c-sf-block__title", has_text="未经审批动火作业")).to_be_visible()
    expect(desk.locator("[data-edit-form] [maxlength]")).to_have_count(0)
    desk.locator("[name=title]").fill("案" * 300)
    assert len(desk.locator("[name=title]").input_value()) == 300


def test_enter_in_a_field_approves_nothing(city: City, open_phone: Phone) -> None:
    who = people()
    page = case(who.editor)
    page.get_workflow().start(page, who.editor)
    desk = editor_of(open_phone, who.leader, page)
    desk.wait_for_load_state("load")

    desk.locator("[name=lead]").press("Enter")

    expect(desk.locator(".footer").get_by_role("button", name="承办机构核准", exact=True)).to_be_visible()
    assert newest(page).current_workflow_task.step == "unit"
