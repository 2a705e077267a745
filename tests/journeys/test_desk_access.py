"""The desk for everybody: no finding of axe, no sideways scroll, no script or host the policy would refuse."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page

from complaints.enums import Action, Role
from complaints.models import Tip
from tests.factories import step
from tests.fixtures import City
from tests.journeys.desk_steps import DESK, PHONE, desk_of, new_tip, person
from tests.reward_steps import fined_tip, propose
from tests.signin import give_app

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
SERIOUS = {"serious", "critical"}
# The page scrolls inside `main`, which hides what sticks out: both are measured.
SIDEWAYS = """() => { const main = document.querySelector("main") ?? document.documentElement;
    return Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth); }"""
TABLET = {"width": 768, "height": 1024}


@pytest.fixture
def tips(city: City) -> dict[str, Tip]:
    """Return a fresh tip, and one accepted a moment ago."""
    officer = person(city.yanta, Role.OFFICER, Role.LEADER)
    fresh, accepted = new_tip(city), new_tip(city, description="除尘停用。")
    step(tip=accepted, action=Action.ACCEPT, actor=officer)
    return {"fresh": fresh, "accepted": accepted}


def home(page: Page, tips: dict[str, Tip]) -> None:
    page.goto("/admin/")


def inbox(page: Page, tips: dict[str, Tip]) -> None:
    page.goto("/admin/tips/")


def empty_inbox(page: Page, tips: dict[str, Tip]) -> None:
    page.goto("/admin/tips/view/overdue/")


def filtered_inbox(page: Page, tips: dict[str, Tip]) -> None:
    page.goto("/admin/tips/?kind=major_hazard&due=later")


def tip_page(page: Page, tips: dict[str, Tip]) -> None:
    page.goto(f"/admin/tips/{tips['fresh'].number}/")


def dialog(page: Page, tips: dict[str, Tip]) -> None:
    page.goto(f"/admin/tips/{tips['fresh'].number}/step/decline/")
    page.wait_for_selector("#step-decline:modal")


def conversation(page: Page, tips: dict[str, Tip]) -> None:
    tip_page(page, tips)
    page.click("#tab-label-talk")


def audit(page: Page, tips: dict[str, Tip]) -> None:
    tip_page(page, tips)
    page.click("#tab-label-audit")


def lightbox(page: Page, tips: dict[str, Tip]) -> None:
    tip_page(page, tips)
    page.click(".as-shots a >> nth=0")
    page.wait_for_selector(".as-lightbox:modal")


def reply(page: Page, tips: dict[str, Tip]) -> None:
    page.goto(f"/admin/tips/{tips['accepted'].number}/reply/")


def searched_inbox(page: Page, tips: dict[str, Tip]) -> None:
    page.goto("/admin/tips/")
    page.fill("#id_s", "液氨")
    page.wait_for_url("**/tips/?s=*")


def city_map(page: Page, tips: dict[str, Tip]) -> None:
    page.goto("/admin/tips/map/")


def several(page: Page, tips: dict[str, Tip]) -> None:
    page.goto(f"/admin/bulk/complaints/tip/assign/?id={tips['fresh'].pk}&id={tips['accepted'].pk}")


def counter(page: Page, tips: dict[str, Tip]) -> None:
    page.goto("/admin/tips/new/")


def counter_refused(page: Page, tips: dict[str, Tip]) -> None:
    counter(page, tips)
    page.check('input[name="identity_mode"][value="real_name"]')
    page.fill("#c-name", "张三丰")
    page.fill("#c-phone", "13800001234")
    page.click("[data-send]")
    page.wait_for_selector("[data-faults] li")


def slip(page: Page, tips: dict[str, Tip]) -> None:
    counter(page, tips)
    page.check('input[name="channel"][value="visit"]')
    page.fill("#c-description", "安全出口锁着")
    page.fill("#c-address", "科技路 18 号")
    page.click("[data-send]")
    page.wait_for_selector("[data-slip]")


def lost(page: Page, tips: dict[str, Tip]) -> None:
    page.goto("/admin/nothing-here/")


SCREENS = [
    home, inbox, empty_inbox, filtered_inbox, searched_inbox, city_map, several, counter, counter_refused, slip,
    tip_page, dialog, conversation, audit, lightbox, reply, lost,
]  # fmt: skip


def findings(page: Page) -> list[str]:
    page.wait_for_timeout(
        250
    )  # Wagtail moves panels in with an animation; axe would measure half-faded colours
    return [
        f"{found['id']}: {[node['html'][:110] for node in found['nodes']][:3]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("show", SCREENS, ids=lambda show: show.__name__)
def test_screen_is_fit_for_everybody(
    tips: dict[str, Tip], open_phone: OpenPhone, show: Callable[[Page, dict[str, Tip]], None]
) -> None:
    page = desk_of(open_phone, User.objects.get(username="zhaomin"))

    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        show(page, tips)

        assert findings(page) == [], viewport
        assert page.evaluate(SIDEWAYS) <= 0, viewport


@pytest.mark.parametrize(
    "show", [home, inbox, tip_page, reply, several, lost], ids=lambda show: show.__name__
)
def test_nothing_sticks_out_on_a_tablet(
    tips: dict[str, Tip], open_phone: OpenPhone, show: Callable[[Page, dict[str, Tip]], None]
) -> None:
    page = desk_of(open_phone, User.objects.get(username="zhaomin"), viewport=TABLET)

    show(page, tips)

    assert page.evaluate(SIDEWAYS) <= 0


def test_groups_of_the_receipt_on_the_slip_stand_three_above_two(
    tips: dict[str, Tip], open_phone: OpenPhone
) -> None:
    page = desk_of(open_phone, User.objects.get(username="zhaomin"), viewport=PHONE)
    slip(page, tips)

    tops = page.locator(".as-slip__code > span").evaluate_all(
        "groups => groups.map(group => Math.round(group.getBoundingClientRect().top))"
    )

    assert [tops.count(top) for top in sorted(set(tops))] == [3, 2]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1366", "390"])
def test_rewards_are_fit_for_everybody(city: City, open_phone: OpenPhone, viewport: dict[str, int]) -> None:
    proposer = person(city.yanta, Role.REWARD_PROPOSER)
    approver = person(city.yanta, Role.REWARD_APPROVER, username="hejing", first_name="何静")
    row = propose(fined_tip(86500, kind="violation"), proposer)
    waiting = fined_tip(20000, kind="violation")
    asking, deciding = (desk_of(open_phone, who, viewport=viewport) for who in (proposer, approver))

    for page, path in (
        (asking, ""), (asking, f"tip/{waiting.number}/"), (deciding, "all/"), (deciding, f"{row.number}/"),
    ):  # fmt: skip
        page.goto(f"/admin/rewards/{path}")
        assert findings(page) == [], path
        assert page.evaluate(SIDEWAYS) <= 0, path
    deciding.click("details.as-decline summary")
    deciding.fill("#reward-memo", "依据不足")
    deciding.click("button[value=return]")
    deciding.wait_for_selector(".as-chip--stop")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dark_theme_is_readable(tips: dict[str, Tip], open_phone: OpenPhone, scheme: str) -> None:

    page = desk_of(open_phone, User.objects.get(username="zhaomin"), color_scheme=scheme)

    for show in (home, inbox, city_map, counter_refused, slip, tip_page):
        show(page, tips)
        assert [found for found in findings(page) if found.startswith("color-contrast")] == []


ADMINISTRATORS = [
    "", "roles/", "roles/new/", "periods/", "periods/new/", "reward_rules/", "reward_rules/new/",
    "users/", "users/new/", "account/",
    "snippets/complaints/office/", "snippets/complaints/office/add/", "snippets/complaints/specialday/add/",
    "snippets/complaints/replytemplate/add/", "snippets/complaints/division/",
]  # fmt: skip


def test_lists_of_the_administrator_obey_the_policy(city: City, open_phone: OpenPhone) -> None:
    page = desk_of(open_phone, person(city.city, Role.SYSTEM_ADMINISTRATOR))

    for path in ADMINISTRATORS:
        answer = page.goto(f"/admin/{path}")
        page.wait_for_load_state("networkidle")
        assert answer is not None
        assert answer.status == 200, path


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1366", "390"])
def test_first_page_of_the_administrator_is_fit_for_everybody(
    city: City, open_phone: OpenPhone, viewport: dict[str, int]
) -> None:
    page = desk_of(open_phone, person(city.city, Role.SYSTEM_ADMINISTRATOR), viewport=viewport)

    page.goto("/admin/")

    assert page.locator(".as-machine tr").count() > 5
    assert findings(page) == []
    assert page.evaluate(SIDEWAYS) <= 0


def test_date_field_opens_its_calendar_without_an_inline_script(city: City, open_phone: OpenPhone) -> None:
    page = desk_of(open_phone, person(city.city, Role.SYSTEM_ADMINISTRATOR))
    page.goto("/admin/periods/new/")

    page.click("#id_effective_from")

    page.wait_for_selector(".xdsoft_datetimepicker:visible")


SIGN_IN = [
    "/accounts/login/",
    "/accounts/password/change/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/logout/",
]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1366", "390"])
def test_sign_in_is_fit_for_everybody(city: City, open_phone: OpenPhone, viewport: dict[str, int]) -> None:

    user = person(city.yanta, Role.OFFICER)
    give_app(user)
    page = open_phone(viewport=viewport).new_page()
    page.goto("/accounts/login/")
    assert findings(page) == []
    page = desk_of(open_phone, user, viewport=viewport)

    for path in SIGN_IN[1:]:
        page.goto(path)
        assert findings(page) == [], path
        assert page.evaluate(SIDEWAYS) <= 0
