"""A real name: sealed on the phone, opened by the vault's key alone, never part of what is sent."""

import base64
import json

import pytest
from playwright.sync_api import Page, Route, expect

from complaints.crypto import envelope
from complaints.enums import SealedBy
from complaints.models import SealedIdentity, Tip
from tests.factories import VAULT_SEED
from tests.fixtures import City
from tests.journeys.public_steps import SEND, TROUBLE, begin, receipt, send
from tests.journeys.test_public_tip import posts_of

pytestmark = pytest.mark.journey
NAME, PHONE = "欧阳小明", "138 0000 1234"


def give_name(page: Page) -> None:
    """Choose the real name and fill it in."""
    page.check("[value=real_name]")
    page.fill("#name", NAME)
    page.fill("#phone", PHONE)
    page.check("[name=is_employee]")


def test_name_never_leaves_the_phone(page: Page, city: City) -> None:
    begin(page)
    posts = posts_of(page)
    give_name(page)

    send(page)

    (sent,) = posts
    body = sent.post_data_buffer
    assert body
    assert b"identity_envelope" in body
    for secret in (
        NAME.encode(),
        PHONE.encode(),
        b"13800001234",
        b'name="phone"',
        b"is_employee",
        b'name="name"',
    ):
        assert secret not in body


def test_vault_key_opens_what_the_phone_sealed(page: Page, city: City) -> None:
    begin(page)
    give_name(page)

    send(page)

    sealed = SealedIdentity.objects.select_related("tip").get()
    opened = envelope.open_fields(
        seed=VAULT_SEED,
        envelope=envelope.Envelope.parse(sealed.envelope),
        binding=sealed.tip.idempotency_key,
        field="identity",
    )
    assert sealed.sealed_by == SealedBy.BROWSER
    assert opened == {"name": NAME, "phone": "13800001234", "is_employee": "1"}


def test_exchanged_key_stops_the_form_with_an_alarm(page: Page, city: City) -> None:
    stranger = base64.b64encode(envelope.public_key_of(bytes(32))).decode()

    def exchange(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps(answer.json() | {"public_key": stranger}))

    page.route("**/api/v1/vault", exchange)
    begin(page)
    posts = posts_of(page)
    give_name(page)

    page.click(SEND)

    expect(page.locator(TROUBLE)).to_contain_text("保险箱的锁和公布的不一样")
    assert posts == []
    assert not Tip.objects.exists()


def test_vault_out_of_reach_sends_nothing(page: Page, city: City) -> None:
    page.route("**/api/v1/vault", lambda route: route.fulfill(status=503, body="{}"))
    begin(page)
    posts = posts_of(page)
    give_name(page)

    page.click(SEND)

    expect(page.locator(TROUBLE)).to_contain_text("没有提交")
    assert posts == []


@pytest.mark.parametrize(
    ("name", "number", "field", "words"),
    [
        ("", "13800001234", "#name", "实名举报要写姓名"),
        (NAME, "", "#phone", "手机号"),
        (NAME, "1380000", "#phone", "11 位数字"),
    ],
)
def test_incomplete_name_is_told_before_anything_is_sent(
    page: Page, city: City, name: str, number: str, field: str, words: str
) -> None:
    begin(page)
    posts = posts_of(page)
    page.check("[value=real_name]")
    page.fill("#name", name)
    page.fill("#phone", number)

    page.click(SEND)

    expect(page.locator(TROUBLE)).to_contain_text(words)
    expect(page.locator(field)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"{field}-f")).to_contain_text(words)
    assert posts == []


def test_fields_are_there_for_a_real_name_only(page: Page, city: City) -> None:
    page.goto("/report/")
    before = page.is_visible("#name")

    page.check("[value=real_name]")

    assert not before
    assert page.is_visible("#name")


def test_name_typed_before_a_change_of_mind_is_not_sent(page: Page, city: City) -> None:
    begin(page)
    posts = posts_of(page)
    give_name(page)
    page.check("[value=anonymous]")

    send(page)

    body = posts[0].post_data_buffer or b""
    assert NAME.encode() not in body
    assert b"identity_envelope" not in body
    assert not SealedIdentity.objects.exists()


def test_name_survives_a_problem_elsewhere(page: Page, city: City) -> None:
    begin(page)
    give_name(page)
    page.click(".fold summary")
    page.fill("#entity_code", "123")

    page.click(SEND)
    expect(page.locator(TROUBLE)).to_contain_text("信用代码不对")
    kept = (page.input_value("#name"), page.input_value("#phone"), page.is_checked("[name=is_employee]"))
    page.fill("#entity_code", "")
    page.click(SEND)
    receipt(page)

    assert kept == (NAME, PHONE, True)
    assert SealedIdentity.objects.count() == 1
