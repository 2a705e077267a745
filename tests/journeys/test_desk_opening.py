"""Opening in real browsers: asked, approved, opened with a key file, read once; what must not open shows nothing."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, FilePayload, Page, Request, expect

from complaints.crypto import keyfile
from complaints.enums import Role, UnsealStatus
from complaints.models import AuditRow, IdentityAccess, SealedIdentity, SealedNote, Tip, UnsealRequest
from complaints.services import custody
from tests import custody_steps
from tests.custody_steps import ANSWER, NAME, PHONE, REASON, Three
from tests.factories import VAULT_SEED, jpeg
from tests.fixtures import City
from tests.journeys.desk_steps import desk_of, new_tip, open_tip, person

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
PASSPHRASE = "保险箱的口令，至少要有十五个字才行"
SLOW_MS = 120_000  # the key file costs 64 MiB and seconds on purpose; the machine may be busy
PHOTO = jpeg(maker="Marker-Camera-7")


@lru_cache(maxsize=2)
def key_file(*, seed: bytes = VAULT_SEED) -> FilePayload:
    """Return a key file as a custodian keeps it."""
    text = keyfile.wrap(seed=seed, passphrase=PASSPHRASE, vault=1)
    return {"name": "custodian.json", "mimeType": "application/json", "buffer": text.encode()}


@dataclass(frozen=True, kw_only=True)
class Desks:
    """The pages of the three, each in a browser of its own, and everything they sent."""

    asker: Page
    approver: Page
    custodian: Page
    people: Three
    sent: list[str]


@pytest.fixture
def desks(city: City, open_phone: OpenPhone) -> Desks:
    people = Three(
        asker=person(city.yanta, Role.OFFICER),
        approver=person(city.yanta, Role.LEADER, username="zhouwen", first_name="周文"),
        custodian=person(city.city, Role.CUSTODIAN, username="sunjing", first_name="孙静"),
        second=person(city.city, Role.CUSTODIAN, username="gaojian", first_name="高健"),
    )
    sent: list[str] = []

    def page_of(name: str) -> Page:
        page = desk_of(open_phone, getattr(people, name))
        page.on("request", lambda request: _keep(request, sent))
        return page

    return Desks(
        asker=page_of("asker"),
        approver=page_of("approver"),
        custodian=page_of("custodian"),
        people=people,
        sent=sent,
    )


def _keep(request: Request, sent: list[str]) -> None:
    sent.append(request.url + (request.post_data or ""))


def named_tip(city: City) -> Tip:
    return new_tip(city, real_name=True)


def path(row: UnsealRequest, view: str = "") -> str:
    return f"/admin/custody/requests/{row.public_id}/{view}"


def approved_request(tip: Tip, people: Three, **values: str) -> UnsealRequest:
    now = timezone.now()
    return custody_steps.approved(custody_steps.asked(tip, people, at=now, **values), people, at=now)


def wait_at_the_page(page: Page, row: UnsealRequest) -> None:
    """Let the asker open the request, and wait until the page has a key the server knows."""
    page.goto(path(row))
    expect(page.locator("[data-as-reader-target=say]")).to_contain_text("本页公钥", timeout=SLOW_MS)


def open_it(
    page: Page, row: UnsealRequest, *, key: FilePayload | None = None, passphrase: str = PASSPHRASE
) -> None:
    """Take the three steps of a custodian."""
    page.goto(path(row, "open/"))
    page.set_input_files("#opening-file", [key or key_file()])
    page.fill("#opening-passphrase", passphrase)
    page.get_by_role("button", name=re.compile("解开")).click()


def refused(page: Page, *words: str) -> None:
    """Wait for a refusal with these words, and see that nothing is shown."""
    fault = page.locator("[data-as-opening-target=fault]")
    expect(fault).to_be_visible(timeout=SLOW_MS)
    for word in words:
        expect(fault).to_contain_text(word)
    expect(page.locator("[data-as-opening-target=box]")).to_be_hidden()
    assert NAME not in page.content()


def status(row: UnsealRequest) -> str:
    return UnsealRequest.objects.get(pk=row.pk).status


def test_the_whole_way(city: City, desks: Desks) -> None:
    tip = named_tip(city)
    asker, approver, custodian = desks.asker, desks.approver, desks.custodian

    open_tip(asker, tip.number)
    asker.get_by_role("link", name="申请启封").click()
    asker.select_option("#unseal-purpose", label="核查须当面了解情况")
    asker.fill("#unseal-reason", REASON)
    asker.get_by_role("button", name="提交申请").click()
    expect(asker.locator("[data-as-reader-target=say]")).to_contain_text("本页公钥", timeout=SLOW_MS)
    row = UnsealRequest.objects.get()

    approver.goto("/admin/custody/requests/")
    approver.get_by_role("link", name="审批").click()
    approver.get_by_label("留言、电话转接等办法都不够用").check()
    approver.get_by_label("申请人不是我，这件举报也不由我经办").check()
    approver.fill("#unseal-answer", ANSWER)
    approver.get_by_role("button", name="批准启封").click()
    expect(approver.locator(".messages")).to_contain_text("已批准")

    open_it(custodian, row)
    expect(custodian.locator("[data-as-opening-target=fields]")).to_contain_text(NAME, timeout=SLOW_MS)
    expect(custodian.locator("[data-as-opening-target=say]")).to_contain_text("已封给申请人的浏览器")
    custodian.get_by_role("button", name="用完，立即封存").click()
    expect(custodian.locator("[data-as-opening-target=box]")).to_be_hidden()
    assert NAME not in custodian.content()

    asker.reload()
    asker.get_by_role("button", name="现在阅读（仅一次）").click(timeout=SLOW_MS)
    expect(asker.locator("[data-as-reader-target=fields]")).to_contain_text(PHONE, timeout=SLOW_MS)
    asker.get_by_role("button", name="用完，立即封存").click()
    assert NAME not in asker.content()
    asker.reload()
    expect(asker.get_by_role("button", name="现在阅读（仅一次）")).to_have_count(0)

    assert status(row) == UnsealStatus.READ
    assert asker.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('unseal:'))") == []
    assert [text for text in desks.sent if NAME in text or PHONE in text or PASSPHRASE in text] == []
    assert not SealedNote.objects.exists()


def test_clear_text_is_hidden_when_its_time_is_over(city: City, desks: Desks) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    desks.custodian.clock.install()

    open_it(desks.custodian, row)
    expect(desks.custodian.locator("[data-as-opening-target=fields]")).to_contain_text(NAME, timeout=SLOW_MS)
    desks.custodian.clock.run_for(121_000)

    expect(desks.custodian.locator("[data-as-opening-target=box]")).to_be_hidden()
    assert NAME not in desks.custodian.content()


def test_a_wrong_passphrase_and_a_foreign_key_leave_the_envelope_where_it_is(
    city: City, desks: Desks
) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)

    open_it(desks.custodian, row, passphrase=PASSPHRASE + "错")
    refused(desks.custodian, "口令打不开", "没有显示任何内容")
    open_it(desks.custodian, row, key=key_file(seed=bytes(32)))
    refused(desks.custodian, "另一个保险箱")

    said = AuditRow.objects.filter(action="unseal.report_fault").order_by("sequence")
    assert [one.data["detail"] for one in said] == ["wrong_passphrase", "other_vault"]
    assert not IdentityAccess.objects.exists()


@pytest.mark.parametrize("harm", ["moved", "flipped"])
def test_an_envelope_of_another_tip_or_altered_shows_nobodys_name(
    city: City, desks: Desks, harm: str
) -> None:
    tip = named_tip(city)
    _harm(tip, other=named_tip(city), harm=harm)
    row = approved_request(tip, desks.people)
    wait_at_the_page(desks.asker, row)

    open_it(desks.custodian, row)

    refused(desks.custodian, "信封打不开")
    assert AuditRow.objects.get(action="unseal.report_fault").data["detail"] == "not_opened"
    assert not SealedNote.objects.exists()


def _harm(tip: Tip, *, other: Tip, harm: str) -> None:
    envelope = SealedIdentity.objects.get(tip=other if harm == "moved" else tip).envelope
    if harm == "flipped":
        parts = json.loads(envelope)
        parts["ct"] = parts["ct"][:-10] + ("A" if parts["ct"][-10] != "A" else "B") + parts["ct"][-9:]
        envelope = json.dumps(parts, separators=(",", ":"))
    SealedIdentity.objects.filter(tip=tip).update(envelope=envelope)


def test_a_closed_page_loses_the_note_and_says_so(city: City, desks: Desks, open_phone: OpenPhone) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    open_it(desks.custodian, row)
    expect(desks.custodian.locator("[data-as-opening-target=fields]")).to_contain_text(NAME, timeout=SLOW_MS)

    fresh = desk_of(open_phone, desks.people.asker)
    fresh.goto(path(row))

    expect(fresh.locator("[data-as-reader-target=say]")).to_contain_text("请重新申请")
    expect(fresh.get_by_role("button", name="现在阅读（仅一次）")).to_be_hidden()
    assert status(row) == UnsealStatus.OPENED


def test_the_second_custodian_is_told_who_was_faster(city: City, desks: Desks) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    desks.custodian.goto(path(row, "open/"))
    custody.hand_out(request_id=row.public_id, actor=desks.people.second, at=timezone.now())

    desks.custodian.set_input_files("#opening-file", [key_file()])
    desks.custodian.fill("#opening-passphrase", PASSPHRASE)
    desks.custodian.get_by_role("button", name="解开身份").click()

    refused(desks.custodian, "另一位保密专员刚刚接手")


def test_an_original_is_saved_compared_and_confirmed(city: City, desks: Desks) -> None:
    tip = new_tip(city, photos=[PHOTO])
    photo = str(tip.photos.get().public_id)
    row = approved_request(tip, desks.people, target="original", photo=photo, purpose="evidence")

    with desks.custodian.expect_download(timeout=SLOW_MS) as download:
        open_it(desks.custodian, row)
    saved = download.value.path().read_bytes()
    expect(desks.custodian.locator("[data-as-opening-target=hashes]")).to_contain_text(
        sha256(PHOTO).hexdigest()
    )

    desks.asker.goto(path(row))
    desks.asker.set_input_files(
        "#unseal-picked", [{"name": "yuanjian.jpg", "mimeType": "image/jpeg", "buffer": saved}]
    )
    expect(desks.asker.locator("#unseal-sha256")).to_have_value(sha256(PHOTO).hexdigest())
    desks.asker.get_by_role("button", name="确认文件在我手里").click()
    expect(desks.asker.locator(".messages")).to_contain_text("已确认")

    assert saved == PHOTO
    assert status(row) == UnsealStatus.READ
