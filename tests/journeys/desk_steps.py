"""Steps that journeys of officers share: a desk with a session, a tip to work on."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from complaints.enums import Action, Role
from complaints.models import Office, Tip
from complaints.staff.acts.table import ACTS
from tests.factories import TipFactory
from tests.fixtures import IN_YANTA, YANTA, City
from tests.signin import enter, staff

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def person(office: Office, *roles: Role, username: str = "zhaomin", first_name: str = "赵敏") -> User:
    """Return a person of staff with the Wagtail groups of these roles."""
    return staff(*roles, office=office, username=username, first_name=first_name)


def desk_of(open_phone: Callable[..., BrowserContext], user: User, **options: Any) -> Page:
    """Return a page of a computer on which this person is signed in with both steps."""
    context = open_phone(**{"viewport": DESK, **options})
    page = context.new_page()
    page.goto("/accounts/login/")
    session = enter(Client(), user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": page.url.split("/accounts/")[0]}])
    return page


def new_tip(city: City, **values: Any) -> Tip:
    """Return a tip of today in the first district, with two photos and a point."""
    plain = {
        "description": "液氨储罐旁动火，没有人监护。夜里还在干。",
        "entity_name": "某化工有限公司",
        "kind": "major_hazard",
        "industry": "chemical",
        "operations": ("ammonia", "hot_work"),
        "district": YANTA,
        "town": city.town_code,
        "lat": IN_YANTA[0],
        "lng": IN_YANTA[1],
        "photos": 2,
        "today": timezone.localdate(),
    }
    tip: Tip = TipFactory(**{**plain, **values})
    return tip


def wait_for_shortcuts(page: Page) -> None:
    """Wait until the page that is shown listens to its keys: text stands before the scripts at its end have run."""
    page.wait_for_load_state("load")
    page.wait_for_function(
        """() => ["w-kbd", "as-rows"].every((name) => [...document.querySelectorAll(`[data-controller~="${name}"]`)]
            .every((element) => window.wagtail?.app.getControllerForElementAndIdentifier(element, name)))"""
    )


def open_tip(page: Page, number: str) -> None:
    """Open the page of a tip, as it is now."""
    page.goto(f"/admin/tips/{number}/")


def take(page: Page, act: Action, **values: str | FilePayload) -> None:
    """Take an act on the tip that is shown, with scripts or without, and wait until it is recorded."""
    before = page.locator(".as-act")
    if not before.locator(f"> a[href*='/step/{act.value}/']").count():
        before.locator("summary").click()
    before.locator(f"a[href*='/step/{act.value}/']").locator("visible=true").first.click()
    form = page.locator(f"#step-{act.value}")
    for name, value in values.items():
        _fill(form, name=name, value=value)
    form.locator("[type=submit]").click()
    with override("zh-hans"):
        expect(page.locator(".messages")).to_contain_text(f"已记录：{ACTS[act].label}")


def _fill(form: Locator, *, name: str, value: str | FilePayload) -> None:
    """Fill in one field, whatever its kind; several boxes are named by their labels, parted by spaces."""
    field = form.locator(f"[name={name}]").first
    if not isinstance(value, str):
        field.set_input_files([value])
    elif field.get_attribute("type") == "checkbox":
        for label in value.split():
            form.get_by_label(label, exact=True).check()
    elif field.get_attribute("type") == "radio":
        form.locator(f"[name={name}][value={value}]").check()
    elif field.evaluate("field => field.localName") == "select":
        field.select_option(label=value)
    else:
        field.fill(value)
