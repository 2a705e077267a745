"""A bulletin from the closed period to the visitor: drafted, reviewed by five people, the same numbers."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import Role
from home.models import BulletinPage
from home.services.bulletins import draft_bulletin
from tests.cases_public.chain_steps import People
from tests.fixtures import City
from tests.home.bulletin_steps import TODAY, act, change, first_sentence, newest, people_of, published, sheets
from tests.journeys.desk_steps import DESK, PHONE, desk_of, person
from tests.journeys.figure_steps import CLOSED, year_of_work
from tests.journeys.test_case_chain import press
from tests.journeys.test_desk_access import SIDEWAYS, findings

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OpenPhone = Callable[..., BrowserContext]
UNFOLD = "document.querySelectorAll('details.data').forEach(one => { one.open = true })"
ADDRESS = "/figures/bulletins/2026q1/"


@pytest.fixture
def who(city: City) -> People:
    """Return five people of a city whose first quarter is closed."""
    year_of_work(city)
    return people_of(city)


def approve(open_phone: OpenPhone, user: User, page: BulletinPage, label: str) -> None:
    """Take a step in the editor."""
    desk = desk_of(open_phone, user, bypass_csp=True)
    desk.goto(f"/admin/pages/{page.pk}/edit/")
    press(desk, label)


def test_from_the_closed_period_to_the_visitor(
    city: City, who: People, open_phone: OpenPhone, tmp_path: Path
) -> None:
    leader = desk_of(open_phone, person(city.city, Role.LEADER))
    leader.goto(f"/admin/statistics/?period={CLOSED}")
    leader.click("text=起草通报")
    leader.goto(f"/admin/statistics/?period={CLOSED}")
    expect(leader.get_by_text("已起草，未提交。")).to_be_visible()
    page = BulletinPage.objects.get()

    editor = desk_of(open_phone, who.editor, bypass_csp=True)
    editor.goto(f"/admin/pages/{page.pk}/edit/")
    editor.locator("[data-side-panel-toggle=numbers]").click()
    expect(editor.get_by_text("每个数字都来自统计数据")).to_be_visible()
    press(editor, "提交给案例审核")
    approve(open_phone, who.leader, page, "承办机构核准")
    for reviewer in (who.legal, who.secrecy):
        act(page, reviewer)
    approve(open_phone, who.publisher, page, "签发并发布")

    visitor = open_phone(java_script_enabled=False).new_page()
    visitor.goto(f"/figures/?period={CLOSED}")
    received = re.sub(r"\D", "", visitor.locator(".figs dd").first.inner_text())
    visitor.locator(".b-links a").first.click()
    expect(visitor.locator("main")).to_contain_text(f"共收到举报 {int(received):,} 件")
    for kind in ("pdf", "xlsx"):
        with visitor.expect_download() as started:
            visitor.click(f"text={kind.upper()}")
        started.value.save_as(tmp_path / f"bulletin.{kind}")
    book = sheets((tmp_path / "bulletin.xlsx").read_bytes())
    assert next(row[1] for row in book["全部指标"] if row[0] == "收到") == received
    paper = pypdf.PdfReader(BytesIO((tmp_path / "bulletin.pdf").read_bytes()))
    assert f"共收到举报 {int(received):,} 件" in "".join(one.extract_text() for one in paper.pages)


def test_the_editor_is_told_of_a_foreign_number(who: People, open_phone: OpenPhone) -> None:
    page = draft_bulletin(period=CLOSED, user=who.editor, today=TODAY)
    change(page, who.editor, place=first_sentence(page), text="本季度共收到举报 99,999 件。")
    editor = desk_of(open_phone, who.editor, bypass_csp=True)

    editor.goto(f"/admin/pages/{page.pk}/edit/")
    editor.locator("[data-side-panel-toggle=numbers]").click()

    expect(editor.locator(".as-find").filter(has_text="99,999 件")).to_be_visible()
    assert [one.number for one in newest(page).foreign_numbers()] == ["99,999 件"]


def test_the_bulletin_is_fit_for_everybody(who: People, page: Page, open_phone: OpenPhone) -> None:
    published(CLOSED, who)
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a plain dict of two numbers
        for address in (ADDRESS, f"{ADDRESS}?print=1", "/figures/bulletins/"):
            page.goto(address)
            page.evaluate(UNFOLD)
            assert findings(page) == [], (viewport, address)
            assert page.evaluate(SIDEWAYS) <= 0, (viewport, address)
    desk = desk_of(open_phone, who.editor)
    for address in ("/admin/bulletins/", "/admin/"):
        desk.goto(address)
        assert findings(desk) == [], address
